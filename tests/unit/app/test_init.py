"""The starter repository: what is written, what is refused, and what is said when writing fails half-way."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cvnpolicy.app import init as module
from cvnpolicy.app.init import EVIDENCE, FILES, TEMPLATES, contents, init
from cvnpolicy.core.errors import UsageError
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load

STARTER = Path(module.__file__).parent / "starter"


def files_below(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}


def refusal(folder: Path, owner: str = "@you") -> list[str]:
    with pytest.raises(UsageError) as raised:
        init(folder, owner)
    return str(raised.value).splitlines()


def test_every_template_is_listed_and_every_listed_one_is_there():
    assert files_below(STARTER) == set(TEMPLATES)


def test_it_writes_what_it_lists_and_nothing_else(tmp_path):
    written = init(tmp_path / "new" / "deep")
    assert written == tuple(FILES)
    assert files_below(tmp_path / "new" / "deep") == set(FILES)
    assert set(FILES) == {*TEMPLATES, *EVIDENCE}


def test_what_it_writes_is_valid_with_an_owner_everywhere(tmp_path):
    init(tmp_path, "@ada-l")
    loaded = load_policies(load(tmp_path / "cvnpolicy.yaml"))
    assert loaded.problems == ()
    assert [policy.name for _, policy in loaded.policies.policies] == ["training-alerts", "feature-drift", "events"]
    assert {policy.document.metadata.owner for _, policy in loaded.policies.policies} == {"@ada-l"}
    assert not [name for name in FILES if "@you" in (tmp_path / name).read_text(encoding="utf-8")]


def test_every_check_says_how_urgent_it_is_what_to_do_and_where_that_is_written(tmp_path):
    from cvnpolicy.core.resolve import resolve_all

    init(tmp_path)
    policies = load_policies(load(tmp_path / "cvnpolicy.yaml")).policies
    checks = resolve_all(policies.policies, policies.catalog)
    assert set(checks) == {"training-alerts/failed-share", "feature-drift/psi"}
    for check in checks.values():
        assert check.check.severity is not None
        assert check.check.action
        assert check.check.runbook is not None
        assert "#" in check.check.runbook


def test_psi_has_the_rows_that_it_needs(tmp_path):
    """The guide of the kind: PSI is unsteady under about 170 rows."""
    from cvnpolicy.core.resolve import resolve_all

    guide = Path(module.__file__).parents[1] / "kinds" / "drift" / "guide.md"
    assert "unsteady under about 170 rows" in guide.read_text(encoding="utf-8")
    init(tmp_path)
    policies = load_policies(load(tmp_path / "cvnpolicy.yaml")).policies
    needed = resolve_all(policies.policies, policies.catalog)["feature-drift/psi"].check.min_samples
    assert needed == 170
    for name in ("live", "training"):
        rows = (tmp_path / "evidence" / f"{name}.csv").read_text().splitlines()[1:]
        assert len(rows) >= needed


def test_it_is_the_same_every_time():
    assert dict(contents("@you")) == dict(contents("@you"))


def test_the_evidence_is_small_and_whole():
    texts = dict(contents("@you"))
    for name in EVIDENCE:
        assert texts[name].endswith("\n")
        assert 20 <= len(texts[name].splitlines()) <= 201
        assert texts[name].isascii()
    log = texts["evidence/logs/training.log"]
    assert (log.count("event=training_started "), log.count("event=training_failed ")) == (24, 1)


@pytest.mark.parametrize("owner", ["ada", "@", "", "@a b", '@a"', "@a\n", "@" + "a" * 40])
def test_an_owner_is_an_account_name(tmp_path, owner):
    lines = refusal(tmp_path / "new", owner)
    assert lines[-1].endswith("is no owner: write one account name with '@', for example @dococeven")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("owner", ["@a", "@" + "a" * 39, "@A-1"])
def test_owners_that_are_account_names(tmp_path, owner):
    assert init(tmp_path, owner)


def test_nothing_is_overwritten_and_all_that_is_in_the_way_is_listed(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "drift.yaml").write_text("mine")
    (tmp_path / "cvnpolicy.yaml").mkdir()
    assert refusal(tmp_path) == [
        "nothing was written, as something is in the way:",
        "cvnpolicy.yaml: it exists already: move it away, or name another folder",
        "policies/drift.yaml: it exists already: move it away, or name another folder",
    ]
    assert files_below(tmp_path) == {"policies/drift.yaml"}
    assert (tmp_path / "policies" / "drift.yaml").read_text() == "mine"


def test_other_files_stay_as_they_are(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "README.md").write_text("mine")
    init(tmp_path)
    assert files_below(tmp_path) == {*FILES, "policies/README.md"}
    assert (tmp_path / "policies" / "README.md").read_text() == "mine"


def test_a_second_time_everything_is_in_the_way(tmp_path):
    init(tmp_path)
    assert len(refusal(tmp_path)) == 1 + len(FILES)


def test_a_file_in_place_of_a_folder(tmp_path):
    (tmp_path / "runbooks").write_text("mine")
    assert refusal(tmp_path) == [
        "nothing was written, as something is in the way:",
        "runbooks/training.md: its folder is a file: move that away, or name another folder",
    ]
    assert refusal(tmp_path / "runbooks")[1].endswith("/runbooks: it is not a folder: name one, or a name that is free")


@pytest.mark.parametrize("there", [True, False])
def test_a_link_that_leads_out_is_refused(tmp_path, there):
    root, outside = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    if there:
        outside.mkdir()
    (root / "policies").symlink_to(outside, target_is_directory=True)
    assert refusal(root)[1:] == [
        f"policies/{name}.yaml: a link leads out of the folder: remove the link"
        for name in ("events", "alerts", "drift")
    ]
    assert [path.name for path in root.iterdir()] == ["policies"]
    assert not outside.exists() or files_below(outside) == set()


def test_so_is_a_link_in_place_of_a_file_wherever_it_leads(tmp_path):
    root = tmp_path / "in"
    root.mkdir()
    (root / "cvnpolicy.yaml").symlink_to(tmp_path / "out.yaml")
    (root / "evidence").mkdir()
    (root / "evidence" / "live.csv").symlink_to("nowhere.csv")
    assert refusal(root)[1:] == [
        "cvnpolicy.yaml: a link leads out of the folder: remove the link",
        "evidence/live.csv: it exists already: move it away, or name another folder",
    ]
    assert not (tmp_path / "out.yaml").exists()


def test_a_link_within_the_folder_is_followed_and_a_folder_may_be_one(tmp_path):
    real = tmp_path / "real"
    (real / "rules").mkdir(parents=True)
    (real / "policies").symlink_to("rules", target_is_directory=True)
    (tmp_path / "linked").symlink_to("real", target_is_directory=True)
    init(tmp_path / "linked")
    assert (real / "rules" / "drift.yaml").is_file()


def test_a_disk_that_is_full_half_way(tmp_path, monkeypatch):
    real, calls = os.fdopen, []

    def fdopen(descriptor: int, mode: str) -> object:
        calls.append(descriptor)
        if len(calls) == 3:
            os.close(descriptor)
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, mode)

    monkeypatch.setattr("cvnpolicy.app.init.os.fdopen", fdopen)
    first, second, third, *_ = FILES
    assert refusal(tmp_path) == [
        f"{tmp_path / third} cannot be written: No space left on device",
        "these files were written before; remove them to try again:",
        f"  {tmp_path / first}",
        f"  {tmp_path / second}",
    ]
    assert files_below(tmp_path) == {first, second}, "half a file is not left"


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    def refused(*_arguments: object, **_options: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("cvnpolicy.app.init.os.open", refused)
    first = next(iter(FILES))
    assert refusal(tmp_path) == [f"{tmp_path / first} cannot be written: Permission denied", "nothing was written"]
    assert files_below(tmp_path) == set()


def test_what_appears_after_the_look_is_not_overwritten(tmp_path, monkeypatch):
    init(tmp_path)
    before = (tmp_path / "cvnpolicy.yaml").read_bytes()
    monkeypatch.setattr("cvnpolicy.app.init._obstacles", lambda *_: iter(()))
    (line, *_) = refusal(tmp_path, "@other")
    assert line == f"{tmp_path / 'cvnpolicy.yaml'} cannot be written: File exists"
    assert (tmp_path / "cvnpolicy.yaml").read_bytes() == before
