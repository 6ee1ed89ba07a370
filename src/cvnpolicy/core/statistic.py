"""The statistics a measure can name: what each takes, in which unit it answers, and how to say it.

What they compute is in :mod:`cvnpolicy.statistics` and in the sources; this table is what policies are checked against.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cvnpolicy.core.fault import fault


class Yields(StrEnum):
    """The unit of a statistic's answer."""

    COUNT = "count"
    """A whole number of rows or values."""
    NUMBER = "number"
    """Dimensionless: a share, a p-value, a score."""
    SIGMA = "sigma"
    """Standard deviations of the reference."""
    COLUMN = "column"
    """The unit of the measured column or metric."""
    OTHER = "other"
    """A unit of its own, such as a squared one."""


class Takes(StrEnum):
    """What a statistic's parameter is."""

    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Statistic:
    """One entry of the table."""

    name: str
    says: str
    """How a sentence names it; ``{column}`` is the measured column."""
    yields: Yields
    columns: tuple[int, int | None] = (1, 1)
    """Least and most columns; None is no limit. One column may be each of many, under ``by: {…: columns}``."""
    reference: bool = False
    """Whether it compares with a second sample."""
    ordered: bool = False
    """Whether rows out of order, or two rows of one instant in a group, make it meaningless."""
    events_only: bool = False
    needs: frozenset[str] = frozenset()
    """Keys of the measure that it cannot do without: total, match, expect."""
    params: Mapping[str, Takes] = field(default_factory=dict)
    """Its own arguments; all are required."""
    of_range: bool = False
    """Whether its answer lies between the least and the greatest measured value."""
    most: int | None = None
    """The greatest answer there can be; None where it has no bound."""
    lasting: bool = False
    """Whether it needs to know how long the window is."""
    grows: bool = False
    """Whether rows that were lost can only have made it larger: through a silence it is a lower bound."""
    counts: bool = False
    """Whether no rows at all can mean 0, once the source is shown alive."""

    @property
    def least(self) -> int | None:
        """The least answer there can be: 0 but for those that have a sign."""
        return None if self.yields in (Yields.COLUMN, Yields.SIGMA) else 0


_QUANTILES = tuple(
    Statistic(f"p{q}", f"{q}th percentile of {{column}}", Yields.COLUMN, of_range=True) for q in range(50, 100)
)


_TABLE = (
    Statistic("count", "count", Yields.COUNT, columns=(0, 0), grows=True, counts=True),
    Statistic(
        "rate",
        "rows per {per}",
        Yields.OTHER,
        columns=(0, 0),
        params={"per": Takes.DURATION},
        lasting=True,
        grows=True,
        counts=True,
    ),
    Statistic("ratio", "ratio", Yields.NUMBER, columns=(0, 0), needs=frozenset({"total"}), counts=True),
    Statistic("sum", "sum of {column}", Yields.COLUMN),
    Statistic("mean", "mean of {column}", Yields.COLUMN, of_range=True),
    Statistic("min", "minimum of {column}", Yields.COLUMN, of_range=True),
    Statistic("max", "maximum of {column}", Yields.COLUMN, of_range=True),
    *_QUANTILES,
    Statistic("std", "standard deviation of {column}", Yields.COLUMN),
    Statistic("variance", "variance of {column}", Yields.OTHER),
    Statistic("last", "last {column}", Yields.COLUMN, ordered=True, of_range=True),
    Statistic("delta", "change of {column} from first to last", Yields.COLUMN, ordered=True),
    Statistic("increase", "increase of the counter {column}", Yields.COLUMN, ordered=True),
    Statistic("distinct", "distinct values of {column}", Yields.COUNT),
    Statistic("f1", "F1 of {column}", Yields.NUMBER, columns=(2, 2), most=1),
    Statistic(
        "coverage",
        "share of expected cells present",
        Yields.NUMBER,
        columns=(0, 0),
        needs=frozenset({"expect"}),
        most=1,
    ),
    Statistic("duplicates", "rows that repeat {column}", Yields.COUNT, columns=(1, None)),
    Statistic("missing", "share of rows without {column}", Yields.NUMBER, most=1),
    Statistic(
        "unmatched",
        "events without a match in time",
        Yields.COUNT,
        columns=(0, 0),
        lasting=True,
        events_only=True,
        needs=frozenset({"match"}),
        counts=True,
    ),
    Statistic("ks_statistic", "KS distance of {column}", Yields.NUMBER, reference=True, most=1),
    Statistic("ks_pvalue", "KS p-value of {column}", Yields.NUMBER, reference=True, most=1),
    Statistic("psi", "PSI of {column}", Yields.NUMBER, reference=True),
    Statistic("mean_shift", "shift of the mean of {column}", Yields.SIGMA, reference=True),
)

