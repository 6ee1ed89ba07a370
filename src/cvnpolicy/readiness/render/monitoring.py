"""Section 1 and its minima, from the metrics."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.kinds.metric.model import MetricType, Role, Status
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.readiness.render.form import Cells, table_of
from cvnpolicy.readiness.render.inline import code, gap, listed, plain
from cvnpolicy.readiness.render.known import Known, Watched
from cvnpolicy.readiness.render.triggers import trigger
from cvnpolicy.readiness.render.words import event_of, severity

_ROLES = {
    Role.PREDICTION: "prediction-rate metric",
    Role.OUTCOME: "outcome metric",
    Role.HEALTH: "health metric",
    Role.COST: "cost metric",
}
NO_LIMIT = "`< / >`"
"""What the form has where a limit is to be written."""


def monitoring(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of the section."""
    rows = [_row(known, watched) for watched in known.metrics]
    yield from table_of(spec, "metrics", rows, {"role": "Role", "status": "Status"})
    if rows:
        yield from ("", "**Required minima covered**:", "")
        yield from (f"- {line}" for line in _minima(known))
    yield from ("", _variants(known))
    if known.facts.offline:
        yield from ("", f"Measured by experiments, and not in production: {listed(map(code, known.facts.offline))}.")


def _row(known: Known, watched: Watched) -> Cells:
    metric = watched.metric
    shape = ", a distribution" if metric.type is MetricType.HISTOGRAM else ""
    return {
        "role": metric.role.value,
        "status": "PLANNED" if metric.status is Status.PLANNED else "emitted",
        "metric": f"{code(watched.name)}{' (existing)' if watched.existing else ''}{shape}",
        "type": metric.type.value,
        "source": _source(watched),
        "dashboard": _dashboard(metric.dashboard, known.facts),
        "threshold": "; ".join(_limits(known, watched)) or NO_LIMIT,
        "owner": code(metric.owner),
    }


def _source(watched: Watched) -> str:
    source = watched.metric.source
    if source.event is not None:
        field = f", field {code(source.field)}" if source.field is not None else ""
        return f"{event_of(source.event, source.where)}{field}"
    where = "".join(f", {code(key)} {listed(code(str(v)) for v in values)}" for key, values in source.where.items())
    return f"column {code(source.column or '')} of {code(source.dataset or '')}{where}"


def _dashboard(written: str | None, facts: Story) -> str:
    if written is None:
        return gap("dashboard")
    place, slash, name = written.partition("/")
    shown = f"{plain(place[:1].upper() + place[1:])} {code(name)}" if slash and name else code(written)
    base = facts.dashboards.get(place)
    if base is None or not slash:
        return f"{shown}, {gap('URL of the panel')}"
    return f"[{shown}]({_address(base)}{_address(name)})"


def _address(text: str) -> str:
    """Return a part of an address in which nothing ends the link."""
    from urllib.parse import quote

    return quote(text, safe="/:?#@!$&+,;=%~._-")


def _limits(known: Known, watched: Watched) -> Iterator[str]:
    for resolved in known.measuring(watched):
        said = trigger(resolved, known.resolved, levels=True)
        if said:
            urgent = severity(resolved)
            yield f"{code(resolved.address)}: {said}{f' ({urgent})' if urgent else ''}"


def _minima(known: Known) -> Iterator[str]:
    for role, called in _ROLES.items():
        live = [w for w in known.metrics if w.metric.role is role and w.metric.status is Status.LIVE]
        names = [f"{code(watched.name)}{' (existing)' if watched.existing else ''}" for watched in live]
        if names or role is not Role.COST:
            yield f"{called}: {listed(names) if names else gap('metric')}"


def _variants(known: Known) -> str:
    """Say what metrics tell their variant by. Where not all of them do, policies say so, and no fact can help it."""
    variants = known.facts.variants
    if variants is None:
        return f"All metrics: {gap('which variant or factor they carry')}"
    if variants.tag is None:
        return f"FTF variants are not applicable: {plain(variants.none or '')}"
    tagged = [code(watched.name) for watched in known.metrics if variants.tag in (watched.metric.tags or ())]
    if len(tagged) == len(known.metrics):
        return f"All metrics of the Story carry their FTF variant in the tag {code(variants.tag)}."
    which = f"on {listed(tagged)} alone" if tagged else "on no metric"
    return f"The FTF variant stands in the tag {code(variants.tag)}, {which}."
