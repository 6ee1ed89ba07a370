"""What is wrong with phrases: forms that there are not, and phrases that say nothing or could mean anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.readiness.forms import BUILT_IN, GAP, LONG, PLACE, RUNNING, forms_of
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.names import Names
from cvnpolicy.kinds.readiness.parts import Path, parts, phrases

Checked = Policy[ReadinessPolicySpec]

MOST_GAPS = 2
"""How often a phrase may skip words. Every time multiplies the ways to read a line of prose."""

MOST_STARS = 2
"""How often a word may have ``*``, for the same reason."""

LONGEST = 4_000
"""How long a form may be with all forms in it written out."""


def wrong_phrases(policy: Checked, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with the forms of a policy, and with its phrases."""
    yield from _forms(policy, names)
    openness = Openness(policy.spec.forms or {})
    forms = ("spec", "forms")
    for path, part in parts(policy.spec, ("spec",)):
        for place, phrase in phrases(part, path):
            yield from _reads_badly(policy, openness, place, phrase)
            if place[:2] != forms:
                yield from _unknown(policy, names, place, phrase)


def _forms(policy: Checked, names: Names) -> Iterator[Problem]:
    """Forms that hide built-in ones, use themselves, later ones or none, or are endless when they are written out."""
    sizes = {name: len(source) for name, source in BUILT_IN.items()}
    own = policy.spec.forms or {}
    for name, phrase in own.items():
        path: Path = ("spec", "forms", name)
        if name in BUILT_IN:
            what = f"the form '{name}' is built in"
            yield Problem(DocumentRule.DUPLICATE_NAME, what, "give it another name", policy.locate(path))
        for used, offset in _used(phrase):
            place = policy.locate_within(path, offset, len(used) + 2)
            if used == name:
                what = f"the form '{name}' uses itself"
                yield Problem(DocumentRule.BAD_VALUE, what, "write what it is made of", place)
            elif used in own and used not in sizes:
                what = f"the form '{name}' uses '{used}', which stands further down"
                yield Problem(DocumentRule.BAD_VALUE, what, f"move '{used}' above '{name}'", place)
        yield from _unknown(policy, names, path, phrase)
        sizes[name] = len(phrase) + sum(sizes.get(used, 0) for used in forms_of(phrase))
        if sizes[name] > LONGEST:
            what = f"the form '{name}' is longer than {LONGEST} characters with all forms in it written out"
            yield Problem(DocumentRule.BAD_VALUE, what, "make it of fewer forms", policy.locate(path))
            sizes[name] = 0  # said once


def _unknown(policy: Checked, names: Names, path: Path, phrase: str) -> Iterator[Problem]:
    for used, offset in _used(phrase):
        if used not in names.forms:
            place = policy.locate_within(path, offset, len(used) + 2)
            what, right = f"there is no form '{used}'", names.instead(used, names.forms)
            yield Problem(DocumentRule.DANGLING_NAME, what, right, place)


def _used(phrase: str) -> Iterator[tuple[str, int]]:
    for found in PLACE.finditer(phrase):
        yield found[1], found.start()


def _reads_badly(policy: Checked, openness: Openness, path: Path, phrase: str) -> Iterator[Problem]:
    """Yield at most one problem: a phrase that says nothing, has a brace of its own, or is too open."""
    brace = re.search(r"[{}]", PLACE.sub(lambda found: "_" * len(found[0]), phrase))
    gaps, stars = openness.of(phrase)
    if not phrase.strip(" *.…\t\n"):
        what, right = "the phrase says nothing", "write a word, as '*' and '...' only go with words"
        yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate(path))
    elif brace is not None:
        what, right = "the phrase has a brace that is no form", "write a form like {date}, as no phrase finds a brace"
        yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate_within(path, brace.start(), 1))
    elif gaps > MOST_GAPS:
        what = f"the phrase skips words more than {MOST_GAPS} times, with '...' or a form such as {{text}}"
        right = "write several phrases, for example under has_all"
        yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate(path))
    elif stars > MOST_STARS:
        what = f"a word of the phrase is open more than {MOST_STARS} times, with '*' or a form such as {{word}}"
        yield Problem(DocumentRule.BAD_VALUE, what, "write it as *word*", policy.locate(path))


class Openness:
    """How often phrases skip words, and how often a word of them is open; forms count with what they use."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        """Count the forms of a policy, each after those that stand above it."""
        self._gaps = dict.fromkeys(RUNNING, 1)
        self._stars = dict.fromkeys(LONG, 1)
        for name, phrase in forms.items():
            self._gaps[name], self._stars[name] = self.of(phrase)

    def of(self, phrase: str) -> tuple[int, int]:
        """Return how often a phrase skips words, and how often a word of it is open; of many, only that they are."""
        gaps = len(re.findall(GAP, phrase)) + sum(self._gaps.get(used, 0) for used in forms_of(phrase))
        stars = [word.count("*") + sum(self._stars.get(used, 0) for used in forms_of(word)) for word in phrase.split()]
        return min(gaps, MOST_GAPS + 1), min(max(stars, default=0), MOST_STARS + 1)
