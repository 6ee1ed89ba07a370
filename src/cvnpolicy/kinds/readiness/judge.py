"""What is wrong with a ReadinessPolicy. It judges nothing itself: readiness files and runbooks are judged by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cvnpolicy.core.catalog import Catalog
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.readiness.effects import EFFECTS
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.names import DOCUMENT, GENERAL, HEADER, UNWRITTEN, WHOLE, Names
from cvnpolicy.kinds.readiness.parts import Path
from cvnpolicy.kinds.readiness.questions import wrong_questions
from cvnpolicy.kinds.readiness.wording import wrong_phrases
from cvnpolicy.kinds.readiness.words import explains

Checked = Policy[ReadinessPolicySpec]

_TAKEN = frozenset(name.partition(".")[0] for name in GENERAL)
"""What no field and no table can be called."""


def problems(policy: Checked, _catalog: Catalog) -> Iterator[Problem]:
    """Yield names that there are not, what is there twice, and phrases and questions that cannot be meant."""
    names = Names(policy.spec)
    yield from _twice(policy)
    yield from _sections(policy, names)
    yield from _taken(policy)
    yield from wrong_phrases(policy, names)
    yield from wrong_questions(policy, names)


def _twice(policy: Checked) -> Iterator[Problem]:
    """Rules, handles and numbers of sections that are there already."""
    spec = policy.spec
    rules = [(rule.id, ("spec", "rules", index, "id")) for index, rule in enumerate(spec.rules)]
    yield from _repeated(policy, "the rule", rules)
    handles = [
        (handle, ("spec", key, index))
        for key, listed in (("persons", spec.persons), ("teams", spec.teams))
        for index, handle in enumerate(listed or ())
    ]
    yield from _repeated(policy, "the handle", handles)
    numbers = [
        (section.number, ("spec", "sections", name, "number"))
        for name, section in spec.sections.items()
        if section.number is not None
    ]
    yield from _repeated(policy, "the section number", numbers)


def _repeated(policy: Checked, what: str, items: Iterable[tuple[str, Path]]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for item, path in items:
        if first.setdefault(item, path) != path:
            right = f"the first is at {policy.locate(first[item])}"
            yield Problem(DocumentRule.DUPLICATE_NAME, f"{what} '{item}' is there twice", right, policy.locate(path))


def _sections(policy: Checked, names: Names) -> Iterator[Problem]:
    """Sections of fields, tables, rules and stories that there are not."""
    spec = policy.spec
    used: list[tuple[str | None, Path, Collection[str]]] = []
    used += [(field.section, ("spec", "fields", name, "section"), ()) for name, field in spec.fields.items()]
    used += [(table.section, ("spec", "tables", name, "section"), (HEADER,)) for name, table in spec.tables.items()]
    used += [(rule.section, ("spec", "rules", at, "section"), UNWRITTEN) for at, rule in enumerate(spec.rules)]
    for story, facts in spec.stories.items():
        used += [(skipped, ("spec", "stories", story, "skips", skipped), ()) for skipped in facts.skips]
    for section, path, others in used:
        if section is not None and section not in names.sections and section not in others:
            right = names.instead(section, (*names.sections, *others))
            what = f"there is no section '{section}'"
            yield Problem(DocumentRule.DANGLING_NAME, what, right, policy.locate(path))


def _taken(policy: Checked) -> Iterator[Problem]:
    """Names that mean something else already."""
    other = "give it another name"
    spec = policy.spec
    taken = [
        (f"'{name}' is no section of a file", other, ("sections", name))
        for name in spec.sections
        if name in (*UNWRITTEN, DOCUMENT)
    ]
    for key, own in (("fields", spec.fields), ("tables", spec.tables)):
        taken += [(f"'{name}' means pieces of every file", other, (key, name)) for name in own if name in _TAKEN]
    for name in spec.tables:
        if name in spec.fields:
            what = f"'{name}' is a field too, and a question would mean that"
            taken.append((what, "give one of them another name", ("tables", name)))
    for what, right, path in (*taken, *_columns(spec)):
        yield Problem(DocumentRule.DUPLICATE_NAME, what, right, policy.locate(("spec", *path)))


def _columns(spec: ReadinessPolicySpec) -> Iterator[tuple[str, str, Path]]:
    for name, table in spec.tables.items():
        for key, columns in (("columns", table.columns), ("optional", table.optional or {})):
            if WHOLE in columns:
                yield f"'{WHOLE}' means the whole row", "give the column another name", ("tables", name, key, WHOLE)
        for column in table.optional or {}:
            if column in table.columns:
                what = f"the column '{column}' is needed and optional"
                yield what, "write it once", ("tables", name, "optional", column)


KIND = Kind(
    name="ReadinessPolicy",
    rule="CVN850",
    spec=ReadinessPolicySpec,
    judges=False,
    reads=True,
    effects=EFFECTS,
    problems=problems,
    explains=explains,
)
