"""YAML text to located documents. All troubles of all documents of a file are found in one run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from yaml.error import Mark, MarkedYAMLError

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.characters import count_lines, decode, hidden_characters, without_hidden
from cvnpolicy.load.events import Builder, TooDeepError
from cvnpolicy.load.files import LIMIT, too_large
from cvnpolicy.load.nodes import Node
from cvnpolicy.load.syntax import explain

MOST_PROBLEMS = 100
"""After so many problems the rest of a file is not read."""

FASTEST: type[Any] = yaml.CLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_MARKER = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The documents of a file, and everything that is wrong with it as YAML."""

    documents: tuple[Node, ...]
    """In order. Those with a refused part are here too: see :func:`cvnpolicy.load.nodes.sound`."""
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    """Whether every document is in ``documents``. If not, a name that nothing defines may be in one of the others."""


def parse(data: bytes, file: str, *, loader: type[Any] = FASTEST) -> ParsedFile:
    """Read the documents of a YAML file.

    Args:
        data: The bytes of the file.
        file: Its name in locations.
        loader: PyYAML's class that makes events; libyaml's where it is there.

    Returns:
        Documents and problems. Nothing is raised for bad input, and work is bounded by the size of the file.
    """
    if len(data) > LIMIT:
        return ParsedFile((), (too_large(file),), complete=False)
    text = decode(data, file)
    if isinstance(text, Problem):
        return ParsedFile((), (text,), complete=False)
    reader = _Reader(without_hidden(text), file, loader, list(hidden_characters(text, file, MOST_PROBLEMS + 1)))
    return reader.read()


class _Reader:
    """Reads one text: document after document, starting again at the next ``---`` after a syntax error."""

    def __init__(self, text: str, file: str, loader: type[Any], problems: list[Problem]) -> None:
        self.text = text
        self.file = file
        self.loader = loader
        self.problems = problems
        self.documents: list[Node] = []
        self.complete = True
        self.garbled = {problem.location.line for problem in problems if problem.location}
        """Lines with a character that is refused: a syntax error there most likely follows from it."""

    def read(self) -> ParsedFile:
        start: int | None = 0
        line = 0
        while start is not None and not self._full:
            following = self._read_from(start, line)
            if following is not None:
                line += count_lines(self.text[start:following])
            start = following
        if self._full:
            self.complete = False
            del self.problems[MOST_PROBLEMS:]
            more = f"more than {MOST_PROBLEMS} problems in this file"
            last = self.problems[-1].location
            self.problems.append(Problem(DocumentRule.SYNTAX, more, "mend these first; the rest was not read", last))
        if not self.documents and not self.problems:
            empty = ("the file holds no document", "write one, or remove the file")
            self.problems.append(Problem(DocumentRule.SYNTAX, *empty, Location(self.file)))
        return ParsedFile(tuple(self.documents), tuple(self.problems), self.complete)

    @property
    def _full(self) -> bool:
        return len(self.problems) > MOST_PROBLEMS

    def _read_from(self, start: int, line: int) -> int | None:
        """Read until the end or a syntax error; return where to start again, or None."""
        builder = Builder(self.file, line, self.problems)
        text = self.text[start:]
        at: int | None = None
        try:
            for event in _events(text, self.loader):
                builder.take(event)
                if len(self.problems) > MOST_PROBLEMS:
                    break
        except TooDeepError:
            self.complete = False
        except MarkedYAMLError as error:
            at = self._syntax(error, builder, text)
        except (ValueError, OverflowError) as error:
            # PyYAML's own parser, used where libyaml is absent, lets these out for an escape such as "\UFFFFFFFF".
            place = Location(self.file, line + 1, 1, line + 1, 1)
            self.problems.append(explain(str(error), "", place, None, ""))
            self.complete = False
        self.documents.extend(builder.documents)
        if at is None:
            return None
        marker = _MARKER.search(self.text, start + max(text.rfind("\n", 0, at) + 1, builder.resume, 1 if start else 0))
        return marker.start() if marker else None

    def _syntax(self, error: MarkedYAMLError, builder: Builder, text: str) -> int:
        """Report a syntax error; return its distance from the start of the text, in code points."""
        self.complete = False
        mark = error.problem_mark or error.context_mark or Mark("", 0, 0, 0, None, 0)
        opened = builder.place(error.context_mark, error.context_mark) if error.context_mark and error.context else None
        sign = text[mark.index : mark.index + 1]
        place = builder.place(mark, mark)
        if place.line not in self.garbled:
            problem = explain(error.problem or "", error.context or "", place, opened, sign)
            quote = builder.long_quote
            if quote is not None and quote.end_line == place.line:
                problem = replace(problem, right=f"{problem.right}; or close the quote that line {quote.line} opens")
            self.problems.append(problem)
        return mark.index


def _events(text: str, loader: type[Any]) -> Iterator[yaml.Event]:
    """The parser's events, released also when the reader stops half way."""
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
    yield from events
