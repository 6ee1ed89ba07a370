"""Every kind of question, on texts that satisfy it, do not, and cannot tell."""

from __future__ import annotations

import pytest
import yaml

from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.answer import Around
from cvnpolicy.readiness.judge import Judge

SPEC = """\
files: [a/*.md]
forms: {ticket: "T-{digits}", talk: "talk {hex}"}
repeats: [same]
persons: ["@ann"]
teams: ["@ops"]
sections:
  first: {number: "1", titles: [First]}
  second: {number: "2", titles: [Second]}
  last: {titles: [Sign-off]}
fields:
  owner: {labels: [Owner, Owned by]}
  other: {labels: [Other], section: second}
tables:
  metrics: {section: first, columns: {metric: [Metric], board: [Board]}, optional: {status: [Status]}}
  alerts: {section: first, columns: {alert: [Alert], runbook: [Runbook]}, items_below: [Alerts]}
runbook: {files: [b/*.md]}
"""
HEAD = "# T-1: x\n\n**Owner** : `@ann`\n\n## 1. First\n\n"
TABLE = "| Metric | Board |\n|---|---|\n| `m_a` | Grafana |\n| `m_b` | same |\n\n"
TAIL = "## 2. Second\n\n- Other: 2026-06-01\n\n## Sign-off\n\n- [x] all good\n- [ ] §2 open\n"
DOCUMENT = HEAD + TABLE + TAIL


def asked(question: str, text: str = DOCUMENT, section: str = "first", runbook: str = "") -> tuple[str, int]:
    rule = {"id": "X1", "section": section, "says": "x", "ask": yaml.safe_load(question)}
    spec = ReadinessPolicySpec.model_validate(yaml.safe_load(SPEC) | {"rules": [rule]}, strict=False)
    pages = {"b/r.md": page("# R\n\n## x\n\ntext\n", "r.md")}
    around = Around("a/x.md", pages.get, ("one", "two"))
    judge = Judge(spec)
    found = (judge.runbook if section == "runbook" else judge.readiness)(page(runbook or text, "x.md"), around)
    assert len(found) == 1
    return found[0].outcome.value, found[0].answer.line


@pytest.mark.parametrize(
    ("question", "outcome", "line"),
    [
        ("{pieces: {of: owner, whole: {one: handle}}}", "pass", 3),
        ("{pieces: {of: metrics.board, each: {has: [Grafana]}}}", "pass", 9),
        ("{pieces: {of: metrics.board, each: {has: [Kibana]}}}", "fail", 9),
        ("{pieces: {of: metrics.board, last: {starts: [same]}}}", "pass", 10),
        ("{pieces: {of: metrics.status, each: {has: [live]}, missing: pass}}", "pass", 5),
        ("{pieces: {of: metrics.status, each: {has: [live]}, missing: inconclusive}}", "inconclusive", 5),
        ("{pieces: {of: metrics, where: {has: [m_c]}, any: {has: [x]}}}", "fail", 9),
        ("{pieces: {of: metrics.metric, rows: {board: {starts: [same]}}, each: {has: [m_b]}}}", "pass", 10),
        ("{pieces: {of: metrics.metric, rows: {row: {has: [m_b]}}, each: {has: [m_b]}}}", "pass", 10),
        ("{pieces: {of: metrics.metric, rows: {status: {lacks: [dead]}}, each: {code: true}}}", "pass", 9),
        ("{pieces: {of: metrics, prefer: {has: [m_b]}, first: {has: [m_b]}}}", "pass", 10),
        ("{pieces: {of: title, each: {has: ['{ticket}']}}}", "pass", 1),
        ("{pieces: {of: title, none: {has: ['{ticket}']}}}", "fail", 1),
        ("{pieces: {of: prose, any: {has: [x]}}}", "fail", 5),
        ("{pieces: {of: ticked, section: last, each: {has: [good]}}}", "pass", 18),
        ("{pieces: {of: unticked, section: last, each: {starts: ['§2']}}}", "pass", 19),
        ("{pieces: {of: metrics.board, each: {link: [grafana]}}}", "fail", 9),
        ("{pieces: {of: metrics.metric, each: {filled: true}}}", "pass", 9),
        ("{pieces: {of: other, whole: {at_most: 5min}}}", "fail", 14),
        ("{table: metrics}", "pass", 7),
        ("{table: alerts}", "fail", 5),
        ("{sections: [first, second]}", "pass", 5),
        ("{sections: [second, first]}", "fail", 5),
        ("{sections: [first, last]}", "pass", 5),
        ("{compare: {of: owner, with: title, form: handle, same: true}}", "fail", 3),
        ("{compare: {of: owner, with: owner, form: handle, same: true}}", "pass", 3),
        ("{compare: {of: owner, with: owner, form: handle, same: false}}", "fail", 3),
        ("{days: {of: other, after: {of: title, any: {has: ['{date}']}}, days: 90}}", "fail", 14),
        ("{days: {of: owner, after: {of: title, any: {has: ['{date}']}}, days: 90}}", "fail", 5),
        ("{days: {of: other, after: {of: other, any: {has: ['{date}']}}, days: 90}}", "pass", 14),
        ("{days: {of: other, after: {of: other, any: {has: ['{date}']}}, days: 90, exactly: true}}", "fail", 14),
        ("{listed: {of: metrics.metric, columns: [metrics.metric]}}", "pass", 9),
        ("{listed: {of: metrics.metric, columns: [metrics.metric], row: {has: [Kibana]}}}", "fail", 9),
        ("{listed: {of: owner, columns: [metrics.metric]}}", "fail", 3),
        ("{listed: {of: prose, columns: [metrics.metric]}}", "fail", 5),
        ("{person: owner}", "pass", 3),
        ("{person: other}", "fail", 14),
        ("{marker: {skip: true}}", "not_applicable", 5),
        ("{stored: a/}", "pass", 5),
        ("{stored: b/}", "fail", 5),
        ("{outside: the world}", "inconclusive", 5),
        ("{rule: {id: Y9, is: [pass]}}", "inconclusive", 5),
        ("{any_of: [{outside: x}, {table: alerts}]}", "inconclusive", 5),
        ("{any_of: [{table: alerts}, {table: metrics}]}", "pass", 7),
        ("{all_of: [{table: metrics}, {outside: x}]}", "inconclusive", 5),
        ("{all_of: [{outside: x}, {table: alerts}]}", "fail", 5),
        ("{none_of: [{table: alerts}]}", "pass", 5),
        ("{none_of: [{table: alerts}, {table: metrics}]}", "fail", 7),
        ("{agree: [{line: [all good], only_if: {of: owner, whole: {has: [bob]}}, says: x}]}", "fail", 18),
        ("{agree: [{line: [open], ticked: true, only_if: {of: owner, whole: {has: [bob]}}, says: x}]}", "pass", 18),
        ("{agree: [{line: [open], form: date, as: other, says: x}]}", "pass", 18),
        ("{runbooks: {of: [alerts.runbook], exist: true}}", "fail", 5),
    ],
)
def test_a_question(question: str, outcome: str, line: int) -> None:
    section = "last" if question.startswith("{agree") else "first"
    assert asked(question, section=section) == (outcome, line)


