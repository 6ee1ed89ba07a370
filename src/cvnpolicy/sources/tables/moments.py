"""Sum, mean, minimum, maximum, percentiles, standard deviation and variance of one column."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from cvnpolicy.core.evidence import MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import grouping
from cvnpolicy.sources.tables.samples import Values, number, samples
from cvnpolicy.sources.tables.text import absent, comparable
from cvnpolicy.sources.tables.workspace import Workspace
from cvnpolicy.statistics.moments import deviation, mean, total, variance

if TYPE_CHECKING:
    from cvnpolicy.statistics.sample import Numbers

    Kernel = Callable[[Numbers], float | int | None]


def percentile(percent: int) -> Kernel:
    """Return the function for a percentile, linear between neighbours, computed exactly and rounded once.

    Definition 7 of Hyndman, R. J. and Fan, Y. (1996), The American Statistician 50(4):361–365, numpy's default.
    """

    def interpolated(values: Numbers) -> float:
        place, hundredths = divmod((len(values) - 1) * percent, 100)
        places = (place, min(place + 1, len(values) - 1))
        ordered = np.partition(values, places)
        below, above = (Fraction(number(ordered[each])) for each in places)
        return float(below + (above - below) * hundredths / 100)

    return interpolated


KERNELS: Mapping[str, Kernel] = {
    "sum": total,
    "mean": mean,
    "min": lambda values: number(values.min()),
    "max": lambda values: number(values.max()),
    "std": deviation,
    "variance": variance,
    **{f"p{percent}": percentile(percent) for percent in range(50, 100)},
}
"""The function of finite values, at least one, for each statistic."""


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the statistic for every group.

    NULL is left out and counted. A single NaN or ±inf makes the value NaN: leaving it out would be a number about
    other rows than those asked for.

    Raises:
        Refused: The rows cannot be read, the column holds no numbers, or ``over`` asks for one row a cell and there
            are several.
    """
    if need.over:
        _check_cells(workspace, need)
    kernel = KERNELS[need.statistic]
    (column,) = need.columns
    found = samples(workspace, need.selection, column, need.by)
    return {key: reading(values, kernel) for key, values in found.items()}


def reading(values: Values, kernel: Kernel) -> Reading:
    """Return the kernel's answer with what was left out."""
    count, nonfinite = len(values.values), values.nonfinite
    details: dict[str, object] = {}
    if values.nulls:
        details["null"] = values.nulls
    if nonfinite:
        details["nonfinite"] = nonfinite
        return Reading(math.nan, count, details=details)
    return Reading(kernel(values.values) if count else None, count, details=details)


def _check_cells(workspace: Workspace, need: MeasureNeed) -> None:
    """Refuse rows that are not one to a cell of group and axis: a fold counted twice weighs twice.

    An axis is read as what its values mean: in text ``1`` and ``1.0`` are one fold, and NaN is none.
    """
    groups = grouping(workspace, need.selection, need.by)
    relation = groups.rows.relation
    axes = [comparable(workspace, relation, relation.column(name)) for name in need.over]
    values = ", ".join(f"{value} AS a{index}" for index, (value, _) in enumerate(axes))
    names = [f"a{index}" for index in range(len(axes))]
    empty = " OR ".join(absent(value, floats) for value, floats in axes)
    cells = f"SELECT {groups.code} AS g, {values}, {empty} AS absent {groups.rows.sql(groups.join)}"
    shown = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    query = (
        f"SELECT g, {shown}, count(*), bool_or(absent) FROM ({cells}) GROUP BY g, {', '.join(names)}"
        " HAVING count(*) > 1 OR bool_or(absent) ORDER BY ALL LIMIT 1"
    )
    bad = workspace.fetch(query, groups.rows.values)
    if not bad:
        return
    _, *members, count, without = bad[0]
    axis = ", ".join(need.over)
    if without:
        raise Refused(f"rows of dataset '{relation.dataset}' have no {axis}", "give every row its cell")
    cell = ", ".join(f"{name} {value}" for name, value in zip(need.over, members, strict=True))
    raise Refused(f"dataset '{relation.dataset}' has {count} rows for {cell} in one group", f"keep one row a {axis}")
