"""What the text of a pull request links. It is a stranger's text: it is read as Markdown and never anything else."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cvnpolicy.app.readiness_files import Library
from cvnpolicy.core.errors import InvalidInputError, UsageError
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Code, Page, Table, Text

LIMIT = 256 * 1024
"""The most bytes of a text that is read: GitHub's longest has 65,536 characters, GitLab's 1,048,576."""
MOST = 200
"""The most links that are looked at."""
_PATH = re.compile(r"[\w./%~+@-]{1,300}\.md\b", re.ASCII)


@dataclass(frozen=True)
class Links:
    """The readiness files that a text links."""

    there: tuple[str, ...]
    """From the top of the repository."""
    missing: tuple[str, ...]
    """Those that it links and that are not there."""
    trouble: str = ""
    """Why the text could not be read; empty where it could."""


def read_body(path: Path) -> str:
    """Return the text of a pull request.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"--pr-body: {path} cannot be read ({error.strerror})") from None


def links(body: str, library: Library, patterns: Collection[str]) -> Links:
    """Return which of the files that the patterns mean a text links.

    A link of any form counts, and a path that stands in the text; what stands in a comment or a code block does not. Of
    an address the end is taken that is such a file: which server and which branch it names cannot be checked here.
    """
    if len(body.encode("utf-8", "replace")) > LIMIT:
        return Links((), (), f"the text is longer than {LIMIT // 1024} KiB")
    try:
        read = page(body, "the text of the pull request")
    except InvalidInputError as error:
        return Links((), (), error.problems[0].what)
    there: dict[str, None] = {}
    missing: dict[str, None] = {}
    for number, written in enumerate(_written(read)):
        if number == MOST:
            return Links(tuple(there), tuple(missing), f"it has more than {MOST} links and paths")
        found = _meant(written, library, patterns)
        if found is not None:
            path = library.root / found
            # A link is another file under this name. is_file raises on a name that is too long.
            exists = os.path.isfile(path) and not os.path.islink(path)  # noqa: PTH113, PTH114
            (there if exists else missing)[found] = None
    return Links(tuple(there), tuple(missing))


def _texts(read: Page) -> Iterator[Text]:
    for block in read.blocks:
        if isinstance(block, Table):
            yield from (cell for row in (block.header, *block.rows) for cell in row.cells)
        elif not isinstance(block, Code):
            yield block.text
    yield from (Text(heading.text, heading.line) for heading in read.headings)


def _written(read: Page) -> Iterator[str]:
    """Yield the targets of links, and paths in text, each once."""
    seen: set[str] = set()
    for text in _texts(read):
        for found in (*(link.target for link in text.links), *_PATH.findall(text.text)):
            if found not in seen and ".md" in found:
                seen.add(found)
                yield found


def _meant(written: str, library: Library, patterns: Collection[str]) -> str | None:
    """Return the file of the repository that a link means: its longest end that is one by its name."""
    try:
        path = unquote(urlsplit(written).path)
    except ValueError:
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if "\0" in path or len(parts) > 40:
        return None
    for start in range(len(parts)):
        end = "/".join(parts[start:])
        if ".." not in parts[start:] and library.means(patterns, library.root / end):
            return end
    return None
