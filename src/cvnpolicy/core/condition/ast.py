"""The parts of a condition. Each is checked when it is made, so that every condition prints and reads back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from cvnpolicy.core.unit import Suffix

MAX_LENGTH = 300
"""Code points of a condition, as written and as printed."""
MAX_CLAUSES = 12
MAX_DIGITS = 15
"""Significant digits of a number: up to 15, different decimals are different doubles (IEEE 754 binary64)."""
KEYWORDS = frozenset({"abs", "and", "ci95", "not", "of", "or", "unset", "within"})
"""Words that cannot name a baseline. Unit words can: a unit only ever stands behind a number."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


class Op(StrEnum):
    """How a measurement is compared."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="

    @property
    def opposite(self) -> Op:
        """The comparison that holds exactly where this one does not."""
        return _OPPOSITE[self]


_OPPOSITE = {Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT, Op.EQ: Op.NE, Op.NE: Op.EQ}


class Joiner(StrEnum):
    """What joins the clauses; one condition has one joiner."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class At:
    """A stretch of the condition's text, in code points."""

    offset: int
    length: int


NOWHERE = At(0, 0)
"""The place of a part that was not read from a text."""


def number_text(number: Decimal) -> str:
    """Return the shortest decimal text without exponent; ``0.40`` gives ``0.4`` and ``-0`` gives ``0``."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def constant_text(number: Decimal, suffix: Suffix | None) -> str:
    """Return a number with its unit; only a unit that is a word of its own stands apart."""
    gap = " " if suffix is Suffix.SIGMA else ""
    return f"{number_text(number)}{gap}{suffix or ''}"


def significant_digits(number: Decimal) -> int:
    """Count the digits from the first to the last that is not 0."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))


def is_name(text: str) -> bool:
    """Whether a baseline can have this name: ASCII letters, digits and ``_``, a letter first, no keyword."""
    return _NAME.fullmatch(text) is not None and text not in KEYWORDS


def _check_number(number: Decimal) -> None:
    if not number.is_finite() or abs(number.adjusted()) > MAX_LENGTH or significant_digits(number) > MAX_DIGITS:
        raise ValueError(f"a number of at most {MAX_DIGITS} significant digits is needed, not {number}")


def _check_name(name: str) -> None:
    if not is_name(name):
        raise ValueError(f"{name!r} cannot name a baseline")


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, with its unit if one is written."""

    number: Decimal
    suffix: Suffix | None = None
    number_at: At = field(default=NOWHERE, compare=False, repr=False)
    suffix_at: At = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for a number that could not be read back."""
        _check_number(self.number)

    def __str__(self) -> str:
        """Return the canonical text, for example ``5%`` or ``3 sigma``."""
        return constant_text(self.number, self.suffix)

    @property
    def magnitude(self) -> Constant:
        """The same without its sign."""
        return Constant(self.number.copy_abs(), self.suffix, self.number_at, self.suffix_at)


@dataclass(frozen=True, slots=True)
class Multiple:
    """A multiple of a baseline, plus a constant: ``2 * name - 1pp`` has factor 2 and offset -1pp."""

    name: str
    factor: Decimal = Decimal(1)
    offset: Constant | None = None
    name_at: At = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for parts that could not be read back."""
        _check_name(self.name)
        _check_number(self.factor)
        if self.offset is not None and self.offset.suffix is Suffix.PERCENT:
            raise ValueError("a baseline is moved by pp or multiplied, never moved by %")

    def __str__(self) -> str:
        """Return the canonical text; a factor of 1 is left out."""
        text = self.name if self.factor == 1 else f"{number_text(self.factor)} * {self.name}"
        if self.offset is None:
            return text
        return f"{text} {'-' if self.offset.number < 0 else '+'} {self.offset.magnitude}"


Quantity = Constant | Multiple


@dataclass(frozen=True, slots=True)
class Comparison:
    """The measurement, or its absolute value, against a quantity."""

    op: Op
    quantity: Quantity
    absolute: bool = False

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{'abs ' if self.absolute else ''}{self.op} {self.quantity}"


@dataclass(frozen=True, slots=True)
class Within:
    """The measurement near a baseline, ends included. No tolerance means the baseline's 95 % interval."""

    tolerance: Constant | None
    name: str
    negated: bool = False
    name_at: At = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for parts that could not be read back."""
        _check_name(self.name)
        if self.tolerance is not None and (self.tolerance.number < 0 or self.tolerance.suffix is None):
            raise ValueError("a tolerance is not negative and has a unit")

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{'not ' if self.negated else ''}within {self.tolerance or 'ci95'} of {self.name}"


Clause = Comparison | Within


def render(clauses: Sequence[Clause], joiner: Joiner) -> str:
    """Return the canonical text of joined clauses; of none, ``unset``."""
    return f" {joiner} ".join(map(str, clauses)) or "unset"


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses with one joiner, or none: a limit that nobody has set yet.

    Equal and hashed by meaning as written: places do not count, ``0.40`` is ``0.4``, and ``1 * x`` is ``x``.
    """

    clauses: tuple[Clause, ...] = ()
    joiner: Joiner = Joiner.AND

    def __post_init__(self) -> None:
        """Raise ValueError for a condition that could not be read back. A lone clause has the joiner ``and``."""
        if len(self.clauses) > MAX_CLAUSES or len(str(self)) > MAX_LENGTH:
            raise ValueError(f"at most {MAX_CLAUSES} clauses and {MAX_LENGTH} code points")
        if len(self.clauses) < 2:
            object.__setattr__(self, "joiner", Joiner.AND)

    def __str__(self) -> str:
        """Return the canonical text; parsing it gives an equal condition."""
        return render(self.clauses, self.joiner)

    @property
    def is_unset(self) -> bool:
        """Whether nobody has set the limit yet."""
        return not self.clauses


def reference(clause: Clause) -> Multiple | Within | None:
    """Return the part of the clause that names its one baseline; None if it is about constants only."""
    part = clause if isinstance(clause, Within) else clause.quantity
    return None if isinstance(part, Constant) else part


def name_of(clause: Clause) -> str | None:
    """Return the clause's baseline, if it has one."""
    part = reference(clause)
    return None if part is None else part.name


def mentions(condition: Condition) -> tuple[tuple[str, At], ...]:
    """Return every baseline the condition names, with the place of the name, in the order of the text."""
    parts = (reference(clause) for clause in condition.clauses)
    return tuple((part.name, part.name_at) for part in parts if part is not None)


def interval_names(condition: Condition) -> frozenset[str]:
    """Return the baselines whose 95 % interval the condition uses."""
    clauses = (clause for clause in condition.clauses if isinstance(clause, Within))
    return frozenset(clause.name for clause in clauses if clause.tolerance is None)


def names(condition: Condition) -> frozenset[str]:
    """Return the baselines the condition uses."""
    return frozenset(name for name, _ in mentions(condition))
