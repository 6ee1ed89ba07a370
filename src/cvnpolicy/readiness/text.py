"""A readiness file as its policy sees it: sections, fields and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cvnpolicy.kinds.readiness.model import Labelled, ReadinessPolicySpec
from cvnpolicy.kinds.readiness.model import Table as TableModel
from cvnpolicy.markdown.document import Heading
from cvnpolicy.markdown.page import Block, Code, Item, Mark, Page, Paragraph, Table, Text
from cvnpolicy.readiness.phrases import Phrases
from cvnpolicy.readiness.piece import Piece, joined

HEADER = "header"
_COLON = r"(?:\s{0,3}\([^)\n]{0,80}\))?\s{0,3}:(?:\s|$)"


@dataclass(frozen=True)
class Shape:
    """A table as it was found: which of its columns are there."""

    line: int
    missing: tuple[str, ...]
    """The columns that are not there, as the policy calls them first."""
    rows: tuple[Piece, ...]
    """Whole rows, each with its cells by column."""
    is_table: bool = True


class Readiness:
    """One file, with its parts found once and kept."""

    def __init__(self, page: Page, spec: ReadinessPolicySpec, phrases: Phrases, template: frozenset[str]) -> None:
        """Look at a page; ``template`` holds the sentences of the blank form, see :func:`sentences`."""
        self.page = page
        self.spec = spec
        self.phrases = phrases
        self._template = template
        self._shapes: dict[str, Shape | None] = {}
        self._blocks: dict[str, Sequence[tuple[int, Block]]] = {}
        self.pieces: dict[tuple[str, str], list[Piece]] = {}
        """What each selector has found in each section: many rules look at the same."""

    @cached_property
    def sections(self) -> Mapping[str, int]:
        """The index of the heading of each section that is there."""
        found: dict[str, int] = {}
        for name, section in self.spec.sections.items():
            titles = self.phrases.pattern(section.titles)
            for index, heading in enumerate(self.page.headings):
                by_number = section.number is not None and heading.number == section.number
                if heading.level == 2 and (by_number or titles.match(_without_number(heading))):
                    found[name] = index
                    break
        return found

    def heading(self, section: str) -> Heading | None:
        """Return the heading of a section, if it is there."""
        index = self.sections.get(section)
        return None if index is None else self.page.headings[index]

    def line(self, section: str) -> int:
        """Return where a section starts; where it would, if it is not there: the line of the last one before it."""
        heading = self.heading(section)
        if heading is not None:
            return heading.line
        names = list(self.spec.sections)
        before = names[: names.index(section)] if section in names else []
        return max(
            (self.page.headings[self.sections[name]].line for name in before if name in self.sections), default=1
        )

    def blocks(self, section: str) -> Sequence[tuple[int, Block]]:
        """Return the blocks of a section, with their index; of a name that is no section's those of the whole file."""
        if section not in self._blocks:
            wanted = self._wanted(section)
            self._blocks[section] = [(i, block) for i, block in enumerate(self.page.blocks) if block.section in wanted]
        return self._blocks[section]

    def _wanted(self, section: str) -> range:
        if section == HEADER:
            return range(-1, min(self.sections.values(), default=len(self.page.headings)))
        if section not in self.spec.sections:
            return range(-1, len(self.page.headings))
        return self.page.below(self.sections[section]) if section in self.sections else range(0)

    @cached_property
    def is_blank(self) -> bool:
        """Whether the file is the form itself: its title and every field of its header are still to be filled in."""
        titles = [Piece(Text(title.text, title.line)) for title in self.titles]
        header = [
            piece for name, field in self.spec.fields.items() if field.section is None for piece in self.field(name)
        ]
        return bool(titles) and all(piece.has_placeholder for piece in [*titles, *header])

    @property
    def titles(self) -> Sequence[Heading]:
        """The headings of the first level."""
        return [heading for heading in self.page.headings if heading.level == 1]

    def prose(self, section: str) -> list[Piece]:
        """Return the paragraphs and items of a section that are no instructions."""
        return [
            Piece(block.text, _label(block.text.text))
            for _, block in self.blocks(section)
            if isinstance(block, Paragraph | Item) and not self._instructs(block)
        ]

    def _instructs(self, block: Paragraph | Item) -> bool:
        text = block.text.text
        if isinstance(block, Item) and block.task is not None:
            return False
        if self.is_blank or plain_sentence(text) in self._template:
            return True
        return (
            bool(self.spec.instructions) and self.phrases.pattern(self.spec.instructions or ()).search(text) is not None
        )

    def rows(self, section: str) -> list[Piece]:
        """Return every row of every table of a section."""
        return [
            whole_row(row.cells, row.line)
            for _, block in self.blocks(section)
            if isinstance(block, Table)
            for row in block.rows
        ]

    def cells(self, section: str) -> list[Piece]:
        """Return every cell of every table of a section."""
        found = (block for _, block in self.blocks(section) if isinstance(block, Table))
        return [Piece(cell) for table in found for row in table.rows for cell in row.cells]

    def codes(self, section: str) -> list[Piece]:
        """Return the code blocks of a section."""
        return [Piece(Text(b.text, b.line)) for _, b in self.blocks(section) if isinstance(b, Code)]

    def tasks(self, section: str) -> list[tuple[Piece, bool]]:
        """Return the items of a section that have a box, and whether it is ticked."""
        found = [b for _, b in self.blocks(section) if isinstance(b, Item)]
        return [(Piece(item.text, _label(item.text.text)), item.task) for item in found if item.task is not None]

    def field(self, name: str) -> list[Piece]:
        """Return the values of a field: what stands behind the colon, and then each item below it."""
        wanted = self.spec.fields[name]
        section = wanted.section or HEADER
        start = re.compile(rf"\W{{0,8}}(?:{self.phrases.pattern(wanted.labels).pattern}){_COLON}")
        blocks = self.blocks(section)
        for place, (index, block) in enumerate(blocks):
            if not isinstance(block, Paragraph | Item):
                continue
            for text in self._lines(block.text, wanted):
                found = start.match(text.text)
                if found is not None:
                    value = _cut(text, found.end())
                    below = self._below(index, block, blocks[place + 1 :])
                    pieces = [Piece(each, text.text[: found.end()].strip(" :*")) for each in (value, *below)]
                    return [piece for piece in pieces if piece.raw.strip()] or pieces[:1]
        return []

    def _below(self, index: int, block: Block, later: Sequence[tuple[int, Block]]) -> list[Text]:
        """The items that continue a value: right behind a paragraph, or below an item."""
        found: list[Text] = []
        family = {index}
        for other, each in later:
            if not isinstance(each, Item):
                break
            if isinstance(block, Item):
                if each.parent not in family:
                    break
                family.add(other)
            found.append(each.text)
        return found

    def _lines(self, text: Text, wanted: Labelled) -> Iterator[Text]:
        """Yield the text from each line on that may start a field, up to the next that does."""
        labels = [
            label for each in self.spec.fields.values() if each.section == wanted.section for label in each.labels
        ]
        starts = re.compile(rf"^\W{{0,8}}(?:{self.phrases.pattern(labels).pattern}){_COLON}", re.MULTILINE)
        places = [found.start() for found in starts.finditer(text.text)]
        for place, end in pairwise([*places, len(text.text)]):
            yield _cut(text, place, end)

    def table(self, name: str) -> Shape | None:
        """Return a table as it was found; None where its section has nothing like it."""
        if name not in self._shapes:
            self._shapes[name] = self._find(self.spec.tables[name])
        return self._shapes[name]

    def _find(self, model: TableModel) -> Shape | None:
        best: Shape | None = None
        most = 0
        columns = {**model.columns, **(model.optional or {})}
        for _, block in self.blocks(model.section):
            if not isinstance(block, Table):
                continue
            heads = [self._column(cell, columns) for cell in block.header.cells]
            known = sum(head in model.columns for head in heads)
            if known > most:
                missing = tuple(synonyms[0] for name, synonyms in model.columns.items() if name not in heads)
                best, most = Shape(block.header.line, missing, tuple(self._rows(block, heads))), known
        return best or self._items(model)

    def _column(self, cell: Text, columns: Mapping[str, Sequence[str]]) -> str | None:
        head = " ".join(cell.text.split())
        for name, synonyms in columns.items():
            pattern = self.phrases.pattern([synonym.casefold() for synonym in synonyms])
            if pattern.fullmatch(head) or pattern.fullmatch(head.casefold()):
                return name
        return None

    def _rows(self, table: Table, heads: Sequence[str | None]) -> Iterator[Piece]:
        repeats = self.phrases.pattern(self.spec.repeats) if self.spec.repeats else None
        above: dict[str, Piece] = {}
        for row in table.rows:
            cells: dict[str, Piece] = {}
            for place, (head, cell) in enumerate(zip(heads, row.cells, strict=True)):
                same = repeats is not None and repeats.match(Piece(cell).head) is not None
                name = head or f"#{place}"
                cells[name] = Piece(cell, above=above.get(name) if same else None)
            above = cells
            whole = whole_row(row.cells, row.line)
            yield Piece(whole.source, row=cells)

    def _items(self, model: TableModel) -> Shape | None:
        """The items that stand for rows where there is no table."""
        if model.items_below is None:
            return None
        start = self.phrases.pattern(model.items_below)
        for index, block in self.blocks(model.section):
            if isinstance(block, Item) and start.match(Piece(block.text).head):
                below = [b for _, b in self.blocks(model.section) if isinstance(b, Item) and b.parent == index]
                rows = []
                for item in below:
                    piece = Piece(item.text)
                    rows.append(Piece(item.text, row=dict.fromkeys(model.columns, piece)))
                missing = tuple(synonyms[0] for synonyms in model.columns.values())
                return Shape(block.text.line, missing, tuple(rows), is_table=False)
        return None


