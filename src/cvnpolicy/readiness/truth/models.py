"""What a text goes back to, bound with the action of the check that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cvnpolicy.readiness.truth.figure import FigureKind
from cvnpolicy.readiness.truth.judging import Judge
from cvnpolicy.readiness.truth.knowledge import Rank
from cvnpolicy.readiness.truth.naming import Mention
from cvnpolicy.readiness.truth.reads import Read
from cvnpolicy.readiness.truth.texts import Scope
from cvnpolicy.readiness.truth.vocabulary import Named


def bound(read: Read, mention: Mention, judge: Callable[[Read], Judge]) -> Mention:
    """Return a mention of a model with the check whose action says the same, or the contrary.

    Args:
        read: The piece that it stands in.
        mention: What is gone back to; without a name where the policies know none of that kind.
        judge: What knows the figures of a piece.
    """
    known = read.knowledge.known
    word = mention.named.name if mention.named is not None else mention.value
    for check in dict.fromkeys(_about(read, mention, judge)):
        for model in known.models.values():
            if check in model.checks and mention.named in {None, model}:
                return _with(read, mention, model, check, word)
    if mention.named is not None:
        # No check in particular: the policies as a whole.
        return replace(mention, named=replace(mention.named, check=None))
    family = f"{word.partition('_')[0]}_"
    kin = next((model for name, model in known.models.items() if name.startswith(family)), None)
    return mention if kin is None or kin.check is None else _with(read, mention, kin, kin.check, word)


def _with(read: Read, mention: Mention, model: Named, check: str, word: str) -> Mention:
    where = read.knowledge.known.resolved[check].place("action")
    named = Named(FigureKind.MODEL, model.name, where, check=check)
    wrong = "" if model.name == word else f"{model.name} to go back to"
    return Mention(FigureKind.MODEL, mention.start, mention.end, named, wrong)


def _about(read: Read, mention: Mention, judge: Callable[[Read], Judge]) -> Iterator[str]:
    """Yield the checks that the text is about: those whose limits it states, and then those that it names."""
    sentence = read.piece.span(Scope.SENTENCE, mention.start, mention.end)
    yield from judge(read).linked(sentence)
    yield from sorted(judge(read).row)
    for scope in Scope:
        ranked = read.checks(scope, read.piece.span(scope, mention.start, mention.end))
        for rank in Rank:
            yield from ranked.get(rank, ())
