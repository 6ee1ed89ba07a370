"""From bytes to text that shows all it says: UTF-8 without control, direction or invisible characters."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule

_PLAIN = str.maketrans("", "", "\t\n\r")
# What YAML 1.2 calls printable (5.1), less what ends a line for some readers only (U+0085, U+2028, U+2029), what
# changes the direction of text (U+202A to U+202E, U+2066 to U+2069), and the invisible U+FEFF.
_SHOWN = "\t\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_BREAK = re.compile("\r\n|\r|\n")
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = frozenset("\x85\u2028\u2029")


@cache
def _hidden() -> re.Pattern[str]:
    """Return the pattern of one refused character. Compiling it is dear, and few files ever need it."""
    return re.compile(f"[^{_SHOWN}]")


def first_hidden(text: str) -> re.Match[str] | None:
    """Return the first character that is refused."""
    return None if _plain(text) else _hidden().search(text)


def _plain(text: str) -> bool:
    """Return whether all of it prints, line breaks and tabs aside: what is refused never prints."""
    return text.translate(_PLAIN).isprintable()


def decode(data: bytes, file: str) -> str | Problem:
    """Return the text of a file without its byte order mark, or what keeps it from being UTF-8."""
    if data.startswith(_WIDE):
        return _unreadable(Location(file), "the file is UTF-16 or UTF-32", "save it as UTF-8")
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(body[: error.start].decode("utf-8"), file)
        offset = error.start + len(data) - len(body)
        return _unreadable(place, f"byte 0x{body[error.start]:02X} at offset {offset} is not UTF-8", "save it as UTF-8")


def hidden_characters(text: str, file: str, most: int) -> tuple[Problem, ...]:
    """Return a problem for each of the first ``most`` characters that are refused."""
    return () if _plain(text) else tuple(islice(_complaints(text, file), most))


def without_hidden(text: str) -> str:
    """Return the text with a U+FFFD for each character that is refused, so that places stay as they are."""
    return text if _plain(text) else _hidden().sub("\ufffd", text)


def complaint(sign: str) -> tuple[str, str]:
    """Return what is wrong with a refused character, and what would be right."""
    code = f"U+{ord(sign):04X}"
    if sign in _DIRECTION:
        name = unicodedata.name(sign).lower()
        return f"the invisible character {code} ({name}) makes text look other than it is", "remove it"
    if sign in _BREAKS:
        return f"the character {code} ends a line for some programs only", "use an ordinary line break"
    if sign == "\ufeff":
        return f"the invisible character {code} (byte order mark) inside the text", "remove it"
    return f"the control character {code}", "remove it"


def count_lines(text: str) -> int:
    """Return how many line breaks there are: LF, CR or both together."""
    return sum(1 for _ in _BREAK.finditer(text))


def _complaints(text: str, file: str) -> Iterator[Problem]:
    line, start, seen = 1, 0, 0
    for match in _hidden().finditer(text):
        for stop in _BREAK.finditer(text, seen, match.start()):
            line, start = line + 1, stop.end()
        seen = match.start()
        column = match.start() - start + 1
        yield _unreadable(Location(file, line, column, line, column + 1), *complaint(match[0]))


def _place(before: str, file: str) -> Location:
    last = 0
    for stop in _BREAK.finditer(before):
        last = stop.end()
    line, column = count_lines(before) + 1, len(before) - last + 1
    return Location(file, line, column, line, column + 1)


def _unreadable(place: Location, what: str, right: str) -> Problem:
    return Problem(DocumentRule.UNREADABLE, what, right, place)
