"""The same files and the same instant give the same bytes; saved evidence replays; tampered evidence is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.core.time import parse_instant, rfc3339
from tests.support.process import run_command
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
FAIL, USAGE, INVALID, UNDECIDED = 1, 2, 3, 4

CONFIGURATION = """
    policies: policies
    sets: {symbols: [ETH, BTC, SOL]}
    environments:
      default:
        live: {type: csv, path: "live/*.csv", time: ts}
        training: {type: csv, path: training.csv, time: ts}
        events: {type: logfmt, path: "logs/*.log"}
        facts: {type: yaml, path: facts.yaml}
    """
POLICIES = """
    apiVersion: cvnpolicy/v1
    kind: EventCatalog
    metadata: {name: catalog, title: Events, owner: "@me"}
    spec: {events: {started: {fields: {model: str}, heartbeat: 12h}}}
    ---
    apiVersion: cvnpolicy/v1
    kind: DriftPolicy
    metadata: {name: drift, title: Drift, owner: "@me"}
    spec:
      baselines: {training: {dataset: training}, before: {window: 28d}}
      facts: {mode: {}, children: {}}
      checks:
        - id: ks
          measure: {statistic: ks_pvalue, dataset: live, columns: [a, b], reference: training, window: 7d}
          by: {feature: columns, symbol: symbols}
          every: 1d
          warn_if: "< 0.01"
          severity: P3
          escalate: [{after: 2d, to: P1}]
        - id: psi
          measure: {statistic: psi, dataset: live, columns: [a], reference: training, window: 7d}
          crit_if: "> 9"
        - id: mean
          measure: {statistic: mean, dataset: live, columns: [b], window: 7d}
          by: {symbol: symbols}
          pass_if: "<= 2 * before"
        - {id: std, measure: {statistic: std, dataset: live, columns: [b], window: 7d}, crit_if: "> 100"}
        - id: cells
          measure: {statistic: coverage, dataset: live, expect: {symbol: symbols}, window: 7d}
          pass_if: "== 100%"
        - {id: tree, warn_if: {any: [{check: "*", is: [warn], groups: ">= 2"}, {fact: mode, is: [halted]}]}}
        - {id: count, measure: {statistic: count, event: started, window: 24h}, by: {model: [x, y]}, crit_if: "> 100"}
        - {id: open, crit_if: {fact: children, where: {status: [open]}, count: "> 1"}}
    """


def table(shift: float, first: int, last: int) -> str:
    """Rows of so many days before the instant asked about, three symbols every three hours."""
    end = parse_instant(AT)
    instants = [end - timedelta(days=first) + timedelta(hours=3 * step) for step in range(8 * (first - last))]
    rows = [
        f"{rfc3339(instant)},{symbol},{(instant.day * 7 + instant.hour * 3 + n) % 23 + shift},{instant.hour / 7 + n}"
        for instant in instants
        for n, symbol in enumerate(("BTC", "ETH", "SOL"))
    ]
    return "\n".join(["ts,symbol,a,b", *rows]) + "\n"


FILES = {
    "cvnpolicy.yaml": CONFIGURATION,
    "policies/all.yaml": POLICIES,
    "live/new.csv": table(9, 7, 0),
    "live/old.csv": table(0, 28, 7),
    "training.csv": table(0, 28, 7),
    "logs/a.log": "".join(
        f"ts=2026-06-0{day}T{hour:02d}:00:00Z event=started model={model}\n"
        for day in (6, 7)
        for hour in (3, 9, 15, 21)
        for model in ("x", "y")
    ),
    "facts.yaml": """
        facts:
          mode: {value: real, at: 2026-06-01T00:00:00Z}
          children: {items: [{status: open}, {id: 1}]}
        """,
}
DATA = ("live", "training.csv", "logs", "facts.yaml")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository evaluated once, with its report and its evidence."""
    root = write_tree(tmp_path_factory.mktemp("saved"), FILES)
    assert evaluate(root, "--at", AT, "--save-evidence", str(root / "evidence.json")) == UNDECIDED
    shutil.copy(root / "report.json", root / "first.json")
    return root


@pytest.fixture
def repository(saved: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(saved, tmp_path / "copy"))


def evaluate(root: Path, *arguments: str) -> int:
    output = ["--format", "json", "--output", str(root / "report.json")]
    return run(["evaluate", "--config", str(root / "cvnpolicy.yaml"), *output, *arguments])


def test_the_example_has_an_answer_of_each_sort(saved):
    """Or the tests below would compare little."""
    outcomes = {finding["outcome"] for finding in json.loads((saved / "first.json").read_text())["findings"]}
    assert {"pass", "warn", "inconclusive"} <= outcomes


def test_two_hash_seeds_give_the_same_bytes(repository):
    """Sets and dictionaries must not decide the order of anything."""
    seen = []
    for seed in ("0", "1"):
        evidence = f"evidence-{seed}.json"
        done = run_command(
            "evaluate", "--at", AT, "--format", "json", "--save-evidence", evidence, cwd=repository, PYTHONHASHSEED=seed
        )
        assert (done.returncode, done.stderr) == (UNDECIDED, "")
        seen.append((done.stdout, (repository / evidence).read_bytes()))
    assert seen[0] == seen[1]
    assert seen[0][0] == (repository / "first.json").read_text()


def test_and_so_does_the_page(repository):
    pages = {
        run_command("evaluate", "--evidence", "evidence.json", "--verbose", cwd=repository, PYTHONHASHSEED=seed).stdout
        for seed in ("0", "1")
    }
    assert len(pages) == 1
    assert "VERDICT" in pages.pop()


