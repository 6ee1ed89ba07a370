"""Two versions of a check, of an enforcement and of a baseline: what the general tables cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cvnpolicy.core.check import Check
from cvnpolicy.core.condition import Condition, Order, Polarity, Sign, compare, parse
from cvnpolicy.core.effect import Absent, Effect, Parts, Table, rises
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import Mode, Severity
from cvnpolicy.core.policy import Enforcement
from cvnpolicy.core.shapes import Severities
from cvnpolicy.core.unit import Unit
from cvnpolicy.review.difference import Comparer, Difference, Path, moved
from cvnpolicy.review.shared import SHARED

_POLARITY = {"warn_if": Polarity.BAD, "crit_if": Polarity.BAD, "pass_if": Polarity.GOOD}
_EFFECTS = {
    Order.LOOSER: Effect.LOOSER,
    Order.TIGHTER: Effect.TIGHTER,
    Order.INCOMPARABLE: Effect.UNKNOWN,
    Order.EQUAL: Effect.NONE,
}
_OPPOSITE = {Effect.LOOSER: Effect.TIGHTER, Effect.TIGHTER: Effect.LOOSER}
_SEVERITIES = sorted(Severity)
_SOME = parse(">= 1")
_INSTANTS = Comparer(
    {Enforcement: Parts({"block_from": rises(Absent.GREATEST), "review_by": rises(Absent.GREATEST)})}, {}
)
_OWN = ("warn_if", "crit_if", "pass_if", "groups", "for_", "severity", "by")


@dataclass(frozen=True)
class Context:
    """What must be known to order the conditions of a document."""

    signs: Mapping[str, Sign]
    units: Mapping[str, Unit]
    """The unit of each check's answer, by its id."""


def comparer(table: Table, context: Context) -> Comparer:
    """Return what compares two versions of a document.

    Args:
        table: What its kind knows of its spec.
        context: What its conditions are about.
    """
    made: Comparer

    def check(old: Check, new: Check, path: Path) -> Iterator[Difference]:
        yield from made.fields(old, new, path, but=_OWN)
        yield from _check(old, new, path, context)

    made = Comparer({**SHARED, **table}, {Check: check, Enforcement: _enforcement})
    return made


def _check(old: Check, new: Check, path: Path, context: Context) -> Iterator[Difference]:
    for key, polarity in _POLARITY.items():
        yield from _test(getattr(old, key), getattr(new, key), (*path, key), polarity, context, new.id)
    polarity = Polarity.GOOD if new.pass_if is not None else Polarity.BAD
    yield from _groups(old, new, (*path, "groups"), polarity)
    yield from _lasting(old, new, (*path, "for"), polarity)
    yield from _severity(old, new, (*path, "severity"))
    yield from _members(old, new, (*path, "by"))


def _test(
    old: Any,  # noqa: ANN401  a condition, a tree or None
    new: Any,  # noqa: ANN401
    path: Path,
    polarity: Polarity,
    context: Context,
    check: str,
) -> Iterator[Difference]:
    if old == new:
        return
    if old is None or new is None:
        yield Difference(path, Effect.TIGHTER if old is None else Effect.LOOSER, moved(path, old, new))
    elif isinstance(old, Condition) and isinstance(new, Condition):
        change = compare(old, new, polarity, context.signs, context.units.get(check, Unit.NUMBER))
        effect = _EFFECTS[change.order]
        if effect is not Effect.NONE:
            step = change.amount.rpartition(", ")[2] if ", " in change.amount else ""
            notes = ", ".join(filter(None, (step, change.reason)))
            yield Difference(path, effect, moved(path, old, new) + (f" ({notes})" if notes else ""))
    else:
        yield Difference(path, Effect.UNKNOWN, f"{moved(path, old, new)}, and which is looser cannot be told")


