"""Every rule of a policy, asked of one file."""

from __future__ import annotations

from collections.abc import Mapping

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec, Rule
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.answer import Answer, Around, Asked, Verdict
from cvnpolicy.readiness.asks import ask
from cvnpolicy.readiness.markers import covering
from cvnpolicy.readiness.phrases import Phrases
from cvnpolicy.readiness.select import RUNBOOK
from cvnpolicy.readiness.text import Readiness


class Judge:
    """Judges files by one policy."""

    def __init__(self, spec: ReadinessPolicySpec, template: frozenset[str] = frozenset()) -> None:
        """Judge by a policy; ``template`` holds the sentences of its blank form."""
        self.spec = spec
        self.phrases = Phrases(spec.forms)
        self._template = template

    def text(self, page: Page) -> Readiness:
        """Return a page as the policy sees it."""
        return Readiness(page, self.spec, self.phrases, self._template)

    def readiness(self, page: Page, around: Around) -> list[Verdict]:
        """Return the verdicts on a readiness file, one for each rule that is about these, in their order."""
        return self._judge(page, around, runbook=False)

    def runbook(self, page: Page, around: Around) -> list[Verdict]:
        """Return the verdicts on a runbook, one for each rule that is about these, in their order."""
        return self._judge(page, around, runbook=True)

    def _judge(self, page: Page, around: Around, *, runbook: bool) -> list[Verdict]:
        known: dict[str, Mapping[str, Verdict] | None] = {}

        def judged(path: str) -> Mapping[str, Verdict] | None:
            if path not in known:
                found = around.runbook(path)
                verdicts = None if found is None else self.runbook(found, Around(path))
                known[path] = None if verdicts is None else {verdict.rule.id: verdict for verdict in verdicts}
            return known[path]

        asked = Asked(self.text(page), around, judged)
        for rule in self.spec.rules:
            if (rule.section == RUNBOOK) is runbook:
                asked.verdicts[rule.id] = Verdict(rule, _answer(rule, asked))
        return list(asked.verdicts.values())


def _answer(rule: Rule, asked: Asked) -> Answer:
    applies = None
    if rule.only_if is not None:
        applies = ask(rule.only_if, asked, rule.section)
        if applies.outcome is Outcome.INCONCLUSIVE:
            return applies
        if applies.outcome is not Outcome.PASS:
            return Answer(Outcome.NOT_APPLICABLE, applies.line, f"it does not apply ({applies.said})")
    answer = ask(rule.ask, asked, rule.section)
    if answer.outcome is Outcome.FAIL and rule.skip is not None:
        skip = covering(asked.text, rule.section, rule.skip)
        if skip is not None:
            return Answer(Outcome.SKIPPED, skip.line, f"'{' '.join(skip.reason.split())[:80]}'")
    heading = asked.text.line(rule.section)
    if answer.outcome is Outcome.FAIL and answer.line == heading and applies is not None and applies.line > heading:
        # What makes the rule apply is where to look, if nothing nearer is.
        return Answer(answer.outcome, applies.line, answer.said)
    return answer
