from __future__ import annotations

import pytest

from cvnpolicy.markdown.document import Document, anchors, has_anchor
from cvnpolicy.markdown.parse import parse

TEXT = """\
# Runbook
## 1. Symptom : p < 0.01
## 4.1 Correlation > 3σ
## 6.bis Calendar floor
## Linked context
## Linked context
# !
"""


@pytest.fixture(scope="module")
def document():
    return parse(TEXT, "r.md")


@pytest.mark.parametrize(
    "anchor",
    [
        *("runbook", "1-symptom--p--001", "linked-context", "linked-context-1", "6bis-calendar-floor"),
        *("1", "4.1", "6.bis", "6bis", "41-correlation--3σ", "41-correlation--3%CF%83", "41-correlation--3%cf%83"),
    ],
)
def test_anchors_that_lead_somewhere(document, anchor):
    assert has_anchor(document, anchor)


@pytest.mark.parametrize(
    "anchor", ["2", "41", "6", "4", "1.", "Runbook", "#1", "linked-context-2", "symptom", "%", "%zz", "%ff", "bis"]
)
def test_anchors_that_lead_nowhere(document, anchor):
    assert not has_anchor(document, anchor)


def test_suggestions(document):
    assert anchors(document) == (
        "runbook", "1-symptom--p--001", "41-correlation--3σ", "6bis-calendar-floor", "linked-context",
        "linked-context-1", "1", "4.1", "6.bis",
    )  # fmt: skip


def test_an_empty_document_has_none():
    assert anchors(Document()) == ()
    assert not has_anchor(Document(), "")
