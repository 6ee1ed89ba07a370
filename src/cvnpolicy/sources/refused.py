"""How code inside a source says that a question cannot be answered. It never leaves the source."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cvnpolicy.core.evidence import Unavailable


class Refused(Exception):  # noqa: N818  (it is an answer on its way out, not a failure of the program)
    """An :class:`Unavailable` on its way out; the source returns it as the answer."""

    def __init__(self, reason: str, hint: str = "") -> None:
        """Keep the answer.

        Args:
            reason: What happened, in one sentence without a full stop.
            hint: What would mend it.
        """
        super().__init__(reason)
        self.answer = Unavailable(reason, hint)


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """Return a hint that offers the nearest known name, or lists up to ten of them."""
    # No longer than a name is: a file of a stranger may hold any.
    names = sorted(name for name in known if len(name) <= 200)
    if near := get_close_matches(name[:80], names, n=1):
        return f"did you mean '{near[0]}'?"
    if not names:
        return f"there are no {what}"
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{what}: {', '.join(names[:10])}{more}"
