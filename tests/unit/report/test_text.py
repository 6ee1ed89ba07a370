"""Text made safe and laid into lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.visible import visible
from cvnpolicy.report.text import Page, Role, Word, columns, lay, words

PLAIN = Page(20, colour=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text: a::b", "plain text: a::b"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x9b2J\x7f\x00", "\\x9b2J\\x7f\\x00"),
        ("\u202eabc\u2066\u200b\ufeff", "\\u202eabc\\u2066\\u200b\\ufeff"),
        ("\U000e0001", "\\U000e0001"),
        ("\ud800", "\\ud800"),
        ("\u2028", "\\u2028"),
        ("12\xa0%\u3000x", "12 % x"),
        ("漂移 névé", "漂移 névé"),
        ("::error::x", "\\x3a:error::x"),
        ("a ::error::x", "a \\x3a:error::x"),
        ("a\xa0::error::x", "a \\x3a:error::x"),
        ("##[error]x", "\\x23#[error]x"),
        ("x##vso[task.x]", "x\\x23#vso[task.x]"),
        ("###[a", "#\\x23#[a"),
        ("## heading", "## heading"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_visible_is_printable_and_says_the_same_twice(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert visible(shown) == shown
    assert not shown.lstrip().startswith("::")
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("漂移", 4), ("ａ", 2), ("–", 1)]
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


def test_words_keep_a_gap_before_the_first_only() -> None:
    assert words("a  b", Role.DIM, gap=3) == [Word("a", Role.DIM, 3), Word("b", Role.DIM, 1)]
    assert words(" \n ") == [Word("\\n", Role.PLAIN, 1)]
    assert words("  ") == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one", ["  one"]),
        ("one two three four five", ["  one two three four", "    five"]),
        ("exactly eighteen c", ["  exactly eighteen c"]),
        ("exactly nineteen ch", ["  exactly nineteen", "    ch"]),
        ("a/path/that/is/far/too/long b", ["  a/path/that/is/far/too/long", "    b"]),
        ("two a/path/that/is/far/too/long", ["  two", "    a/path/that/is/far/too/long"]),
        ("漂移指标超过阈值并且持续了", ["  漂移指标超过阈值", "    并且持续了"]),
        ("漂移::error::指标超过阈值", ["  漂移::error::指", "    标超过阈值"]),
        ("aaaaaaaaaaaaaaaaaaaaaaaa漂", ["  aaaaaaaaaaaaaaaaaaaaaaaa", "    漂"]),
    ],
)
def test_lay(text: str, lines: list[str]) -> None:
    assert lay(words(text), PLAIN, indent=2, hang=4) == lines


def test_a_label_keeps_its_value_beside_it_even_when_too_long() -> None:
    label = [Word("runbook"), Word("a/path/that/is/too/long.md", gap=3)]
    assert lay(label, PLAIN, indent=2, hang=12) == ["  runbook   a/path/that/is/too/long.md"]


@given(st.lists(st.text("ab漂", min_size=1, max_size=9), max_size=12), st.integers(0, 4), st.integers(0, 6))
def test_no_line_is_too_wide_when_every_word_fits(content: list[str], indent: int, hang: int) -> None:
    laid = lay([Word(text) for text in content], Page(24, colour=False), indent=indent, hang=hang)
    assert all(columns(line) <= 24 for line in laid)
    assert " ".join(laid).split() == content


def test_colour_is_put_around_words_only() -> None:
    assert lay([Word("a", Role.FAIL), Word("b")], Page(20, colour=True), indent=1) == [" \x1b[1;31ma\x1b[0m b"]
    assert Page(20, colour=True).paint("", Role.FAIL) == ""
