"""A change under review: what it touches, by which policies it is judged, and what it loosens."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from cvnpolicy.app.code_files import SUFFIXES
from cvnpolicy.app.pull_request import Links, links
from cvnpolicy.app.readiness_files import Library, matches
from cvnpolicy.app.reviews import NO_REVIEWS, Reviews
from cvnpolicy.app.revision import NoneBeforeError, Revision, matters, revision
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.errors import ExitCode, InvalidInputError, UsageError, exit_code_of
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.model import alike
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import ChangeRule
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.files import SUFFIXES as YAML
from cvnpolicy.load.files import real_name
from cvnpolicy.load.git import Changed, Git
from cvnpolicy.load.policies import Loaded
from cvnpolicy.load.project import Project
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Page
from cvnpolicy.report.wording import plural
from cvnpolicy.review.loosened import Loosened, approvers, loosened, loosened_configuration


def is_link_to_folder(path: Path) -> bool:
    """Return whether a path is a link, and not to a file. Path's own functions raise on names that no system has."""
    return os.path.islink(path) and not os.path.isfile(path)  # noqa: PTH113, PTH114


def _page(data: bytes, name: str) -> Page | None:
    try:
        return page(data.decode("utf-8"), name)
    except (UnicodeDecodeError, InvalidInputError):
        return None  # a template that could not be read held nothing up before the change either


_JUDGED = frozenset({*SUFFIXES, *YAML})
"""What the name of a file ends with that a change is judged by: where git does not know one, nobody has approved it."""


@dataclass(frozen=True)
class Standing:
    """The configuration and the policies that a change is judged by, and why these."""

    project: Project
    policies: PolicySet
    why: str
    own: bool = False
    """Whether they are the change's own, and say something else than those of the base."""

    def __str__(self) -> str:
        """Return it as the end of a sentence."""
        return f"judged by {'its own policies' if self.own else 'the policies of the base'}, {self.why}"


def _says(project: Project, policies: PolicySet) -> tuple[object, dict[str, object]]:
    """Return all that a configuration and its policies say, wherever it stands, to be compared by :func:`alike`."""
    return project.configuration, {policy.name: policy.document for _, policy in policies.policies}


