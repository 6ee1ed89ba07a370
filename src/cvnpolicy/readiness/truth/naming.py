"""The names that stand in a text: events with their fields, metrics, alerts, variants, and what is gone back to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from cvnpolicy.readiness.truth.figure import FigureKind
from cvnpolicy.readiness.truth.near import alike
from cvnpolicy.readiness.truth.texts import Piece, Scope
from cvnpolicy.readiness.truth.vocabulary import Named, Vocabulary


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text."""

    kind: FigureKind
    start: int
    end: int
    named: Named | None = None
    """What it names; where it is misspelt, what was probably meant."""
    wrong: str = ""
    """Why it is no name that the policies know, where they can tell."""
    figure: bool = True
    """Whether it is a figure, and not only a help to know what others are about."""
    checks: tuple[str, ...] = ()
    """The checks that it is about."""
    key: str = ""
    value: str = ""
    """What it filters by."""
    doubt: str = ""
    """Why nothing is known of it."""


_EVENT = re.compile(r"(?<![\w.])event\s{0,2}=~?\s{0,2}[\"'`]?([A-Za-z_][\w|]{0,400})(?![\w=])")
_FIELD = re.compile(r"(?<![\w.])([A-Za-z_]\w{0,80})\s?=~?\s?[\"']?([^\s\"'`,}]{0,200})")
_IDENTIFIER = re.compile(r"(?<![\w=/@-])(?<!\w[.])[A-Za-z][A-Za-z0-9]*(?:[._]{1,2}[A-Za-z0-9]+)*(?![\w/(=-]|[.]\w)")
_ADDRESS = re.compile(r"[a-z0-9_.-]{1,80}(?:/[a-z0-9_-]{1,80})?")
_BACK_TO = re.compile(
    r"(?i:\b(?:roll(?:ed|s|ing)?\s?back|revert(?:ed|s|ing)?|go(?:es|ing)?\sback|f[ae]ll(?:s|ing|en)?\s?back)"
    r"\s(?:\w{1,20}\s){0,2}?to\s(?:the\s)?(?:registered\s)?[`\"']?)\Z"
)
_STANDS_IN = re.compile(r"[`\"']?\s(?i:fallback|rollback)\b")


def mentions(piece: Piece, known: Vocabulary) -> list[Mention]:
    """Return the names in a text, in their order."""
    taken: list[tuple[int, int]] = []
    found = list(_events(piece, known, taken))
    edges = [start for start, _ in sorted(taken)]
    spans = sorted(taken)
    whole = {(start, end) for start, end in piece.codes}
    for start, end in _words(piece):
        place = bisect_right(edges, start) - 1
        if place < 0 or spans[place][1] <= start:
            mention = _mention(piece, known, start, end, alone=(start, end) in whole)
            if mention is not None:
                found.append(mention)
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _words(piece: Piece) -> Iterator[tuple[int, int]]:
    """Yield what may be a name: identifiers, and code spans as a whole."""
    seen = set()
    for match in _IDENTIFIER.finditer(piece.text):
        if "_" in match[0] or match.span() in piece.codes:
            seen.add(match.span())
            yield match.span()
    for start, end in piece.codes:
        if (start, end) not in seen and _ADDRESS.fullmatch(piece.text, start, end):
            yield start, end


def _events(piece: Piece, known: Vocabulary, taken: list[tuple[int, int]]) -> Iterator[Mention]:
    text = piece.text
    starts = [start for start, _ in piece.codes]
    matches = list(_EVENT.finditer(text))
    for index, match in enumerate(matches):
        place = match.start(1)
        names = [name for name in match[1].split("|") if name]
        for name in names:
            at = text.index(name, place)
            place = at + len(name)
            yield _event(known, name, at)
        taken.append(match.span())
        code = bisect_right(starts, match.start()) - 1
        inside = code >= 0 and piece.codes[code][1] > match.start()
        end = piece.codes[code][1] if inside else piece.span(Scope.FRAGMENT, match.end(), match.end())[1]
        if index + 1 < len(matches):
            end = min(end, matches[index + 1].start())
        if end > match.end():
            taken.append((match.end(), end if inside else match.end()))
            for field in _FIELD.finditer(text, match.end(), end):
                taken.append(field.span())
                yield from _field(known, names[0], field)


