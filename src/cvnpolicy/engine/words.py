"""What a finding says, in one sentence with the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cvnpolicy.core.condition import Condition, sentence
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import UNDECIDED, Outcome, Pairs
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.numbers import measured as measured_number
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.shapes import Test
from cvnpolicy.core.tree import Tree
from cvnpolicy.core.unit import Unit
from cvnpolicy.engine.doubts import lost
from cvnpolicy.engine.state import CheckState, GroupState, Judged
from cvnpolicy.engine.trees import Told

_SUFFIX = {
    Unit.PERCENT: " %",
    Unit.SIGMA: " sigma",
    Unit.MS: " ms",
    Unit.S: " s",
    Unit.MIN: " min",
    Unit.H: " h",
    Unit.D: " d",
}
_SAID = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}
_WHEN = {"warn_if": "warns when", "crit_if": "fails when", "pass_if": "passes when"}


def subject(check: Resolved, group: Pairs = ()) -> str:
    """Return what is measured, and what it lacks: ``events of deployed without approved at most 7 d before``."""
    return f"{measured(check, group)}{lacking(check)}"


def lacking(check: Resolved) -> str:
    """Return what an event has to lack to be counted; empty where this is not asked."""
    other = check.check.measure.match if check.check.measure is not None else None
    return "" if other is None else f" without {other.event} at most {other.within.words()} {other.direction}"


def measured(check: Resolved, group: Pairs = ()) -> str:
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
    if measure.match is not None:
        return f"events of {names}"
    text = question.statistic.says
    params = {name: str(value) for name, value in measure.params.items()}
    out = text.format(column=names, **params)
    out = out if "{column}" in text else f"{out} of {names}"
    total = measure.total
    return out if total is None else f"{out} to {total.event or total.dataset or 'all rows'}"


def limits(check: Resolved) -> str:
    """Return the conditions as words: ``warns when below 0.01``."""
    return "; ".join(
        "no limit is written yet" if test.is_unset else f"{_WHEN[key]} {sentence(test)}"
        for key, test in check.check.tests.items()
        if isinstance(test, Condition)
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
    what = subject(check, state.group)
    if outcome in UNDECIDED:
        shown = state.reading is not None and state.reading.value is not None
        told = (
            f" reads {value_text(check, state, condition)}, but" if shown and outcome is Outcome.INCONCLUSIVE else ":"
        )
        return f"{what}{told} {reasons(state.judged)}"
    gone = lost(state.reading) if state.reading is not None else 0
    aside = f"; {gone} more rows have no usable value" if gone else ""
    return f"{what} is {value_text(check, state, condition)}; {limits(check)}{aside}"


def tree_message(check: Resolved, key: str, judged: Judged, told: Sequence[Told]) -> str:
    """Return the sentence of a check that is made of other answers, with each of them."""
    if judged.outcome in UNDECIDED:
        return f"{check.check.id}: {reasons(judged)}"
    holds = "holds" if judged.truths[key] is Truth.TRUE else "does not hold"
    leaves = ", ".join(
        f"{tree_words(one.leaf)}: {_SAID[one.truth]}{f', {one.aside}' if one.aside else ''}" for one in told
    )
    return f"{check.check.id}: its {key} {holds} ({_joined(check.check.tests[key], len(told))}{leaves})"


def _joined(test: Test, count: int) -> str:
    """Return how the leaves of a tree are joined at its top, where there are several."""
    if count < 2 or not isinstance(test, Tree):
        return ""
    return "all of: " if test.all is not None else "any of: " if test.any is not None else "not: "


def quantified(check: Resolved) -> str:
    """Return how many groups must agree: ``at least 4 of the groups``, ``all of model_type, and in each for …``."""
    groups = check.check.groups
    if isinstance(groups, dict):
        return ", and in each for ".join(f"{_counted(how)} of {dimension}" for dimension, how in groups.items())
    default = ALL if check.check.pass_if is not None else ANY
    return f"{_counted(groups or default)} of the groups"


_COUNTED = {">=": "at least", "<=": "at most", ">": "more than", "<": "fewer than", "==": "exactly"}


def _counted(how: Quantifier) -> str:
    """Return a quantifier as words; as written where it is more than one comparison."""
    sign, _, number = how.text.strip().partition(" ")
    return f"{_COUNTED[sign]} {number}" if sign in _COUNTED and number.strip().isdigit() else how.text


def tree_words(tree: Tree) -> str:
    """Return a tree as words."""
    if tree.all is not None or tree.any is not None:
        word = " and " if tree.all is not None else " or "
        return "(" + word.join(tree_words(branch) for branch in tree.branches()) + ")"
    if tree.not_ is not None:
        return f"not {tree_words(tree.not_)}"
    values = " or ".join(str(value).replace("_", " ") for value in tree.is_ or ())
    if tree.check is not None:
        groups = f" in {tree.groups} of its groups" if tree.groups is not None else ""
        sustained = f" for {tree.for_.words()}" if tree.for_ is not None else ""
        severity = f" at {' or '.join(tree.severity)}" if tree.severity is not None else ""
        return f"{tree.check} is {values}{groups}{severity}{sustained}"
    if tree.count is not None:
        where = "".join(f" with {key} {shown(kept)}" for key, kept in (tree.where or {}).items())
        return f"the number of {tree.fact}{where} is {sentence(tree.count)}"
    if tree.age is not None:
        return f"{tree.fact} was attested {sentence(tree.age)} ago"
    return f"{tree.fact} is {values}"


def shown(values: Sequence[object], most: int = 6) -> str:
    """Return a list for a sentence, the end of a long one as a count."""
    texts = [str(value) for value in values]
    if len(texts) <= most:
        return ", ".join(texts)
    return f"{', '.join(texts[: most - 1])} and {len(texts) - most + 1} more"


def combined_message(check: Resolved, state: CheckState, judged: Judged) -> str:
    """Return the sentence of a quantified finding: how many groups are how."""
    counts: dict[Outcome, int] = {}
    for group in state.groups:
        counts[group.outcome] = counts.get(group.outcome, 0) + 1
    told = ", ".join(f"{counts[outcome]} {outcome.value.replace('_', ' ')}" for outcome in Outcome if outcome in counts)
    text = f"{subject(check)}: {told} of {len(state.groups)} groups; {limits(check)} for {quantified(check)}"
    if judged.outcome in UNDECIDED:
        return f"{text}; {reasons(judged)}"
    return text
