"""Fuzz fuzz/line.py: `python -m fuzz.fuzz_line -max_total_time=60`."""

from __future__ import annotations

from fuzz.harness import main

if __name__ == "__main__":
    main("line")
