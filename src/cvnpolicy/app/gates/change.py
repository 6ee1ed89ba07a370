"""The gate ``change``: what the change itself loosens, so that it cannot excuse itself."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, answered, not_asked
from cvnpolicy.core.finding import Finding
from cvnpolicy.core.rules import ChangeRule


def _ask(asked: Asked) -> Answer:
    change = asked.change
    place = asked.project.locate(())
    if change is None:
        return not_asked("no base was named to compare with", place, hint="name one with --base")
    from cvnpolicy.app.moved_out import moved_out  # needs git, as all that is about a change

    findings: list[Finding] = list(change.findings())
    if any(kind.lints for kind, _ in change.standing.policies.policies):
        # The syntax trees are imported only where some code may have such comments.
        from cvnpolicy.app.silenced import silenced

        findings += (change.finding(one, ChangeRule.SILENCED) for one in silenced(change, asked.at))
    findings += (change.finding(one, ChangeRule.MOVED_OUT) for one in moved_out(change, asked.at))
    if change.before is None:
        return not_asked(f"{change.fork[:12]} has no configuration: the change brings the first", place)
    return answered(asked, findings, place, f"{change.files_text}, {change.standing}")


GATE = Gate("Does the change loosen the rules that it is judged by?", _ask)
