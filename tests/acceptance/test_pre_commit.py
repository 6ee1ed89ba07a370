"""The published hook in the real pre-commit: nothing is installed beforehand, a clean commit passes, a wrong one stays.

The hook's repository is a commit of the working tree as it is. pre-commit clones it, makes an environment of its own
and installs the package there, as it does for everybody else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tests.support.environment import child_environment

ROOT = Path(__file__).parents[2]
POLICY = """\
apiVersion: cvnpolicy/v1
kind: MetricPolicy
metadata: {name: training, title: Training, owner: "@you"}
spec:
  metrics:
    f1: {source: {dataset: results, column: f1}, unit: "1", type: gauge, role: outcome, owner: "@you"}
  checks:
    - id: f1-low
      measure: {statistic: mean, metric: f1, window: run}
      crit_if: "< 0.4"
      severity: P2
"""
FILES = {
    "cvnpolicy.yaml": "environments:\n  default:\n    results: {type: csv, path: results.csv}\n",
    "policies/training.yaml": POLICY,
}
WRONG = POLICY.replace("crit_if", "crit_fi")
SAID = "policies/training.yaml:10:7: unknown key 'crit_fi': did you mean 'crit_if'?"

GOVERNED = """\
apiVersion: cvnpolicy/v1
kind: HyperparameterPolicy
metadata: {name: g5, title: Values come from the resolver, owner: "@you"}
spec:
  names: [gamma]
  scopes: [src/training/]
  resolver: {module: src/resolver.py, callables: [resolve]}
  fix: 'resolve("{name}")'
