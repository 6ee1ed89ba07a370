"""The options about a change under review: what it is to be merged into, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cvnpolicy.cli.options import configuration
from cvnpolicy.cli.types import OldFile
from cvnpolicy.core.errors import UsageError
from cvnpolicy.load.policies import Loaded
from cvnpolicy.load.project import Project

if TYPE_CHECKING:
    from cvnpolicy.app.change import Change


@dataclass(frozen=True)
class Reviewing:
    """Which change is under review."""

    base: str | None
    pr_body: Path | None
    reviews: Path | None

    def check(self) -> None:
        """Refuse options that mean nothing.

        Raises:
            UsageError: If there are some.
        """
        if self.base is not None and not self.base.strip():
            raise UsageError("--base is empty: name a commit or a branch, or leave it out")
        for option, value in (("--pr-body", self.pr_body), ("--reviews", self.reviews)):
            if value is not None and self.base is None:
                raise UsageError(f"{option} is about a pull request: name what it is to be merged into with --base")

    def change(self, project: Project, loaded: Loaded, named: Path | None) -> Change | None:
        """Return the change since the base; None where none was named. Git is started only here.

        Args:
            project: The configuration.
            loaded: Its policies.
            named: The configuration that was named; None where the nearest one was taken.

        Raises:
            UsageError: Git does not know the base, or how it and the working tree are related; or the change brings
                another configuration in place of the one that governs.
        """
        if self.base is None:
            return None
        from cvnpolicy.app.change import Change
        from cvnpolicy.app.pull_request import read_body
        from cvnpolicy.app.reviews import NO_REVIEWS, read_reviews
        from cvnpolicy.app.revision import refuse_another
        from cvnpolicy.load.git import Git

        git = Git(project.root)
        commit = git.commit(self.base)
        fork = git.fork(commit)
        refuse_another(git, fork, configuration(named), Path.cwd() if named is None else None)
        said = NO_REVIEWS if self.reviews is None else read_reviews(self.reviews)
        body = None if self.pr_body is None else read_body(self.pr_body)
        return Change(git, commit, fork, project, loaded, body, said)


_REVIEWING: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
    click.option(
        "--base", metavar="REF", help="Judge the change since this commit or branch, which it is to be merged into."
    ),
    click.option(
        "--pr-body", type=OldFile(), help="The text of the pull request; what it must link is looked for in it."
    ),
    click.option(
        "--reviews",
        type=OldFile(),
        help="Who has approved: the list of reviews of the pull request, as GitHub's interface gives it.",
    ),
)


def reviewing(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of :class:`Reviewing` to a command and hand it their values as ``reviewing``."""

    @wraps(function)
    def wrapper(**given: Any) -> int:  # noqa: ANN401  click hands over whatever the options are
        own = {field.name: given.pop(field.name) for field in fields(Reviewing)}
        return function(**given, reviewing=Reviewing(**own))

    wrapped: Callable[..., int] = wrapper
    for option in reversed(_REVIEWING):
        wrapped = option(wrapped)
    return wrapped