@pytest.mark.parametrize(
    ("owner", "outcome"),
    [("`@ann`", "pass"), ("@ops", "fail"), ("@bob", "inconclusive"), ("Bob", "fail"), ("", "fail")],
)
def test_who_is_a_person(owner: str, outcome: str) -> None:
    assert asked("{person: owner}", DOCUMENT.replace("`@ann`", owner))[0] == outcome


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        ("`b/r.md`", "pass"),
        ("[the runbook](b/r.md#x)", "pass"),
        ("[the runbook](../b/r.md)", "pass"),
        ("[the runbook](../c/r.md)", "fail"),
        ("[the runbook](../../b/r.md)", "fail"),
        ("`b/gone.md`", "fail"),
        ("`c/r.md`", "fail"),
        ("`b/r.md`, which is planned", "fail"),
        ("by heart", "fail"),
    ],
)
def test_runbooks(cell: str, outcome: str) -> None:
    text = f"{HEAD}| Alert | Runbook |\n|---|---|\n| `one` | {cell} |\n\n{TAIL}"
    named = "of: [alerts.runbook, prose], where: {has: [runbook]}"
    ask = f"{{runbooks: {{{named}, under: b/, exist: true, absent_if: [planned]}}}}"
    assert asked(ask, text)[0] == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("a talk 0123abcd", "pass"),
        ("A Talk 0123ABCD", "pass"),
        ("a talk 0123abc", "fail"),
        ("a small-talk 0123abcd", "pass"),
        ("a talk-0123abcd", "fail"),
        ("PLANNED", "pass"),
        ("planned", "fail"),
        ("it was Done by us", "pass"),
        ("undone", "fail"),
        ("done-ish", "pass"),
        ("begin then some words and end", "pass"),
        ("begin" + " word" * 30 + " end", "fail"),
        ("beginning end", "fail"),
        ("testing", "pass"),
    ],
)
def test_phrases(text: str, outcome: str) -> None:
    """Words in small letters in whatever case, capitals as they are; ``*`` ends a word, ``...`` skips some."""
    has = '["{talk}", PLANNED, done, "begin ... end", "test*"]'
    assert (
        asked(f"{{pieces: {{of: prose, any: {{has: {has}}}}}}}", DOCUMENT.replace(TABLE, f"{text}\n\n"))[0] == outcome
    )


def test_items_stand_for_the_rows_of_a_table() -> None:
    text = f"{HEAD}- Runbook: `b/r.md`\n- Alerts:\n  - `event=one` > 5\n    - detail\n  - two\n\n{TAIL}"
    assert asked("{table: alerts}", text) == ("fail", 8)
    assert asked("{pieces: {of: alerts.alert, any: {has: [two]}}}", text) == ("pass", 11)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("# R\n\n## One\n\na\n\n## Two\n\nb\n", "pass"),
        ("# R\n\n## one and two\n", "pass"),
        ("# R\n\n## One\n", "fail"),
    ],
)
def test_alerts_that_are_routed_to_a_runbook(text: str, outcome: str) -> None:
    assert asked("{routed: entries}", section="runbook", runbook=text)[0] == outcome


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("**Owner** : `@ann`", "pass"),
        ("Owner: @ann", "pass"),
        ("✅ **Owner (for now)** :\n@ann", "pass"),
        ("Owned by:\n\n- since May: @ann", "pass"),
        ("Note: x\nOwner: @ann\nOther: y", "pass"),
        ("- Owner: @ann", "pass"),
        ("- Owner:\n  - @ann", "pass"),
        ("Ownership: @ann", "fail"),
        ("The owner is: @ann", "fail"),
        ("Owner @ann", "fail"),
        ("Owner:\n\nprose\n\n- @ann", "fail"),
        ("```\nOwner: @ann\n```", "fail"),
        ("Owner: `<handle>`", "fail"),
        ("Owner: @ann or @bob", "fail"),
    ],
)
def test_fields(header: str, found: str) -> None:
    text = DOCUMENT.replace("**Owner** : `@ann`", header)
    assert asked("{pieces: {of: owner, whole: {one: handle}}}", text)[0] == found
