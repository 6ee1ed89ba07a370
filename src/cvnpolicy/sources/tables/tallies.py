"""Distinct values, repeated rows, missing values, and F1: counts of columns by group."""

from __future__ import annotations

import math

from cvnpolicy.core.evidence import MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import Grouping, grouping
from cvnpolicy.sources.tables.relation import Relation
from cvnpolicy.sources.tables.text import absent, comparable, measured, refuse_ambiguous
from cvnpolicy.sources.tables.workspace import Workspace

MOST_EXAMPLES = 20


def distinct(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many different values a column has. NULL is no value; NaN or ±inf makes the answer NaN.

    Raises:
        Refused: The rows cannot be read.
    """
    groups = grouping(workspace, need.selection, need.by)
    (name,) = need.columns
    value, floats = comparable(workspace, groups.rows.relation, groups.rows.relation.column(name))
    nonfinite = "0" if floats is None else f"count(*) FILTER (NOT isfinite({floats}))"
    found: dict[Pairs, Reading] = {}
    for code, rows, values, different, bad in _by_group(
        workspace, groups, f"count(*), count({value}), count(DISTINCT {value}), {nonfinite}"
    ):
        details: dict[str, object] = {"null": rows - values} if rows > values else {}
        if bad:
            details["nonfinite"] = bad
        found[groups.keys[code]] = Reading(math.nan if bad else different, values, details=details)
    return found


def duplicates(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many rows repeat an earlier row's values in all the columns. NULL repeats NULL.

    The details name up to 20 of the repeated combinations.

    Raises:
        Refused: The rows cannot be read.
    """
    groups = grouping(workspace, need.selection, need.by)
    relation = groups.rows.relation
    values = [comparable(workspace, relation, relation.column(name))[0] for name in need.columns]
    keys = ", ".join(f"{value} AS d{index}" for index, value in enumerate(values))
    listed = ", ".join(f"d{index}" for index in range(len(values)))
    cells = (
        f"SELECT g, {listed}, count(*) AS n FROM (SELECT {groups.code} AS g, {keys} {groups.rows.sql(groups.join)})"
        f" GROUP BY g, {listed} HAVING count(*) > 1"
    )
    parameters = list(groups.rows.values)
    totals = workspace.fetch(f"SELECT g, sum(n - 1) FROM ({cells}) GROUP BY g", parameters)
    repeated = {int(code): int(extra) for code, extra in totals}
    found = {key: Reading(repeated.get(code, 0), groups.counts[code]) for code, key in enumerate(groups.keys)}
    for code in sorted(repeated):
        texts = ", ".join(f"CAST(d{index} AS VARCHAR)" for index in range(len(values)))
        query = f"SELECT {texts}, n FROM ({cells}) WHERE g = ? ORDER BY ALL LIMIT {MOST_EXAMPLES}"
        examples = workspace.fetch(query, [*parameters, code])
        rows = [dict(zip((*need.columns, "rows"), example, strict=True)) for example in examples]
        found[groups.keys[code]] = Reading(repeated[code], groups.counts[code], details={"repeated": rows})
    return found


def missing(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the share of rows without a usable value: NULL, and of numbers NaN or ±inf.

    Raises:
        Refused: The rows cannot be read, or a field that is declared as a number holds something else, or whether a
            NaN of a column without a type is a number or a word cannot be known.
    """
    groups = grouping(workspace, need.selection, need.by)
    without = _without(workspace, need, groups.rows.relation)
    counts = _by_group(workspace, groups, f"count(*), count(*) FILTER ({without})")
    return {
        groups.keys[code]: Reading(gone / rows, rows, details={"rows": rows, "missing": gone})
        for code, rows, gone in counts
    }


def _without(workspace: Workspace, need: MeasureNeed, relation: Relation) -> str:
    """Return the SQL condition that a row has no usable value."""
    (name,) = need.columns
    column, declared = relation.column(name), dict(need.params).get("declared")
    if declared in ("int", "float"):
        value, integers = measured(workspace, relation, column)
        return absent(value, None if integers else value)
    if declared is not None and column.loose:
        return absent(f"nullif({column.sql}, '')", None)
    refuse_ambiguous(workspace, relation, column)
    return absent(*comparable(workspace, relation, column))


def f1(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return F1 of class 1, 2·tp / (2·tp + fp + fn), from a column of truths and one of predictions.

    Undefined where there is neither a true nor a predicted 1. Rows without both values are left out and counted; a NaN
    makes the answer NaN. Van Rijsbergen, C. J. (1979), Information Retrieval, chapter 7.

    Raises:
        Refused: The rows cannot be read, or a value is neither 0 nor 1.
    """
    groups = grouping(workspace, need.selection, need.by)
    relation = groups.rows.relation
    truth, guess = (measured(workspace, relation, relation.column(name))[0] for name in need.columns)
    both = f"{truth} IS NOT NULL AND {guess} IS NOT NULL"
    finite = f"isfinite(CAST({truth} AS DOUBLE)) AND isfinite(CAST({guess} AS DOUBLE))"
    counts = ", ".join(
        f"count(*) FILTER ({condition})"
        for condition in (
            f"NOT ({both})",
            f"{both} AND NOT ({finite})",
            f"({finite}) AND ({truth} NOT IN (0, 1) OR {guess} NOT IN (0, 1))",
            f"{truth} = 1 AND {guess} = 1",
            f"{truth} = 0 AND {guess} = 1",
            f"{truth} = 1 AND {guess} = 0",
        )
    )
    found: dict[Pairs, Reading] = {}
    for code, rows, nulls, nonfinite, odd, tp, fp, fn in _by_group(workspace, groups, f"count(*), {counts}"):
        if odd:
            columns = " and ".join(f"'{name}'" for name in need.columns)
            reason = f"columns {columns} of dataset '{relation.dataset}' hold other values than 0 and 1"
            raise Refused(f"{reason} in {odd} rows", "F1 is of class 1 against class 0")
        found[groups.keys[code]] = _f1(rows - nulls, nulls, nonfinite, (tp, fp, fn))
    return found


def _f1(samples: int, nulls: int, nonfinite: int, table: tuple[int, int, int]) -> Reading:
    tp, fp, fn = table
    details: dict[str, object] = {"tp": tp, "fp": fp, "fn": fn}
    if nulls:
        details["null"] = nulls
    if nonfinite:
        return Reading(math.nan, samples, details={**details, "nonfinite": nonfinite})
    below = 2 * tp + fp + fn
    return Reading(2 * tp / below if below else None, samples, details=details)


def _by_group(workspace: Workspace, groups: Grouping, aggregates: str) -> list[tuple[int, ...]]:
    """Return a group number and the aggregates, as whole numbers, for every group."""
    if not groups.keys:
        return []
    query = f"SELECT {groups.code} AS g, {aggregates} {groups.rows.sql(groups.join)} GROUP BY g ORDER BY g"
    found = workspace.fetch(query, groups.rows.values)
    return [tuple(int(value) for value in row) for row in found]
