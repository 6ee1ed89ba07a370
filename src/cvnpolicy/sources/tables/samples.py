"""The values of one column, group by group, as arrays. One column is in memory at a time, with a few before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cvnpolicy.core.evidence import Selection
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import Grouping, grouping, members_typed
from cvnpolicy.sources.tables.text import measured
from cvnpolicy.sources.tables.workspace import Workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cvnpolicy.statistics.sample import Numbers


MOST_VALUES = 50_000_000
"""More rows are not brought into memory at once: a column of them takes 400 MB, and as much again while it is used."""


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A column's values in one group, in no particular order."""

    values: Numbers
    """Shape (n,), int64 or float64; NaN and ±inf are still there."""
    nulls: int
    """Rows of the group without a value."""

    @property
    def bytes(self) -> int:
        """How much memory the values take."""
        return self.values.nbytes

    @property
    def nonfinite(self) -> int:
        """How many values are NaN or ±inf."""
        return int(np.count_nonzero(~np.isfinite(self.values)))


def samples(workspace: Workspace, selection: Selection, column: str, by: Sequence[str]) -> dict[Pairs, Values]:
    """Return a column's values for every group that has rows.

    Raises:
        Refused: The selection cannot be read or is too large, or the column does not hold numbers.
    """
    key = ("samples", members_typed(selection), column, tuple(by))
    return workspace.recently(
        key,
        lambda: _samples(workspace, grouping(workspace, selection, by), column),
        lambda found: sum(values.bytes for values in found.values()),
    )


def refuse_too_many(groups: Grouping) -> None:
    """See to it that a column of the rows fits into memory.

    Raises:
        Refused: It does not.
    """
    rows = sum(groups.counts)
    if rows > MOST_VALUES:
        reason = f"{rows} rows of dataset '{groups.rows.relation.dataset}' are too many to be measured at once"
        raise Refused(reason, f"ask for {MOST_VALUES} or fewer: a shorter window, or a filter")


def _samples(workspace: Workspace, groups: Grouping, name: str) -> dict[Pairs, Values]:
    relation = groups.rows.relation
    expression, _ = measured(workspace, relation, relation.column(name))
    refuse_too_many(groups)
    # NaN is sorted out here and not in SQL: DuckDB would decide `isnan` by a file's statistics, which leave NaN out.
    query = f"SELECT {groups.code} AS g, {expression} AS v {groups.rows.sql(groups.join)}"
    table = workspace.table(query, groups.rows.values)
    present = table.filter(table["v"].is_valid()) if table["v"].null_count else table
    codes, values = present["g"].to_numpy(), present["v"].to_numpy()
    parts = _split(codes, values, len(groups.keys))
    return {
        key: Values(part, count - len(part)) for key, part, count in zip(groups.keys, parts, groups.counts, strict=True)
    }


def _split(codes: NDArray[np.int32], values: Numbers, groups: int) -> Sequence[Numbers]:
    """Return the values of each group number."""
    if groups <= 1:
        return [values] * groups
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=groups))[:-1]
    return np.split(values[order], ends)


def number(value: np.int64 | np.float64) -> int | float:
    """Return a Python number."""
    plain: int | float = value.item()
    return plain
