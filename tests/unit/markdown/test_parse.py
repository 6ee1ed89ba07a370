from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.markdown.document import Document, Heading, Link, anchors, has_anchor
from cvnpolicy.markdown.parse import LIMIT, parse


def test_headings():
    text = "# 1. A `b_c` *d* _e_ [f](g) ![h](i) <b>j</b> &amp; \\*\n\ntext\n===\n\n> - ### k ###\n\nl\nm\n---\n"
    assert parse(text, "f").headings == (
        Heading(1, "1. A b_c d e f  j & *", "1-a-b_c-d-e-f--j--", "1", 1),
        Heading(1, "text", "text", None, 3),
        Heading(3, "k", "k", None, 6),
        Heading(2, "l m", "l-m", None, 8),
    )


def test_what_only_looks_like_a_heading():
    assert parse("```\n# a\n```\n\n    # b\n\n#c\n\n<!--\n# d\n-->\n\n| # e |\n|---|\n| # f |\n", "f").headings == ()


def test_a_hard_break_reads_as_a_space():
    assert parse("a\\\nb\n===", "f").headings[0].text == "a b"


def test_links():
    text = (
        "[a](one) and\n[b](<two x> 'title')\n<https://three.example>\\\n[c][ref] ![no](image)\n\n"
        "- [d](#four)\n\n| h |\n|---|\n| [e](five) |\n| [f](six) |\n\n`[no](x)`\n\n[ref]: seven\n"
    )
    assert parse(text, "f").links == (
        Link("one", 1),
        Link("two%20x", 2),
        Link("https://three.example", 3),
        Link("seven", 4),
        Link("#four", 6),
        Link("five", 10),
        Link("six", 11),
    )


def test_nothing():
    assert parse("", "f") == Document()


def test_the_size_is_limited():
    assert parse("é" * (LIMIT // 2), "f") == Document()
    for text in ("a" * (LIMIT + 1), "é" * (LIMIT // 2 + 1)):
        with pytest.raises(InvalidInputError, match=r"^f:1:1: the file is larger than 1 MiB: split it$"):
            parse(text, "f")


@pytest.mark.parametrize(
    "piece",
    ["[", "]", "![", "[](", "[a](", "[a][", "(", "*a", "**a *a ", "_a ", "`", "[`", "<", "<a ", "<!-- ", "a <![CDATA[",
     "&", "\\", "> ", "- ", "#", "|", "[a]: b\n", "# a\n", "| a |\n|---|\n", "1. \n", "~~~\n", "\t"],
)  # fmt: skip
def test_hostile_text_takes_bounded_time(piece):
    text = piece * (20_000 // len(piece))
    start = time.perf_counter()
    parse(text, "f")
    assert time.perf_counter() - start < 10


def test_a_hundred_thousand_brackets_take_bounded_time():
    start = time.perf_counter()
    assert parse("[" * 100_000, "f") == Document()
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(("opening", "closing"), [("[", "](a)"), ("![", "](a)"), ("[![", "](a)](a)"), ("> - ", "")])
def test_deep_nesting_takes_bounded_time(opening, closing):
    start = time.perf_counter()
    parse(opening * 5_000 + "a" + closing * 5_000, "f")
    assert time.perf_counter() - start < 10


@given(st.text(st.sampled_from("#[]()!`*_<>|-=:\n \t\\&ab1.\x00\ud800é"), max_size=60))
def test_any_text_is_read(text):
    document = parse(text, "f")
    for heading in document.headings:
        assert 1 <= heading.line <= text.count("\n") + 1
        assert has_anchor(document, heading.slug)
    for link in document.links:
        assert 1 <= link.line <= text.count("\n") + 1
    assert all(has_anchor(document, anchor) for anchor in anchors(document))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("incident_runbook.md", ["operational-commands", "zero-liquidity--stale-book"]),
        ("readiness_CVN-N001-EE-S17.md", ["6.bis", "6bis", "1", "6"]),
        ("runbook_btc_features_drift.md", ["1", "5", "1-symptom--ks-test-p--001-on-a-btc-feature-over-14-days"]),
    ],
)
def test_real_documents(shared, name, expected):
    document = parse((shared / "requirements" / "documents" / name).read_text(encoding="utf-8"), name)
    assert all(has_anchor(document, anchor) for anchor in expected)
    assert not has_anchor(document, "8")
    for link in document.links:
        assert not link.target.startswith("#") or has_anchor(document, link.target[1:])


def test_the_parser_is_imported_only_when_used():
    code = (
        "import sys, cvnpolicy.markdown.parse as m; early = 'markdown_it' in sys.modules; "
        "m.parse('', 'f'); print(early, 'markdown_it' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"
