"""Names that a shell can complete. Whatever is wrong with the repository, there is then nothing to propose."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from cvnpolicy.core.errors import CvnpolicyError


def environments(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the environments of the configuration that begin so."""
    from cvnpolicy.cli.options import project

    try:
        known = list(project(_config(ctx)).configuration.environments)
    except (CvnpolicyError, OSError):
        known = []
    return _beginning(known, incomplete)


def explainable(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the kinds, rule ids, statistics, policies and checks that begin so."""
    from cvnpolicy.core.rules import DocumentRule
    from cvnpolicy.core.statistic import STATISTICS
    from cvnpolicy.kinds import KINDS, load_kind

    fixed = [*KINDS, *(load_kind(kind).rule for kind in KINDS), *(rule.value for rule in DocumentRule)]
    return _beginning([*_addresses(_config(ctx)), *fixed, *STATISTICS], incomplete)


def addresses(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the policies and checks that begin so."""
    return _beginning(_addresses(_config(ctx)), incomplete)


def gates(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the gates that begin so."""
    from cvnpolicy.app.gates import GATES

    return _beginning(GATES, incomplete)


def schemas(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the names of schemas that begin so."""
    from cvnpolicy.app.schema import schema_names

    return _beginning(schema_names(), incomplete)


def _addresses(config: Path | None) -> list[str]:
    """Return ``policy`` and ``policy/check`` of every valid document: the others have no names to rely on."""
    from cvnpolicy.cli.options import project
    from cvnpolicy.core.resolve import resolve_all
    from cvnpolicy.load.policies import load_policies

    try:
        policies = load_policies(project(config)).policies
    except (CvnpolicyError, OSError):
        return []
    return [*(policy.name for _, policy in policies.policies), *resolve_all(policies.policies, policies.catalog)]


def _config(ctx: click.Context) -> Path | None:
    config = ctx.params.get("config")
    return config if isinstance(config, Path) else None


def _beginning(known: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]
