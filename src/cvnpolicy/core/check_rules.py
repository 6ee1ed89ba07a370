"""What must hold between the parts of a check and of its measure. Each rule yields the fault it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cvnpolicy.core.condition import Condition, names
from cvnpolicy.core.duration import parse_duration
from cvnpolicy.core.fault import fault
from cvnpolicy.core.finding import OnUnknown, Scalar
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.shapes import ContractColumns
from cvnpolicy.core.statistic import STATISTICS, Statistic, Takes
from cvnpolicy.core.tree import Tree

if TYPE_CHECKING:
    from cvnpolicy.core.check import Check, Measure

_RULE = DocumentRule.BAD_CHECK

MOST_INSTANTS = 10_000
"""The most instants of its cadence that a check may look back on."""


def measure_faults(measure: Measure) -> Iterator[Exception]:
    """Yield what contradicts itself in a measure."""
    statistic = STATISTICS[measure.statistic]
    sources = [name for name in ("dataset", "event", "metric") if getattr(measure, name) is not None]
    if len(sources) != 1:
        found = " and ".join(sources) or "none of them"
        right = "keep one" if sources else "name one"
        yield fault(f"a measure asks exactly one of dataset, event, metric; found {found}", right, rule=_RULE)
    if statistic.events_only and measure.event is None and measure.metric is None:
        yield fault(f"'{statistic.name}' is about events", "name one with event:", rule=_RULE, key="statistic")
    yield from _columns(measure, statistic)
    yield from _parts(measure, statistic)
    yield from _params(measure, statistic)
    if measure.match is not None and measure.match.event == measure.event:
        what = f"'{measure.event}' would be matched by itself, so none is ever unmatched"
        yield fault(what, "name another event under match:", rule=_RULE, key="match")


def _columns(measure: Measure, statistic: Statistic) -> Iterator[Exception]:
    least, most = statistic.columns
    if measure.metric is not None:
        if measure.columns is not None:
            yield fault("a metric knows its own column", "remove columns", rule=_RULE, key="columns")
        if least > 1:
            yield fault(f"'{statistic.name}' needs {least} columns, a metric has one", "name a dataset", rule=_RULE)
        return
    if measure.columns is None:
        if least > 0:
            yield fault(f"'{statistic.name}' needs columns", "add columns: [name]", rule=_RULE, key="statistic")
        return
    if most == 0:
        yield fault(f"'{statistic.name}' measures no column", "remove columns", rule=_RULE, key="columns")
        return
    if isinstance(measure.columns, ContractColumns):
        if (least, most) != (1, 1):
            yield fault(
                f"'{statistic.name}' needs its columns named", "write columns: [a, b]", rule=_RULE, key="columns"
            )
        return
    if len(set(measure.columns)) != len(measure.columns):
        yield fault("a column is named twice", "name each once", rule=_RULE, key="columns")
    if least > 1 and len(measure.columns) != least:
        yield fault(
            f"'{statistic.name}' needs exactly {least} columns, found {len(measure.columns)}",
            "write columns: [truth, prediction]",
            rule=_RULE,
            key="columns",
        )


def _parts(measure: Measure, statistic: Statistic) -> Iterator[Exception]:
    for part in ("total", "match", "expect"):
        given = getattr(measure, part) is not None
        if part in statistic.needs and not given:
            yield fault(f"'{statistic.name}' needs {part}", f"add {part}:", rule=_RULE, key="statistic")
        if given and part not in statistic.needs:
            yield fault(f"'{part}' does not go with '{statistic.name}'", "remove it", rule=_RULE, key=part)
    if statistic.reference != (measure.reference is not None):
        if statistic.reference:
            right = "add reference: and name a baseline"
            yield fault(f"'{statistic.name}' compares two samples", right, rule=_RULE, key="statistic")
        else:
            yield fault(f"'{statistic.name}' has one sample", "remove reference", rule=_RULE, key="reference")
    if statistic.lasting and measure.window == "run":
        yield fault(f"'{statistic.name}' needs a window of some length", "write window: 24h", rule=_RULE, key="window")
    if measure.total is not None and measure.total.event is not None and measure.total.dataset is not None:
        yield fault("a total counts one thing", "keep event or dataset", rule=_RULE, key="total")
    if measure.over is not None and statistic.name not in {"mean", "std", "variance", "min", "max", "sum"}:
        yield fault(f"'{statistic.name}' has no axis to consume", "remove over", rule=_RULE, key="over")


def _params(measure: Measure, statistic: Statistic) -> Iterator[Exception]:
    for name in measure.params:
        if name not in statistic.params:
            known = ", ".join(statistic.params) or "none"
            yield fault(f"'{statistic.name}' has no argument '{name}'", f"it has: {known}", rule=_RULE, key="params")
    for name, takes in statistic.params.items():
        if name not in measure.params:
            yield fault(
                f"'{statistic.name}' needs params: {name}", f"add params: {{{name}: …}}", rule=_RULE, key="params"
            )
        else:
            yield from _param(name, takes, measure.params[name])


def _param(name: str, takes: Takes, value: Scalar) -> Iterator[Exception]:
    if takes is Takes.DURATION:
        try:
            parse_duration(value)
        except ValueError:
            yield fault(f"params {name}: '{value}' is not a duration", "write for example 1h", rule=_RULE, key="params")


def check_faults(check: Check) -> Iterator[Exception]:
    """Yield what contradicts itself in a check."""
    yield from _polarity(check)
    yield from _own_reference(check)
    yield from _time(check)
    yield from _grouping(check)
    if check.on_unknown is OnUnknown.PASS and check.because is None:
        yield fault("on_unknown: pass needs a written reason", "add because:", rule=_RULE, key="on_unknown")
    yield from _escalation(check)


def _own_reference(check: Check) -> Iterator[Exception]:
    """A baseline is the same measure of its own rows: of a two-sample statistic, the reference against itself."""
    reference = check.measure.reference if check.measure is not None else None
    for key, test in check.tests.items():
        if reference is not None and isinstance(test, Condition) and reference in names(test):
            what = f"'{reference}' is the measure's reference, and compared with itself it is always the same number"
            yield fault(what, "write a number, or another baseline", rule=_RULE, key=key)


def _escalation(check: Check) -> Iterator[Exception]:
    if check.escalate is None:
        return
    if check.severity is None:
        yield fault("an escalation needs a severity to rise from", "add severity:", rule=_RULE, key="escalate")
        return
    least = max(check.base_severities)
    for step in check.escalate:
        if step.to >= least:
            what = f"an escalation to {step.to} does not rise above {least}"
            yield fault(what, "write a more urgent severity, P1 is the most", rule=_RULE, key="escalate")


def _polarity(check: Check) -> Iterator[Exception]:
    if not check.tests:
        yield fault("the check has no condition", "add warn_if, crit_if or pass_if", rule=_RULE, key="id")
    if check.pass_if is not None and len(check.tests) > 1:
        yield fault("a check has one polarity", "keep pass_if, or warn_if and crit_if", rule=_RULE, key="pass_if")
    for key, test in check.tests.items():
        if check.measure is not None and isinstance(test, Tree):
            yield fault(
                "a check with a measure tests a number", 'write a condition such as "< 0.01"', rule=_RULE, key=key
            )
        if check.measure is None and isinstance(test, Condition):
            yield fault("there is no measure to compare", "add measure:, or write a tree", rule=_RULE, key=key)


def _time(check: Check) -> Iterator[Exception]:
    if check.for_ is not None:
        if check.every is None:
            yield fault("'for' needs a cadence", "add every:", rule=_RULE, key="for")
        elif check.for_.microseconds % check.every.microseconds:
            right = f"write a multiple of {check.every}"
            yield fault(f"for: {check.for_} is not a multiple of every: {check.every}", right, rule=_RULE, key="for")
    lengths = [check.for_, *(step.after for step in check.escalate or ())]
    back = sum(length.microseconds for length in lengths if length is not None)
    if check.every is not None and back // check.every.microseconds > MOST_INSTANTS:
        what = f"the check looks back on more than {MOST_INSTANTS:,} instants of every: {check.every}"
        yield fault(what, "write a longer every, or a shorter for or after", rule=_RULE, key="every")
    if check.measure is not None and check.measure.window == "run":
        after = any(step.after is not None for step in check.escalate or ())
        for key, word, used in (("for", "for", check.for_ is not None), ("escalate", "after", after)):
            if used:
                what = f"'{word}' asks the same rows again at every instant of window: run"
                yield fault(what, "write a window such as 24h", rule=_RULE, key=key)
    if check.every is None and any(step.after is not None for step in check.escalate or ()):
        yield fault("'after' needs a cadence to recompute its history on", "add every:", rule=_RULE, key="escalate")


def _grouping(check: Check) -> Iterator[Exception]:
    if check.measure is None:
        for key in ("by", "groups", "min_samples", "min_coverage", "for"):
            if getattr(check, "for_" if key == "for" else key):
                yield fault(f"'{key}' needs a measure", "remove it, or add measure:", rule=_RULE, key=key)
        return
    each = [name for name, members in check.by.items() if members == "columns"]
    if len(each) > 1:
        yield fault("two dimensions are the measured columns", "keep one", rule=_RULE, key="by")
    columns = check.measure.columns
    statistic = STATISTICS[check.measure.statistic]
    if each and statistic.columns != (1, 1):
        what = f"'{each[0]}: columns' needs a statistic of one column, and '{statistic.name}' is none"
        yield fault(what, "group by something else", rule=_RULE, key="by")
    elif each and columns is None:
        yield fault(f"'{each[0]}: columns' needs measured columns", "add columns to the measure", rule=_RULE, key="by")
    many = isinstance(columns, ContractColumns) or (columns is not None and len(columns) > 1)
    if many and not each and statistic.columns == (1, 1):
        right = "add by: {feature: columns}"
        yield fault(f"'{statistic.name}' takes one column, found several", right, rule=_RULE, key="measure")
    if isinstance(check.groups, dict) and set(check.groups) != set(check.by):
        right = f"name each of {', '.join(check.by) or 'the dimensions of by'}, outermost first"
        yield fault("groups does not name the dimensions of by", right, rule=_RULE, key="groups")
    if check.groups is not None and not check.by:
        yield fault("there are no groups to count", "add by:", rule=_RULE, key="groups")
    overlap = sorted(set(check.by) & set(check.measure.where))
    if overlap:
        yield fault(f"'{overlap[0]}' is both a group and a filter", "keep it in by", rule=_RULE, key="by")
    if check.min_coverage is not None and check.measure.window == "run":
        yield fault("min_coverage needs a window of some length", "write window: 14d", rule=_RULE, key="min_coverage")
