"""``cvnpolicy.yaml``: which tree is governed, where the policies are, and what each dataset name is bound to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.model import Identifier, Many, Model, ScalarValue, Slug
from cvnpolicy.core.names import Defines, Namespace

RelativePath = Annotated[str, Field(min_length=1, max_length=500)]
"""A path or glob below ``data_root``, with forward slashes. It may not leave it."""


class TableBinding(Model):
    """A table in files."""

    type: Literal["parquet", "csv", "jsonl"]
    """The file format."""
    path: RelativePath
    """One path or glob below ``data_root``; every file it matches is part of the table."""
    time: Identifier | None = None
    """The column that holds each row's instant, with a time zone. Needed for windows."""
    cadence: DurationField | None = None
    """How far apart rows of one group should be: what ``min_coverage`` counts against."""


class LogBinding(Model):
    """An event log: lines of ``event=name key=value``."""

    type: Literal["logfmt"]
    """The line format."""
    path: RelativePath
    """One path or glob below ``data_root``; rotated and gzipped files count too."""
    time: Identifier = "ts"
    """The key that holds each line's instant, with a time zone."""


class FactsBinding(Model):
    """A YAML file of facts."""

    type: Literal["yaml"]
    """The file format."""
    path: RelativePath
    """One path below ``data_root``."""


class RecordedBinding(Model):
    """Evidence that was saved: the questions that were recorded get the answers that were recorded."""

    type: Literal["recorded"]
    """The file format."""
    path: RelativePath
    """One path below ``data_root``: a file that ``--save-evidence`` wrote."""


def binding_tag(value: object) -> str:
    """Return which binding model a mapping is meant for, by its ``type``."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return {"logfmt": "<logfmt>", "yaml": "<yaml>", "recorded": "<recorded>"}.get(str(kind), "<table>")


Binding = Annotated[
    Annotated[TableBinding, Tag("<table>")]
    | Annotated[LogBinding, Tag("<logfmt>")]
    | Annotated[FactsBinding, Tag("<yaml>")]
    | Annotated[RecordedBinding, Tag("<recorded>")],
    Discriminator(binding_tag),
]


Bindings = dict[Annotated[Slug, Defines(Namespace.DATASET)], Binding]


class LikeEnvironment(Model):
    """An environment with the bindings of another one, read below a root of its own."""

    like: Slug
    """The environment whose bindings it has. That one has bindings itself, and is not like another."""
    data_root: RelativePath | None = None
    """Where the paths of the bindings start here. They may not leave it. Default: the configuration's own."""


def environment_tag(value: object) -> str:
    """Return which form an environment has. A dataset may be called ``like`` too: then a mapping stands behind it."""
    if isinstance(value, LikeEnvironment):
        return "<like>"
    if not isinstance(value, dict) or "like" not in value:
        return "<bindings>"
    return "<bindings>" if isinstance(value["like"], dict | list | Model) else "<like>"


Environment = Annotated[
    Annotated[LikeEnvironment, Tag("<like>")] | Annotated[Bindings, Tag("<bindings>")],
    Discriminator(environment_tag),
]


class Configuration(Model):
    """The configuration of one repository."""

    repository: RelativePath = "."
    """The tree that the policies govern: runbooks and code are looked up below it."""
    policies: RelativePath = "policies"
    """The folder (or file) of policies."""
    data_root: RelativePath = "."
    """Where the paths of bindings start. They may not leave it."""
    sets: dict[Annotated[Slug, Defines(Namespace.SET)], Many[ScalarValue]] = {}
    """Named lists of members that checks can group by."""
    environments: dict[Slug, Environment] = {}
    """What each dataset name means, by environment. ``--env`` picks one; ``default`` otherwise. An environment binds
    the names itself, or is ``like`` one that does."""

    @property
    def bound(self) -> dict[str, Bindings]:
        """The environments that bind names themselves: those that are like one of them have the same names."""
        return {name: found for name, found in self.environments.items() if not isinstance(found, LikeEnvironment)}

    def bindings(self, environment: str) -> Bindings:
        """Return what an environment binds, or the one that it is like. The loader has shown that there is one."""
        found = self.environments[environment]
        if isinstance(found, LikeEnvironment):
            found = self.environments[found.like]
        if isinstance(found, LikeEnvironment):
            raise AssertionError(f"environment {environment}: a chain of likes was let through")
        return found

    def root_of(self, environment: str) -> str:
        """Return where the paths of an environment's bindings start."""
        found = self.environments[environment]
        own = found.data_root if isinstance(found, LikeEnvironment) else None
        return self.data_root if own is None else own
