"""Whatever a text is made of: no error, no long wait."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.truth import Status, figures

_BITS = [
    *("KS", "p < 0.01", "over 14 days", "> 5 times", "/ hour", "P1", "P2", "warn", "event=", "btc_ohlcv_quality_alert"),
    *("reason=outlier_returns|", "`", "|", "\n", "\n\n", "- ", "# ", "3σ", "80%", "→", ";", ", ", " : ", "f1_buy", "≥"),
    *("baseline - 0.01", "sustained", "for > 14 d", "rollback to `champion_btc_bind`", "d+14", "weekly", "|---|---|\n"),
    *("\u00a0", "1,000", "0,05", ".5", "-", "(", ")", "× ", "1e9", "9" * 40, "two weeks", "at least", "```", "İ", "ß"),
    *('event=~"', "a|b|c", '"', "{", "}", "T+30", "every", "4/5", "of 5", "±", "=", " = ", "<", ">"),
]


@given(st.lists(st.sampled_from(_BITS) | st.text(max_size=6), max_size=60).map(" ".join))
def test_any_text_is_compared(knowledge, text):
    found = figures(page(text, "text.md"), knowledge)
    lines = text.count("\n") + 1
    assert all(1 <= figure.line <= lines + text.count("\r") for figure in found)
    assert all(figure.status is Status.UNBOUND or figure.says for figure in found)


@given(st.text(max_size=400))
def test_any_letters_are_compared(knowledge, text):
    figures(page(text, "text.md"), knowledge)


SIZE = 100_000
HOSTILE = {
    "dense prose": "KS p < 0.01 over 14 days → P2 ; wick > 5, `event=btc_ohlcv_quality_alert` > 5 times / hour. ",
    "no breaks": "KS p < 0.01 over 14 days P2 warn ",
    "numbers": "1 2.5 33% ",
    "operators": "> < >= ",
    "digits": "9",
    "words": "more than at least over ",
    "one row": "| KS < 1 ",
    "events": "event=",
    "unknown names": "`btc_full_purx{0}` ",
    "unknown events": "event=btc_ohlcv_qx{0} ",
    "fields": "`event=btc_ohlcv_quality_alert reason=a|b|c|d|e` ",
    "a long field": "a|",
    "items": "- KS p < 0.02\n",
    "nested": "- KS:\n  - p < 0.02, f1_buy > 3\n",
    "rows": "| KS | p < 0.01 | P2 | weekly |\n",
    "spaces": "over                              ",
    "going back": "rollback to `champion_x{0}` ",
    "times": "for 3 d in 4 h over 5 min / hour ",
    "code": "```\nKS p < 0.01\n```\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_large_text_takes_little_time(name, knowledge):
    bit = HOSTILE[name]
    bits = (bit.format(index) if "{0}" in bit else bit for index in range(SIZE // len(bit)))
    start = {
        "rows": "| a | threshold | b | c |\n|---|---|---|---|\n",
        "a long field": "`event=btc_ohlcv_quality_alert reason=",
    }
    text = start.get(name, "") + "".join(bits)
    if name == "one row":
        text = f"{text}|\n{'|---' * text.count('|')}|\n{text}|\n"
    whole = page(text, "text.md")
    begun = time.process_time()
    figures(whole, knowledge)
    # Not a measurement: each takes a second, and several under coverage on a busy machine; what grows with the square
    # of the size takes many minutes.
    assert time.process_time() - begun < 60
