"""So many problems are shown, and no more: whoever has a thousand mends the first ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.rules import DocumentRule

MOST_IN_A_FILE = 200
"""The most problems of one file that are shown."""

MOST = 1_000
"""The most problems of one run that are shown."""


def bounded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by place, each once, and a note where some are left out."""
    shown: list[Problem] = []
    of_file: Counter[str] = Counter()
    for problem in sorted(set(problems), key=lambda problem: problem.order):
        file = problem.location.file if problem.location is not None else ""
        of_file[file] += 1
        if of_file[file] > MOST_IN_A_FILE + 1:
            continue
        if len(shown) == MOST:
            return (*shown, _note("in this run", shown[-1]))
        shown.append(problem if of_file[file] <= MOST_IN_A_FILE else _note("in this file", shown[-1]))
    return tuple(shown)


def _note(where: str, last: Problem) -> Problem:
    what = f"there are more problems {where} than are shown"
    return Problem(DocumentRule.BAD_VALUE, what, "mend these first", last.location)