@dataclass(frozen=True)
class Change:
    """What differs between a base and the working tree, and all that follows from it."""

    git: Git
    base: str
    """The hash of the commit that the change is to be merged into."""
    fork: str
    """The hash of the commit that it started from."""
    project: Project
    """The configuration of the working tree."""
    loaded: Loaded
    """The policies of the working tree."""
    body: str | None = None
    """The text of the pull request; None where nobody gave it."""
    reviews: Reviews = NO_REVIEWS

    @cached_property
    def files(self) -> tuple[Changed, ...]:
        """The files that the change touches, as paths from the top of the git repository."""
        return tuple(self.git.changed(self.fork, self._policies))

    @property
    def _policies(self) -> tuple[str, ...]:
        """Where policies are, from the top of the git repository: what git ignores there is loaded all the same."""
        return (posixpath.normpath(self.below + self.project.configuration.policies),)

    @cached_property
    def below(self) -> str:
        """The folder of the configuration below the top of the git repository, with a slash at its end; or empty."""
        return self._below(self.project.root)

    @cached_property
    def tree(self) -> str:
        """The same of the tree that the policies govern, links followed."""
        return self._below(self.standing.project.repository)

    def _below(self, folder: Path) -> str:
        path = real_name(folder, self.git.top)
        return "" if path == "." else f"{path}/"

    @cached_property
    def in_repository(self) -> dict[str, Changed]:
        """The files that it touches in the tree that the policies govern, as paths from the top of that tree."""
        return {one.path[len(self.tree) :]: one for one in self.files if one.path.startswith(self.tree)}

    @cached_property
    def code(self) -> list[str]:
        """Those of Python code, sorted: links to folders too, and links that lead to what it touches."""
        top = self.standing.project.repository
        touched = {os.path.realpath(self.git.top / one.path) for one in self.files}
        links = [one.path for one in self.git.files(self.fork) if one.link and one.path.startswith(self.tree)]
        linked = [path[len(self.tree) :] for path in links if os.path.realpath(self.git.top / path) in touched]
        folders = [path for path in self.in_repository if is_link_to_folder(top / path)]
        changed = [path for path in (*self.in_repository, *linked) if path.lower().endswith(SUFFIXES)]
        return sorted({*changed, *folders})

    def there(self, paths: Iterable[str]) -> list[Path]:
        """Return files of that tree that are there."""
        top = self.standing.project.repository
        return [top / path for path in paths if os.path.lexists(top / path)]

    @property
    def files_text(self) -> str:
        """How many files it touches, in words."""
        return f"{plural(len(self.files), 'file')} changed since {self.fork[:12]}"

    def links_of(self, policy: Policy[ReadinessPolicySpec]) -> Links | None:
        """Return which readiness files of a policy the pull request links; None where nobody gave its text."""
        return None if self.body is None else links(self.body, self._library, policy.spec.files)

    def linked_of(self, policy: Policy[ReadinessPolicySpec]) -> list[Path]:
        """Return the files of a policy that it links and that are there."""
        found = self.links_of(policy)
        return [] if found is None else [self.standing.project.repository / path for path in found.there]

    @cached_property
    def linked(self) -> tuple[Path, ...]:
        """The readiness files that it links, of all policies."""
        asking = [policy for kind, policy in self.standing.policies.policies if kind.reads]
        return tuple(dict.fromkeys(path for policy in asking for path in self.linked_of(policy)))

    @cached_property
    def _library(self) -> Library:
        return Library(self.standing.project)

    def templates(self, pattern: str) -> list[Page]:
        """Return the files that a pattern of the governed tree means in the base; not those that cannot be read."""
        wanted = PurePosixPath(pattern).parts
        meant = [
            entry
            for entry in self.git.files(self.base)
            if not entry.link and entry.path.startswith(self.tree) and matches(entry.path[len(self.tree) :], wanted)
        ]
        data = self.git.read([entry.blob for entry in meant])
        return [one for entry in meant if (one := _page(data[entry.blob], entry.path)) is not None]

    @cached_property
    def before(self) -> Revision | None:
        """What was in force where the change started; None where there was no configuration."""
        return self._revision(self.fork, self.files)

    @cached_property
    def now(self) -> Revision | None:
        """What is in force in the base; None where it has no configuration."""
        return (
            self.before
            if self.base == self.fork
            else self._revision(self.base, self.git.changed(self.base, self._policies))
        )

    def _revision(self, commit: str, files: Iterable[Changed]) -> Revision | None:
        # What is wrong with these may come from a runbook that is gone: then those of the commit are read all the same.
        if not self.loaded.problems and not any(matters(one.path, self.project, self.below) for one in files):
            return Revision(self.project, self.loaded.policies, self.loaded.problems)
        try:
            return revision(self.git, commit, self.project, self.below)
        except NoneBeforeError:
            return None
        except InvalidInputError as error:
            what = f"the configuration of the base is invalid: {error.problems[0]}"
            raise UsageError(f"{what} (in {commit[:12]}: mend the base first)") from None

    @cached_property
    def standing(self) -> Standing:
        """What the change is judged by: its own policies only where they loosen nothing that nobody approved."""
        now = self.now
        if now is None:
            why = "since the base has no configuration"
            return Standing(self.project, self.loaded.policies, why, own=True)
        if alike(_says(now.project, now.policies), _says(self.project, self.loaded.policies)):
            return Standing(self.project, self.loaded.policies, "which it leaves as they are")
        if not self._valid:
            return Standing(now.project, now.policies, "since its own are not valid")
        open_ = [one.effect for one in self._loosened(now) if self.approval(one) is None]
        if open_:
            word = "are" if Effect.LOOSER in open_ else "may be"
            return Standing(now.project, now.policies, f"since its own {word} looser")
        why = "which are approved" if self.loosens else "which are no looser"
        return Standing(self.project, self.loaded.policies, why, own=True)

    @property
    def differs(self) -> Revision | None:
        """What is in force in the base, where the change is judged by something else; None otherwise."""
        return self.now if self.standing.own else None

    @cached_property
    def loosens(self) -> tuple[Loosened, ...]:
        """What the change itself loosens: not what its base made tighter since."""
        return () if self.before is None else tuple(self._loosened(self.before))

    def _loosened(self, old: Revision) -> Iterator[Loosened]:
        if old.policies is self.loaded.policies:
            return
        people = dict.fromkeys(one for _, policy in old.policies.policies for one in approvers(policy))
        sets = (old.policies, self.loaded.policies)
        yield from loosened_configuration(old.project, self.project, tuple(people), sets)
        yield from loosened(old.policies.only(self._comparable(old.policies)), self.loaded.policies)

    def _comparable(self, old: PolicySet) -> frozenset[str]:
        """Return which policies can be compared: one that is not valid any more is not one that is gone."""
        sound = frozenset(policy.name for _, policy in self.loaded.policies.policies)
        if not self.loaded.complete and not self._nothing:
            return sound
        return sound | (frozenset(policy.name for _, policy in old.policies) - self.loaded.names)

    @property
    def _nothing(self) -> bool:
        return exit_code_of(self.loaded.problems) is ExitCode.NOTHING

    @property
    def _valid(self) -> bool:
        return not self.loaded.problems or self._nothing

    @cached_property
    def _heads(self) -> frozenset[str]:
        """The commits of which an approval counts; none where the working tree is another one."""
        if not self.reviews.approved or not self.git.is_clean():
            return frozenset()
        if any(one.untracked and PurePosixPath(one.path).suffix.lower() in _JUDGED for one in self.files):
            return frozenset()
        return self.git.heads(self.base)

    def approval(self, one: Loosened) -> tuple[str, str] | None:
        """Return who approved a part of the change, and which commit; None where nobody did who may."""
        return self.reviews.approver(one.approvers, self._heads)

    def finding(self, one: Loosened, rule: ChangeRule | None = None) -> Finding:
        """Return the finding about a part of the change that loosens a policy."""
        looser = one.effect is Effect.LOOSER
        by = self.approval(one)
        details: dict[str, object] = {"approvers": list(one.approvers), "effect": one.effect.value}
        if by is not None:
            details["waiver"] = {"reason": f"approved {by[1][:12]}"}
        return Finding(
            id=one.subject,
            rule=rule or (ChangeRule.LOOSENED if looser else ChangeRule.REARRANGED),
            outcome=Outcome.FAIL if looser else Outcome.INCONCLUSIVE,
            message=f"looser: {one.text}" if looser else one.text,
            location=one.location,
            hint="" if by is not None else self._hint(one),
            waived_by=by[0] if by is not None else None,
            details=details,
        )

    def _hint(self, one: Loosened) -> str:
        """Return who has to say yes."""
        who = " or ".join(one.approvers) or "who may merge into the base"
        stale = self.reviews.earlier(one.approvers)
        if stale is not None:
            return f"take it back, or {stale}, who approved an earlier state, approves this one"
        return f"take it back, or {who} approves this pull request"

    def findings(self) -> Iterator[Finding]:
        """Yield what the change loosens in policies and in the configuration, and what could not be compared."""
        for one in self.loosens:
            yield self.finding(one)
        if self.before is not None and self.before.problems:
            wrong = self.before.problems[0]
            yield Finding(
                id="change/base",
                rule=ChangeRule.REARRANGED,
                outcome=Outcome.INCONCLUSIVE,
                message=f"{plural(len(self.before.problems), 'problem')} in the policies of the base, so not all of "
                f"them could be compared: {wrong}",
                location=self.project.locate(("policies",)),
                hint="mend the base first, in a pull request of its own that who may merge looks at",
            )
