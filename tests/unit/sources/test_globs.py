from __future__ import annotations

import os
from pathlib import Path

import pytest

from cvnpolicy.sources.globs import has_magic, walk
from cvnpolicy.sources.refused import Refused
from tests.support.tree import write_tree


def found(pattern: str, root: Path, **options: int) -> list[str]:
    return sorted(walk(pattern, os.fspath(root), **options))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    names = ("a.csv", "b.txt", "sub/c.csv", "sub/deep/d.csv", "other/e.csv", ".hidden/f.csv", "sub/.g.csv")
    return write_tree(tmp_path.resolve(), dict.fromkeys(names, ""))


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.csv", ["a.csv"]),
        ("?.*", ["a.csv", "b.txt"]),
        ("[!a].*", ["b.txt"]),
        ("s*/*.csv", ["sub/c.csv"]),
        ("sub/*", ["sub/c.csv", "sub/deep"]),
        ("**/*.csv", ["a.csv", "other/e.csv", "sub/c.csv", "sub/deep/d.csv"]),
        ("**/**/d.csv", ["sub/deep/d.csv"]),
        ("**/deep/**/*.csv", ["sub/deep/d.csv"]),
        ("sub/**", ["sub/c.csv", "sub/deep", "sub/deep/d.csv"]),
        ("**/nothing", []),
        ("nowhere/*.csv", []),
        ("a.csv/*", []),
        ("***.csv", ["a.csv"]),
    ],
)
def test_what_a_pattern_matches(tree, pattern, names):
    assert found(pattern, tree) == names


def test_links_that_lead_back_are_gone_through_once(tree):
    for index in range(6):
        (tree / f"link{index}").symlink_to(".")
        (tree / "sub" / f"link{index}").symlink_to("..")
    assert found("**/*.csv", tree) == ["a.csv", "other/e.csv", "sub/c.csv", "sub/deep/d.csv"]


def test_a_link_to_a_folder_that_no_other_way_leads_to(tree):
    (tree / "sub" / "link").symlink_to("../other")
    assert found("sub/**/e.csv", tree) == ["sub/link/e.csv"]
    assert found("**/e.csv", tree) == ["other/e.csv"]


def test_a_link_out_of_the_root_is_refused_where_it_would_be_entered(tree):
    (tree / "sub" / "out").symlink_to("/")
    assert found("*.csv", tree) == ["a.csv"]
    with pytest.raises(Refused, match="'sub/out' leads out of the data root"):
        found("**/*.csv", tree)


def test_many_stars_are_no_more_work(tree):
    write_tree(tree, {"x/" * 60 + "y": ""})
    assert found("**/x/" * 60 + "nothing", tree) == []


def test_a_bound_on_what_is_looked_at(tree):
    assert found("*", tree, most=6) == ["a.csv", "b.txt", "other", "sub"]
    with pytest.raises(Refused, match="looks at more than 4 files and folders"):
        found("*", tree, most=4)


def test_a_folder_that_cannot_be_listed_is_no_empty_one(tree, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(Refused, match="cannot be listed: Permission denied"):
        found("*", tree)


def test_a_folder_that_went_away_is_no_empty_one(tree, monkeypatch):
    def refuse(path, **options):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(Refused, match="cannot be listed"):
        found("**", tree)


def test_what_is_a_pattern():
    assert [has_magic(text) for text in ("a/b.csv", "a*", "a?", "a[1]")] == [False, True, True, True]
