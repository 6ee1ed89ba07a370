"""Whatever the text, reading it gives a condition that prints as it reads, or an error with its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fuzz.condition import check

_WORDS = [
    *(
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
        "=>",
        "=",
        "and",
        "or",
        "not",
        "abs",
        "within",
        "of",
        "unset",
        "ci95",
        "%",
        "pp",
    ),
    *(
        "sigma",
        "ms",
        "s",
        "min",
        "h",
        "d",
        "0",
        "1",
        "-1",
        "0.5",
        ".5",
        "1e3",
        "5%",
        "1 %",
        "2 *",
        "*",
        "+",
        "-",
        "name",
    ),
    *("baseline", "And", "(", ")", "9" * 40, "1." + "0" * 30, "\u00a0", "\u2264", "\n", "_", "x_1", "1_000"),
]


@given(st.text(max_size=320))
def test_any_text(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(_WORDS), max_size=16).map(" ".join))
def test_words_of_the_grammar(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(_WORDS), max_size=16).map("".join))
def test_words_without_spaces(text: str) -> None:
    check(text)
