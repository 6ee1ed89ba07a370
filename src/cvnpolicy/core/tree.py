"""Trees of answers: ``all``, ``any``, ``not``, and leaves about checks and facts. Evaluated by Kleene's logic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.fault import fault
from cvnpolicy.core.fields import ConditionField, QuantifierField
from cvnpolicy.core.finding import Outcome, Severity
from cvnpolicy.core.model import Lax, Many, Model, ScalarValue
from cvnpolicy.core.names import Namespace, Ref
from cvnpolicy.core.patterns import ADDRESS, FACT
from cvnpolicy.core.rules import DocumentRule

Address = Annotated[
    str,
    Field(pattern=ADDRESS, max_length=170),
    Ref(Namespace.CHECK),
]
"""``check`` (of this document), ``policy/check``, ``policy/*`` or ``*``."""

FactName = Annotated[str, Field(pattern=FACT)]
"""The name of a fact: words joined by dots."""

GOOD_OUTCOMES = frozenset({Outcome.PASS, Outcome.SKIPPED, Outcome.NOT_APPLICABLE})
"""Asking for these, all groups must have them unless ``groups`` says otherwise."""

_BRANCHES = ("all", "any", "not", "check", "fact")
_ALLOWED = {
    "all": set[str](),
    "any": set[str](),
    "not": set[str](),
    "check": {"is", "groups", "for", "severity"},
    "fact": {"is", "where", "count", "age"},
}


DEEPEST = 8
"""The most nodes below one another."""


class Tree(Model):
    """One node: exactly one of ``all``, ``any``, ``not``, ``check``, ``fact``."""

    all: Many[Tree] | None = None
    """True when every branch is true."""
    any: Many[Tree] | None = None
    """True when some branch is true."""
    not_: Tree | None = Field(default=None, alias="not")
    """True when the branch is false."""
    check: Address | None = None
    """A leaf about other checks: their outcomes."""
    fact: Annotated[FactName, Ref(Namespace.FACT)] | None = None
    """A leaf about a fact: its value, how many of its items, or its age."""
    is_: Many[ScalarValue] | None = Field(default=None, alias="is")
    """For a check: the outcomes that make the leaf true. For a fact: the values."""
    groups: QuantifierField | None = None
    """How many groups of the check must be so. Default: all when ``is`` names good outcomes only, else any."""
    for_: DurationField | None = Field(default=None, alias="for")
    """For a check: so at every instant of this long, on the check's own cadence."""
    severity: Many[Lax[Severity]] | None = None
    """For a check: only findings of these severities count."""
    where: dict[str, Many[ScalarValue]] | None = None
    """For a fact with items: which of them count."""
    count: ConditionField | None = None
    """For a fact with items: how many there must be."""
    age: ConditionField | None = None
    """For a fact: how long ago it was attested."""

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        given = self.given
        branches = [name for name in _BRANCHES if name in given]
        if len(branches) != 1:
            found = " and ".join(branches) or "none of them"
            raise fault(
                f"a tree node needs exactly one of all, any, not, check, fact; found {found}",
                "keep one, and nest the others below it",
                rule=DocumentRule.BAD_CHECK,
                key=branches[1] if len(branches) > 1 else None,
            )
        branch = branches[0]
        for extra in sorted(given - {branch} - _ALLOWED[branch]):
            raise fault(f"'{extra}' does not go with '{branch}'", "remove it", rule=DocumentRule.BAD_CHECK, key=extra)
        if self.depth > DEEPEST:
            what = f"a tree of more than {DEEPEST} nodes below one another"
            raise fault(what, "nest less, or make a part a check of its own", rule=DocumentRule.BAD_CHECK, key=branch)
        if branch == "check":
            self._check_leaf()
        if branch == "fact":
            self._fact_leaf(given)
        return self

    @property
    def given(self) -> set[str]:
        """The keys that were written, as YAML spells them."""
        fields = type(self).model_fields
        return {fields[name].alias or name for name in self.model_fields_set}

    def _check_leaf(self) -> None:
        if self.is_ is None:
            raise fault("the leaf does not say which outcomes it is about", "add is: [fail]", key="check")
        for value in self.is_:
            if value not in set(Outcome):
                words = ", ".join(Outcome)
                raise fault(f"'{value}' is not an outcome", f"write one of {words}", key="is")

    def _fact_leaf(self, given: set[str]) -> None:
        asked = [name for name in ("is", "count", "age") if name in given]
        if len(asked) != 1:
            raise fault(
                "the leaf needs exactly one of is, count, age",
                'write is: [value], or count: "== 0", or age: "< 24h"',
                rule=DocumentRule.BAD_CHECK,
                key="fact",
            )
        if "where" in given and asked != ["count"]:
            raise fault("'where' only goes with 'count'", "remove it", rule=DocumentRule.BAD_CHECK, key="where")

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """The outcomes that a check leaf asks for."""
        return frozenset(Outcome(str(value)) for value in self.is_ or ())

    @property
    def depth(self) -> int:
        """How many nodes stand below one another, this one included."""
        return 1 + max((branch.depth for branch in self.branches()), default=0)

    def branches(self) -> tuple[Tree, ...]:
        """The nodes right below this one."""
        return (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ is not None else ()))

    def leaves(self) -> Iterator[Tree]:
        """Yield the leaves, left to right."""
        below = self.branches()
        if not below:
            yield self
        for branch in below:
            yield from branch.leaves()


def same(left: object, right: object) -> bool:
    """Return whether two scalars are the same value: ``true`` is not ``1``."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)
