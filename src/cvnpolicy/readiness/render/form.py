"""What the policy says of the form: how headings, labels and columns read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.readiness.render.inline import gap, plain, table

Cells = Mapping[str, str]
"""The cells of a row by column."""


def word(phrases: Sequence[str]) -> str:
    """Return how something is called: the first of its names that is plain words, or what of the first one is."""
    for phrase in phrases:
        if not set("*{}") & set(phrase) and "..." not in phrase:
            return plain(phrase)
    first = phrases[0].partition("...")[0].partition("{")[0]
    return plain(first.replace("*", ""))


def heading(spec: ReadinessPolicySpec, section: str) -> str:
    """Return the heading of a section."""
    model = spec.sections[section]
    number = f"{model.number}. " if model.number is not None else ""
    return f"## {number}{word(model.titles)}"


def label(spec: ReadinessPolicySpec, field: str) -> str | None:
    """Return the label of a field; None where the policy has no such field."""
    model = spec.fields.get(field)
    return None if model is None else word(model.labels)


def fields(spec: ReadinessPolicySpec, values: Mapping[str, str], form: Callable[[str, str], str]) -> list[str]:
    """Return a line for each of these fields that the policy has."""
    return [form(name, value) for key, value in values.items() if (name := label(spec, key)) is not None]


def table_of(
    spec: ReadinessPolicySpec, name: str, rows: Iterable[Cells], extra: Mapping[str, str] | None = None
) -> list[str]:
    """Return the lines of a table as the policy has it; a column that nothing is known of has placeholders.

    Args:
        spec: The policy.
        name: The table.
        rows: The rows, by column.
        extra: Columns in front that the policy need not have, with their heads.
    """
    model = spec.tables.get(name)
    if model is None:
        return []
    columns = {**model.columns, **(model.optional or {})}
    front = {key: head for key, head in (extra or {}).items() if key not in columns}
    known = list(rows)
    shown = [key for key in columns if key in model.columns or any(key in cells for cells in known)]
    heads = [*front.values(), *(word(columns[key]) for key in shown)]
    keys = [*front, *shown]
    return ["", *table(heads, [[cells.get(key) or gap(key) for key in keys] for cells in known])]
