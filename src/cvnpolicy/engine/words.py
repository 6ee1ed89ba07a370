"""What a finding says, in one sentence with the numbers."""

from __future__ import annotations

from decimal import Decimal

from cvnpolicy.core.condition import Condition, sentence
from cvnpolicy.core.evidence import Pairs
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.numbers import measured as measured_number
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.unit import Unit
from cvnpolicy.engine.state import CheckState, GroupState, Judged

_SUFFIX = {Unit.PERCENT: " %", Unit.MS: " ms", Unit.S: " s", Unit.MIN: " min", Unit.H: " h", Unit.D: " d"}
_WHEN = {"warn_if": "warns when", "crit_if": "fails when", "pass_if": "passes when"}


def subject(check: Resolved, group: Pairs = ()) -> str:
    """Return what is measured: ``KS p-value of btc_return_15m``."""
    measure = check.check.measure
    if measure is None:
        return check.check.id
    question = check.question
    column = dict(group).get(check.column_dimension or "")
    if measure.event is not None and not question.columns:
        column = measure.event
    names = str(column) if column is not None else ", ".join(question.columns) or measure.metric or question.dataset
    if measure.metric is not None:
        names = measure.metric
    text = question.statistic.says
    params = {name: str(value) for name, value in measure.params.items()}
    out = text.format(column=names, **params)
    out = out if "{column}" in text else f"{out} of {names}"
    total = measure.total
    return out if total is None else f"{out} to {total.event or total.dataset or 'all rows'}"


def limits(check: Resolved) -> str:
    """Return the conditions as words: ``warns when below 0.01``."""
    return "; ".join(
        f"{_WHEN[key]} {sentence(test)}" for key, test in check.check.tests.items() if isinstance(test, Condition)
    )


def value_text(check: Resolved, state: GroupState, condition: str | None) -> str:
    """Return a measured value with its unit, with enough digits not to contradict its verdict."""
    value = state.reading.value if state.reading is not None else None
    if value is not None and check.question.unit is Unit.NUMBER and "%" in (condition or ""):
        # In decimals: 0.07 * 100 is 7.000000000000001 in doubles, and would read as more than 7 %.
        return f"{measured_number(float(Decimal(repr(value)) * 100), condition)} %"
    return measured_number(value, condition) + _SUFFIX.get(check.question.unit, "")


def reasons(judged: Judged) -> str:
    """Return why it could not be decided."""
    return "; ".join(dict.fromkeys(cause.reason for cause in judged.causes)) or "it could not be decided"


def hint(judged: Judged) -> str:
    """Return what would decide it."""
    return "; ".join(dict.fromkeys(cause.hint for cause in judged.causes if cause.hint))


def group_message(check: Resolved, state: GroupState, outcome: Outcome, condition: str | None) -> str:
    """Return the sentence of one group's finding."""
    if not state.measures:
        return tree_message(check, state.judged, outcome)
    what = subject(check, state.group)
    if outcome in (Outcome.INCONCLUSIVE, Outcome.NO_DATA, Outcome.ERROR):
        shown = state.reading is not None and state.reading.value is not None
        told = (
            f" reads {value_text(check, state, condition)}, but" if shown and outcome is Outcome.INCONCLUSIVE else ":"
        )
        return f"{what}{told} {reasons(state.judged)}"
    return f"{what} is {value_text(check, state, condition)}; {limits(check)}"


def tree_message(check: Resolved, judged: Judged, outcome: Outcome) -> str:
    """Return the sentence of a check that is made of other answers."""
    if outcome in (Outcome.INCONCLUSIVE, Outcome.NO_DATA, Outcome.ERROR):
        return f"{check.check.id}: {reasons(judged)}"
    held = {Outcome.PASS: "does not hold", Outcome.WARN: "holds", Outcome.FAIL: "holds"}
    if check.check.pass_if is not None:
        held = {Outcome.PASS: "holds", Outcome.FAIL: "does not hold"}
    key = "pass_if" if check.check.pass_if is not None else ("crit_if" if outcome is Outcome.FAIL else "warn_if")
    key = key if key in check.check.tests else next(iter(check.check.tests))
    return f"{check.check.id}: its {key} {held[outcome]}"


def combined_message(check: Resolved, state: CheckState, judged: Judged) -> str:
    """Return the sentence of a quantified finding: how many groups are how."""
    counts: dict[Outcome, int] = {}
    for group in state.groups:
        counts[group.outcome] = counts.get(group.outcome, 0) + 1
    told = ", ".join(f"{count} {outcome.value.replace('_', ' ')}" for outcome, count in sorted(counts.items()))
    groups = check.check.groups
    if isinstance(groups, dict):
        wanted = ", ".join(f"{quantifier} of {dimension}" for dimension, quantifier in groups.items())
    else:
        wanted = str(groups or "all")
    text = f"{subject(check)}: {told}; {limits(check)} in {wanted} of {len(state.groups)} groups"
    if judged.outcome in (Outcome.INCONCLUSIVE, Outcome.NO_DATA, Outcome.ERROR):
        return f"{text}; {reasons(judged)}"
    return text
