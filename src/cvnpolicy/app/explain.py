"""A check, a policy, a kind, a rule or a statistic in plain English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cvnpolicy.app.check_text import sentences
from cvnpolicy.app.rule_text import fixed_text
from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.finding import Mode
from cvnpolicy.core.kind import Kind, PolicySet
from cvnpolicy.core.numbers import instant
from cvnpolicy.core.policy import Policy, Waiver
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.kinds import KINDS
from cvnpolicy.load.nearest import nearest
from cvnpolicy.load.words import listing, shown

_DECLARES = "It declares names for other documents and has no checks of its own."


def explain(name: str, policies: PolicySet | None) -> str:
    """Return the explanation of a check, policy, kind, rule id or statistic.

    Args:
        name: ``policy/check``, ``policy``, a kind, a rule id, or a statistic. A policy that is called like one of
            these three is meant by ``policy/*``.
        policies: The loaded set; None where only kinds, rules and statistics can be meant.

    Raises:
        UsageError: If nothing has this name.
    """
    fixed = fixed_text(name)
    if fixed is not None:
        return fixed
    loaded = policies.policies if policies is not None else ()
    of_code = [policy for kind, policy in loaded if kind.lints or kind.imports]
    of_rule = next((fixed_text(name.removeprefix(f"{policy.name}/")) for policy in of_code), None)
    if of_rule is not None:
        return of_rule  # what the linter finds is called after its rule
    checks = resolve_all(loaded, policies.catalog) if policies is not None else {}
    for kind, policy in loaded:
        summary = "files" if kind.lints else "imports" if kind.imports else "*"
        if name in (policy.name, f"{policy.name}/*", f"{policy.name}/{summary}"):
            return _policy(kind, policy, addressed(f"{policy.name}/*", "", checks))
    found = addressed(name, "", checks) if "/" in name else []
    if found:
        return "\n".join(_check(check, alone=True) for check in found)
    own = [*checks, *(policy.name for _, policy in loaded)]
    raise UsageError(f"nothing is called '{name}': {_instead_of(name, own)}")


def _instead_of(name: str, own: Sequence[str]) -> str:
    """Return what may be meant: something of the repository before what every repository has."""
    near = nearest(name, own)
    if near is None and re.fullmatch(r"cvn[0-9]*", name.casefold()):
        return "docs/reference/rules.md lists the rules"  # the number next to it is about something else
    near = near or nearest(name, [*KINDS, *STATISTICS])
    if near is not None:
        return f"did you mean {shown(near)}?"
    return f"expected one of {', or of '.join(listing(names) for names in (own, KINDS) if names)}"


def _policy(kind: Kind[Any], policy: Policy[Any], checks: Sequence[Resolved]) -> str:
    metadata = policy.document.metadata
    lines = [f"{kind.name} of {metadata.owner}: {metadata.title.rstrip('.')}."]
    lines += [_enforcement(policy)] if checks or kind.lints or kind.imports else [_DECLARES]
    lines += [said.text for said in kind.explains(policy) if said.check is None]
    head = _page(f"{policy.name}  ({policy.locate(())})", lines)
    return "\n".join([head, *(_check(check, alone=False) for check in checks)])


def _check(check: Resolved, *, alone: bool) -> str:
    """Return a check's sentences; what holds for its whole document only where that is not told above it."""
    lines = [*sentences(check), *_around(check)]
    if alone:
        lines.append(_enforcement(check.policy))
    return _page(f"{check.address}  ({check.location})", lines)


def _page(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)]) + "\n"


def _around(check: Resolved) -> Iterator[str]:
    """Yield what its document says about a check: in the words of its kind, and who has waived it."""
    for said in check.kind.explains(check.policy):
        if said.check == check.check.id:
            yield said.text
    for waiver in check.policy.document.waivers or ():
        if waiver.check == check.check.id:
            yield _waived(waiver)


def _waived(waiver: Waiver) -> str:
    group = " and ".join(f"{name} {value}" for name, value in (waiver.group or {}).items())
    limited = f" for {group}" if group else ""
    reason = waiver.reason.rstrip(".")
    return f"Waived{limited} by {waiver.approved_by} until {instant(waiver.expires)}: {reason}."


def _enforcement(policy: Policy[Any]) -> str:
    enforcement = policy.document.enforcement
    if enforcement.mode is Mode.BLOCK:
        return "A fail blocks."
    if enforcement.block_from is not None:
        return f"Advice only until {instant(enforcement.block_from)}; from then on a fail blocks."
    if enforcement.review_by is not None:
        owner = policy.document.metadata.owner
        return (
            f"Advice only: nothing of it blocks. {owner} reviews that by {instant(enforcement.review_by)}; "
            "from then on each run warns."
        )
    return "Advice only: nothing of it blocks."
