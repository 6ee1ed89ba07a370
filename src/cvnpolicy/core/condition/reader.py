"""A place in the tokens of a condition, and the errors at that place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NoReturn

from cvnpolicy.core.condition.error import ConditionError
from cvnpolicy.core.condition.hints import PHRASES, WRONG, nearest
from cvnpolicy.core.condition.tokens import Kind, Token, tokenize


class Reader:
    """Reads tokens from first to last; never goes back."""

    def __init__(self, text: str) -> None:
        """Start at the first token of the text."""
        self._tokens = tokenize(text)
        self._index = 0

    @property
    def token(self) -> Token:
        """The token here."""
        return self._tokens[self._index]

    @property
    def ended(self) -> bool:
        """Whether all is read."""
        return self.token.kind is Kind.END

    @property
    def at_minus(self) -> bool:
        """Whether here is the minus sign of a number: it touches the digits."""
        if self.token.text != "-":
            return False
        after = self._tokens[self._index + 1]
        return after.kind is Kind.NUMBER and after.at.offset == self.token.at.offset + 1

    @property
    def after_sign(self) -> str | None:
        """What was probably meant by a sign here that belongs to no number: ``- 5`` and ``-b``; None for no sign."""
        if self.token.text not in ("+", "-"):
            return None
        sign = self.token.text.replace("+", "")
        after = self._tokens[self._index + 1]
        if after.kind is Kind.NUMBER:
            return f"{sign}{after.text}"
        return f"{sign}1 * {after.text}" if after.kind is Kind.WORD else None

    def take(self) -> Token:
        """Return the token here and go on. Not asked at the end."""
        token = self.token
        self._index += 1
        return token

    def accept(self, text: str) -> bool:
        """Take the token if it is this text; say whether it was."""
        if self.token.text != text:
            return False
        self._index += 1
        return True

    @property
    def at_exponent(self) -> bool:
        """Whether the token here is an exponent as other languages write it: ``e3``, or the ``e`` of ``e-3``."""
        return re.fullmatch(r"[eE][0-9]*", self.token.text) is not None

    def error(self, what: str, right: str) -> ConditionError:
        """Return an error at the token here."""
        return ConditionError(what, right, self.token.at.offset, self.token.at.length)

    def fail(self, right: str, words: Iterable[str] = ()) -> NoReturn:
        """Raise an error at the token here.

        Args:
            right: What would be right, in general.
            words: Words or marks that may stand here; the nearest is offered instead of ``right``.

        Raises:
            ConditionError: Always.
        """
        token = self.token
        if token.kind is Kind.END:
            raise self.error("the condition ends too early" if self._index else "an empty condition", right)
        if token.kind is Kind.WRONG:
            raise self.error(f"{token.quoted} means nothing in a condition", _instead(token.text) or right)
        if token.text.lower() in PHRASES:
            raise self.error(f"unexpected {token.quoted}", PHRASES[token.text.lower()])
        offered = nearest(token.text, words) if token.kind is Kind.WORD else None
        raise self.error(f"unexpected {token.quoted}", f"write {offered}" if offered else right)


def _instead(text: str) -> str | None:
    return f"write 0{text}" if text.startswith(".") and len(text) > 1 else WRONG.get(text)
