"""Who has approved a pull request, as the list of its reviews says that GitHub gives."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule

LIMIT = 8 * 1024 * 1024
"""The most bytes of the file."""
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_DECIDE = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
"""The states that replace what a person said before; a comment does not."""


@dataclass(frozen=True)
class Reviews:
    """The last word of each person who reviewed."""

    approved: dict[str, str]
    """By account name in small letters, the hash of the commit that the person approved."""

    def approver(self, asked: tuple[str, ...], heads: frozenset[str]) -> tuple[str, str] | None:
        """Return who of those asked approved what is checked out, and the commit; None where nobody did."""
        for name in asked:
            commit = self.approved.get(_account(name))
            if commit is not None and commit in heads:
                return name, commit
        return None

    def earlier(self, asked: tuple[str, ...]) -> str | None:
        """Return who of those asked approved another commit."""
        return next((name for name in asked if _account(name) in self.approved), None)


NO_REVIEWS = Reviews({})


def read_reviews(path: Path) -> Reviews:
    """Read the file.

    Raises:
        InvalidInputError: It is no list of reviews.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT + 1)
    except OSError as error:
        raise _invalid(path, f"it cannot be read ({error.strerror})") from None
    if len(data) > LIMIT:
        raise _invalid(path, f"it is larger than {LIMIT // 1024 // 1024} MiB")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise _invalid(path, "it is not JSON") from None
    approved: dict[str, str] = {}
    for login, state, commit in _reviews(said, path):
        if state == "APPROVED":
            approved[login] = commit
        elif state in _DECIDE:
            approved.pop(login, None)
    return Reviews(approved)


def _reviews(said: object, path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield login, state and commit of each review, oldest first, as the interface gives them; pages are joined."""
    if not isinstance(said, list):
        raise _invalid(path, "it is no list")
    for one in (review for page in said for review in (page if isinstance(page, list) else [page])):
        user = one.get("user") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(one.get("state"), str):
            raise _invalid(path, "a review in it has no state")
        login = user.get("login") if isinstance(user, dict) else None
        if isinstance(login, str):  # the account of a review may be gone
            commit = one.get("commit_id")
            yield _account(login), one["state"].upper(), commit if isinstance(commit, str) else ""


def _account(name: str) -> str:
    """Return an account name in small letters: those of ASCII only, as others may become one of them."""
    return name.removeprefix("@").translate(_SMALL)


def _invalid(path: Path, what: str) -> InvalidInputError:
    right = "give what the list of reviews of a pull request gives, one array of objects with user, state, commit_id"
    return InvalidInputError([Problem(DocumentRule.UNREADABLE, f"the reviews: {what}", right, Location(path.name))])
