"""Every fenced block of the hand-written pages runs, or is checked in a way that is named here."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.document import has_anchor
from cvnpolicy.markdown.parse import parse
from tests.support.documents import Block, blocks, goes_on_from, played, run_bash
from tests.support.golden import assert_golden

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
ELSEWHERE = {
    "docs/decisions": "records; nothing in them is maintained",
    "docs/reference": "generated, and tested with its generator",
    "docs/how-to/editor.md": "played by the test that drives the language server",
}
"""Pages whose blocks are not this test's, and why."""
OWN_PLAY = {"docs/how-to/add-a-kind.md": "test_add_a_kind.py plays it in a copy of the package"}
"""Pages that are played by another test of this folder."""


def page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_ours(page: Path) -> bool:
    return not any(page_id(page).startswith(name) for name in ELSEWHERE)


PAGES = [README, CONTRIBUTING, *(page for page in sorted(DOCS.glob("**/*.md")) if is_ours(page))]
PLAYED = [
    page
    for page in PAGES
    if page not in (README, CONTRIBUTING)
    and "tutorials" not in page.parts  # test_tutorials.py plays them
    and page_id(page) not in OWN_PLAY
    and blocks(page.read_text(encoding="utf-8"))
]

Check = Callable[[Block, Path], None]
"""Checks a block in the folder that its page leaves."""

VERDICTS = {0, 1, 4}
"""Exit codes of a command that was understood and judged."""


def commands_of(script: str) -> list[str]:
    """Return the lines of a script that can run here: ours. Others set up a machine that is not here."""
    return [line.strip() for line in script.splitlines() if line.strip().startswith("cvnpolicy ")]


def assert_runs(commands: Sequence[str], root: Path) -> None:
    assert root.is_dir()
    for command in commands:
        done = run_bash(f"{command}\n", root, GITHUB_STEP_SUMMARY=str(root / "summary.md"))
        assert done.returncode in VERDICTS, f"{command}: exit code {done.returncode}\n{done.stdout}"


def check_workflow(block: Block, root: Path) -> None:
    """GitHub Actions: it loads, asks for no more than reading, and its commands run."""
    workflow = yaml.safe_load(block.body)
    assert workflow["permissions"] in ({"contents": "read"}, {})
    # A job that may write gets what another run left; it checks nothing out.
    for job in workflow["jobs"].values():
        rights = job.get("permissions", {})
        assert set(rights.values()) <= {"read", "write"}
        if "write" in rights.values():
            assert not any("checkout" in step.get("uses", "") for step in job["steps"])
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step), "pin it to a commit"
    assert all(("run" in step) != ("uses" in step) for step in steps)
    assert_runs([command for step in steps for command in commands_of(step.get("run", ""))], root)


def check_gitlab(block: Block, root: Path) -> None:
    """GitLab CI: it loads, every job has a script, and its commands run."""
    revision = run_bash("git rev-parse HEAD", root).stdout.strip()
    if re.fullmatch(r"[0-9a-f]{40}", revision):  # what the pipeline fetches, where the page has a repository
        (root / ".git" / "FETCH_HEAD").write_text(f"{revision}\t\tbranch 'main' of somewhere\n")
        (root / "body.md").write_text("A change.\n")
    jobs = {name: job for name, job in yaml.safe_load(block.body).items() if isinstance(job, dict)}
    scripts = [line for job in jobs.values() for line in [*job.get("before_script", ()), *job["script"]]]
    assert_runs(commands_of("\n".join(scripts)), root)


def check_hooks(block: Block, root: Path) -> None:
    """pre-commit: it loads, and names only hooks that this repository offers."""
    offered = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    named = {hook["id"] for entry in yaml.safe_load(block.body)["repos"] for hook in entry["hooks"]}
    assert named
    assert named <= offered
    assert block.attributes.get("title") == ".pre-commit-config.yaml"


def check_hook_commands(block: Block, root: Path) -> None:
    """pre-commit's own commands, of the two that the page needs; a test of the hook runs the real ones."""
    names = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    for line in block.body.splitlines():
        match = re.fullmatch(r"pre-commit (?:install(?: --hook-type pre-push)?|run ([\w-]+) --all-files)", line)
        assert match is not None, line
        assert match[1] is None or match[1] in names


CHECKS: dict[str, Check] = {
    "GitHub workflow": check_workflow,
    "GitLab pipeline": check_gitlab,
    "pre-commit configuration": check_hooks,
    "pre-commit commands": check_hook_commands,
}


def is_make(block: Block) -> bool:
    """Whether a block is nothing but verbs of the Makefile."""
    lines = [line for line in block.body.splitlines() if line.strip()]
    return block.language in ("console", "sh") and all(re.match(r"(\$ )?make ", line) for line in lines)


def unchecked(page: Path, text: str) -> list[str]:
    """Return the blocks that nothing runs or checks, as ``page:line: first line``."""
    found = []
    for block in blocks(text):
        if page in (README, CONTRIBUTING):
            is_policy = block.language == "yaml" and "apiVersion:" in block.body
            fine = is_make(block) or (page == README and (block.title == "demo" or is_policy))
        else:
            fine = block.is_played or block.attributes.get("check") in CHECKS
        if not fine:
            line = text.count("\n", 0, block.span[0])
            found.append(f"{page.name}:{line}: {block.body.splitlines()[0] if block.body else ''}")
    return found


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_block_runs_or_is_checked(page: Path) -> None:
    assert unchecked(page, page.read_text(encoding="utf-8")) == []


