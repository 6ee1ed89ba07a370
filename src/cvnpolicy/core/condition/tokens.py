"""Cutting a condition's text into tokens. Nothing fails here: what cannot be a token becomes one of kind WRONG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from cvnpolicy.core.condition.ast import At


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    OPERATOR = "operator"
    SIGN = "sign"
    WRONG = "wrong"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text and where it stands."""

    kind: Kind
    text: str
    at: At

    @property
    def quoted(self) -> str:
        """The text for a message; a character that cannot be shown is named by its code point."""
        if self.text.isprintable():
            return f"'{self.text}'"
        return " ".join(f"U+{ord(character):04X}" for character in self.text)


# Look-alikes from other languages come first, so that "=>" is one mistake and not two.
_TOKEN = re.compile(
    r"(?P<wrong>===|!==|=>|=<|<>|&&|\|\||\*\*|[.][0-9]+)"
    r"|(?P<number>[0-9]+(?:[.][0-9]+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<operator><=|>=|==|!=|<|>)"
    r"|(?P<sign>[-+*%])"
    r"|(?P<space> +)"
)


def tokenize(text: str) -> tuple[Token, ...]:
    """Cut the text. The last token is END, empty, right behind the last one before it."""
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        piece = match.group() if match else text[offset]
        kind = match.lastgroup if match and match.lastgroup else "wrong"
        if kind != "space":
            tokens.append(Token(Kind(kind), piece, At(offset, len(piece))))
        offset += len(piece)
    end = tokens[-1].at.offset + tokens[-1].at.length if tokens else 0
    return (*tokens, Token(Kind.END, "", At(end, 0)))
