"""What a readiness rule asks: which pieces of a text, and what must hold of them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.fault import fault
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.model import Identifier, Lax, Many, Model
from cvnpolicy.core.patterns import REQUIREMENT, SELECTOR

Phrase = Annotated[str, Field(min_length=1, max_length=120)]
"""Words as they are read. ``*`` ends a word early, ``...`` skips a few words, ``{form}`` is one of the forms."""

Selector = Annotated[str, Field(pattern=SELECTOR)]
"""``title``, ``prose``, ``rows``, ``tasks``, ``entries``, the name of a field, a table, or ``table.column``."""

RuleId = Annotated[str, Field(pattern=REQUIREMENT)]


class Test(Model):
    """What must hold of one piece. All keys that are written must hold."""

    has: Many[Phrase] | None = None
    """One of these stands in it. Where all of them stand in it with slashes between, nobody has chosen yet."""
    has_all: Many[Many[Phrase]] | None = None
    """Of each of these lists, one phrase stands in it."""
    lacks: Many[Phrase] | None = None
    """None of these stands in it."""
    starts: Many[Phrase] | None = None
    """It starts with one of these; marks such as a tick before it do not count."""
    code: bool | None = None
    """Whether a code span stands in it."""
    link: Many[Phrase] | None = None
    """An address in it has one of these."""
    filled: bool | None = None
    """Whether something stands in it, and no placeholder; ``false``: a placeholder is left in it."""
    levels: Annotated[int, Field(ge=2, le=4)] | None = None
    """How many levels it names at least: a warning and a critical one, or several of P1, P2, P3."""
    one: Identifier | None = None
    """The form that stands in it exactly once, or always with the same text."""
    at_least: DurationField | None = None
    """The first duration in it is as long as this, or longer."""
    at_most: DurationField | None = None
    """The first duration in it is as long as this, or shorter."""
    any_of: Many[Test] | None = None
    """One of these holds."""

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not self.model_fields_set:
            raise fault("nothing is asked of the pieces", "write has, lacks, starts or another test")
        return self


_QUANTIFIERS = ("each", "any", "first", "last", "whole", "none")


class Pieces(Model):
    """A question about pieces of the text."""

    of: Selector
    """Which pieces."""
    section: Identifier | None = None
    """The section they stand in, where it is not the rule's own."""
    where: Test | None = None
    """Only those of which this holds."""
    rows: dict[Identifier, Test] | None = None
    """Only those of rows where this holds of the cell in a column, or under ``row`` of the whole row."""
    prefer: Test | None = None
    """Those of which this holds come first."""
    each: Test | None = None
    """Holds of every piece."""
    any: Test | None = None
    """Holds of one piece."""
    first: Test | None = None
    """Holds of the first piece."""
    last: Test | None = None
    """Holds of the last piece."""
    whole: Test | None = None
    """Holds of all pieces taken together as one text."""
    none: Test | None = None
    """Holds of no piece."""
    missing: Lax[Outcome] = Outcome.FAIL
    """What no piece at all means: ``fail``, ``pass``, ``not_applicable`` or ``inconclusive``."""

    @model_validator(mode="after")
    def _one_quantifier(self) -> Self:
        given = [name for name in _QUANTIFIERS if getattr(self, name) is not None]
        if len(given) != 1:
            says = " and ".join(given) or "nothing"
            raise fault(f"one of {', '.join(_QUANTIFIERS)} is needed, and here is {says}", "write exactly one")
        if self.missing not in (Outcome.FAIL, Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE):
            right = "write fail, pass, not_applicable or inconclusive"
            raise fault(f"'{self.missing}' is no answer for pieces that are missing", right, key="missing")
        return self


class Compare(Model):
    """A form reads the same, or differs, in two fields."""

    of: Selector
    """The field whose line is the evidence."""
    with_: Annotated[Selector, Field(alias="with")]
    """The other field."""
    form: Identifier
    """What is compared, for example ``handle``."""
    same: bool
    """Whether they must be equal, or must differ."""


class Days(Model):
    """A date lies so many days after another."""

    of: Selector
    """The field with the later date."""
    after: Pieces
    """Where the earlier date stands."""
    days: Annotated[int, Field(ge=1, le=3650)]
    """How many days lie between them, at most."""
    exactly: bool = False
    """Whether it must be that many, and not fewer."""