def whole_row(cells: Sequence[Text], line: int) -> Piece:
    """A whole row as one text, on one line."""
    piece = joined([Piece(Text(cell.text.replace("\n", " "), line, cell.codes, (), cell.links)) for cell in cells])
    if piece is None:
        return Piece(Text("", line))
    text = piece.source.text.replace("\n", " ")
    return Piece(Text(text, line, piece.source.codes, (), piece.source.links))


def _cut(text: Text, start: int, end: int | None = None) -> Text:
    def moved(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        last = len(text.text) if end is None else end
        kept = [mark for mark in marks if start <= mark.start and mark.end <= last]
        return tuple(Mark(mark.start - start, mark.end - start, mark.target) for mark in kept)

    return Text(text.text[start:end], text.line_at(start), moved(text.codes), moved(text.strong), moved(text.links))


def _label(text: str) -> str:
    before, colon, _ = text.partition(":")
    return before.strip(" *\n") if colon and len(before) < 120 else ""


def _without_number(heading: Heading) -> str:
    return re.sub(r"^[\d.a-z]{0,12}[.):]\s+", "", heading.text) if heading.number else heading.text


def plain_sentence(text: str) -> str:
    """Return a text as it is compared with the sentences of the blank form."""
    return " ".join(re.sub(r"[^\w<>]+", " ", text).casefold().split())


def sentences(page: Page) -> frozenset[str]:
    """Return the paragraphs and items of a blank form: what in a filled one is still its own."""
    texts = [block.text.text for block in page.blocks if isinstance(block, Paragraph | Item)]
    return frozenset(plain_sentence(text) for text in texts)
