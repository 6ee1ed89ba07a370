"""Whose approval counts: the last word of a person, on what is checked out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cvnpolicy.app.reviews import LIMIT, read_reviews
from cvnpolicy.core.errors import InvalidInputError

HEAD, EARLIER = "a" * 40, "b" * 40


def review(login: str | None, state: str, commit: str | None = HEAD) -> dict[str, object]:
    return {"user": None if login is None else {"login": login}, "state": state, "commit_id": commit, "body": "x"}


def approver(tmp_path: Path, said: object, *asked: str) -> tuple[str, str] | None:
    file = tmp_path / "reviews.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    return read_reviews(file).approver(asked or ("@anna",), frozenset({HEAD}))


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ([review("anna", "APPROVED")], "@anna"),
        ([review("Anna", "approved")], "@anna"),
        ([[review("anna", "APPROVED")], [review("bert", "COMMENTED")]], "@anna"),
        ([review("anna", "CHANGES_REQUESTED"), review("anna", "APPROVED")], "@anna"),
        ([review("anna", "APPROVED"), review("anna", "COMMENTED")], "@anna"),
        ([review("anna", "APPROVED"), review("anna", "CHANGES_REQUESTED")], None),
        ([review("anna", "APPROVED"), review("anna", "DISMISSED")], None),
        ([review("anna", "APPROVED", EARLIER)], None),
        ([review("anna", "APPROVED"), review("anna", "APPROVED", EARLIER)], None),
        ([review("anna", "APPROVED", None)], None),
        ([review("anna", "PENDING")], None),
        ([review("eve", "APPROVED")], None),
        ([review(None, "APPROVED")], None),
        ([], None),
    ],
)
def test_the_last_word_on_the_head_counts(tmp_path: Path, said: object, who: str | None) -> None:
    assert approver(tmp_path, said) == (None if who is None else (who, HEAD))


def test_a_kelvin_sign_is_no_k(tmp_path: Path) -> None:
    assert approver(tmp_path, [review("\u212aim", "APPROVED")], "@kim") is None
    assert approver(tmp_path, [review("KIM", "APPROVED")], "@kim") == ("@kim", HEAD)


def test_one_of_those_asked_is_enough(tmp_path: Path) -> None:
    assert approver(tmp_path, [review("cora", "APPROVED")], "@anna", "@cora") == ("@cora", HEAD)


def test_who_approved_something_else_is_known(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps([review("anna", "APPROVED", EARLIER)]))
    assert read_reviews(tmp_path / "r.json").earlier(("@anna",)) == "@anna"
    assert read_reviews(tmp_path / "r.json").earlier(("@bert",)) is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"{}", "it is no list"),
        (b'{"message": "Not Found"}', "it is no list"),
        (b"[1]", "a review in it has no state"),
        (b'[{"user": {"login": "anna"}}]', "a review in it has no state"),
        (b'[[[{"state": "APPROVED"}]]]', "a review in it has no state"),
        (b"[" * 100_000, "it is not JSON"),
        (b" " * (LIMIT + 1), "it is larger than 8 MiB"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else "",
)
def test_what_is_no_list_of_reviews_is_an_error(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "r.json").write_bytes(data)
    with pytest.raises(InvalidInputError, match=says):
        read_reviews(tmp_path / "r.json")
