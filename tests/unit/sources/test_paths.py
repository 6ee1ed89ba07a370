from __future__ import annotations

import os
from pathlib import Path

import pytest

from cvnpolicy.sources.paths import expand
from cvnpolicy.sources.refused import Refused
from tests.support.tree import write_tree


def labels(pattern: str, root: Path) -> list[str]:
    return [file.label for file in expand(pattern, root)]


def reason(pattern: str, root: Path, **options: int) -> str:
    with pytest.raises(Refused) as caught:
        expand(pattern, root, **options)
    return caught.value.answer.reason


def test_files_come_sorted_and_folders_are_skipped(tmp_path):
    write_tree(tmp_path, {"b.csv": "x", "a.csv": "x", "c.csv/inside": "x", ".hidden.csv": "x", "sub/d.csv": "x"})
    assert labels("*.csv", tmp_path) == ["a.csv", "b.csv"]
    assert labels("**/*.csv", tmp_path) == ["a.csv", "b.csv", "sub/d.csv"]
    assert labels("sub/d.csv", tmp_path) == ["sub/d.csv"]
    assert labels("./a.csv", tmp_path) == ["a.csv"]


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("/etc/passwd", "is absolute"),
        ("C:/data.csv", "is absolute"),
        ("../data.csv", "leaves the data root"),
        ("sub/../../data.csv", "leaves the data root"),
        ("sub\\data.csv", "is not a path below"),
        ("a\0.csv", "is not a path below"),
        ("", "is not a path below"),
        ("nowhere.csv", "no file matches 'nowhere.csv'"),
        ("*.nothing", "no file matches '*.nothing'"),
        ("sub", "'sub' is a folder"),
    ],
)
def test_what_is_refused(tmp_path, pattern, part):
    write_tree(tmp_path / "root", {"sub/d.csv": "x"})
    write_tree(tmp_path, {"data.csv": "x"})
    assert part in reason(pattern, tmp_path / "root")


def test_links_stay_inside(tmp_path):
    write_tree(tmp_path, {"root/a.csv": "x", "root/sub/b.csv": "x", "outside/c.csv": "x"})
    root = tmp_path / "root"
    (root / "inner.txt").symlink_to(root / "a.csv")
    assert labels("inner.txt", root) == ["inner.txt"]
    (root / "outer.csv").symlink_to(tmp_path / "outside" / "c.csv")
    assert reason("*.csv", root) == "'outer.csv' leads out of the data root through a symbolic link"
    (root / "folder").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert "'folder/c.csv' leads out" in reason("folder/*.csv", root)
    (root / "dangling.log").symlink_to(tmp_path / "nothing")
    assert "a symbolic link to nothing" in reason("dangling.log", root)
    (root / "loop.bin").symlink_to(root / "loop.bin")
    assert "cannot be looked up" in reason("loop.bin", root)


def test_the_root_may_be_reached_through_a_link(tmp_path):
    write_tree(tmp_path, {"real/a.csv": "x"})
    (tmp_path / "root").symlink_to(tmp_path / "real", target_is_directory=True)
    assert labels("*.csv", tmp_path / "root") == ["a.csv"]


def test_a_pipe_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert reason("*.csv", tmp_path) == "'pipe.csv' is not a regular file"


def test_one_file_under_two_names_would_count_twice(tmp_path):
    write_tree(tmp_path, {"a.csv": "x"})
    os.link(tmp_path / "a.csv", tmp_path / "b.csv")
    assert reason("*.csv", tmp_path) == "'a.csv' and 'b.csv' are the same file"


def test_too_many_files(tmp_path):
    write_tree(tmp_path, {f"{index}.csv": "x" for index in range(4)})
    assert len(expand("*.csv", tmp_path, most=4)) == 4
    assert reason("*.csv", tmp_path, most=3) == "'*.csv' matches more than 3 files"


def test_a_name_with_brackets_is_a_name_first(tmp_path):
    write_tree(tmp_path, {"a[1].csv": "x", "a1.csv": "x"})
    assert labels("a[1].csv", tmp_path) == ["a[1].csv"]
    assert labels("a[0-9].csv", tmp_path) == ["a1.csv"]


def test_a_root_that_is_not_there(tmp_path):
    assert reason("*.csv", tmp_path / "nowhere") == "the data root does not exist"


def test_a_change_is_seen(tmp_path):
    write_tree(tmp_path, {"a.csv": "x"})
    (file,) = expand("a.csv", tmp_path)
    assert not file.changed()
    (tmp_path / "a.csv").write_text("xx")
    assert file.changed()
    (tmp_path / "a.csv").unlink()
    assert file.changed()
