"""``cvnpolicy init``: what it says, and that what it says can be typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.app.init import FILES
from cvnpolicy.cli.main import run


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_says_what_it_wrote_and_what_comes_next(capfd):
    assert run(["init"]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    head, _, tail = captured.out.partition("\n\n")
    lines = head.splitlines()
    assert lines[0] == f"Wrote {len(FILES)} files:"
    assert [line.split()[0] for line in lines[1:]] == list(FILES)
    assert tail == (
        "Next:\n"
        "  cvnpolicy validate\n"
        "  cvnpolicy check\n"
        "  cvnpolicy explain feature-drift/psi\n"
        "\n"
        "check reads the evidence. That needs the tables part: in a clone, pip install '.[tables]'\n"
        "The owner of every policy is @you: change it to an account of yours.\n"
    )


def test_in_another_folder_it_says_how_to_get_there(tmp_path, capfd):
    assert run(["init", "a b/c", "--owner", "@ada"]) == 0
    out = capfd.readouterr().out
    assert out.startswith(f"Wrote {len(FILES)} files in a b/c:\n")
    assert "Next:\n  cd 'a b/c'\n  cvnpolicy validate\n" in out
    assert out.endswith("The owner of every policy is @ada.\n")
    assert (tmp_path / "a b" / "c" / "cvnpolicy.yaml").is_file()


def test_what_is_in_the_way_is_listed_on_standard_error(tmp_path, capfd):
    (tmp_path / "cvnpolicy.yaml").write_text("mine")
    lines = [
        "cvnpolicy: nothing was written, as something is in the way:",
        "cvnpolicy.yaml: it exists already: move it away, or name another folder",
        "",
    ]
    assert run(["init"]) == 2
    assert capfd.readouterr() == ("", "\n".join(lines))
    assert [path.name for path in tmp_path.iterdir()] == ["cvnpolicy.yaml"]


def test_a_wrong_owner(tmp_path, capfd):
    assert run(["init", "new", "--owner", "ada"]) == 2
    says = "cvnpolicy: 'ada' is no owner: write one account name with '@', for example @dococeven\n"
    assert capfd.readouterr() == ("", says)
    assert not (tmp_path / "new").exists()


def test_a_name_of_a_folder_is_shown_harmless(capfd):
    assert run(["init", "\x1b[31mred"]) == 0
    assert "\x1b" not in capfd.readouterr().out
