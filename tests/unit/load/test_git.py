"""Another revision through git: what changed, what stood there, and errors that say what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cvnpolicy.core.errors import UsageError
from cvnpolicy.load.git import Git
from tests.support.repository import Repository


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    """A repository with one commit on ``main``, and a branch."""
    root = tmp_path / "repository"
    root.mkdir()
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.write("a.txt", "one\n")
    repository.write("folder/b.txt", "two\n")
    repository.write(".gitignore", "ignored/\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "change")
    return repository


def changed(made: Repository) -> dict[str, str]:
    git = Git(made.root)
    return {one.path: one.status for one in git.changed(git.commit("main"))}


def test_what_is_different_in_the_working_tree(made: Repository) -> None:
    assert changed(made) == {}
    made.write("a.txt", "another\n")
    made.path("folder/b.txt").unlink()
    made.write("c.txt", "new and not known to git\n")
    made.write("ignored/d.txt", "")
    assert changed(made) == {"a.txt": "M", "folder/b.txt": "D", "c.txt": "A"}
    made.commit()
    assert changed(made) == {"a.txt": "M", "folder/b.txt": "D", "c.txt": "A"}


def test_a_file_that_moved_went_and_came(made: Repository) -> None:
    made.move("a.txt", "moved/a.txt")
    assert changed(made) == {"a.txt": "D", "moved/a.txt": "A"}


@pytest.mark.parametrize("name", ["with space.txt", "neu\n.txt", '"quoted".txt', "é.txt", "-c.txt", ":(top)x.txt"])
def test_names_of_every_kind(made: Repository, name: str) -> None:
    made.write(name, "x")
    made.commit()
    assert changed(made) == {name: "A"}
    git = Git(made.root)
    assert name in {entry.path for entry in git.files(git.commit("HEAD"))}


def test_a_name_that_is_not_utf_8(made: Repository) -> None:
    (made.root / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    made.commit()
    assert list(changed(made)) == [os.fsdecode(b"caf\xe9.txt")]


def test_a_submodule_is_told_apart(made: Repository) -> None:
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.git('rev-parse', 'HEAD')},sub")
    made.path("sub").mkdir()
    made.commit()
    git = Git(made.root)
    assert [(one.path, one.status, one.submodule) for one in git.changed(git.commit("main"))] == [("sub", "A", True)]


def test_what_moved_is_what_is_mostly_the_same(made: Repository) -> None:
    made.write("long.py", "\n".join(f"x{number} = {number}" for number in range(40)))
    made.commit()
    base = made.git("rev-parse", "HEAD")
    made.move("long.py", "else where/long.py")
    made.append("else where/long.py", "\ny = 1\n")
    made.move("a.txt", "b.txt")
    made.write("b.txt", "nothing of it\n" * 40)
    made.commit()
    assert Git(made.root).moved(base) == [("long.py", "else where/long.py")]


LONG = "\n".join(f"x{number} = {number}" for number in range(40))


def test_what_a_stub_stays_of_has_moved_too(made: Repository) -> None:
    made.write("long.py", LONG)
    base = made.commit()
    made.write("other/long.py", LONG)
    made.write("long.py", "from other.long import *\n")
    made.commit()
    assert Git(made.root).moved(base) == [("long.py", "other/long.py")]


def test_what_takes_the_place_of_another_file_has_moved_too(made: Repository) -> None:
    made.write("long.py", LONG)
    made.write("other.py", "\n".join(f"y{number} = 'other {number}'" for number in range(40)))
    base = made.commit()
    made.write("other.py", LONG)
    made.path("long.py").unlink()
    made.commit()
    assert Git(made.root).moved(base) == [("long.py", "other.py")]


def test_a_great_change_hides_nothing_that_moves(made: Repository) -> None:
    made.write("long.py", LONG)
    base = made.commit()
    made.git("config", "diff.renameLimit", "1")
    for number in range(40):
        made.write(f"many/{number}.txt", f"{number}\n" * 30)
    made.move("long.py", "other.py")
    made.append("other.py", "\ny = 1\n")
    made.commit()
    assert ("long.py", "other.py") in Git(made.root).moved(base)


def test_what_git_ignores_counts_where_it_is_asked_for(made: Repository) -> None:
    made.write(".gitignore", "*.yaml\n")
    base = made.commit()
    made.write("policies/a.yaml", "")
    made.write("policies [x]/a.yaml", "")
    made.write("other/a.yaml", "")
    git = Git(made.root)
    assert git.changed(base) == []
    assert [(one.path, one.untracked) for one in git.changed(base, ["policies"])] == [("policies/a.yaml", True)]
    assert [one.path for one in git.changed(base, ["policies [x]"])] == ["policies [x]/a.yaml"]
    assert git.changed(base, ["nowhere"]) == []


def test_where_a_line_left_its_base(made: Repository) -> None:
    first = made.git("rev-parse", "main")
    made.write("a.txt", "ours\n")
    made.commit()
    made.git("checkout", "--quiet", "main")
    made.write("folder/b.txt", "theirs\n")
    base = made.commit()
    made.git("checkout", "--quiet", "change")
    git = Git(made.root)
    assert (git.commit("main"), git.fork(base)) == (base, first)
    assert [one.path for one in git.changed(first)] == ["a.txt"]
    assert git.heads(base) == {made.git("rev-parse", "HEAD")}


def test_a_merge_of_the_base_is_what_it_merges_only_where_nobody_edited_it(made: Repository) -> None:
    made.write("a.txt", "ours\n")
    head = made.commit()
    base = made.git("rev-parse", "main")
    made.git("checkout", "--quiet", "main")
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "change")
    merge = made.git("rev-parse", "HEAD")
    assert Git(made.root).heads(base) == {merge, head}
    made.write("a.txt", "evil\n")
    made.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert Git(made.root).heads(base) == {made.git("rev-parse", "HEAD")}


def test_whether_anything_is_not_committed(made: Repository) -> None:
    git = Git(made.root)
    assert git.is_clean()
    made.write("a.txt", "another\n")
    assert not git.is_clean()


def test_files_of_a_revision_are_written_without_what_leads_out(made: Repository, tmp_path: Path) -> None:
    made.path("inside").symlink_to("folder/b.txt")
    made.path("outside").symlink_to("../../outside.txt")
    made.path("absolute").symlink_to("/etc/passwd")
    made.commit()
    git = Git(made.root)
    folder = tmp_path / "written"
    git.write(git.files(git.commit("HEAD")), folder)
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "a.txt", "folder", "inside"]
    assert (folder / "inside").read_text() == "two\n"


def test_in_a_folder_below_and_in_a_worktree(made: Repository, tmp_path: Path) -> None:
    assert Git(made.root / "folder").top == made.root.resolve()
    made.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "main")
    git = Git(tmp_path / "tree")
    assert git.top == (tmp_path / "tree").resolve()
    assert git.changed(git.commit("main")) == []


def test_what_a_hook_sets_is_not_taken_over(made: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert Git(made.root).changed("HEAD") == []


@pytest.mark.parametrize(
    "name", ["nowhere", "--upload-pack=touch canary", "main:a.txt", "", "main..change", "$(touch canary)"]
)
def test_a_base_that_is_none(made: Repository, name: str) -> None:
    with pytest.raises(UsageError, match=r"there is no commit .* in this clone: name another, or fetch it"):
        Git(made.root).commit(name)
    assert not made.path("canary").exists()


def test_a_tag_with_the_name_of_the_base_is_refused(made: Repository) -> None:
    made.git("update-ref", "refs/remotes/origin/main", "main")
    base = made.git("rev-parse", "main")
    made.write("a.txt", "ours\n")
    made.commit()
    for name in ("main", "origin/main"):
        made.git("tag", name)
        with pytest.raises(UsageError, match=f"'{name}' is refs/.* and refs/tags/{name}: write one of them whole"):
            Git(made.root).commit(name)
    assert Git(made.root).commit("refs/remotes/origin/main") == base


def test_a_shallow_clone_says_how_to_get_the_rest(made: Repository, tmp_path: Path) -> None:
    made.write("a.txt", "ours\n")
    made.commit()
    base = made.git("rev-parse", "main")
    made.git("clone", "--quiet", "--depth=1", "--branch=change", f"file://{made.root}", str(tmp_path / "shallow"))
    git = Git(tmp_path / "shallow")
    with pytest.raises(UsageError, match="fetch-depth: 0"):
        git.commit(base)
    shallow = Repository(tmp_path / "shallow")
    shallow.git("fetch", "--quiet", "--depth=1", "origin", "main")
    with pytest.raises(UsageError, match=r"where this line left .* is not in this clone: .*fetch-depth: 0"):
        git.fork(git.commit("FETCH_HEAD"))


def test_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"git rev-parse failed in .*not a git repository"):
        Git(tmp_path)


def test_without_git(made: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed, and --base needs it"):
        Git(made.root)


def test_what_the_repository_configures_is_not_started(made: Repository) -> None:
    canary = made.root.parent / "canary"
    script = made.root.parent / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        made.git("config", key, str(script))
    made.git("config", "diff.evil.textconv", str(script))
    made.write(".gitattributes", "*.txt diff=evil\n")
    made.write("a.txt", "another\n")
    git = Git(made.root)
    git.changed(git.commit("main"))
    git.is_clean()
    assert not canary.exists()