def _groups(old: Check, new: Check, path: Path, polarity: Polarity) -> Iterator[Difference]:
    """How many groups must agree: more are tighter for a good condition, and looser for a bad one."""
    if old.groups == new.groups:
        return
    default = ALL if polarity is Polarity.GOOD else ANY
    one, other = old.groups or default, new.groups or default
    effect = Effect.UNKNOWN
    if isinstance(one, Quantifier) and isinstance(other, Quantifier):
        if one == other:
            return
        effect = _quantified(one, other, polarity)
    if effect is not Effect.NONE:
        yield Difference(path, effect, moved(path, one, other))


def _quantified(old: Quantifier, new: Quantifier, polarity: Polarity) -> Effect:
    harder = Effect.TIGHTER if polarity is Polarity.GOOD else Effect.LOOSER
    if ALL in (old, new):
        return harder if new == ALL else _OPPOSITE[harder]
    one, other = (each.count or _SOME for each in (old, new))
    return _EFFECTS[compare(one, other, polarity, unit=Unit.COUNT).order]


def _lasting(old: Check, new: Check, path: Path, polarity: Polarity) -> Iterator[Difference]:
    """How long it must hold: longer is tighter for what must be good, and looser for what must not be bad."""
    if old.for_ == new.for_:
        return
    longer = old.for_ is None or (new.for_ is not None and new.for_ > old.for_)
    looser = longer is (polarity is Polarity.BAD)
    yield Difference(path, Effect.LOOSER if looser else Effect.TIGHTER, moved(path, old.for_, new.for_))


def _severity(old: Check, new: Check, path: Path) -> Iterator[Difference]:
    """One severity, or one a level: each is compared; where one goes up and another down, nobody can tell."""
    if old.severity == new.severity:
        return
    steps = [_rank(after) - _rank(before) for before, after in zip(_levels(old), _levels(new), strict=True)]
    looser, tighter = any(step > 0 for step in steps), any(step < 0 for step in steps)
    effect = Effect.UNKNOWN if looser and tighter else Effect.LOOSER if looser else Effect.TIGHTER
    if looser or tighter:
        yield Difference(path, effect, moved(path, old.severity, new.severity))


def _levels(check: Check) -> tuple[Severity | None, Severity | None]:
    if isinstance(check.severity, Severities):
        return check.severity.warn, check.severity.crit
    return check.severity, check.severity


def _rank(severity: Severity | None) -> int:
    return len(_SEVERITIES) if severity is None else _SEVERITIES.index(severity)


def _members(old: Check, new: Check, path: Path) -> Iterator[Difference]:
    """Which groups are asked: one less is looser, where each group counts for itself."""
    if old.by == new.by:
        return
    same = old.by.keys() == new.by.keys() and all(
        isinstance(old.by[name], tuple) and isinstance(new.by[name], tuple)
        for name in old.by
        if old.by[name] != new.by[name]
    )
    if not same:
        yield Difference(path, Effect.UNKNOWN, f"{moved(path, old.by, new.by)}, and which is looser cannot be told")
        return
    for name in old.by:
        before, after = (tuple(map(str, check.by[name])) for check in (old, new))
        gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
        if gone:
            yield Difference((*path, name), Effect.LOOSER, f"{', '.join(gone)} is gone from {name}")
        if come:
            each = new.groups in (None, ANY, ALL)
            effect = Effect.TIGHTER if each else Effect.UNKNOWN
            yield Difference((*path, name), effect, f"{', '.join(come)} is new in {name}")


def _enforcement(old: Enforcement, new: Enforcement, path: Path) -> Iterator[Difference]:
    """Advice lets through what blocking does not, and longer advice lets through more."""
    if old.mode is not new.mode:
        looser = new.mode is Mode.ADVISE
        effect = Effect.LOOSER if looser else Effect.TIGHTER
        yield Difference((*path, "mode"), effect, moved((*path, "mode"), old.mode, new.mode))
        return
    yield from _INSTANTS.fields(old, new, path)
