from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.sources.logfmt import MalformedLineError, parse_line

WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=' ="'), min_size=1, max_size=8)


def quoted(text):
    return '"' + "".join(WRITTEN.get(c) or (c if c >= " " else f"\\u{ord(c):04x}") for c in text) + '"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", {}),
        (" \t ", {}),
        ("a=1", {"a": "1"}),
        ("a=1\n", {"a": "1"}),
        ("a=1 \r\n", {"a": "1"}),
        ("\ta=1 \t  b=2 ", {"a": "1", "b": "2"}),
        ("a= b=2", {"a": "", "b": "2"}),
        ('a="" b=2', {"a": "", "b": "2"}),
        ("a b=2", {"a": "true", "b": "2"}),
        ("sha=YWJj==", {"sha": "YWJj=="}),
        ("a==b", {"a": "=b"}),
        (r"path=C:\new", {"path": r"C:\new"}),
        (r'a="x \"y\" \\ \n \r \t é"', {"a": 'x "y" \\ \n \r \t é'}),
        (r'a="ends with \\" b=2', {"a": "ends with \\", "b": "2"}),
        ('a="event=X b=3" b=2', {"a": "event=X b=3", "b": "2"}),
        ('a="it\'s\ta tab"', {"a": "it's\ta tab"}),
        ('a="\x7f\x85\u2028"', {"a": "\x7f\x85\u2028"}),
    ],
)
def test_what_a_line_means(line, expected):
    assert parse_line(line) == expected


def test_an_escape_may_name_a_code_point():
    assert parse_line('a="\\u0041\\uD7ff\\uE000\\u0000"') == {"a": "A\ud7ff\ue000\x00"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a=1 b=2 a=3", "'a' appears twice, again at column 9"),
        ("a a=1", "'a' appears twice"),
        ("=1", "column 1"),
        ("a=1 =2", "column 5"),
        ('a="open', "column 1"),
        ('a="open\\"', "column 1"),
        ('a="x"y', "column 1"),
        ('a="x"b=2', "column 1"),
        ('a=x"y"', "column 1"),
        ('a"b=1', "column 1"),
        ('"a"=1', "column 1"),
        ('a="C:\\users"', "column 1"),
        ('a="\\ud800"', "column 1"),
        ('a="\\u12"', "column 1"),
        ('a="\\x41"', "column 1"),
        ("a=1 b=\x00", "column 5"),
        ("a=1\x0bb=2", "column 1"),
        ('a="\x01"', "column 1"),
        ("a=1\rb=2", "column 1"),
        ("a=1\nb=2", "column 1"),
        ("a=1\n\n", "column 1"),
    ],
)
def test_what_is_malformed(line, message):
    with pytest.raises(MalformedLineError, match=message):
        parse_line(line)


@given(st.dictionaries(keys, texts, max_size=6))
def test_what_is_written_is_read(fields):
    line = " ".join(f"{key}={quoted(text)}" for key, text in fields.items())

    assert parse_line(line) == fields


@given(st.text(alphabet='ab=" \t\\nu0\r\x00é', max_size=30))
def test_any_text_is_read_or_refused_as_malformed(text):
    try:
        fields = parse_line(text)
    except MalformedLineError:
        return
    again = " ".join(f"{key}={quoted(found)}" for key, found in fields.items())
    assert parse_line(again) == fields


@pytest.mark.parametrize("piece", ['a"', "a=", '\\"', "a=1 ", "=", "\\", 'a="\\', "é"])
def test_time_is_linear_in_the_length(piece):
    line = 'k="' + piece * 300_000
    started = time.perf_counter()

    with pytest.raises(MalformedLineError):
        parse_line(line)

    # Quadratic time would be hours.
    assert time.perf_counter() - started < 10
