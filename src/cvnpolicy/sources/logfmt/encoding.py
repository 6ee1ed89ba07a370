"""Lines that are not UTF-8. Needs numpy."""

from __future__ import annotations

import codecs

from cvnpolicy.sources.logfmt.blocks import Block
from cvnpolicy.sources.logfmt.errors import LogError
from cvnpolicy.sources.logfmt.query import Query

_ASCII = 0x7F


def blank_other_encodings(block: Block, query: Query) -> None:
    """Overwrite lines that are not UTF-8 with spaces, in place. They may only be lines of other events.

    Raises:
        LogError: One of them may be an event of the wanted type.
    """
    import numpy as np

    position = 0 if block.data.max() > _ASCII else len(block.data)
    while position < len(block.data):
        try:
            codecs.utf_8_decode(block.data[position:].data, "strict", True)  # noqa: FBT003  positional only
        except UnicodeDecodeError as error:
            index = int(np.searchsorted(block.ends, position + error.start, side="right"))
            if query.may_match(block.line(index).decode(errors="replace")):
                raise LogError(
                    f"{block.place(index)} is not UTF-8", "mend the line, or the writer's encoding"
                ) from error
            end = int(block.ends[index])
            block.data[end - 1 - len(block.line(index)) : end - 1] = ord(" ")
            position = end
        else:
            position = len(block.data)