class Listed(Model):
    """What some pieces name in code spans has a row of its own in a table."""

    of: Selector
    """The pieces that name it."""
    where: Test | None = None
    """Only those of which this holds."""
    columns: Many[Selector]
    """The columns of one table that name it too: ``table.column``."""
    row: Test | None = None
    """What holds of that whole row."""
    names: bool = False
    """Whether only events and metrics count, and each piece must name one: not every code span."""


class Runbooks(Model):
    """The runbooks that some pieces name."""

    of: Many[Selector]
    """The pieces that name them."""
    where: Test | None = None
    """Only those of which this holds; a cell of a column always counts."""
    named: bool = False
    """Whether each piece must name one."""
    under: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The folder that every path must start with."""
    exist: bool = False
    """Whether each must be a file of the repository, or of the folder of the text."""
    absent_if: Many[Phrase] | None = None
    """Words beside the path that say that it is not there yet."""
    rules: Many[RuleId] | None = None
    """The rules that each of them must pass."""


class Marker(Model):
    """What a section says about what it leaves out."""

    skip: bool | None = None
    """Whether every marker has its form and a reason."""
    reason: Many[Phrase] | None = None
    """Every marker in the section has one of these as its reason."""
    bare: Many[Phrase] | None = None
    """None of these stands in a section that has no marker and none of ``unless``."""
    unless: Many[Phrase] | None = None
    """What excuses these words, wherever it stands in the section."""
    lacks: Many[Phrase] | None = None
    """Where one of these stands, such words are only quoted."""


class Claim(Model):
    """One claim."""

    line: Many[Phrase]
    """The sign-off line has one of these."""
    ticked: bool = False
    """Whether it counts only where the box is ticked."""
    only_if: Pieces | None = None
    """Where this does not hold, the claim is untrue."""
    form: Identifier | None = None
    """What the line and a field must say alike, for example ``date``."""
    as_: Annotated[Selector | None, Field(alias="as")] = None
    """The field."""
    says: Annotated[str, Field(min_length=1, max_length=200)]
    """What is wrong then."""

    @model_validator(mode="after")
    def _compares(self) -> Self:
        if (self.only_if is None) != (self.form is not None and self.as_ is not None):
            raise fault("a claim is compared with nothing, or twice", "write only_if, or form and as", key="says")
        return self


class Other(Model):
    """Whether another rule had an outcome."""

    id: RuleId
    """The other rule."""
    is_: Annotated[Many[Lax[Outcome]], Field(alias="is")]
    """One of these outcomes."""


class Ask(Model):
    """One question, under the key that says what kind of question it is."""

    pieces: Pieces | None = None
    """Something holds of pieces of the text."""
    table: Identifier | None = None
    """A table stands in its section, with its columns and at least one row."""
    sections: Many[Identifier] | None = None
    """These sections are there, in this order, and none is empty; others may stand between."""
    compare: Compare | None = None
    """Two fields say the same, or not the same."""
    days: Days | None = None
    """So many days lie between two dates."""
    listed: Listed | None = None
    """What some pieces name has a row of its own."""
    runbooks: Runbooks | None = None
    """The runbooks that some pieces name are there, and pass rules."""
    person: Selector | None = None
    """The handle in this field is one of ``persons``; one that is neither there nor in ``teams`` is inconclusive."""
    marker: Marker | None = None
    """What is left out is left out in the prescribed words."""
    stored: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The file lies below this folder of the repository."""
    routed: Selector | None = None
    """Each alert that a readiness file routes to this runbook is named in one of these pieces."""
    agree: Many[Claim] | None = None
    """What sign-off lines claim is what the sections say."""
    outside: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    """Only this, which stands outside of the file, can tell: ``the text of the pull request``."""
    rule: Other | None = None
    """Another rule, further up, had an outcome."""
    any_of: Many[Ask] | None = None
    """One of these is enough: the first that passes is the evidence."""
    all_of: Many[Ask] | None = None
    """All of these: the first that does not pass is the evidence."""
    none_of: Many[Ask] | None = None
    """None of these may pass."""

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        given = sorted(self.model_fields_set)
        if len(given) != 1:
            says = " and ".join(given) or "nothing"
            raise fault(f"one question is needed, and here is {says}", "write exactly one, for example pieces")
        return self

    @property
    def question(self) -> object:
        """What is asked, whatever it is."""
        return getattr(self, next(iter(self.model_fields_set)))
