"""What came of one figure, and when a figure that says otherwise is a contradiction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cvnpolicy.core.condition import Op
from cvnpolicy.readiness.truth.agreeing import same
from cvnpolicy.readiness.truth.amounts import Dimension
from cvnpolicy.readiness.truth.figure import FigureKind, Status
from cvnpolicy.readiness.truth.readings import Reading
from cvnpolicy.readiness.truth.stated import Stated
from cvnpolicy.readiness.truth.texts import Scope

_LIMITS = re.compile(r"(?i:threshold|limit|trigger|criteri|gate|condition|fires|when)")
_URGENCIES = re.compile(r"(?i:severity|priority|urgency|level)")
_EITHER = re.compile(f"{_LIMITS.pattern}|{_URGENCIES.pattern}")
_OWN_HEADERS = {FigureKind.SEVERITY: _URGENCIES, FigureKind.LEVEL: _URGENCIES, FigureKind.MOMENT: _EITHER}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one figure."""

    status: Status
    stated: tuple[Stated, ...] = ()
    """What agrees, or what it contradicts."""
    reason: str = ""
    """Why it is unbound."""

    @property
    def first(self) -> Stated | None:
        """What to show."""
        return self.stated[0] if self.stated else None


def hard(reading: Reading, scope: Scope, header: str) -> bool:
    """Return whether a figure that says otherwise is a contradiction, and not about something else.

    Args:
        reading: The figure.
        scope: How far off its checks are named.
        header: What the head of its column says.
    """
    if reading.loose:
        return False
    if reading.near or reading.amount.dimension is Dimension.THINGS:
        return scope is Scope.FRAGMENT
    if scope <= Scope.SENTENCE:
        return True
    wanted = _OWN_HEADERS.get(reading.kind, _LIMITS)
    return scope <= Scope.ROW and wanted.search(header) is not None


def against(
    reading: Reading, around: str, every: Sequence[Stated], *, sure: bool, bound: bool = True
) -> Verdict | None:
    """Compare a figure with what checks state; None where nothing can be compared.

    Args:
        reading: The figure.
        around: The words around it.
        every: What checks state.
        sure: Whether it is about these checks.
        bound: Whether more than the name of what is measured leads to them: the same metric may have an upper and a
            lower limit, of which the policies know one.
    """
    answers = [(stated, answer) for stated in every if (answer := same(reading, stated, around)) is not None]
    if not answers:
        return None
    agreeing = tuple(stated for stated, answer in answers if answer)
    if agreeing:
        return Verdict(Status.AGREES, agreeing)
    contrary = [stated for stated, _ in answers if not stated.loose and (bound or _one_limit(reading, stated))]
    if sure and contrary:
        return Verdict(Status.CONTRADICTS, tuple(sorted(contrary, key=lambda stated: stated.op is not reading.op)))
    other = answers[0][0]
    reason = f"{other.check} states {other.says}, and this may be about something else"
    return Verdict(Status.UNBOUND, reason=reason)


def _one_limit(reading: Reading, stated: Stated) -> bool:
    """Return whether two limits are on the same side, or drawn at the same number."""
    above = {Op.GT, Op.GE}
    same_side = (reading.op in above) == (stated.op in above)
    return reading.op is None or stated.op is None or same_side or reading.amount.value == stated.value
