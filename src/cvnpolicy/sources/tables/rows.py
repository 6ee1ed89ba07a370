"""A selection as SQL: the rows of one view that it chooses. Values are parameters, names are ours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from cvnpolicy.core.evidence import Selection
from cvnpolicy.sources.tables import instants, members
from cvnpolicy.sources.tables.relation import Relation
from cvnpolicy.sources.tables.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rows:
    """What follows FROM, and its parameters."""

    relation: Relation
    condition: str
    values: tuple[object, ...]

    def sql(self, join: str = "") -> str:
        """Return the text from FROM to the end of WHERE; the view is called ``t``."""
        return f"FROM {self.relation.view} t {join} WHERE {self.condition}"


def rows(workspace: Workspace, selection: Selection, *, or_null: Collection[str] = ()) -> Rows:
    """Return the rows that a selection chooses.

    Args:
        workspace: Where the datasets are.
        selection: Which rows.
        or_null: Filtered columns of which NULL is let through too.

    Raises:
        Refused: The dataset, a column or the column of instants cannot be used.
    """
    relation = workspace.relation(selection)
    parts, values = ["true"], list[object]()
    if selection.window is not None:
        part, found = instants.within(workspace, relation, selection.window)
        parts.append(part)
        values += found
    for name, wanted in selection.where:
        column = relation.column(name)
        part, found = members.condition(workspace, relation, column, wanted)
        parts.append(f"({part} OR {column.sql} IS NULL)" if name in or_null else part)
        values += found
    return Rows(relation, " AND ".join(parts), tuple(values))


def before_filter(selection: Selection, by: Collection[str]) -> Selection:
    """Return the selection with only the filters on the dimensions: the rows whose presence shows life."""
    return replace(selection, where=tuple((name, wanted) for name, wanted in selection.where if name in by))
