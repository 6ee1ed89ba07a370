"""What is asked of a log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cvnpolicy.sources.logfmt.line import CONTROL, is_key

EVENT = "event"
"""The key that names an event's type."""


class UnaskableError(ValueError):
    """No line of a log can have such an event or key."""


@dataclass(frozen=True, slots=True)
class Query:
    """One type of event, the key that holds its instant, and the keys whose values are wanted."""

    event: str
    time: str
    keys: tuple[str, ...]
    _near: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.event or re.search(f"[{CONTROL}]", self.event):
            raise UnaskableError(f"an event's name is text without control characters, not {self.event!r}")
        for key in (self.time, *self.keys):
            if not is_key(key):
                raise UnaskableError(
                    f"{key!r} cannot be a key of an event: no spaces, quotes, '=' or control characters"
                )
        if len({EVENT, self.time, *self.keys}) < len(self.keys) + 2:
            raise UnaskableError(f"'{EVENT}', '{self.time}' and {list(self.keys)} must be different keys")
        name = re.escape(self.event)
        object.__setattr__(self, "_near", re.compile(rf'(?:^|[ \t]){EVENT}=(?:"|{name}(?:[ \t]|\r?\n?\Z))'))

    @property
    def needles(self) -> tuple[str, str]:
        """Texts of which every line with this event contains one. A quoted name can be written in several ways."""
        return f"{EVENT}={self.event}", f'{EVENT}="'

    def may_match(self, line: str) -> bool:
        """Whether a line can be such an event. When not, it is never one, however the rest of the line reads."""
        return self._near.search(line) is not None
