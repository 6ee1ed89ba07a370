from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cvnpolicy.core.errors import Problem
from cvnpolicy.load import files
from cvnpolicy.load.files import LIMIT, discover, display, inside, read


@pytest.fixture
def root(tmp_path):
    home = tmp_path / "repository"
    home.mkdir()
    return home


def write(path, data=b"a: 1\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(found, root):
    return [display(path, root) for path in found]


def lines(problems):
    return [f"{problem.rule} {problem}" for problem in problems]


def test_files_below_folders_are_found_sorted(root):
    for name in ("b.yaml", "a/z.yml", "a.yaml", "a/Y.YAML", "a/readme.md", "yaml", "a/deep/er/x.yaml"):
        write(root / name)
    found, problems = discover([root], root)
    assert names(found, root) == ["a.yaml", "a/Y.YAML", "a/deep/er/x.yaml", "a/z.yml", "b.yaml"]
    assert problems == []


def test_hidden_files_and_folders_are_passed_over_unless_named(root):
    write(root / ".git" / "x.yaml")
    write(root / ".hidden.yaml")
    assert discover([root], root) == ([], [])
    found, _ = discover([root / ".git", root / ".hidden.yaml"], root)
    assert names(found, root) == [".git/x.yaml", ".hidden.yaml"]


def test_a_named_file_is_taken_whatever_its_suffix(root):
    found, problems = discover([write(root / "policy.txt")], root)
    assert (names(found, root), problems) == (["policy.txt"], [])


def test_each_file_comes_once(root):
    path = write(root / "a" / "x.yaml")
    (root / "b.yaml").symlink_to(path)
    (root / "c").symlink_to(root / "a")
    found, problems = discover([path, root, root / "a", root / "b.yaml"], root)
    assert (names(found, root), problems) == (["a/x.yaml"], [])


def test_relative_paths_start_at_the_working_directory(root, monkeypatch):
    write(root / "sub" / "x.yaml")
    monkeypatch.chdir(root / "sub")
    found, problems = discover([Path("x.yaml"), Path("../sub")], root)
    assert (names(found, root), problems) == (["sub/x.yaml"], [])


def test_what_is_missing_or_outside_is_a_problem(root, tmp_path):
    outside = write(tmp_path / "outside" / "x.yaml")
    (root / "file.yaml").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "dangling.yaml").symlink_to(root / "nowhere.yaml")
    (root / "loop.yaml").symlink_to(root / "loop.yaml")
    (root / "dangling.md").symlink_to(root / "nowhere.md")
    found, problems = discover([root, root / "missing.yaml", outside, Path("a\0b")], root)
    assert found == []
    leads = "the path leads outside the repository: keep it inside"
    assert lines(problems) == [
        "CVN001 dangling.yaml:1:1: the path does not exist: correct the path",
        f"CVN001 file.yaml:1:1: {leads}",
        f"CVN001 folder:1:1: {leads}",
        "CVN001 loop.yaml:1:1: it cannot be read (Too many levels of symbolic links): correct the path",
        "CVN001 missing.yaml:1:1: the path does not exist: correct the path",
        f"CVN001 {outside.as_posix()}:1:1: {leads}",
        f"CVN001 a\\x00b:1:1: {leads}",
    ]


def test_a_loop_of_folders_ends(root):
    write(root / "a" / "x.yaml")
    (root / "a" / "again").symlink_to(root)
    found, problems = discover([root], root)
    assert (names(found, root), problems) == (["a/x.yaml"], [])