"""
CODE = {
    "policies/g5.yaml": GOVERNED,
    "src/resolver.py": "def resolve(name):\n    return {'gamma': 0.5}[name]\n",
    "src/training/train.py": "from resolver import resolve\n\ngamma = resolve('gamma')\n",
    "elsewhere.py": "gamma = 0.5\n",
}

READY = """\
apiVersion: cvnpolicy/v1
kind: ReadinessPolicy
metadata: {name: ready, title: Ready, owner: "@you"}
spec:
  files: [stories/*/ready.md]
  sections: {rollout: {number: "1", titles: [Rollout]}}
  fields: {owner: {labels: [Owner]}}
  tables: {stages: {section: rollout, columns: {stage: [Stage], duration: [Duration]}}}
  runbook: {files: [runbooks/*.md]}
  rules:
    - id: R1
      section: rollout
      says: The shadow lasts 7 days
      ask: {pieces: {of: stages.duration, rows: {stage: {starts: [Shadow]}}, each: {at_least: 7d}}}
"""
STORY = "# S1\n\n## 1. Rollout\n\n| Stage | Duration |\n|---|---|\n| Shadow | 7 d |\n"


class Scratch:
    """A repository of somebody who has git and pre-commit, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = child_environment(
            HOME=str(folder / "home"),
            PRE_COMMIT_HOME=str(folder / "store"),
            GIT_CONFIG_GLOBAL=str(folder / "gitconfig"),
            GIT_CONFIG_NOSYSTEM="1",
            PATH=_path_without_cvnpolicy(),
        )
        (folder / "home").mkdir()
        name = "[user]\n  name = Somebody\n  email = somebody@example.org\n[init]\n  defaultBranch = main\n"
        (folder / "gitconfig").write_text(name, encoding="utf-8")

    def run(self, where: str, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder / where,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=400,
        )

    def must(self, where: str, *command: str) -> str:
        done = self.run(where, *command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("work", sys.executable, "-m", "pre_commit", *arguments)


def _path_without_cvnpolicy() -> str:
    """Only the system's folders and git's: the hook must bring its own cvnpolicy."""
    git = shutil.which("git")
    assert git is not None
    path = ":".join(dict.fromkeys([str(Path(git).parent), "/usr/local/bin", "/usr/bin", "/bin"]))
    assert shutil.which("cvnpolicy", path=path) is None
    return path


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """The hook's repository at `hooks`, and a user's at `work` with one valid commit waiting."""
    made = Scratch(tmp_path)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607  git is what pre-commit runs too
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        packed = name.startswith(("src/", ".pre-commit-hooks.yaml", "pyproject", "README", "LICENSE"))
        if packed and (ROOT / name).is_file():
            target = tmp_path / "hooks" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    for name, text in FILES.items():
        target = tmp_path / "work" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for repository in ("hooks", "work"):
        made.must(repository, "git", "init", "--quiet")
        made.must(repository, "git", "add", "--all")
    made.must("hooks", "git", "commit", "--quiet", "--message", "As it is")
    return made


def test_the_manifest_is_one_that_pre_commit_takes(scratch: Scratch) -> None:
    done = scratch.pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert done.returncode == 0, done.stdout
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == [
        "cvnpolicy-validate",
        "cvnpolicy-lint",
        "cvnpolicy-readiness",
        "cvnpolicy-check",
    ]


def test_try_repo_lets_a_clean_tree_pass_and_stops_a_wrong_one(scratch: Scratch) -> None:
    command = ("try-repo", "../hooks", "cvnpolicy-validate", "--verbose")
    clean = scratch.pre_commit(*command)
    assert clean.returncode == 0, clean.stdout
    assert "cvnpolicy validate" in clean.stdout
    assert "Passed" in clean.stdout
    assert "1 policy in 1 file: no problems" in clean.stdout

    (scratch.folder / "work" / "policies" / "training.yaml").write_text(WRONG, encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    wrong = scratch.pre_commit(*command)
    assert wrong.returncode == 1
    assert "exit code: 3" in wrong.stdout
    assert SAID in wrong.stdout


def test_a_clean_commit_is_made_and_a_wrong_one_is_not(scratch: Scratch) -> None:
    revision = scratch.must("hooks", "git", "rev-parse", "HEAD").strip()
    config = {"repos": [{"repo": "../hooks", "rev": revision, "hooks": [{"id": "cvnpolicy-validate"}]}]}
    work = scratch.folder / "work"
    (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    assert scratch.pre_commit("install").returncode == 0
    commit = ("git", "commit", "--quiet", "--message", "Policies")
    made = scratch.run("work", *commit)
    assert made.returncode == 0, made.stdout
    first = scratch.must("work", "git", "rev-parse", "HEAD")

    (work / "policies" / "training.yaml").write_text(WRONG, encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    stopped = scratch.run("work", *commit)
    assert stopped.returncode == 1
    assert SAID in stopped.stdout
    assert scratch.must("work", "git", "rev-parse", "HEAD") == first

    # A deleted file is given to no hook, and the names that it defined are gone with it.
    scratch.must("work", "git", "checkout", "--quiet", "HEAD", "--", "policies")
    scratch.must("work", "git", "rm", "--quiet", "policies/training.yaml")
    emptied = scratch.run("work", *commit)
    assert emptied.returncode == 1
    assert "exit code: 5" in emptied.stdout


def test_code_passes_is_blocked_and_is_advised(scratch: Scratch) -> None:
    """Advice is seen although the hook passes, with the time that is left."""
    command = ("try-repo", "../hooks", "cvnpolicy-lint", "--files", "src/training/train.py", "elsewhere.py")
    work = scratch.folder / "work"
    for name, text in CODE.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    clean = scratch.pre_commit(*command)
    assert clean.returncode == 0, clean.stdout
    assert "Passed" in clean.stdout

    (work / "src" / "training" / "train.py").write_text("gamma = 0.5\n", encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    blocked = scratch.pre_commit(*command)
    assert blocked.returncode == 1
    assert "exit code: 1" in blocked.stdout
    assert "gamma is given as a variable in code: 0.5" in blocked.stdout
    assert "src/training/train.py:1:9" in blocked.stdout
    assert "elsewhere.py:" not in blocked.stdout

    soon = datetime.now(UTC) + timedelta(days=2, hours=4, minutes=30)
    advises = f"enforcement: {{mode: advise, block_from: {soon:%Y-%m-%dT%H:%M:%SZ}}}\nspec:"
    (work / "policies" / "g5.yaml").write_text(GOVERNED.replace("spec:", advises), encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    advised = scratch.pre_commit(*command)
    assert advised.returncode == 0, advised.stdout
    assert "src/training/train.py:1:9" in advised.stdout
    assert "blocks in 2 d 4 h" in advised.stdout


def test_a_story_that_is_ready_passes_and_one_that_is_not_is_blocked(scratch: Scratch) -> None:
    command = ("try-repo", "../hooks", "cvnpolicy-readiness", "--verbose")
    work = scratch.folder / "work"
    for name, text in {"policies/ready.yaml": READY, "stories/S1/ready.md": STORY}.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    clean = scratch.pre_commit(*command)
    assert clean.returncode == 0, clean.stdout

    (work / "stories" / "S1" / "ready.md").write_text(STORY.replace("7 d", "24 h"), encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    blocked = scratch.pre_commit(*command)
    assert blocked.returncode == 1
    assert "exit code: 1" in blocked.stdout
    assert "stories/S1/ready.md:7:1" in blocked.stdout


def test_a_push_that_loosens_a_policy_is_stopped(scratch: Scratch) -> None:
    command = ("try-repo", "../hooks", "cvnpolicy-check", "--hook-stage", "pre-push", "--verbose")
    ready = scratch.folder / "work" / "policies" / "ready.yaml"
    ready.write_text(READY, encoding="utf-8")
    scratch.must("work", "git", "add", "--all")
    scratch.must("work", "git", "commit", "--quiet", "--message", "In force")
    scratch.must("work", "git", "update-ref", "refs/remotes/origin/main", "HEAD")
    clean = scratch.pre_commit(*command)
    assert clean.returncode == 0, clean.stdout
    assert "judged by the policies of the base, which it leaves as they are" in clean.stdout

    ready.unlink()
    scratch.must("work", "git", "add", "--all")
    scratch.must("work", "git", "commit", "--quiet", "--message", "Less to do")
    stopped = scratch.pre_commit(*command)
    assert stopped.returncode == 1
    assert "exit code: 1" in stopped.stdout
    assert "the policy is gone" in stopped.stdout