STATISTICS: Mapping[str, Statistic] = {statistic.name: statistic for statistic in _TABLE}
"""Every statistic by name."""

PERCENTILES: tuple[str, ...] = tuple(statistic.name for statistic in _QUANTILES)
"""The names of the percentiles, in order."""

_PERCENTILES = "percentiles go from p50 to p99"
_PAGE = "docs/reference/statistics.md lists them: count, mean, p95, ks_pvalue, …"
_PERCENTILE = r"[pq]_?(?P<number>[0-9].*)|(?:pct|perc|percentile|quantile)s?_?(?P<of>[0-9].*)?"
_ALSO_CALLED = {
    "median": "p50",
    "avg": "mean",
    "average": "mean",
    "sd": "std",
    "stdev": "std",
    "stddev": "std",
    "standard_deviation": "std",
    "var": "variance",
    "minimum": "min",
    "maximum": "max",
    "total": "sum",
    "rows": "count",
    "latest": "last",
    "unique": "distinct",
    "nunique": "distinct",
    "count_distinct": "distinct",
    "f1_score": "f1",
    "ks": "ks_pvalue",
    "ks_test": "ks_pvalue",
    "ks_stat": "ks_statistic",
    "ks_distance": "ks_statistic",
    "glass_delta": "mean_shift",
    "missing_share": "missing",
    "missing_rate": "missing",
    "missing_fraction": "missing",
    "null_share": "missing",
    "null_rate": "missing",
    "null_fraction": "missing",
    "nan_share": "missing",
}
"""What other tools call these statistics: other words for the same number, with no other one among them."""
_OTHERS = frozenset({
    "stdp", "stdevp", "stddevp", "varp",  # they divide by n
    "smd",  # the standardized mean difference, which divides by a pooled deviation
    "median_shift", "mode_shift", "min_shift", "max_shift", "mean_abs_shift", "mean_drift",
})  # fmt: skip
"""Words like a name of the table that mean another statistic."""
_NEGATIONS = ("no_", "non", "not")
"""How the opposite of a word of the table begins: ``non_null_share``."""
_ALIKE = 0.8
"""How like a word has to be to a name. At 0.6 a median absolute deviation (mad) would be taken for a maximum."""


def known_statistic(name: str) -> str:
    """Return the name when the table has it.

    Raises:
        PydanticCustomError: With the name that means the same, or where to look for it.
    """
    if name in STATISTICS:
        return name
    shown = name[:40]
    raise fault(f"'{shown}' is not a statistic", _instead_of(shown))


def _instead_of(name: str) -> str:
    """Return what is right in place of a wrong name. Never a statistic that means something else."""
    word = name.casefold().replace("-", "_")
    found = re.fullmatch(_PERCENTILE, word)
    if found is not None:
        percentile = f"p{found['number'] or found['of']}"
        return _did_you_mean(percentile) if percentile in STATISTICS else _PERCENTILES
    known = word if word in STATISTICS else _ALSO_CALLED.get(word) or _nearest(word)
    return _did_you_mean(known) if known is not None else _PAGE


def _nearest(word: str) -> str | None:
    """Return the statistic that a word misspells.

    Only one with its first letter: ``covariance``, ``pstdev`` or ``nanmean`` are statistics themselves, not slips.
    """
    from difflib import get_close_matches  # needed for this mistake only

    words = [each for each in (*STATISTICS, *_ALSO_CALLED) if each[0] == word[:1]]
    other = word in _OTHERS or word.startswith(_NEGATIONS)
    near = [] if other else get_close_matches(word, words, n=1, cutoff=_ALIKE)
    return _ALSO_CALLED.get(near[0], near[0]) if near else None


def _did_you_mean(name: str) -> str:
    return f"did you mean '{name}'?"
