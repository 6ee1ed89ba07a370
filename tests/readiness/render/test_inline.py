"""Text from policies is read back as it was, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Item, Table
from cvnpolicy.readiness.render.inline import code, gap, one_line, plain, table
from tests.readiness.render.rendering import facts, rendered

MARKUP = st.text(alphabet=" \\`*_[]()<>#+-.!|~&;:=\"'$0aZé\t\n\r\x00\u202e\u2028", max_size=40)
TEXTS = MARKUP | st.text(max_size=60)

HOSTILE = [
    "a | b",
    "\\| \\",
    "`code` and ``more``",
    "`",
    "<script>alert(1)</script>",
    "<!-- everything below is gone",
    "--> <b",
    "[x](javascript:alert(1)) ![y](http://z)",
    "**bold** _it_ ~~gone~~ $x$",
    "&lt;handle&gt; &#60;",
    "# a heading #",
    "a\n\n# a heading\n\n| a | b |\n|---|---|",
    "\x1b[31mred\u202egnp",
    "::error::taken over",
    "1. first",
    "- [x] signed",
    "> 5 * x and < 0.01",
    "</td></tr>",
    "\u2028line",
]


def cells(text: str) -> list[list[str]]:
    found = [block for block in page(text, "t.md").blocks if isinstance(block, Table)]
    assert len(found) == 1
    return [[cell.text for cell in row.cells] for row in (found[0].header, *found[0].rows)]


def shown(text: str) -> str:
    return one_line(text).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_reads_as_it_is_written(text: str) -> None:
    lines = table(["one", "two", "three"], [[plain(text), code(text), "last"]])
    assert all("\n" not in line for line in lines)
    assert cells("\n".join(lines)) == [["one", "two", "three"], [shown(text), shown(text), "last"]]


@given(TEXTS, TEXTS)
def test_no_text_breaks_a_table(first: str, second: str) -> None:
    lines = table(["one", "two", "three"], [[plain(first), plain(second), "last"], ["a", plain(second), plain(first)]])
    read = cells("\n".join(lines))
    assert read[1:] == [[shown(first), shown(second), "last"], ["a", shown(second), shown(first)]]


@given(TEXTS.filter(lambda text: text.split()))
def test_code_is_just_the_text(text: str) -> None:
    (block,) = [b for b in page("\n".join(table(["a"], [[code(text)]])), "t.md").blocks if isinstance(b, Table)]
    (cell,) = block.rows[0].cells
    assert cell.text.strip() == shown(text)
    assert [cell.text[mark.start : mark.end].strip() for mark in cell.codes] == [shown(text)]


@given(TEXTS)
def test_an_item_stays_one_item(text: str) -> None:
    read = page(f"- Label: {plain(text)} end\n- Next: item\n", "t.md")
    assert [block.text.text for block in read.blocks if isinstance(block, Item)] == [
        f"Label: {plain_of(text)}end",
        "Next: item",
    ]
    assert read.headings == ()


def plain_of(text: str) -> str:
    line = one_line(text)
    return f"{line} " if line else " "


@given(TEXTS)
def test_a_heading_keeps_its_end(text: str) -> None:
    (heading,) = page(f"# Title {plain(text)}", "t.md").headings
    assert heading.text == f"Title {one_line(text)}".strip()


@settings(max_examples=30)
@given(st.lists(TEXTS.filter(lambda text: text.split()), min_size=7, max_size=7))
def test_no_fact_changes_the_shape_of_the_file(texts: list[str]) -> None:
    changed = facts()
    changed["title"], changed["variants"]["none"], changed["rollback"]["switch"] = texts[:3]
    changed["rollout"]["canary"]["because"], changed["rollout"]["stages"][0]["criteria"] = texts[3:5]
    changed["rollback"]["mechanisms"][0]["mechanism"], changed["reviews"][0]["verdict"] = texts[5:]
    assert shape(rendered(changed)) == shape(rendered())


def shape(text: str) -> object:
    read = page(text, "ready.md")
    kinds = [type(block).__name__ for block in read.blocks]
    tables = [[len(row.cells) for row in block.rows] for block in read.blocks if isinstance(block, Table)]
    tasks = [block.task for block in read.blocks if isinstance(block, Item)]
    return [(heading.level, heading.line) for heading in read.headings], kinds, tables, tasks


def test_nothing_is_no_code() -> None:
    assert code(" \n") == ""


def test_a_gap_is_one_for_the_rules() -> None:
    assert gap("handle") == "`<handle>`"
