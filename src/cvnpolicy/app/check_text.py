"""One check in plain English."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.check import Check
from cvnpolicy.core.condition import Condition, sentence
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.finding import OnUnknown
from cvnpolicy.core.numbers import instant
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.shapes import ContractColumns, Severities
from cvnpolicy.core.time import TPlus, Window
from cvnpolicy.engine.words import lacking, measured, quantified, shown, tree_words

_VERBS = {"warn_if": "Warns when", "crit_if": "Fails when", "pass_if": "Passes when"}


def sentences(check: Resolved) -> Iterator[str]:
    """Yield what a check asks, when it speaks, and what then."""
    written = check.check
    yield _asked(check)
    other = written.measure.match if written.measure is not None else None
    if other is not None:
        yield f"Both must have the same {' and '.join(other.same)}; exactly {other.within.words()} still counts."
    for key, test in written.tests.items():
        if isinstance(test, Condition) and test.is_unset:
            yield f"{key} has no limit yet: it is inconclusive until somebody writes one."
            continue
        text = f"it is {sentence(test)}" if isinstance(test, Condition) else tree_words(test)
        sustained = f" at every instant of {written.for_.words()}" if written.for_ is not None else ""
        yield f"{_VERBS[key]} {text}{sustained}{_in_groups(check)}{_severity(written, key)}."
    yield from _baselines(check)
    yield from _conditions(written)
    if written.only_if is not None:
        yield f"Applies only if {tree_words(written.only_if)}."
    if written.active_from is not None:
        day = f" ({written.active_from})" if isinstance(written.active_from, TPlus) else ""
        yield f"Active from {instant(check.policy.instant(written.active_from))}{day}."
    for step in written.escalate or ():
        when = f"after {step.after.words()} of it" if step.after is not None else f"from {step.at}"
        yield f"Rises to {step.to} {when}."
    for label, value in (("Then", written.action), ("Runbook", written.runbook), ("From", written.requirement)):
        if value is not None:
            yield f"{label}: {value}."


def _asked(check: Resolved) -> str:
    written = check.check
    if written.measure is None:
        return "Looks at other answers."
    question = check.question
    often = f"Every {written.every.words()}: " if written.every is not None else ""
    window = "over every row"
    if isinstance(question.window, Duration):
        window = f"over the last {question.window.words()}"
    elif isinstance(question.window, Window):
        window = f"from {instant(question.window.start)} until {instant(question.window.end)}"
    groups = [
        f"each {name}" if name == check.column_dimension else f"each {name} ({shown(members)})"
        for name, members in check.members.items()
    ]
    split = f", for {' and '.join(groups)}" if groups else ""
    reference = f" against {written.measure.reference}" if written.measure.reference is not None else ""
    picked = " and ".join(f"{name} is {shown(values)}" for name, values in question.rows.items())
    where = f" where {picked}" if picked else ""
    # The filter is of the events themselves: it is said before what they lack, which has none.
    lacks = lacking(check)
    once = f", one for each {' and '.join(written.measure.over)}" if written.measure.over else ""
    text = f"{often}{measured(check)}{reference}{where}{f'{lacks},' if lacks else ''} {window}{once}{split}."
    return text[0].upper() + text[1:]


def _in_groups(check: Resolved) -> str:
    if not check.check.by:
        return ""
    return ", each group by itself" if check.quantifiers is None else f", for {quantified(check)}"


def _severity(check: Check, key: str) -> str:
    severity = check.severity
    if isinstance(severity, Severities):
        severity = severity.warn if key == "warn_if" else severity.crit
    return f" ({severity})" if severity is not None else ""


def _baselines(check: Resolved) -> Iterator[str]:
    for name in sorted(check.baselines_used):
        baseline = check.policy.baselines[name]
        if baseline.value is not None:
            yield f"{name} is {baseline.value}, from {baseline.source}."
            continue
        written = {
            key: getattr(baseline, key) for key in type(baseline).model_fields if key in baseline.model_fields_set
        }
        where = " and ".join(f"{column} is {_value(kept)}" for column, kept in (baseline.where or {}).items())
        replaced = [
            f"{key} {_value(value)}" for key, value in written.items() if key not in ("sign", "where", "window")
        ]
        said = f" with {' and '.join(replaced)}" if replaced else ""
        rows = f" where {where}" if where else ""
        over = " over every row" if baseline.window == "run" else ""
        over = f" over {baseline.window.words()}" if isinstance(baseline.window, Duration) else over
        yield f"{name} is the same{said}{rows}{over}."


def _value(value: object) -> str:
    if isinstance(value, Duration):
        return value.words()
    if isinstance(value, ContractColumns):
        return f"of contract {value.contract}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(part)}" for key, part in value.items())
    return " or ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _conditions(check: Check) -> Iterator[str]:
    if check.min_samples is not None:
        yield f"Fewer than {check.min_samples} samples are inconclusive."
    if check.min_coverage is not None:
        yield f"A window that is less than {check.min_coverage:.0%} full is inconclusive."
    if check.on_unknown is OnUnknown.FAIL:
        yield "What cannot be decided fails."
    elif check.on_unknown is OnUnknown.PASS:
        yield f"What cannot be decided does not hold anything up, because {check.because}."
    elif check.because is not None:
        yield f"Because {check.because}."
