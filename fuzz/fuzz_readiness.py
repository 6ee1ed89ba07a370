"""Fuzz fuzz/readiness.py: `python -m fuzz.fuzz_readiness -max_total_time=60`."""

from __future__ import annotations

from fuzz.harness import main

if __name__ == "__main__":
    main("readiness")
