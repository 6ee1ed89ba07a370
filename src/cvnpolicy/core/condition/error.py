"""The one error of conditions."""

from __future__ import annotations


class ConditionError(ValueError):
    """A condition that does not parse, or cannot mean anything here.

    Attributes:
        what: What is wrong.
        right: What would be right.
        offset: Where in the text, in code points from 0.
        length: How many code points are wrong; 0 where something is missing.
    """

    def __init__(self, what: str, right: str, offset: int, length: int) -> None:
        """Keep the parts; the message joins the first two."""
        super().__init__(f"{what}: {right}")
        self.what = what
        self.right = right
        self.offset = offset
        self.length = length
