"""Coverage of a grid: which of the expected cells have rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from cvnpolicy.core.evidence import MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables import members
from cvnpolicy.sources.tables.grouping import grouping
from cvnpolicy.sources.tables.workspace import Workspace

MOST_CELLS = 1_000_000
MOST_LISTED = 20


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the share of expected cells that have at least one row, for every group that has rows.

    A dimension that is also grouped by is expected to be the group's own member. The details list up to 20 missing
    cells and count the rows outside of the grid.

    Raises:
        Refused: The rows cannot be read, or the grid has more than a million cells.
    """
    expect = {name: members.different(wanted) for name, wanted in need.expect}
    if math.prod(len(each) for each in expect.values()) > MOST_CELLS:
        raise Refused(f"the expected grid has more than {MOST_CELLS} cells", "expect fewer dimensions")
    sizes = grouping(workspace, need.selection, need.by).sizes
    cells = grouping(workspace, need.selection, tuple(sorted({*need.by, *expect})))
    present: dict[Pairs, set[tuple[Scalar, ...]]] = {key: set() for key in sizes}
    inside = dict.fromkeys(sizes, 0)
    for cell, rows in cells.sizes.items():
        values = dict(cell)
        group = tuple(pair for pair in cell if pair[0] in need.by)
        found = [members.member(values[name], wanted) for name, wanted in expect.items()]
        known = tuple(each for each in found if each is not None)
        if len(known) == len(expect):
            present[group].add(known)
            inside[group] += rows
    return {
        key: _reading(_expected(expect, dict(key)), list(expect), present[key], rows, inside[key])
        for key, rows in sizes.items()
    }


def _expected(expect: Mapping[str, Sequence[Scalar]], group: Mapping[str, Scalar]) -> list[tuple[Scalar, ...]]:
    axes: list[list[Scalar]] = []
    for name, wanted in expect.items():
        own = members.member(group[name], wanted) if name in group else None
        axes.append(([] if own is None else [own]) if name in group else list(wanted))
    return list(itertools.product(*axes))


def _reading(
    expected: Sequence[tuple[Scalar, ...]],
    names: Sequence[str],
    present: set[tuple[Scalar, ...]],
    rows: int,
    inside: int,
) -> Reading:
    missing = [cell for cell in expected if cell not in present]
    details: dict[str, object] = {"cells": len(expected), "present": len(expected) - len(missing)}
    if missing:
        details["missing"] = [dict(zip(names, cell, strict=True)) for cell in missing[:MOST_LISTED]]
    if rows > inside:
        details["outside"] = rows - inside
    return Reading((len(expected) - len(missing)) / len(expected) if expected else None, rows, details=details)