def test_pipes_sockets_and_devices_are_refused_without_hanging(root, monkeypatch):
    monkeypatch.chdir(root)  # the path of a socket may have some hundred characters only
    os.mkfifo(root / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        found, problems = discover([root], root)
    assert found == []
    what = "not an ordinary file but a pipe, socket or device: name an ordinary file"
    assert lines(problems) == [f"CVN001 pipe.yaml:1:1: {what}", f"CVN001 socket.yaml:1:1: {what}"]
    assert str(read(root / "pipe.yaml", root)) == f"pipe.yaml:1:1: {what}"
    device = read(Path("/dev/zero"), Path("/dev"))
    assert str(device) == f"zero:1:1: {what}"


def test_a_file_exchanged_for_a_pipe_is_seen_after_opening(root, monkeypatch):
    path = write(root / "x.yaml")
    status = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
    assert isinstance(read(path, root), Problem)


@pytest.fixture
def denied(monkeypatch):
    """Permission denied, also for root."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    return lambda name: monkeypatch.setattr(os, name, refuse)


def test_an_unreadable_file_or_folder_is_a_problem(root, denied):
    path = write(root / "x.yaml")
    denied("open")
    assert str(read(path, root)) == "x.yaml:1:1: no permission to read it: make it a readable file"
    denied("scandir")
    assert lines(discover([root], root)[1]) == ["CVN001 .:1:1: no permission to read it: make it a readable folder"]


def test_other_errors_of_the_system_are_problems(root):
    write(root / "x.yaml")
    problem = read(root / "x.yaml" / "y", root)
    assert str(problem) == "x.yaml/y:1:1: it cannot be read (Not a directory): make it a readable file"
    assert "File name too long" in str(discover([root / ("x" * 300)], root)[1][0])


def test_the_number_of_files_is_bounded(root, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 3)
    for index in range(3):
        write(root / f"{index}.yaml")
    assert discover([root], root)[1] == []
    write(root / "3.yaml")
    write(root / "z" / "4.yaml")
    found, problems = discover([root], root)
    assert lines(problems) == ["CVN001 .:1:1: more than 3 files or folders: name fewer paths"]
    assert names(found, root) == ["0.yaml", "1.yaml", "2.yaml", "3.yaml"]


def test_the_number_of_folders_is_bounded(root, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 3)
    (root / "a" / "b" / "c" / "d" / "e").mkdir(parents=True)
    assert lines(discover([root], root)[1]) == ["CVN001 a/b:1:1: more than 3 files or folders: name fewer paths"]


def test_read(root, tmp_path):
    assert read(write(root / "x.yaml", b"\xff\0"), root) == b"\xff\0"
    assert read(write(root / "full.yaml", b"x" * LIMIT), root) == b"x" * LIMIT
    large = read(write(root / "large.yaml", b"x" * (LIMIT + 1)), root)
    assert str(large) == "large.yaml:1:1: the file is larger than 1 MiB: split it"
    assert str(read(root, root)) == ".:1:1: a folder, not a file: name a file"
    assert str(read(root / "no", root)) == "no:1:1: the path does not exist: make it a readable file"
    outside = read(write(tmp_path / "x.yaml"), root)
    assert str(outside).endswith(": the path leads outside the repository: keep it inside")


def test_inside(root, tmp_path):
    path = write(root / "a" / "x.yaml")
    (root / "link").symlink_to(path)
    (root / "out").symlink_to(tmp_path)
    assert inside(root / "link", root) == path.resolve()
    assert inside(root, root) == root.resolve()
    assert inside(root / "a" / ".." / "new", root) == root.resolve() / "new"
    for path in (root / "..", root / "out", root / "out" / "repository2", root.parent / "repository2"):
        assert inside(path, root) is None


def test_a_root_behind_a_link(root, tmp_path):
    path = write(root / "x.yaml")
    (tmp_path / "link").symlink_to(root)
    link = tmp_path / "link"
    assert inside(link / "x.yaml", link) == path.resolve()
    assert display(link / "x.yaml", link) == display(path, link) == "x.yaml"


def test_display_hides_nothing(root):
    assert display(root / "a\n\x1b[31m\udcff.yaml", root) == "a\\n\\x1b[31m\\udcff.yaml"
    assert display(Path("/elsewhere/x.yaml"), root) == "/elsewhere/x.yaml"


def test_a_link_of_another_name_is_no_policy(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a: 1\n")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").symlink_to("../notes.txt")
    found, (problem,) = discover([tmp_path / "policies"], tmp_path)
    assert found == []
    assert str(problem).startswith(
        "policies/a.yaml:1:1: the link leads to 'notes.txt', whose name is not that of a YAML"
    )
