"""One edit breaks one rule, at its line; a harmless one breaks none."""

from __future__ import annotations

import pytest

from cvnpolicy.core.finding import Outcome
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.answer import Verdict
from cvnpolicy.readiness.named import alerts_of
from tests.readiness.mutations import DOCUMENTS, MUTATIONS, PASSING, RUNBOOK, RUNBOOK_MUTATIONS, Mutation
from tests.readiness.rewrites import REWRITES, Rewrite
from tests.support.readiness import beside, judge, judged

FILE = "documentation/stories/CVN-N002-EE-S21/mlops_readiness.md"
FORMS = beside(DOCUMENTS)
TEXT = PASSING.read_text(encoding="utf-8")
BOOK = RUNBOOK.relative_to(DOCUMENTS).as_posix()


def routed() -> tuple[str, ...]:
    rows = judge().text(page(TEXT, FILE)).table("alerts")
    assert rows is not None
    return tuple(name for name, _ in alerts_of(rows.rows, "alert"))


def verdicts(text: str) -> dict[str, Verdict]:
    return judged(text, FILE, FORMS)


def failed(found: dict[str, Verdict]) -> dict[str, str]:
    return {rule: verdict.answer.said for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL}


def edited(text: str, mutation: Mutation) -> tuple[str, int]:
    assert text.count(mutation.old) == 1, "the edit is not of one place"
    changed = text.replace(mutation.old, mutation.new)
    lines = [number for number, line in enumerate(changed.split("\n"), 1) if mutation.line in line]
    assert len(lines) == 1, f"{mutation.line!r} is on the lines {lines}"
    return changed, lines[0]


def test_the_file_and_its_runbook_pass() -> None:
    assert failed(verdicts(TEXT)) == {}
    book = judged(RUNBOOK.read_text(encoding="utf-8"), BOOK, FORMS, routed())
    assert failed(book) == {}
    assert {verdict.outcome for verdict in book.values()} == {Outcome.PASS}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_an_edit_breaks_exactly_its_rule(mutation: Mutation) -> None:
    text, line = edited(TEXT, mutation)
    found = verdicts(text)
    assert set(failed(found)) == set(mutation.breaks), failed(found)
    assert found[mutation.breaks[0]].answer.line == line


@pytest.mark.parametrize("mutation", RUNBOOK_MUTATIONS, ids=lambda mutation: mutation.name)
def test_an_edit_of_a_runbook_breaks_exactly_its_rule(mutation: Mutation) -> None:
    text, line = edited(RUNBOOK.read_text(encoding="utf-8"), mutation)
    found = judged(text, BOOK, FORMS, routed())
    assert set(failed(found)) == set(mutation.breaks), failed(found)
    assert found[mutation.breaks[0]].answer.line == line


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.name)
def test_a_harmless_rewrite_changes_no_verdict(rewrite: Rewrite) -> None:
    before, after = verdicts(TEXT), verdicts(rewrite.apply(TEXT))
    assert {rule: one.outcome for rule, one in after.items()} == {rule: one.outcome for rule, one in before.items()}
