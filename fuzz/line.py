"""What must hold of the grammars of data files for any text: lines of a log, and files of facts."""

from __future__ import annotations

from cvnpolicy.sources.facts_yaml import parse
from cvnpolicy.sources.logfmt.line import MalformedLineError, pairs, parse_line, value
from cvnpolicy.sources.refused import Refused

__all__ = ["check", "seeds"]


def check(text: str) -> None:
    """Read a line of a log, and the same text as a file of facts.

    Raises:
        AssertionError: What is read is not what was written.
    """
    try:
        read = parse_line(text)
    except MalformedLineError as error:
        reason = str(error)
        assert "column" in reason, reason
    else:
        written = pairs(text)
        assert list(read) == [key for key, _ in written]
        assert list(read.values()) == [value(raw) for _, raw in written]
        for key in read:
            assert key in text
    try:
        parse(text, "facts.yaml")
    except Refused as refused:
        reason = refused.answer.reason
        assert reason.startswith("facts.yaml"), reason


def seeds() -> set[bytes]:
    """Lines of every form, and facts."""
    return {
        b"event=bar ts=2026-06-01T00:00:00Z x=1",
        b'event="a b" note="say \\"x\\" \\u0041\\n" flag sha=YWJj==',
        b"facts:\n  console.restore: {value: live, at: 2026-06-01T09:00:00Z}\n",
        b"facts: {a: {items: [{id: 1}, {id: 0x1f, x: .inf}]}}\n",
    }
