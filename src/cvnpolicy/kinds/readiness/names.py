"""What may be named in a ReadinessPolicy: sections, selectors, columns and forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from cvnpolicy.kinds.readiness.forms import BUILT_IN
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec

HEADER = "header"
"""What stands above the first section."""

DOCUMENT = "document"
"""The whole file."""

RUNBOOK = "runbook"
"""The section of what a runbook is asked."""

UNWRITTEN = (HEADER, "gate", RUNBOOK, "exceptions")
"""Sections of rules that are no section of a file."""

WHOLE = "row"
"""What a test of a whole row is written under, where others are of a column."""

GENERAL = (
    "title",
    "prose",
    "rows",
    "text",
    "tasks",
    "ticked",
    "unticked",
    "entries",
    "entries.heading",
    "entries.seen",
    "entries.steps",
    "parts",
)
"""Selectors that are the same in every policy."""

MOST_SUGGESTIONS = 50
"""How often a run says which name is near: whoever has more problems than that mends the first ones first."""

MOST_CANDIDATES = 1_000
"""With how many names one is compared."""

LISTED = 8
"""How many names a message lists."""


class Names:
    """The names of one policy."""

    def __init__(self, spec: ReadinessPolicySpec) -> None:
        """Know what this policy defines."""
        self._spec = spec
        self._suggestions = MOST_SUGGESTIONS

    @cached_property
    def columns(self) -> Mapping[str, Collection[str]]:
        """The columns of each table, as rules call them."""
        return {name: {**table.columns, **(table.optional or {})} for name, table in self._spec.tables.items()}

    @cached_property
    def selectors(self) -> Collection[str]:
        """Everything that a question may be about: fields, tables, what every file has, and columns."""
        cells = (f"{table}.{column}" for table, columns in self.columns.items() for column in columns)
        return dict.fromkeys((*self._spec.fields, *self._spec.tables, *GENERAL, *cells))

    @cached_property
    def sections(self) -> Collection[str]:
        """The sections, in the order of a file."""
        return self._spec.sections.keys()

    @cached_property
    def forms(self) -> Collection[str]:
        """The forms that a phrase of a rule may use."""
        return {**BUILT_IN, **(self._spec.forms or {})}

    @cached_property
    def rules(self) -> Mapping[str, int]:
        """Where each rule stands; of several with one id the first."""
        return {rule.id: index for index, rule in reversed([*enumerate(self._spec.rules)])}

    @cached_property
    def runbook_rules(self) -> Collection[str]:
        """The rules that runbooks are asked."""
        return {rule.id: None for rule in self._spec.rules if rule.section == RUNBOOK}

    @cached_property
    def file_rules(self) -> Collection[str]:
        """The rules that readiness files are asked."""
        return {rule.id: None for rule in self._spec.rules if rule.section != RUNBOOK}

    def instead(self, name: str, valid: Collection[str]) -> str:
        """Return what would be right: the valid name that is most like this one, or else what is valid."""
        self._suggestions -= 1
        if self._suggestions < 0:
            return "name one that there is"
        if not valid:
            return "there is none yet"
        from difflib import get_close_matches  # needed for this mistake only

        candidates = [each for each, _ in zip(valid, range(MOST_CANDIDATES), strict=False)]
        folded = {each.casefold(): each for each in reversed(candidates)}
        near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
        return f"did you mean '{folded[near[0]]}'?" if near else f"expected one of {listing(valid)}"


def listing(names: Collection[str]) -> str:
    """Return the names in their order, joined by commas; of many, the first and how many more there are."""
    first = ", ".join(name for name, _ in zip(names, range(LISTED), strict=False))
    more = len(names) - LISTED
    return f"{first} and {more} more" if more > 0 else first
