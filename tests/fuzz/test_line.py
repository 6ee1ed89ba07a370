"""Whatever the line, the log's grammar reads it or says where it breaks it; and so does the grammar of facts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fuzz.line import check

_PIECES = [
    "a",
    "=",
    '"',
    "\\",
    " ",
    "\t",
    "\\n",
    "\\u0041",
    "\\ud800",
    "\0",
    "\x7f",
    "\u2028",
    "é",
    "event=x",
    "ts=",
    "\r",
]


@given(st.text(max_size=200))
def test_any_line(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_pieces_of_the_grammar(text: str) -> None:
    check(text)