def test_a_block_that_nothing_checks_is_found() -> None:
    text = '# A\n\n```yaml\nkind: X\n```\n\n```sh check="hope"\nls\n```\n\n```text title="a"\n1\n```\n'
    assert unchecked(DOCS / "a.md", text) == ["a.md:3: kind: X", "a.md:7: ls"]
    assert unchecked(README, "```console\n$ make demo\n$ rm -r .\n```\n") == ["README.md:1: $ make demo"]
    assert unchecked(CONTRIBUTING, "```yaml\napiVersion: 1\n```\n") == ["CONTRIBUTING.md:1: apiVersion: 1"]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_no_block_is_overlooked(page: Path) -> None:
    """A fence that the support does not read (indented, with ~~~, without a language) would never be checked."""
    text = page.read_text(encoding="utf-8")
    code = [token for token in MarkdownIt().parse(text) if token.type in ("fence", "code_block")]
    assert [token.content for token in code] == [block.body for block in blocks(text)]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_reader_is_told_the_name_of_each_file(page: Path) -> None:
    """A title does not show on the page, so the text above the block must name the file."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(text):
        name = block.attributes.get("title") or block.attributes.get("into")
        if name is None or name == "demo":
            continue
        above = "".join(re.split(r"^`{3,}.*?^`{3,}$", text[: block.span[0]], flags=re.MULTILINE | re.DOTALL))
        told = f"`{name}`" in above or (name == ".pre-commit-config.yaml" and name in above)
        assert told, f"{page.name} does not say that this file is {name}:\n{block.body}"


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """The folder that playing a page leaves; each page is played once."""
    folders: dict[Path, Path] = {}

    def folder(page: Path) -> Path:
        if page not in folders:
            root = tmp_path_factory.mktemp("left")
            played(page.read_text(encoding="utf-8"), root)
            folders[page] = root
        return folders[page]

    return folder


@pytest.mark.parametrize("page", PLAYED, ids=page_id)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, left: Callable[[Path], Path]) -> None:
    before = goes_on_from(page)
    if before is not None:
        shutil.copytree(left(before), tmp_path, dirs_exist_ok=True)
    text = page.read_text(encoding="utf-8")
    assert_golden(page, played(text, tmp_path))
    for block in blocks(text):
        if "check" in block.attributes:
            CHECKS[block.attributes["check"]](block, tmp_path)


def test_most_pages_are_played() -> None:
    counted = Counter(page.parent.name for page in PLAYED)
    assert counted["how-to"] >= 8
    assert counted["explanation"] >= 3


def test_the_policies_of_the_readme_are_valid(tmp_path: Path) -> None:
    shutil.copy(ROOT / "cvnpolicy.yaml", tmp_path)
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    shutil.copytree(ROOT / "examples" / "cvntrade" / "documentation", tmp_path / "examples/cvntrade/documentation")
    found = [block for block in blocks(README.read_text(encoding="utf-8")) if "apiVersion:" in block.body]
    assert found
    for block in found:
        shown = re.search(r"name: ([\w-]+)", block.body)
        assert shown is not None
        file = next(file for file in tmp_path.rglob("policies/**/*.yaml") if f"name: {shown[1]}\n" in file.read_text())
        file.write_text(block.body, encoding="utf-8")
        problems = load_policies(load(tmp_path / "cvnpolicy.yaml")).problems
        # Other documents look at checks of the file that the block stands in for; the block itself must be sound.
        assert [str(problem) for problem in problems if str(problem).startswith(f"policies/drift/{file.name}")] == []


def test_the_verbs_that_pages_name_exist() -> None:
    verbs = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        for line in re.findall(r"`(?:\$ )?make ([^`\n]+)`|^\$ make ([^\n#]+)", page.read_text("utf-8"), re.MULTILINE):
            named = {word for word in "".join(line).split() if re.fullmatch(r"[a-z-]+", word)}
            assert named <= verbs, f"{page.name} names {sorted(named - verbs)}"


def test_the_index_lists_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in sorted(DOCS.glob("**/*.md")):
        if page.parent.name in ("how-to", "tutorials", "explanation"):
            assert f"]({page.relative_to(DOCS).as_posix()})" in index


def test_every_link_leads_to_a_heading() -> None:
    """Links with ``#``: the page has a heading of that name."""
    for page in PAGES:
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
            there = page.parent / target if target else page
            document = parse(there.read_text(encoding="utf-8"), there.name)
            assert has_anchor(document, anchor), f"{page_id(page)} links to {target}#{anchor}"


def test_a_part_of_a_file_is_put_where_it_says(tmp_path: Path) -> None:
    page = (
        '```text title="f"\none\ntwo\n```\n```text into="f" before="two"\nhalf\n```\n```text into="f"\nend\n```\n'
        "````console\n$ false\n$ echo $?; cat f\n````\n"
    )
    assert played(page, tmp_path) == page.replace("cat f\n", "cat f\n1\none\nhalf\ntwo\nend\n")
    with pytest.raises(AssertionError, match="no line starts with"):
        played('```text title="f"\none\n```\n```text into="f" before="two"\n1\n```\n', tmp_path)


def test_a_page_shows_no_defect(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="a defect"):
        played('```console\n$ python -c "1 / 0"\n```\n', tmp_path)
