"""What is shown of text from outside."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.visible import visible, visible_json, visible_lines


@given(
    st.text()
    | st.lists(st.sampled_from(["#", "##", "vso[", "[", "::", " ", "\n", "\u202e", "\U000e0001"])).map("".join)
)
def test_json_parses_to_the_same(text: str) -> None:
    written = json.dumps({text: text}, ensure_ascii=False)
    shown = visible_json(written)
    assert json.loads(shown) == {text: text}
    assert all(line.isprintable() for line in shown.split("\n"))


def test_json_holds_no_order() -> None:
    shown = visible_json(json.dumps("##vso[a] ##[b] ## c #d", ensure_ascii=False))
    assert shown == r'"\u0023#vso[a] \u0023#[b] ## c #d"'


def test_text_is_one_line_and_says_what_was_hidden() -> None:
    assert visible("a\n::b\x1b\u202e") == r"a\n::b\x1b\u202e"
    assert visible(" ::b ##vso[c]") == r" \x3a:b \x23#vso[c]"
    assert visible_lines("::a\n::b") == "\\x3a:a\n\\x3a:b"
