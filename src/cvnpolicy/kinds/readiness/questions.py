"""What is wrong with the questions of rules: names of pieces, columns, forms, sections and rules that there are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.model import Model
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.readiness.ask import Ask, Claim, Compare, Days, Listed, Other, Pieces, Runbooks, Test
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec, Rule
from cvnpolicy.kinds.readiness.names import DOCUMENT, GENERAL, HEADER, RUNBOOK, WHOLE, Names, listing
from cvnpolicy.kinds.readiness.parts import Path, parts


@dataclass(frozen=True)
class _Asker:
    """One rule, and what its questions may name."""

    policy: Policy[ReadinessPolicySpec]
    names: Names
    index: int

    @property
    def rule(self) -> Rule:
        return self.policy.spec.rules[self.index]

    @property
    def of_runbooks(self) -> bool:
        return self.rule.section == RUNBOOK

    def wrong(self, what: str, right: str, path: Path, rule: DocumentRule = DocumentRule.BAD_VALUE) -> Problem:
        return Problem(rule, what, right, self.policy.locate(path))

    def unknown(self, what: str, right: str, path: Path) -> Problem:
        return self.wrong(what, right, path, DocumentRule.DANGLING_NAME)

    def selector(self, name: str, path: Path) -> Iterator[Problem]:
        """Fields and tables are those of readiness files; a runbook has only what every text has."""
        table, _, column = name.partition(".")
        if name not in self.names.selectors:
            if column and table in self.names.columns:
                yield from self.column(table, column, path)
            else:
                what = f"there are no pieces '{name}'"
                yield self.unknown(what, self.names.instead(name, self.names.selectors), path)
        elif self.of_runbooks and name not in GENERAL:
            what = f"'{name}' belongs to readiness files, and {self.rule.id} is about runbooks"
            yield self.wrong(what, f"write one of {listing(GENERAL)}", path)

    def column(self, table: str, column: str, path: Path, *others: str) -> Iterator[Problem]:
        if column not in self.names.columns[table] and column not in others:
            valid = (*self.names.columns[table], *others)
            what = f"the table '{table}' has no column '{column}'"
            yield self.unknown(what, self.names.instead(column, valid), path)

    def form(self, name: str, path: Path) -> Iterator[Problem]:
        if name not in self.names.forms:
            yield self.unknown(f"there is no form '{name}'", self.names.instead(name, self.names.forms), path)

    def section(self, name: str, path: Path, *others: str) -> Iterator[Problem]:
        if name not in self.names.sections and name not in others:
            valid = (*self.names.sections, *others)
            yield self.unknown(f"there is no section '{name}'", self.names.instead(name, valid), path)
        elif self.of_runbooks and name != DOCUMENT:
            what = f"'{name}' is a section of readiness files, and {self.rule.id} is about runbooks"
            yield self.wrong(what, "leave it out, as a runbook is looked at as a whole", path)


def wrong_questions(policy: Policy[ReadinessPolicySpec], names: Names) -> Iterator[Problem]:
    """Yield what is wrong with the questions of each rule."""
    for index, rule in enumerate(policy.spec.rules):
        asker = _Asker(policy, names, index)
        for key in ("ask", "only_if"):
            for path, part in parts(getattr(rule, key), ("spec", "rules", index, key)):
                wrong = _WRONG.get(type(part))
                if wrong is not None:
                    yield from wrong(part, path, asker)


def _ask(ask: Ask, path: Path, asker: _Asker) -> Iterator[Problem]:
    if ask.person is not None:
        yield from asker.selector(ask.person, (*path, "person"))
    if ask.routed is not None:
        yield from asker.selector(ask.routed, (*path, "routed"))
        if not asker.of_runbooks:
            what = f"alerts are routed to runbooks, and {asker.rule.id} is about readiness files"
            yield asker.wrong(what, f"write section: {RUNBOOK}", (*path, "routed"))
    if ask.table is not None:
        yield from _table(ask.table, (*path, "table"), asker)
    for place, name in enumerate(ask.sections or ()):
        yield from asker.section(name, (*path, "sections", place))


def _table(name: str, path: Path, asker: _Asker) -> Iterator[Problem]:
    if name not in asker.names.columns:
        yield asker.unknown(f"there is no table '{name}'", asker.names.instead(name, asker.names.columns), path)
    elif asker.of_runbooks:
        what = f"'{name}' belongs to readiness files, and {asker.rule.id} is about runbooks"
        yield asker.wrong(what, "write pieces", path)


def _test(test: Test, path: Path, asker: _Asker) -> Iterator[Problem]:
    if test.one is not None:
        yield from asker.form(test.one, (*path, "one"))


def _pieces(pieces: Pieces, path: Path, asker: _Asker) -> Iterator[Problem]:
    yield from asker.selector(pieces.of, (*path, "of"))
    if pieces.section is not None:
        yield from asker.section(pieces.section, (*path, "section"), HEADER, DOCUMENT)
    table = pieces.of.partition(".")[0]
    for column in pieces.rows or {}:
        place = (*path, "rows", column)
        if table in asker.names.columns:
            yield from asker.column(table, column, place, WHOLE)
        elif column != WHOLE:
            what = f"'{pieces.of}' has no column '{column}'"
            yield asker.unknown(what, f"ask a table, or write {WHOLE}", place)


def _compare(compare: Compare, path: Path, asker: _Asker) -> Iterator[Problem]:
    yield from asker.selector(compare.of, (*path, "of"))
    yield from asker.selector(compare.with_, (*path, "with"))
    yield from asker.form(compare.form, (*path, "form"))


def _days(days: Days, path: Path, asker: _Asker) -> Iterator[Problem]:
    yield from asker.selector(days.of, (*path, "of"))


def _listed(listed: Listed, path: Path, asker: _Asker) -> Iterator[Problem]:
    yield from asker.selector(listed.of, (*path, "of"))
    first = listed.columns[0].partition(".")[0]
    for index, name in enumerate(listed.columns):
        place = (*path, "columns", index)
        yield from asker.selector(name, place)
        table, _, column = name.partition(".")
        if not column or name in GENERAL:
            yield asker.wrong(f"'{name}' is no column", "write table.column", place)
        elif table != first:
            what = f"'{name}' is a column of another table than '{listed.columns[0]}'"
            yield asker.wrong(what, "write columns of one table", place)


def _runbooks(runbooks: Runbooks, path: Path, asker: _Asker) -> Iterator[Problem]:
    for index, name in enumerate(runbooks.of):
        yield from asker.selector(name, (*path, "of", index))
    rules = asker.names.runbook_rules
    for index, name in enumerate(runbooks.rules or ()):
        place = (*path, "rules", index)
        if name not in asker.names.rules:
            yield asker.unknown(f"there is no rule '{name}'", asker.names.instead(name, rules), place)
        elif name not in rules:
            yield asker.wrong(f"the rule '{name}' is not about runbooks", asker.names.instead(name, rules), place)


def _claim(claim: Claim, path: Path, asker: _Asker) -> Iterator[Problem]:
    if claim.as_ is not None:
        yield from asker.selector(claim.as_, (*path, "as"))
    if claim.form is not None:
        yield from asker.form(claim.form, (*path, "form"))


def _other(other: Other, path: Path, asker: _Asker) -> Iterator[Problem]:
    place, index = (*path, "id"), asker.names.rules.get(other.id)
    asked = asker.names.runbook_rules if asker.of_runbooks else asker.names.file_rules
    if index is None:
        yield asker.unknown(f"there is no rule '{other.id}'", asker.names.instead(other.id, asked), place)
    elif other.id == asker.rule.id:
        yield asker.wrong(f"the rule '{other.id}' asks about itself", "name a rule further up", place)
    elif index > asker.index:
        what = f"the rule '{other.id}' stands further down, so it is not decided yet"
        yield asker.wrong(what, f"move it above {asker.rule.id}", place)
    elif other.id not in asked:
        what = f"of '{other.id}' and {asker.rule.id} one is about runbooks and one about readiness files"
        yield asker.wrong(what, "name a rule about the same files", place)


_WRONG: Mapping[type[Model], Callable[[Any, Path, _Asker], Iterator[Problem]]] = {
    Ask: _ask,
    Test: _test,
    Pieces: _pieces,
    Compare: _compare,
    Days: _days,
    Listed: _listed,
    Runbooks: _runbooks,
    Claim: _claim,
    Other: _other,
}