def test_the_order_of_files_and_rows_does_not_matter_where_it_has_no_meaning(repository):
    rows = (repository / "live/new.csv").read_text().splitlines()
    (repository / "live/new.csv").unlink()
    write_tree(
        repository,
        {"live/z.csv": "\n".join([rows[0], *rows[-50:]]) + "\n", "live/a.csv": "\n".join(rows[:-50]) + "\n"},
    )
    assert evaluate(repository, "--at", AT) == UNDECIDED
    found, first = (json.loads((repository / name).read_text()) for name in ("report.json", "first.json"))
    assert found["findings"] == first["findings"]


@pytest.mark.parametrize("gone", [False, True], ids=["with the data", "without it"])
def test_saved_evidence_replays_to_the_same_report(repository, gone):
    if gone:
        for name in DATA:
            path = repository / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    evidence = str(repository / "evidence.json")
    assert evaluate(repository, "--evidence", evidence) == UNDECIDED
    assert (repository / "report.json").read_bytes() == (repository / "first.json").read_bytes()
    assert evaluate(repository, "--evidence", evidence, "--at", AT) == UNDECIDED  # the same instant may be said


def test_without_the_data_and_without_evidence_nothing_passes(repository):
    for name in DATA:
        path = repository / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert evaluate(repository, "--at", AT) == UNDECIDED
    assert "pass" not in {
        finding["outcome"] for finding in json.loads((repository / "report.json").read_text())["findings"]
    }


def test_evidence_is_judged_by_the_policy_as_it_is_now(repository):
    """A tighter limit fails on the recorded numbers: a backtest."""
    text = (repository / "policies/all.yaml").read_text()
    (repository / "policies/all.yaml").write_text(text.replace('crit_if: "> 100"', 'crit_if: "> 0.5"'))
    assert evaluate(repository, "--evidence", str(repository / "evidence.json")) == FAIL


def test_a_question_that_was_not_recorded_is_an_error(repository):
    text = (repository / "policies/all.yaml").read_text()
    (repository / "policies/all.yaml").write_text(
        text.replace("columns: [b], window: 7d}, crit_if", "columns: [a], window: 6d}, crit_if")
    )
    evaluate(repository, "--evidence", str(repository / "evidence.json"))
    found = {finding["id"]: finding for finding in json.loads((repository / "report.json").read_text())["findings"]}
    assert found["drift/std"]["outcome"] == "error"
    assert "not in the" in found["drift/std"]["message"]


def test_the_hash_in_the_report_is_that_of_the_evidence(repository):
    report = json.loads((repository / "first.json").read_text())
    evidence = json.loads((repository / "evidence.json").read_text())
    assert report["evidence_sha256"] == evidence["sha256"]
    assert report["at"] == evidence["at"] == AT
    body = {key: evidence[key] for key in ("at", "answers")}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == evidence["sha256"]


def changed_value(text: str) -> str:
    evidence = json.loads(text)
    for answer in evidence["answers"]:
        for group in _values(answer):
            group["value"] = 0
    return json.dumps(evidence)


def _values(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        own = [node] if "value" in node and "samples" in node else []
        return own + [found for part in node.values() for found in _values(part)]
    if isinstance(node, list):
        return [found for part in node for found in _values(part)]
    return []


def with_key(key: str, value: object) -> Any:
    def change(text: str) -> str:
        return json.dumps({**json.loads(text), key: value})

    return change


TAMPERED = {
    "a number": changed_value,
    "the instant": with_key("at", "2026-06-09T00:00:00Z"),
    "the hash": with_key("sha256", "0" * 64),
    "no answers": with_key("answers", []),
    "another schema": with_key("schema", "cvnpolicy.evidence/v9"),
    "one more key": with_key("extra", 1),
    "cut off": lambda text: text[: len(text) // 2],
    "empty": lambda _text: "",
    "a list": lambda _text: "[]",
    "not JSON": lambda _text: "at: now",
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_tampered_evidence_is_refused(repository, change, capfd):
    file = repository / "evidence.json"
    before = file.read_text()
    file.write_text(change(before))
    assert file.read_text() != before
    (repository / "report.json").unlink()
    assert evaluate(repository, "--evidence", str(file)) in (USAGE, INVALID)
    assert not (repository / "report.json").exists()
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_evidence_holds_for_its_own_instant_only(repository, capfd):
    evidence = str(repository / "evidence.json")
    for at in ("2026-06-09T00:00:00Z", "2026-06-08T00:00:00.000001Z", "2026-06-08T00:00:00+01:00"):
        assert evaluate(repository, "--evidence", evidence, "--at", at) == USAGE
        assert "2026-06-08" in capfd.readouterr().err
    assert evaluate(repository, "--evidence", evidence, "--at", "2026-06-08T02:00:00+02:00") == UNDECIDED


def test_reading_and_saving_exclude_one_another(repository):
    evidence = str(repository / "evidence.json")
    assert evaluate(repository, "--evidence", evidence, "--save-evidence", evidence) == USAGE


def test_an_environment_that_does_not_exist_is_refused_with_evidence_too(repository):
    assert evaluate(repository, "--evidence", str(repository / "evidence.json"), "--env", "prod") == USAGE


def test_part_of_the_report_is_part_of_it(repository):
    """`--only` leaves out findings; it changes none."""
    evaluate(repository, "--at", AT, "--only", "drift/mean", "--only", "drift/tree")
    part = json.loads((repository / "report.json").read_text())["findings"]
    whole = json.loads((repository / "first.json").read_text())["findings"]
    assert part == [finding for finding in whole if finding["id"] in ("drift/mean", "drift/tree")]
    assert part
