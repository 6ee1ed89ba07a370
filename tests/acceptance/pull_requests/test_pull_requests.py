"""Each pull request gets its verdict, the gates that are for it, and a comment that a reviewer can act on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.acceptance.pull_requests.cases import CASES, Case
from tests.acceptance.pull_requests.repository import build, copied
from tests.support.golden import assert_golden
from tests.support.process import run_command
from tests.support.repository import INSTANT, Repository

GOLDEN = Path(__file__).parent / "golden"
BLOCKING = {"fail", "inconclusive", "error", "no_data"}
NOT_OURS = {"CVN030"}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Repository:
    """The repository, made once for all workers."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder if worker_id == "master" else folder.parent
    with FileLock(shared / "pull_requests.lock"):
        root = shared / "pull_requests"
        return Repository(root) if (root / ".git").exists() else build(root)


def judged(made: Repository, case: Case, head: str) -> tuple[int, dict[str, Any], str, str]:
    """Run the command as a build server does; return exit code, report, comment and what stands on standard error."""
    out = made.root.parent
    (out / "body.md").write_bytes(case.body.encode("utf-8", "surrogatepass"))
    arguments = ["check", "--base", "main", "--pr-body", str(out / "body.md"), "--at", INSTANT]
    if case.reviews is not None:
        (out / "reviews.json").write_text(case.reviews(made, head), encoding="utf-8")
        arguments += ["--reviews", str(out / "reviews.json")]
    arguments += ["--format", "json", "--write", f"markdown={out / 'comment.md'}"]
    done = run_command(*arguments, cwd=made.root)
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout) if done.stdout else {}
    return done.returncode, report, (out / "comment.md").read_text(encoding="utf-8"), done.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_pull_request(case: Case, base: Repository, tmp_path: Path) -> None:
    made = copied(base, tmp_path / "repository")
    if case.base is not None:
        made.git("checkout", "--quiet", "main")
        case.base(made)
        made.commit("The base goes on")
        made.git("checkout", "--quiet", "change")
    case.change(made)
    head = made.commit()
    code, report, comment, errors = judged(made, case, head)
    findings = report["findings"]
    blocking = {
        (one["rule"], one["id"])
        for one in findings
        if one["outcome"] in BLOCKING
        and one["waived_by"] is None
        and one["mode"] == "block"
        and one["rule"] not in NOT_OURS
        and not (one["outcome"] != "fail" and one["rule"].startswith("CVN8"))
    }
    gates = {one["id"].removeprefix("gate/"): one["outcome"] for one in findings if one["rule"] == "CVN030"}
    ran = {name for name, outcome in gates.items() if outcome not in ("not_applicable", "skipped")}
    assert (code, errors) == (case.code, ""), comment
    if case.blocks is not None:
        assert blocking == case.blocks
    assert ran - {"policies", "change"} == case.ran
    assert {one["id"] for one in findings if one["waived_by"] is not None} == case.waived
    assert not list(tmp_path.rglob("canary"))
    assert_golden(GOLDEN / f"{case.name}.md", re.sub(r"\b[0-9a-f]{12}\b", "<commit>", comment))
