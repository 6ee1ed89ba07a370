from __future__ import annotations

import pytest

from cvnpolicy.load.words import alternatives, listing, printable, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain é 😀", "plain é 😀"), ("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"), ("\u202e", "\\u202e"), ("", "")],
)
def test_what_does_not_print_is_escaped(text, expected):
    assert printable(text) == expected


def test_an_excerpt_is_cut_at_forty_characters():
    assert shown("x" * 40) == f"'{'x' * 40}'"
    assert shown("x" * 41) == f"'{'x' * 39}…'"


def test_a_listing_is_sorted_and_shortened():
    assert listing(["b", "a", "b"]) == "a, b"
    assert listing("hgfedcba") == "a, b, c, d, e, f, g, h"
    assert listing("ihgfedcba") == "a, b, c, d, e, f, g, h and 1 more"


@pytest.mark.parametrize(("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), ("abc", "a, b or c")])
def test_alternatives(words, expected):
    assert alternatives(words) == expected
