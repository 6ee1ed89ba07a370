"""A check as readiness files say it: what is measured, its limits, its window, its severity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cvnpolicy.core.check import Measure
from cvnpolicy.core.condition import Comparison, Condition
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.evidence import Direction
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.shapes import ContractColumns, Severities, Where
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.readiness.render.inline import code, listed, plain

_LEVELS = {"warn_if": "warn", "crit_if": "crit", "pass_if": "crit"}
_COUNTED = {">=": "at least", "<=": "at most", ">": "more than", "<": "fewer than", "==": "exactly", "!=": "not"}


def event_of(name: str, where: Where) -> str:
    """Return an event and its filter as they stand in the log."""
    fields = "".join(f" {key}={'|'.join(map(_scalar, kept))}" for key, kept in where.items())
    return code(f"event={name}{fields}")


def subject(resolved: Resolved) -> str:
    """Return what a check measures."""
    measure = resolved.check.measure
    if measure is None:
        return ""
    statistic, where = STATISTICS[measure.statistic], measure.where
    source, columns = _source(measure), _columns(measure)
    if measure.statistic == "coverage":
        cells = listed(f"{plain(name)}" for name in measure.expect or {})
        return f"share of expected {cells} cells in {source}{_filter(measure)}"
    if measure.match is not None:
        match = measure.match
        beside = "followed" if match.direction is Direction.AFTER else "preceded"
        other = f"{event_of(match.event, {})} within {match.within.words()}"
        return f"count of {event_of(measure.event or '', where)} not {beside} by {other}"
    params = {name: plain(str(value)) for name, value in measure.params.items()}
    said = statistic.says.format(column=columns or source, **params)
    if not columns and "{column}" not in statistic.says:
        said = f"{said} of {source}"
    elif columns:
        said = f"{said} in {source}"
    out = f"{said}{_filter(measure)}"
    if measure.total is not None:
        total = measure.total
        out += f" to {event_of(total.event, total.where) if total.event else code(total.dataset or 'all rows')}"
    if measure.over:
        out += f" over {listed(map(plain, measure.over))}"
    return out if measure.reference is None else f"{out} against {code(measure.reference)}"


def _source(measure: Measure) -> str:
    if measure.event is not None:
        return event_of(measure.event, measure.where)
    return code(measure.metric or measure.dataset or "")


def _columns(measure: Measure) -> str:
    columns = measure.columns
    if isinstance(columns, ContractColumns):
        first = "every feature" if columns.top is None else f"the first {columns.top} features"
        return f"{first} of {code(columns.contract)}"
    return listed(map(code, columns)) if columns else ""


def _filter(measure: Measure) -> str:
    """What rows are taken; of an event it stands beside its name."""
    if measure.event is not None or not measure.where:
        return ""
    kept = (
        f"{code(key)} {listed((code(_scalar(each)) for each in values), 'or')}" for key, values in measure.where.items()
    )
    return f" with {listed(kept)}"


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def conditions(resolved: Resolved) -> Iterator[tuple[str, str]]:
    """Yield each limit on a measure that is written: its level, and when it is reached."""
    for key, test in resolved.check.tests.items():
        if isinstance(test, Condition) and not test.is_unset:
            yield _LEVELS[key], reached(test) if key == "pass_if" else _limit(test)


def reached(test: Condition) -> str:
    """Return when a condition that must hold does not."""
    clause = test.clauses[0]
    if len(test.clauses) == 1 and isinstance(clause, Comparison):
        return _limit(Comparison(clause.op.opposite, clause.quantity, absolute=clause.absolute))
    return f"unless {_limit(test)}"


def _limit(test: Condition | Comparison) -> str:
    """The canonical text, with a sign for multiples that is none of Markdown's."""
    return plain(str(test).replace(" * ", "× "))


def window(resolved: Resolved) -> str:
    """Return how far back a check looks; empty for one without a measure."""
    measure = resolved.check.measure
    if measure is None:
        return ""
    return measure.window.words() if isinstance(measure.window, Duration) else "each run"


def extent(resolved: Resolved) -> str:
    """Return over what a limit is reached: the window, in how many groups, and for how long."""
    check = resolved.check
    said = f" over {window(resolved)}" if check.measure is not None else ""
    said += groups(resolved)
    return said if check.for_ is None else f"{said}, sustained for {check.for_.words()}"


def groups(resolved: Resolved) -> str:
    """Return in how many groups a limit is reached; empty without groups."""
    check, how = resolved.check, resolved.check.groups
    names = {name: plain(name) for name in check.by}
    if not names:
        return ""
    if isinstance(how, Mapping):
        return f" in {' and there in '.join(_members(each, plain(name)) for name, each in how.items())}"
    good = check.pass_if is not None
    if how is None or how == (ALL if good else ANY):
        return f" in any {' and '.join(names.values())}"
    counted = _members(how, next(iter(names.values())) if len(names) == 1 else "")
    # What must hold is written as when it does not.
    return f" unless it holds in {counted}" if good else f" in {counted}"


def _members(how: Quantifier, name: str) -> str:
    if how == ANY:
        return f"any {name}".rstrip()
    sign, _, number = how.text.strip().partition(" ")
    counted = f"{_COUNTED[sign]} {number}" if sign in _COUNTED and number.strip().isdigit() else plain(how.text)
    return " ".join(filter(None, (counted, name, "groups")))


def severity(resolved: Resolved) -> str:
    """Return how urgent a check is, and when that rises; empty where no policy says."""
    check = resolved.check
    said = []
    if isinstance(check.severity, Severities):
        said = [f"warn {check.severity.warn}", f"crit {check.severity.crit}"]
    elif check.severity is not None:
        said = [str(check.severity)]
    for step in check.escalate or ():
        when = f"once sustained for {step.after.words()}" if step.after is not None else f"from {step.at} on"
        said.append(f"{step.to} {when}")
    return ", ".join(said)
