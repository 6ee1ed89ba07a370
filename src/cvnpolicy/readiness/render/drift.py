"""Section 3, from the checks of drift: one row for what is measured, with all limits on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.tree import Tree
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import DriftKind
from cvnpolicy.readiness.render.alerting import NO_RUNBOOK
from cvnpolicy.readiness.render.form import Cells, table_of
from cvnpolicy.readiness.render.inline import code, gap, listed, plain
from cvnpolicy.readiness.render.known import Known
from cvnpolicy.readiness.render.monitoring import NO_LIMIT
from cvnpolicy.readiness.render.triggers import named_check, trigger
from cvnpolicy.readiness.render.words import severity, subject, window

_WORDS = {
    DriftKind.DATA: "Data drift",
    DriftKind.CORRELATION: "Correlation drift",
    DriftKind.CONCEPT: "Concept drift",
    DriftKind.CALIBRATION: "Drift of the calibration",
    DriftKind.QUALITY: "Quality of the data",
}
_KINDS: Mapping[str, DriftKind] = {
    "ks_pvalue": DriftKind.DATA,
    "ks_statistic": DriftKind.DATA,
    "psi": DriftKind.DATA,
    "mean_shift": DriftKind.DATA,
    "f1": DriftKind.CONCEPT,
    "coverage": DriftKind.QUALITY,
    "duplicates": DriftKind.QUALITY,
    "missing": DriftKind.QUALITY,
    "count": DriftKind.QUALITY,
}
"""What a statistic tells about, where it is taken of a table and not of a metric."""


def drift(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of the section."""
    rows = [_row(known, checks) for checks in _grouped(known)]
    yield from table_of(spec, "drifts", rows)
    if rows:
        yield from ("", "Nothing is trained again before a person has looked at what drifted.")


def _grouped(known: Known) -> Sequence[Sequence[Resolved]]:
    """Return the checks by what they measure; a tree stands beside the check of its document that it names."""
    places: dict[str, str] = {}
    found: dict[str, list[Resolved]] = {}
    for resolved in known.drifts:
        if resolved.check.measure is not None:
            places[resolved.address] = f"{subject(resolved)} of {resolved.policy.name}"
            found.setdefault(places[resolved.address], []).append(resolved)
    for resolved in known.drifts:
        if resolved.check.measure is None:
            beside = [places[name] for name in _named(resolved, known) if name in places]
            found.setdefault(beside[0] if beside else resolved.address, []).append(resolved)
    return list(found.values())


def _named(resolved: Resolved, known: Known) -> Iterator[str]:
    for test in resolved.check.tests.values():
        for leaf in test.leaves() if isinstance(test, Tree) else ():
            other = named_check(leaf, resolved, known.resolved) if leaf.check is not None else None
            if other is not None and other.policy.name == resolved.policy.name:
                yield other.address


def _row(known: Known, checks: Sequence[Resolved]) -> Cells:
    kind = _kind(known, checks)
    return {
        "type": gap("kind of drift") if kind is None else _WORDS[kind],
        "method": _method(known, checks, kind),
        "window": _windows(checks),
        "threshold": "; ".join(_limits(known, checks)) or NO_LIMIT,
        "action": "; ".join(_actions(checks)),
    }


def _windows(checks: Sequence[Resolved]) -> str:
    found = dict.fromkeys(f"over {said}" for said in map(window, checks) if said)
    return listed(found) if found else ""


def _kind(known: Known, checks: Sequence[Resolved]) -> DriftKind | None:
    for resolved in checks:
        said = known.facts.drift.kinds.get(resolved.address)
        if said is not None:
            return said
    measure = checks[0].check.measure
    return _KINDS.get(measure.statistic) if measure is not None and measure.metric is None else None


def _method(known: Known, checks: Sequence[Resolved], kind: DriftKind | None) -> str:
    first = checks[0]
    said = [subject(first) or "other checks together"]
    by = list(dict.fromkeys(name for resolved in checks for name in resolved.check.by))
    if by:
        said.append(f"by {listed(map(plain, by))}")
    every = dict.fromkeys(f"every {r.check.every.words()}" for r in checks if r.check.every is not None)
    said += [f"asked {listed(every)}"] if every else []
    event = None if kind is None else known.facts.drift.events.get(kind)
    said.append(f"logged as {code(f'event={event}') if event is not None else gap('event')}")
    return ", ".join(said)


def _limits(known: Known, checks: Sequence[Resolved]) -> Iterator[str]:
    for resolved in checks:
        said = trigger(resolved, known.resolved, levels=True, alone=True)
        if said:
            urgent = severity(resolved)
            yield f"{code(resolved.address)}: {said}{f' ({urgent})' if urgent else ''}"


def _actions(checks: Sequence[Resolved]) -> Iterator[str]:
    for resolved in checks:
        check = resolved.check
        name = f"{code(check.id)}: " if len(checks) > 1 else ""
        action = gap("action") if check.action is None else plain(check.action)
        yield f"{name}{action}, {NO_RUNBOOK if check.runbook is None else code(check.runbook)}"
