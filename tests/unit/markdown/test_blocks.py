"""Markdown to blocks: what is read, and on which line it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Block, Code, Item, Page, Paragraph, Table, Text


def read(text: str) -> Page:
    return page(text, "file.md")


def texts(found: Page) -> list[tuple[str, int]]:
    return [(block.text.text, block.text.line) for block in found.blocks if isinstance(block, Paragraph | Item)]


def spans(text: Text) -> list[str]:
    return [text.text[mark.start : mark.end] for mark in text.codes]


def test_paragraphs_keep_their_lines():
    found = read("a\nb\n\n\nc `d` **e**\n")
    assert texts(found) == [("a\nb", 1), ("c d e", 5)]
    first, second = found.blocks
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert first.text.line_at(2) == 2
    assert spans(second.text) == ["d"]
    assert second.text.text[second.text.strong[0].start : second.text.strong[0].end] == "e"


def test_sections_are_those_of_the_headings():
    found = read("top\n\n# A\n\na\n\n## B\n\nb\n\nC\n---\n\nc\n\n# D\n")
    assert [heading.text for heading in found.headings] == ["A", "B", "C", "D"]
    assert [block.section for block in found.blocks] == [-1, 0, 1, 2]
    assert [found.section_at(line) for line in (1, 3, 5, 9, 14, 16)] == [-1, 0, 0, 1, 2, 3]
    assert list(found.below(0)) == [0, 1, 2]
    assert list(found.below(3)) == [3]


def test_items_know_their_parent_and_their_box():
    found = read("- a\n  - [x] b\n    more\n  - [ ] c\n\n    later\n1. d\n")
    items = [block for block in found.blocks if isinstance(block, Item)]
    assert [(item.text.text, item.text.line, item.depth, item.parent, item.task) for item in items] == [
        ("a", 1, 0, None, None),
        ("b\nmore", 2, 1, 0, True),
        ("c", 4, 1, 0, False),
        ("later", 6, 2, 2, None),
        ("d", 7, 0, None, None),
    ]


def test_an_item_that_starts_with_a_list():
    found = read("- - a\n- b\n")
    items = [block for block in found.blocks if isinstance(block, Item)]
    assert [(item.text.text, item.depth, item.parent) for item in items] == [("a", 1, None), ("b", 0, None)]


def test_tables_are_even():
    found = read("| a | b |\n|:--|--:|\n| `x\\|y` | c |\n| only |\n| 1 | 2 | 3 |\n")
    (table,) = found.blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.header.cells] == ["a", "b"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["x|y", "c"], ["only", ""], ["1", "2"]]
    assert [row.line for row in table.rows] == [3, 4, 5]
    assert spans(table.rows[0].cells[0]) == ["x|y"]


def test_code_has_the_line_of_its_first_line():
    found = read("```sh\na\nb\n```\n\n    c\n")
    assert [(block.text, block.line) for block in found.blocks if isinstance(block, Code)] == [
        ("a\nb\n", 2),
        ("c\n", 6),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a <!-- no --> b", "a  b"),
        ("a <handle> b", "a <handle> b"),
        ("a<br>b", "a b"),
        ("[a](b.md#c)", "a"),
        ("![alt](b.png)", "alt"),
        ("a\\|b &ge; 7", "a|b ≥ 7"),
        ("\ufeffa", "a"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
    ],
)
def test_what_a_reader_sees(text: str, said: str):
    assert texts(read(text)) == [(said, 1)]


def test_comments_and_rules_are_no_text():
    found = read("<!-- a\n- b\n-->\n\n---\n\n<!-- c -->\n\nd\n")
    assert texts(found) == [("d", 9)]


def test_links_have_their_address():
    (block,) = read("see [a `b`][ref] and <https://x.example/y>\n\n[ref]: c.md#d\n").blocks
    assert isinstance(block, Paragraph)
    assert [(block.text.text[mark.start : mark.end], mark.target) for mark in block.text.links] == [
        ("a b", "c.md#d"),
        ("https://x.example/y", "https://x.example/y"),
    ]


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(InvalidInputError, match="larger than 1 MiB"):
        read("a" * (1024 * 1024 + 1))


LINES = ["a", "- b", "  - c", "| d |", "|---|", "# e", "```", "> f", "", "1. g", "<!--", "-->"]


def line_of(block: Block) -> int:
    if isinstance(block, Table):
        return block.header.line
    return block.line if isinstance(block, Code) else block.text.line


@given(st.lists(st.sampled_from(LINES)))
def test_every_line_is_one_of_the_text(lines: list[str]):
    found = read("\n".join(lines))
    for block in found.blocks:
        assert 1 <= line_of(block) <= found.lines
        assert -1 <= block.section < len(found.headings)