def _event(known: Vocabulary, name: str, start: int) -> Mention:
    end = start + len(name)
    named = known.events.get(name)
    if named is not None:
        return Mention(FigureKind.EVENT, start, end, named, checks=named.checks)
    near = known.near_events.near(name)
    if near is not None:
        meant = known.events[near]
        return Mention(FigureKind.EVENT, start, end, meant, f"no event '{name}', only '{near}'", checks=meant.checks)
    return Mention(FigureKind.EVENT, start, end, doubt="no policy declares such an event")


def _field(known: Vocabulary, event: str, match: re.Match[str]) -> Iterator[Mention]:
    kind = FigureKind.FIELD
    key, value = match[1], match[2].strip(".…<>()")
    fields, named = known.fields(event), known.events.get(event)
    if named is None:
        return
    if key not in fields:
        near = next((field for field in fields if alike(key, field)), None)
        wrong = f"no field '{key}' of {event}, only '{near}'" if near is not None else ""
        yield Mention(kind, *match.span(), named, wrong, doubt="the event is declared without such a field")
        return
    at = match.start(2)
    if not value:
        yield Mention(kind, match.start(), match.end(1), named)
        return
    for each in value.split("|"):
        at = match.string.index(each, at)
        if each:
            yield _filter(known, (event, key, each), (at, at + len(each)))
        at += len(each)


def _filter(known: Vocabulary, said: tuple[str, str, str], span: tuple[int, int]) -> Mention:
    event, key, value = said
    kind = FigureKind.FIELD
    values = [name for field, name in known.values if field == key and _about(known, event, known.values[field, name])]
    if value in values:
        return Mention(kind, *span, known.values[key, value], key=key, value=value)
    closed = known.closed.get((event, key), frozenset())
    near = next((name for name in values if alike(value, name)), None)
    if near is None and closed:
        near = min(closed)
    if near is None or (key, near) not in known.values:
        return Mention(kind, *span, doubt=f"no check of {event} looks at this {key}")
    others = ", ".join(sorted(closed or values))
    return Mention(kind, *span, known.values[key, near], f"{key} is one of {others}", key=key)


def _about(known: Vocabulary, event: str, named: Named) -> bool:
    return any(known.resolved[check].question.event == event for check in named.checks)


def _mention(piece: Piece, known: Vocabulary, start: int, end: int, *, alone: bool) -> Mention | None:
    word = piece.text[start:end]
    for name in dict.fromkeys((word, word.rpartition(".")[2], word.replace(".", "_"), word.replace("-", "_"))):
        named = known.names.get(name)
        if named is not None and (alone or "_" in name):
            return _known(named, start, end)
    if word in known.resolved:
        resolved = known.resolved[word]
        named = Named(FigureKind.CHECK, word, resolved.location, (word,), word)
        return Mention(FigureKind.CHECK, start, end, named, checks=(word,))
    if word in known.columns:
        return Mention(FigureKind.METRIC, start, end, figure=False, checks=known.columns[word])
    if word in known.words or "_" not in word or "." in word:
        return None
    return _unknown(piece, known, start, end, alone=alone)


def _known(named: Named, start: int, end: int) -> Mention:
    checks = named.checks if named.kind in {FigureKind.CHECK, FigureKind.EVENT, FigureKind.METRIC} else ()
    value = named.name if named.key else ""
    return Mention(named.kind, start, end, named, checks=checks, key=named.key, value=value)


def _unknown(piece: Piece, known: Vocabulary, start: int, end: int, *, alone: bool) -> Mention | None:
    word = piece.text[start:end]
    near = known.near_names.near(word) if alone else None
    if near is not None and (_letters(word) != _letters(near) or _is_listed(known, near)):
        named = known.names[near]
        checks = named.checks if named.kind in {FigureKind.CHECK, FigureKind.EVENT, FigureKind.METRIC} else ()
        wrong = f"no {named.kind} '{word}', only '{near}'"
        return Mention(named.kind, start, end, named, wrong, checks=checks)
    if _BACK_TO.search(piece.text[max(0, start - 60) : start]) or _STANDS_IN.match(piece.text, end):
        return Mention(FigureKind.MODEL, start, end, doubt="no action of a check goes back to it", value=word)
    return None


def _letters(word: str) -> str:
    """The word without its digits: what differs in these alone may well be something else."""
    return "".join(sign for sign in word if not sign.isdigit())


def _is_listed(known: Vocabulary, name: str) -> bool:
    return any(name in values for values in known.closed.values())
