"""Prints what came of every hostile input and of its twin: `python -m tests.hostile [PART OF A NAME]`."""

from __future__ import annotations

import sys

from tests.hostile.case import Case
from tests.hostile.limited import MIB, Ran
from tests.hostile.table import CASES, run_hostile, run_twin


def main(part: str) -> int:
    """Return 0 where every exit code is the one expected and every peak within its limit."""
    wrong = 0
    for case in CASES:
        if part not in case.name:
            continue
        hostile, twin = run_hostile(case), run_twin(case)
        bad = hostile.code != case.code or twin.code != 0 or max(hostile.peak, twin.peak) >= case.limits.peak
        wrong += bad
        sys.stdout.write(f"{'BAD ' if bad else ''}{case.name}" + "\n")
        sys.stdout.write(_line("hostile", case.command, hostile) + "\n")
        sys.stdout.write(_line("twin", case.twin_command or case.command, twin) + "\n")
        sys.stdout.write(f"    says     {_said(case, hostile)[:160]}" + "\n")
        sys.stdout.flush()
    ended = f"{wrong} inputs are not as expected" if wrong else "each as expected"
    sys.stdout.write(f"{ended}\n")
    return 1 if wrong else 0


def _line(which: str, command: str, ran: Ran) -> str:
    took = f"exit {ran.code:3}  {ran.peak / MIB:6.0f} MiB  {ran.cpu:6.2f} s CPU  {ran.wall:6.2f} s"
    return f"    {which:8} {took}  cvnpolicy {command[:60]}"


def _said(case: Case, ran: Ran) -> str:
    """The first line that names the place; else the first line."""
    lines = [line.strip() for line in ran.said.splitlines()]
    return next((line for line in lines if case.says and case.says[0] in line), ran.first_line)


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
