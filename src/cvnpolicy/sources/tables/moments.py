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
from cvnpolicy.sources.tables.samples import Values, number, samples, total
from cvnpolicy.sources.tables.text import comparable
from cvnpolicy.sources.tables.workspace import Workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cvnpolicy.sources.tables.samples import Numbers

    Kernel = Callable[[Numbers], float | int | None]


def mean(values: Numbers) -> float:
    """Return the mean: the exact or correctly rounded sum, divided once."""
    return total(values) / len(values)


def variance(values: Numbers) -> float | None:
    """Return the sample variance, Σ(x − x̄)² / (n − 1); None below two values.

    Computed in two passes with the correction for a rounded mean: Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983),
    The American Statistician 37(3):242–247, equation 1.7.
    """
    count = len(values)
    if count < 2:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        deviations = _deviations(values)
        squares = total(np.square(deviations))
    return max(0.0, squares - total(deviations) ** 2 / count) / (count - 1) if math.isfinite(squares) else math.nan


def _deviations(values: Numbers) -> NDArray[np.float64]:
    """Return each value minus about the mean, rounded once.

    The difference of two 64-bit integers may need 65 bits. Modulo 2^64 it is exact, and its sign is known.
    """
    if values.dtype.kind != "i":
        return np.asarray(values - mean(values), np.float64)
    middle = int(total(values)) // len(values)
    above = values.astype(np.uint64) - np.uint64(middle % 2**64)
    return np.where(values >= middle, above.astype(np.float64), -(np.negative(above).astype(np.float64)))


def deviation(values: Numbers) -> float | None:
    """Return the standard deviation, the root of :func:`variance`."""
    found = variance(values)
    return None if found is None else math.sqrt(found)


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
    absent = [
        f"{value} IS NULL" if floats is None else f"NOT coalesce(isfinite({floats}), false)" for value, floats in axes
    ]
    cells = f"SELECT {groups.code} AS g, {values}, {' OR '.join(absent)} AS absent {groups.rows.sql(groups.join)}"
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
