"""The HTML page, read back by a parser: nothing is loaded, and whatever a finding says stays text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, Outcome, Severity
from cvnpolicy.core.location import Location
from cvnpolicy.report.html import render
from tests.unit.report.readiness_report import FINDINGS, report, rule
from tests.unit.report.sample_report import sample

VOID = {"meta", "rect"}
KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "strong", "ul", "li"),
    *("code", "b", "span", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "article", "header", "details"),
    *("summary", "div", "footer"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "scope", "viewbox", "preserveaspectratio"),
    *("aria-hidden", "width", "height"),
}


class Page(HTMLParser):
    """Checks that every element is closed, and keeps the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)


@pytest.mark.parametrize("made", [report(*FINDINGS), report(), sample()], ids=["readiness", "empty", "sample"])
def test_the_page_is_well_formed_and_loads_nothing(made):
    page = Page(render(made))
    assert page.tags <= KNOWN
    assert page.attributes <= ATTRIBUTES
    assert "default-src 'none'" in render(made)
    assert "url(" not in render(made)


def test_what_blocks_comes_first_and_what_is_well_is_folded():
    text = render(report(*FINDINGS))
    places = [text.index(said) for said in ("<h1>", "Score: 2 files", "What blocks: 2", "What advises: 1", "Pass: ")]
    assert places == sorted(places)
    assert "<details><summary>Pass: 6</summary>" in text
    assert "<h2>What blocks: 2</h2>" in text


def test_a_finding_says_what_where_and_what_next():
    one = Finding(
        "p/c",
        "CVN201",
        Outcome.FAIL,
        "It is bad",
        Location("p.yaml", 3, 5, 3, 9),
        hint="mend it",
        action="call somebody",
        runbook="runbooks/a.md",
        severity=Severity.P1,
        group={"symbol": "BTC"},
        waived_by="@ann",
    )
    text = "\n".join(Page(render(report(one))).text)
    wanted = [
        "It is bad (symbol=BTC)",
        "p.yaml:3:5",
        "CVN201",
        "mend it",
        "call somebody",
        "runbooks/a.md",
        "P1",
        "@ann",
    ]
    assert [said for said in wanted if said not in text] == []


def test_a_pass_says_so():
    assert "<title>PASS: cvnpolicy</title>" in render(report(rule("R1", Outcome.PASS, "A", 1), code=ExitCode.OK))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</style><script>",
        "&lt;b&gt; & <b>",
        "\x1b[31mred",
        "\u202egnirts",
        "]]>",
        "<!--",
    ],
)
def test_text_stays_text(hostile: str):
    found = replace(rule(hostile, Outcome.FAIL, hostile, 0, file=hostile), message=hostile, hint=hostile)
    page = Page(render(report(found)))
    assert page.tags <= KNOWN
    assert page.attributes <= ATTRIBUTES
    assert not any("\x1b" in text or "\u202e" in text for text in page.text)


@given(st.text(max_size=60))
def test_any_text_stays_in_its_element(text: str):
    found = replace(rule("R1", Outcome.FAIL, text, 0), message=text, hint=text, action=text)
    page = Page(render(report(found)))
    assert page.tags <= KNOWN
    assert page.attributes <= ATTRIBUTES


def test_the_same_report_gives_the_same_page():
    assert render(report(*FINDINGS)) == render(report(*FINDINGS))
