"""Rule ids of documents, CVN0xx, and of code, CVN5xx. Ids are never reused."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from cvnpolicy.core.errors import NOTHING_RULE


class _Rule(StrEnum):
    """An id that knows what it is about."""

    says: str
    """What the rule is about, in one sentence."""

    def __new__(cls, value: str, says: str) -> Self:
        """Make a member that is its id and knows its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member


class DocumentRule(_Rule):
    """What can be wrong with a policy or configuration document itself."""

    UNREADABLE = (
        "CVN001",
        "The file cannot be read: missing, too large, not UTF-8, control characters, outside the repository.",
    )
    SYNTAX = "CVN002", "Not well-formed YAML, or empty."
    REFUSED_YAML = "CVN003", "YAML that cvnpolicy refuses: aliases, anchors, merge keys, tags, complex keys, depth."
    DUPLICATE_KEY = "CVN004", "The same key twice in one mapping."
    UNKNOWN_KEY = "CVN005", "A key the schema does not have."
    MISSING_KEY = "CVN006", "A required key is not there."
    BAD_VALUE = "CVN007", "A value of the wrong type or outside what is allowed."
    BAD_CONDITION = "CVN008", "A condition that does not parse or cannot mean anything here."
    DANGLING_NAME = "CVN009", "A name that nothing defines."
    DUPLICATE_NAME = "CVN010", "A name defined twice."
    BAD_CHECK = "CVN011", "A check whose parts contradict one another."
    NOTHING = NOTHING_RULE, "No policy documents were found."
    REVIEW_OVERDUE = "CVN020", "An advisory policy is past its ``review_by`` instant."
    WAIVER_EXPIRED = "CVN021", "A waiver has expired and no longer excuses anything."
    GATE = "CVN030", "A gate of ``cvnpolicy check`` ran, or did not, and why."
    CRASHED = "CVN090", "A judge failed: a defect of cvnpolicy, reported as one finding."


class LintRule(_Rule):
    """What gate G5 finds in code."""

    LITERAL = "CVN501", "literal bound to a hyperparameter"
    DISGUISE = "CVN502", "constant in disguise, or through an alias"
    FALLBACK = "CVN503", "silent fallback default"
    SPACE = "CVN504", "search-space bound"
    EMBEDDED = "CVN505", "embedded configuration text"
    ENVIRONMENT = "CVN510", "environment read outside the resolver"
    SUPPRESSION = "CVN590", "suppression that does not hold"
    UNPARSED = "CVN599", "file that could not be linted"


class DependencyRule(_Rule):
    """What is found about imports and requirement files."""

    UNDECLARED = "CVN521", "A distribution is imported, and a requirement file does not declare it."
    UNKNOWN_IMPORT = "CVN522", "An import whose module is only known when the code runs: nobody can tell what it needs."
    BAD_REQUIREMENT = "CVN523", "A requirement file, or a line of one, that cannot be read."
    UNREAD_IMPORTS = "CVN529", "A file of Python whose imports cannot be read."


class ContractRule(_Rule):
    """What is found about an artefact and the contract that it pins."""

    MISMATCH = "CVN711", "An artefact agrees with the manifest, the environment and the columns that are served."
    MANIFEST = "CVN712", "The committed manifest of a contract says what the policy says."


class ReadinessRule(_Rule):
    """What is found in readiness files and runbooks."""

    READINESS = "CVN801", "A sentence that a readiness file must satisfy."
    RUNBOOK = "CVN802", "A sentence that a runbook must satisfy."
    CONTRADICTS = "CVN851", "A readiness file or a runbook says something else than the policies."
    UNBOUND = "CVN852", "A figure of a readiness file or a runbook that no check states: it was not compared."
    AGREES = "CVN853", "A figure of a readiness file or a runbook that a check states too."
    LINK = "CVN854", "A link, an anchor or a script that a readiness file or a runbook names is not there."
    LINKED = "CVN861", "A pull request that changes machine-learning code links its readiness file."
    SIGNED_OFF = "CVN862", "The readiness file that a pull request links follows the rules and is signed off."
    UNREAD = "CVN899", "A readiness file or a runbook that could not be read."


class ChangeRule(_Rule):
    """What is found about a change under review, and about files that go with policies."""

    STALE_SCHEMA = "CVN031", "The JSON Schema that a policy names for editors is not what this version writes."
    LOOSENED = "CVN040", "The change loosens a policy, or the configuration."
    REARRANGED = "CVN041", "The change makes a policy ask something else: nobody can tell whether that is looser."
    SILENCED = "CVN042", "The change silences a finding in code with a comment."
    MOVED_OUT = "CVN043", "The change moves code to where a policy that looked at it does not look."


Guided = DocumentRule | DependencyRule | ContractRule | ReadinessRule | ChangeRule
GUIDED: tuple[type[Guided], ...] = (DocumentRule, DependencyRule, ContractRule, ReadinessRule, ChangeRule)
"""The rules whose page is a guide; those of code have examples, and those of kinds the kind's guide."""


_FAMILIES = {
    "0": "A policy or configuration document itself",
    "1": "A metric, and what is checked on it",
    "2": "Drift: what is served no longer looks like what was trained on",
    "3": "A rollout or a rollback",
    "4": "An alert, or the events it counts",
    "5": "Code: a hyperparameter outside the resolver (gate G5)",
    "6": "A calendar checkpoint",
    "7": "A feature contract",
    "8": "A readiness file or a runbook",
    "9": "A guard",
}


def family(rule: str) -> str:
    """Return what the family of a rule id is about, for readers that have no guide; the id itself where unknown."""
    digits = rule.removeprefix("CVN")
    return _FAMILIES.get(digits[:1], rule) if digits != rule else rule
