"""Why a reading is not believed, or tells nothing: the reasons behind inconclusive and no data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta

from cvnpolicy.core.evidence import MeasureNeed, Need, Reading
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.numbers import length
from cvnpolicy.core.policy import Baseline
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.engine.state import Cause


def doubt(check: Resolved, reading: Reading) -> Cause | None:
    """Return why a reading does not decide anything: too few rows, too little of the window, not a number."""
    causes = (_few_samples(check, reading), _little_coverage(check, reading), _strange_value(check, reading))
    return next((cause for cause in causes if cause is not None), None)


def _few_samples(check: Resolved, reading: Reading) -> Cause | None:
    """``min_samples`` holds for both samples of a two-sample statistic: one row of training proves nothing either."""
    wanted = check.check.min_samples or (1 if check.question.statistic.reference else 0)
    reference = reading.details.get("n") if check.question.statistic.reference else None
    if isinstance(reference, int) and reference < wanted:
        text = f"the reference has {_samples(reference)}, {wanted} {'is' if wanted == 1 else 'are'} needed"
        return Cause(Outcome.INCONCLUSIVE if reference else Outcome.NO_DATA, text, "see what it is bound to")
    if reading.samples >= wanted:
        return None
    gone = lost(reading)
    aside = f" ({gone} values are missing or not finite)" if gone else ""
    outcome = Outcome.INCONCLUSIVE if reading.samples or gone else Outcome.NO_DATA
    text = f"{_samples(reading.samples)}{aside}, {wanted} {'is' if wanted == 1 else 'are'} needed"
    return Cause(outcome, text, "see the rows without a value" if gone else "wait for more rows")


def lost(reading: Reading) -> int:
    """Return how many rows of the window had no usable value: missing, NaN or infinite."""
    return sum(_current(reading.details.get(key)) for key in ("null", "nonfinite"))


def _current(count: object) -> int:
    """Return a count of the details; of a two-sample statistic that of the current sample."""
    if isinstance(count, Mapping):
        count = count.get("current")
    return count if isinstance(count, int) else 0


def _samples(count: int) -> str:
    return f"{count} sample{'' if count == 1 else 's'}"


def _little_coverage(check: Resolved, reading: Reading) -> Cause | None:
    least = check.check.min_coverage
    if least is None:
        return None
    if reading.coverage is None:
        return Cause(Outcome.INCONCLUSIVE, "the dataset declares no cadence to measure coverage by", "declare cadence")
    if reading.coverage >= least:
        return None
    text = f"the window is {reading.coverage:.1%} full of usable values, {least:.0%} are needed"
    return Cause(Outcome.INCONCLUSIVE, text, "see the gaps of the dataset")


def _strange_value(check: Resolved, reading: Reading) -> Cause | None:
    if isinstance(reading.value, float) and not math.isfinite(reading.value):
        return Cause(Outcome.INCONCLUSIVE, f"the measurement is not finite ({reading.value})", "see the rows for NaN")
    bounds = check.question.range
    if bounds is not None and reading.value is not None and not bounds[0] <= reading.value <= bounds[1]:
        text = f"{reading.value} is outside the metric's declared range {bounds[0]} to {bounds[1]}"
        return Cause(Outcome.INCONCLUSIVE, text, "see the rows, or correct the range in a review")
    return None


def baseline_doubt(check: Resolved, baseline: Baseline, reading: Reading) -> str | None:
    """Return why a measured baseline cannot be compared with, though it has a number.

    ``min_samples`` holds for it too, unless it is another statistic, of which one row may be all there is.
    """
    wanted = check.check.min_samples
    if baseline.statistic is None and wanted is not None and reading.samples < wanted:
        return f"{_samples(reading.samples)}, {wanted} are needed"
    if not reading.alive:
        return "its source was silent for a while, so its count is a lower bound"
    value = reading.value
    if value is not None and math.isfinite(value) and not baseline.sign.holds(value):
        return f"{value} is not {baseline.sign}, as was declared"
    return None


def silence(need: Need, reading: Reading) -> str:
    """Return how it shows that the source was not alive."""
    if not isinstance(need, MeasureNeed) or need.alive is None:
        return "nothing shows that the source was alive"
    beat, seconds = need.alive.selection.event, reading.details.get("longest_silence_s")
    if not isinstance(seconds, int | float):
        return f"{beat} was silent"
    allowed = length(timedelta(microseconds=need.alive.interval_us))
    return f"{beat} was silent for {length(timedelta(seconds=seconds))}, longer than {allowed}"


def silence_hint(need: Need) -> str:
    """Return what would tell a silence from a zero."""
    if not isinstance(need, MeasureNeed) or need.selection.event is None or not STATISTICS[need.statistic].counts:
        return "see why the rows are not there"
    if need.alive is None and need.statistic != "ratio":
        dimensions = f" that carries {' and '.join(need.by)}" if need.by else ""
        return f"declare a heartbeat{dimensions} for the event, so that a zero can be told from a silence"
    return "see why the source is silent"
