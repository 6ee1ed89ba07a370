"""Two versions of a check, of an enforcement and of a baseline: what the general tables cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cvnpolicy.core.check import Check
from cvnpolicy.core.condition import Comparison, Condition, Op, Order, Polarity, Sign, compare, parse
from cvnpolicy.core.effect import Absent, Effect, Parts, Table, rises
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import Mode, OnUnknown, Severity
from cvnpolicy.core.model import alike
from cvnpolicy.core.policy import Enforcement
from cvnpolicy.core.shapes import Severities
from cvnpolicy.core.unit import Unit
from cvnpolicy.review.difference import Comparer, Difference, Path, moved
from cvnpolicy.review.leaning import each
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
_ORDERED = frozenset({*_POLARITY, "for", "severity", "escalate", "on_unknown"})
"""What takes an answer from pass to warn and to fail, and nowhere else. The rest changes whether there is an answer."""


@dataclass(frozen=True)
class Context:
    """What must be known to order the conditions of a document."""

    signs: Mapping[str, Sign]
    units: Mapping[str, Unit]
    """The unit of each check's answer, by its id."""
    lenient: bool = False
    """Whether what is not decided passes somewhere."""
    plainly: Mapping[str, str] = field(default_factory=dict)
    """By the id of a check, who looks at it and is no looser where it goes from pass to warn, or to fail."""
    otherwise: Mapping[str, str] = field(default_factory=dict)
    """By the id of a check, who looks at it in another way."""


def comparer(table: Table, context: Context) -> Comparer:
    """Return what compares two versions of a document.

    Args:
        table: What its kind knows of its spec.
        context: What its conditions are about.
    """
    made: Comparer

    def check(old: Check, new: Check, path: Path) -> Iterator[Difference]:
        own = replace(made, lenient=new.on_unknown is OnUnknown.PASS)
        yield from (_seen(one, len(path), new.id, context) for one in own.fields(old, new, path, but=_OWN))
        yield from (_seen(one, len(path), new.id, context) for one in _check(old, new, path, context))

    made = Comparer({**SHARED, **table}, {Check: check, Enforcement: _enforcement}, context.lenient)
    return made


def _seen(one: Difference, depth: int, check: str, context: Context) -> Difference:
    """Return a difference of a check as those see it who look at the check: what is tighter here may be looser there.

    Args:
        one: The difference.
        depth: How long the path of the check is.
        check: Its id.
        context: Who looks at it.
    """
    if one.effect is not Effect.TIGHTER:
        return one
    by = context.otherwise.get(check)
    if by is None and one.path[depth] not in _ORDERED:
        by = context.plainly.get(check)
    return one if by is None else replace(one, effect=Effect.UNKNOWN, text=f"{one.text}, and {by} looks at it")


def _check(old: Check, new: Check, path: Path, context: Context) -> Iterator[Difference]:
    for key, polarity in _POLARITY.items():
        for one in _test(getattr(old, key), getattr(new, key), (*path, key), polarity, context, new.id):
            yield _in_groups(one, old, new)
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
    if alike(old, new):
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


def _in_groups(one: Difference, old: Check, new: Check) -> Difference:
    """Return a difference of a condition as it counts: where few groups may hold it, more that do are no matter."""
    if one.effect is not Effect.TIGHTER:
        return one
    if new.on_unknown is OnUnknown.PASS and old.crit_if is None and new.crit_if is not None and old.warn_if is not None:
        what = f"{one.text}, and where it cannot be decided, a warning passes"
        return replace(one, effect=Effect.UNKNOWN, text=what)
    if _rising(new.groups):
        return one
    return replace(one, effect=Effect.UNKNOWN, text=f"{one.text}, and groups counts how many hold it")


def _rising(groups: Any) -> bool:  # noqa: ANN401  a quantifier, one a dimension, or None
    """Return whether one group more can only help groups to agree: ``any``, ``all``, ``>= 2``, and not ``<= 2``."""
    if isinstance(groups, Mapping):
        return all(map(_rising, groups.values()))
    if groups is None or groups.count is None:
        return True
    return all(isinstance(one, Comparison) and one.op in (Op.GT, Op.GE) for one in groups.count.clauses)


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
    if alike(old.by, new.by):
        return
    same = old.by.keys() == new.by.keys() and all(
        isinstance(old.by[name], tuple) and isinstance(new.by[name], tuple)
        for name in old.by
        if not alike(old.by[name], new.by[name])
    )
    if not same:
        yield Difference(path, Effect.UNKNOWN, f"{moved(path, old.by, new.by)}, and which is looser cannot be told")
        return
    for name in old.by:
        # `true` is a member of its own, beside `1`.
        before, after = ({(isinstance(one, bool), one): str(one) for one in check.by[name]} for check in (old, new))
        gone = [text for key, text in before.items() if key not in after]
        come = [text for key, text in after.items() if key not in before]
        if gone:
            yield Difference((*path, name), Effect.LOOSER, f"{', '.join(gone)} is gone from {name}")
        if come:
            effect = Effect.TIGHTER if each(new) else Effect.UNKNOWN
            yield Difference((*path, name), effect, f"{', '.join(come)} is new in {name}")


def _enforcement(old: Enforcement, new: Enforcement, path: Path) -> Iterator[Difference]:
    """Advice lets through what blocking does not, and longer advice lets through more."""
    if old.mode is not new.mode:
        looser = new.mode is Mode.ADVISE
        effect = Effect.LOOSER if looser else Effect.TIGHTER
        yield Difference((*path, "mode"), effect, moved((*path, "mode"), old.mode, new.mode))
        return
    yield from _INSTANTS.fields(old, new, path)
