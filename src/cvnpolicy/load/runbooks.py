"""References to runbooks: the Markdown file is in the repository, and it has the heading."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from cvnpolicy.core.errors import Problem
from cvnpolicy.load.files import inside, read
from cvnpolicy.load.nearest import Suggestions
from cvnpolicy.load.words import named
from cvnpolicy.markdown.document import Document, anchors, has_anchor
from cvnpolicy.markdown.parse import parse

Trouble = tuple[str, str]
"""What is wrong, and what would be right."""


class Runbooks:
    """The Markdown files of a repository, each read once."""

    def __init__(self, repository: Path, suggestions: Suggestions) -> None:
        """Look below this folder."""
        self._suggestions = suggestions
        self._beside: dict[Path, list[str]] = {}
        self._repository = repository
        self._read: dict[str, Document | Trouble] = {}

    def trouble(self, reference: str) -> Trouble | None:
        """Return what is wrong with ``path.md`` or ``path.md#anchor``; None when it leads to a heading."""
        path, mark, anchor = reference.partition("#")
        if path not in self._read:
            self._read[path] = self._document(path)
        document = self._read[path]
        if not isinstance(document, Document):
            return document
        if mark and not has_anchor(document, anchor):
            known = anchors(document)
            right = self._suggestions.did_you_mean(anchor, known) if known else "add the heading"
            return f"runbook {named(path)} has no heading {named(f'#{anchor}')}", right
        return None

    def _document(self, path: str) -> Document | Trouble:
        file = self._repository / path
        if inside(file, self._repository) is None:
            return f"runbook {named(path)} leads out of the repository", "name a file below it"
        if not path.endswith(".md"):
            return f"runbook {named(path)} is not a Markdown file", "name a .md file"
        # Unlike Path's own, these take a name that is too long for one that is not there.
        if not os.path.exists(file):  # noqa: PTH110
            names = self._names_beside(file, PurePosixPath(path).parent)
            right = self._suggestions.did_you_mean(path, names) if names else "write it, or correct the path"
            return f"there is no runbook {named(path)}", right
        data = read(file, self._repository)
        if isinstance(data, Problem):
            return f"runbook {named(path)}: {data.what}", data.right
        try:
            return parse(data.decode("utf-8"), path)
        except UnicodeDecodeError as error:
            return f"runbook {named(path)} is not UTF-8 at byte {error.start}", "save it as UTF-8"

    def _names_beside(self, file: Path, folder: PurePosixPath) -> list[str]:
        """Return the Markdown files of a folder as a policy would name them; each folder is listed once."""
        if file.parent not in self._beside:
            found = sorted(entry.name for entry in file.parent.glob("*.md")) if os.path.isdir(file.parent) else []  # noqa: PTH112
            self._beside[file.parent] = [str(folder / name) for name in found]
        return self._beside[file.parent]
