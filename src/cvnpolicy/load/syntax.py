"""The parser's own errors in plain words."""

from __future__ import annotations

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.words import printable, shown

_QUOTE = ("the quoted text{opened} is not closed", "add the closing quote")
_TAB = ("a tab is used for indentation", "use spaces")
_TAG = ("a tag that is not well formed", "remove it; quote the value if it is text that starts with '!'")
_ANCHOR = ("an anchor or alias that is not well formed", "quote the value if it is text that starts with '&' or '*'")
_BLOCK = (
    "'|' or '>' starts a block of text on the next lines, and more follows it on this one",
    "quote the value, as in '> 0.01'",
)
_ESCAPE = ("an escape that YAML does not know", "use single quotes, or write the backslash twice")

_WORDS: dict[str, tuple[str, str]] = {
    "did not find expected ',' or ']'": ("the list{opened} is not closed", "add ',' or ']' here"),
    "did not find expected ',' or '}'": ("the mapping{opened} is not closed", "add ',' or '}' here"),
    "did not find expected node content": ("a value is missing, or a bracket is not closed", "write it, or close it"),
    "found unexpected end of stream": _QUOTE,
    "found unexpected document indicator": _QUOTE,
    "could not find expected ':'": (
        "the text{opened} is neither a key nor part of the value above",
        "write 'key: value', or indent it",
    ),
    "mapping values are not allowed in this context": (
        "a ':' where no key can be",
        "start the key on its own line, or quote the text that holds ': '",
    ),
    "mapping keys are not allowed in this context": ("a '?' where no key can be", "quote the text"),
    "did not find expected key": (
        "expected a key of the mapping{opened}",
        "indent this line like the mapping's other keys, or quote the value above",
    ),
    "did not find expected '-' indicator": (
        "expected an item of the list{opened}",
        "start it with '- ', or indent the line",
    ),
    "block sequence entries are not allowed in this context": (
        "a '- ' where no list can start",
        "start the list on its own line, or quote the text",
    ),
    "did not find expected <document start>": (
        "something follows the end of the document",
        "indent it, or start a new document with '---'",
    ),
    "found a tab character where an indentation space is expected": _TAB,
    "found a tab character that violates indentation": _TAB,
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": _ESCAPE,
    "did not find expected comment or line break": _BLOCK,
    "found an indentation indicator equal to 0": _BLOCK,
    "did not find expected tag URI": _TAG,
    "found undefined tag handle": _TAG,
    "did not find the expected '>'": _TAG,
    "did not find expected whitespace or line break": _TAG,
    "did not find expected alphabetic or numeric character": _ANCHOR,
    "found incompatible YAML document": ("a version of YAML that cannot be read", "remove the %YAML line"),
    "found duplicate %YAML directive": ("two %YAML lines for one document", "remove them"),
    "found unknown directive name": ("a directive that YAML does not know", "remove the line"),
}
_BRACKETS = {"while parsing a flow sequence": "'['", "while parsing a flow mapping": "'{'"}


def explain(problem: str, context: str, place: Location, opened: Location | None, sign: str) -> Problem:
    """Return a syntax problem in plain words.

    Args:
        problem: The parser's words for what it met.
        context: The parser's words for what it was reading.
        place: Where it gave up.
        opened: Where the thing it was reading began.
        sign: The character at the place, or nothing at the end.
    """
    if problem == "found character that cannot start any token":
        what, right = _TAB if sign == "\t" else (f"{shown(sign)} cannot start a value", "quote the value")
    elif problem in _WORDS:
        what, right = _WORDS[problem]
    else:
        what, right = f"not well-formed YAML ({printable(problem)})", "mend the text here"
    began = ""
    if opened is not None:
        bracket = _BRACKETS.get(context)
        began = f" opened with {bracket} on line {opened.line}" if bracket else f" that starts on line {opened.line}"
    return Problem(DocumentRule.SYNTAX, what.replace("{opened}", began), right, place)
