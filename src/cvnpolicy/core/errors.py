"""Mistakes a person can mend, and the exit code each class of them has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from cvnpolicy.core.location import Location


class ExitCode(IntEnum):
    """What the process says to the shell. See ``docs/reference/exit-codes.md``."""

    OK = 0
    """Everything asked was answered and holds, or no check applies.

    Nothing to do. Warnings, advice and waived findings may still be in the report: read them. ``--strict`` makes a
    warning fail.
    """
    FAILED = 1
    """A policy failed.

    The report names the checks, each with its numbers, its action and its runbook. Do what they say. Where a failure
    is known and accepted, add a waiver with a reason and an end to the policy, in a review.
    """
    USAGE = 2
    """The command line is wrong, a file that it names is not there or would be written over although the project needs
    it, or an optional part is not installed.

    The message says which word is wrong, or which part to install. Nothing was checked.
    """
    INVALID = 3
    """A policy, schema or configuration file is invalid.

    Each line is ``file:line:column: what is wrong: what would be right``. Mend the file. Nothing was judged.
    """
    UNDECIDED = 4
    """Something that blocks could not be decided: no data, inconclusive, or error.

    Not a pass. The report says what is missing and where to look: a source that is silent, too few samples, a file
    that cannot be read. Bring the evidence, and ask again for the same instant with ``--at``.
    """
    NOTHING = 5
    """There was nothing to check.

    Usually a wrong folder: look at ``policies`` in ``cvnpolicy.yaml``, and at the paths on the command line.
    """
    INTERNAL = 70
    """A defect of cvnpolicy itself.

    Not your mistake. Report the lines that were printed, and the file that shows it. No command gives this on purpose.
    """


NOTHING_RULE = "CVN012"
"""The rule of "there are no policies"; see :mod:`cvnpolicy.core.rules`."""

PRECEDENCE: tuple[ExitCode, ...] = (
    ExitCode.INTERNAL,
    ExitCode.USAGE,
    ExitCode.INVALID,
    ExitCode.FAILED,
    ExitCode.UNDECIDED,
    ExitCode.NOTHING,
    ExitCode.OK,
)
"""Which exit code wins when several apply, first wins."""


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code that wins by :data:`PRECEDENCE`; ``OK`` for none."""
    present = set(codes)
    return next((code for code in PRECEDENCE if code in present), ExitCode.OK)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: where, what is wrong, and what would be right."""

    rule: str
    """The rule id of the document family, ``CVN0xx``; see :mod:`cvnpolicy.core.rules`."""
    what: str
    """What is wrong, without a full stop."""
    right: str
    """What would be right, without a full stop."""
    location: Location | None = None
    """Where; None only for what has no place in a file."""

    def __str__(self) -> str:
        """Return ``file:line:col: what is wrong: what would be right`` on one line."""
        place = f"{self.location}: " if self.location is not None else ""
        return f"{place}{self.what}: {self.right}"

    @property
    def order(self) -> tuple[Location, str, str]:
        """A total order: by place, then by text."""
        return (self.location or Location("", 0, 0, 0, 0), self.what, self.right)


def exit_code_of(problems: Iterable[Problem]) -> ExitCode:
    """Return the exit code for static problems: nothing to check where that is all that is wrong."""
    rules = {problem.rule for problem in problems}
    if not rules:
        return ExitCode.OK
    return ExitCode.NOTHING if rules == {NOTHING_RULE} else ExitCode.INVALID


class CvnpolicyError(Exception):
    """Base of every error that a user can mend. Never shown as a traceback."""

    exit_code: ExitCode = ExitCode.INTERNAL


class UsageError(CvnpolicyError):
    """The command was called wrongly."""

    exit_code = ExitCode.USAGE


class MissingExtraError(UsageError):
    """An optional dependency is not installed."""

    def __init__(self, needed_for: str, extra: str) -> None:
        """Name what needs it and the extra that brings it."""
        self.extra = extra
        self.what = f"{needed_for} needs an optional part"
        self.right = f"install cvnpolicy with [{extra}], in a clone: pip install '.[{extra}]'"
        super().__init__(f"{self.what}: {self.right}")


class InvalidInputError(CvnpolicyError):
    """One or more files are invalid. Carries every problem found, sorted by place."""

    exit_code = ExitCode.INVALID

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted, each once."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=lambda problem: problem.order))
        self.exit_code = exit_code_of(self.problems) if self.problems else ExitCode.INVALID
        super().__init__("\n".join(str(problem) for problem in self.problems))
