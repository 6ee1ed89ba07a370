from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.load.nearest import Suggestions
from cvnpolicy.load.runbooks import Runbooks
from tests.support.tree import write_tree

TEXT = """
    # Runbook

    ## 1. Data drift

    ### 4.1 Correlation, and so on

    ## 6.bis After the sprint

    ## Roll back

    ## Roll back
    """


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_tree(
        tmp_path / "in",
        {
            "docs/a.md": TEXT,
            "docs/empty.md": "no heading\n",
            "docs/latin.md": "# Größe\n".encode("latin-1"),
            "docs/a.txt": TEXT,
            "docs/big.md": "# x\n" + "a" * (1024 * 1024),
            "docs/folder.md/x": "",
        },
    )


@pytest.mark.parametrize(
    "reference",
    [
        "docs/a.md",
        "docs/a.md#1",
        "docs/a.md#4.1",
        "docs/a.md#6.bis",
        "docs/a.md#6bis",
        "docs/a.md#1-data-drift",
        "docs/a.md#roll-back",
        "docs/a.md#roll-back-1",  # as GitHub tells two of one title apart
        "docs/empty.md",
    ],
)
def test_a_reference_that_leads_somewhere(repository, reference):
    assert Runbooks(repository, Suggestions()).trouble(reference) is None


@pytest.mark.parametrize(
    ("reference", "what", "right"),
    [
        ("docs/b.md", "there is no runbook 'docs/b.md'", "did you mean 'docs/a.md'?"),
        ("dcs/a.md", "there is no runbook 'dcs/a.md'", "write it, or correct the path"),
        ("docs/a.md#2", "has no heading '#2'", ""),
        ("docs/a.md#", "has no heading '#'", ""),
        ("docs/a.md#Roll-back", "has no heading", "roll-back"),
        ("docs/a.md#roll-back-2", "has no heading", "roll-back"),
        ("docs/empty.md#1", "has no heading '#1'", "add the heading"),
        ("docs/a.txt", "is not a Markdown file", "name a .md file"),
        ("docs", "is not a Markdown file", "name a .md file"),
        ("../out.md", "leads out of the repository", "name a file below it"),
        ("/etc/passwd.md", "leads out of the repository", "name a file below it"),
        ("docs/latin.md", "is not UTF-8 at byte", "save it as UTF-8"),
        ("docs/big.md", "larger than 1 MiB", ""),
        ("docs/folder.md", "a folder, not a file", ""),
        ("docs/a.md\0", "", ""),
    ],
)
def test_a_reference_that_does_not(repository, reference, what, right):
    write_tree(repository.parent, {"out.md": TEXT})
    trouble = Runbooks(repository, Suggestions()).trouble(reference)
    assert trouble is not None
    assert what in trouble[0]
    assert right in trouble[1]


def test_a_link_out_of_the_repository_is_not_followed(repository, tmp_path):
    write_tree(tmp_path, {"out.md": TEXT})
    (repository / "docs/link.md").symlink_to(tmp_path / "out.md")
    trouble = Runbooks(repository, Suggestions()).trouble("docs/link.md#1")
    assert trouble is not None
    assert "leads out of the repository" in trouble[0]


def test_a_file_is_read_once(repository):
    runbooks = Runbooks(repository, Suggestions())
    assert runbooks.trouble("docs/a.md#1") is None
    (repository / "docs/a.md").unlink()
    assert runbooks.trouble("docs/a.md#4.1") is None
    assert runbooks.trouble("docs/a.md#9") is not None
