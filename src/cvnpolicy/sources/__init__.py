"""The only code that opens connections to read. Each kind of source is imported when it is first asked for."""

from __future__ import annotations
