"""Fail when a package whose branches decide verdicts is not covered by tests.

Usage: python tools/coverage_gate.py build/coverage.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path("src/cvnpolicy")
PACKAGES = ("core", "load", "engine", "kinds", "report")
MINIMUM = 95.0
"""Percent, of lines and of branches, each for itself and for each package: one cannot pay for another."""

COUNTS = ("covered_lines", "num_statements", "covered_branches", "num_branches")


class GateError(Exception):
    """The gate could not be asked: the measurement is missing, or some code was never measured."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one package."""

    package: str
    covered_lines: int
    num_statements: int
    covered_branches: int
    num_branches: int

    @property
    def lines(self) -> float:
        """Percent of statements run; 100 where there are none."""
        return _percent(self.covered_lines, self.num_statements)

    @property
    def branches(self) -> float:
        """Percent of branches taken; 100 where there are none."""
        return _percent(self.covered_branches, self.num_branches)

    @property
    def enough(self) -> bool:
        """Whether both reach the minimum; equal is enough."""
        return self.lines >= MINIMUM and self.branches >= MINIMUM


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


def read(path: Path) -> dict[str, Mapping[str, int]]:
    """File to counts, from coverage's JSON report. Refuses a report without branches."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not document["meta"]["branch_coverage"]:
            raise GateError(f"{path}: measured without branches")
        return {name.replace("\\", "/"): _counts(file["summary"]) for name, file in document["files"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GateError(f"{path}: not a coverage report ({error!r}); run `make test` first") from error


def _counts(summary: Mapping[str, int]) -> dict[str, int]:
    return {key: int(summary[key]) for key in COUNTS}


def measure(files: Mapping[str, Mapping[str, int]], package: str, modules: Iterable[str]) -> Coverage:
    """Add up the files of one package. A module on disk that was not measured is an error, not a gap in the sum."""
    own = {name: counts for name, counts in files.items() if name.startswith(f"{SOURCE.as_posix()}/{package}/")}
    if unmeasured := sorted(set(modules) - set(own)):
        raise GateError(f"{unmeasured[0]}: never measured (and {len(unmeasured) - 1} more)")
    return Coverage(package, *(sum(counts[key] for counts in own.values()) for key in COUNTS))


def main(arguments: Sequence[str]) -> int:
    """Status 0 when every package is covered, 1 when one is not, 2 when the gate could not be asked."""
    if len(arguments) != 1:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        files = read(Path(arguments[0]))
        measured = [
            measure(files, package, (path.as_posix() for path in (SOURCE / package).rglob("*.py")))
            for package in PACKAGES
            if (SOURCE / package).is_dir()
        ]
    except GateError as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 2
    for one in measured:
        verdict = "ok" if one.enough else f"below {MINIMUM:g} %"
        print(f"coverage: {one.package:<8} lines {one.lines:6.2f} %  branches {one.branches:6.2f} %  {verdict}")
    if not measured:
        print(f"coverage: none of {', '.join(PACKAGES)} is below {SOURCE}", file=sys.stderr)
        return 2
    return 0 if all(one.enough for one in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
