"""Every statistic has its definition, and every worked example in it gives the answer that it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cvnpolicy import api
from cvnpolicy.app.explain import explain
from cvnpolicy.app.rule_text import statistic_text
from cvnpolicy.cli.main import run
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.markdown.parse import parse
from tests.support.documents import blocks
from tests.support.tree import write_tree
from tools.reference.statistics import AT, CATALOG, CONFIGURATION, folded, statistics

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "cvnpolicy" / "app" / "statistics"

_SAYS = re.compile(
    r"^\* `(?P<measure>\{[^`]+\})`\s+"
    r"(?:answers `(?P<value>[^`]+)`, from (?P<samples>\d+) samples?"
    r"|is (?P<outcome>inconclusive|no data|an error): (?P<reason>[^*]+?))\.$",
    re.MULTILINE,
)
_OUTCOMES = {"inconclusive": Outcome.INCONCLUSIVE, "no data": Outcome.NO_DATA, "an error": Outcome.ERROR}


@dataclass(frozen=True)
class Example:
    """A measure of the tables in front of it, and what is said of its answer."""

    measure: str
    files: Mapping[str, str]
    said: re.Match[str]


def examples(text: str) -> Iterator[Example]:
    """The tables that are shown last before a measure are the ones that it is about."""
    tables = blocks(text)
    for said in _SAYS.finditer(text):
        before = {block.title: block.body for block in tables if block.title and block.span[1] < said.start()}
        yield Example(said["measure"], before, said)


EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name in folded()
    for number, example in enumerate(examples(statistic_text(name) or ""))
]


def finding(measure: str, files: Mapping[str, str], root: Path, limit: str = "unset") -> Finding:
    """Judge a measure on its tables, as a user would."""
    policy = f"""\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {{name: example, title: The example, owner: "@you"}}
spec:
  baselines:
    training: {{dataset: training}}
  checks:
    - {{id: it, measure: {measure}, warn_if: "{limit}", because: only its number is wanted}}
"""
    write_tree(root, {"cvnpolicy.yaml": CONFIGURATION, "policies/events.yaml": CATALOG})
    (root / "policies" / "example.yaml").write_text(policy, encoding="utf-8")
    write_tree(root, files)
    (found,) = api.evaluate(api.load(root), at=AT, only=["example/it"]).findings
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_answers_what_it_says(example: Example, tmp_path: Path) -> None:
    found, said = finding(example.measure, example.files, tmp_path), example.said
    if said["outcome"]:
        assert found.outcome is _OUTCOMES[said["outcome"]], found.message
        assert " ".join(said["reason"].split()) in found.message
    else:
        assert found.measured is not None, found.message
        assert (f"{found.measured:.6g}", found.samples) == (said["value"], int(said["samples"]))


def rows(header: str, *lines: str) -> str:
    """A CSV file of one row an hour."""
    body = [f"2026-05-04T{hour:02}:00:00Z,{line}\n" for hour, line in enumerate(lines)]
    return "".join([f"ts,{header}\n", *body])


X = "columns: [x], window: 24h}"
F1 = "{statistic: f1, dataset: rows, columns: [truth, predicted], window: 24h}"
TWO = f"dataset: rows, reference: training, {X}"
COVERAGE = "{statistic: coverage, dataset: rows, expect: {x: [1, 2]}, window: 24h}"
NAN, UNDEFINED = "the measurement is not finite", "the statistic is undefined for these rows"


@pytest.mark.parametrize(
    ("measure", "table", "answer"),
    [
        (f"{{statistic: distinct, dataset: rows, {X}", rows("x", "", ""), (0, 0)),
        (f"{{statistic: distinct, dataset: rows, {X}", rows("x", "1", "inf"), NAN),
        (f"{{statistic: distinct, dataset: rows, {X}", rows("x"), "no rows in the window"),
        (f"{{statistic: duplicates, dataset: rows, {X}", rows("x", "nan", "1", "NaN"), (1, 3)),
        (f"{{statistic: duplicates, dataset: rows, {X}", rows("x"), "no rows in the window"),
        (COVERAGE, rows("x"), "no rows in the window"),
        (COVERAGE, rows("x", "3", ""), (0, 2)),
        (F1, rows("truth,predicted", "0,0", "0,0"), UNDEFINED),
        (F1, rows("truth,predicted", "1,1", "1,", ",0"), (1, 1)),
        (F1, rows("truth,predicted", "1,1", "1,nan"), NAN),
        (F1, rows("truth,predicted", "1,true"), "is not a number"),
        (F1.replace("truth, predicted", "predicted, truth"), rows("truth,predicted", "1,1", "1,0"), (2 / 3, 2)),
        (f"{{statistic: last, dataset: rows, {X}", rows("x", "1", "inf"), NAN),
        (f"{{statistic: last, dataset: rows, {X}", rows("x", "inf", "1"), (1, 2)),
        (f"{{statistic: delta, dataset: rows, {X}", rows("x", "inf", "1"), NAN),
        (f"{{statistic: delta, dataset: rows, {X}", rows("x", "1", "nan", "3"), (2, 3)),
        (f"{{statistic: delta, dataset: rows, {X}", rows("x", "", "4"), (0, 1)),
        (f"{{statistic: delta, dataset: rows, {X}", rows("x", ""), UNDEFINED),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "5"), (0, 1)),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "5", "5", "0", "0"), (0, 4)),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "5", "", "4"), (4, 2)),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "1", "nan", "3"), NAN),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "", ""), UNDEFINED),
        (f"{{statistic: increase, dataset: rows, {X}", rows("x", "9007199254740993", "9007199254740995"), (2, 2)),
        (f"{{statistic: max, dataset: rows, {X}", rows("x", "1", "inf"), NAN),
        (f"{{statistic: p99, dataset: rows, {X}", rows("x", "7"), (7, 1)),
        (f"{{statistic: p99, dataset: rows, {X}", rows("x", "1", "-inf"), NAN),
        (f"{{statistic: mean, dataset: rows, over: [fold], {X}", rows("x,fold", "1,1", "2,1"), "2 rows for fold 1"),
        (f"{{statistic: mean, dataset: rows, over: [fold], {X}", rows("x,fold", "1,1", "2,"), "have no fold"),
        (f"{{statistic: ks_pvalue, {TWO}", rows("x", "nan", "inf"), "0 samples (2 values are missing or not finite)"),
        (f"{{statistic: ks_statistic, {TWO}", rows("x", "1", "nan", "", "1.5"), (0.5, 2)),
        (f"{{statistic: psi, {TWO}", rows("x", "1", "2"), (0, 2)),
        (f"{{statistic: mean_shift, {TWO}", rows("x", "1", "2"), (0, 2)),
        (f"{{statistic: mean_shift, {TWO}", rows("x", "0.5"), (-(2**0.5), 1)),
        (f"{{statistic: mean_shift, {TWO}", rows("x", "nan", ""), "0 samples (2 values are missing or not finite)"),
        (f"{{statistic: mean_shift, {TWO}", rows("x"), "no rows in the window"),
        (f"{{statistic: missing, dataset: rows, {X}", rows("x", "1", "2"), (0, 2)),
        (f"{{statistic: missing, dataset: rows, {X}", rows("x", "nan", ""), (1, 2)),
        (f"{{statistic: missing, dataset: rows, {X}", rows("x", "a", "nan", ""), (1 / 3, 3)),
        (f"{{statistic: missing, dataset: rows, {X}", rows("x", "a", "nan", "1"), "'a' in rows.csv row 1 is not a"),
        (f"{{statistic: missing, dataset: rows, {X}", rows("x"), "no rows in the window"),
    ],
)  # fmt: skip
def test_the_edges_are_as_the_definitions_say(
    measure: str, table: str, answer: str | tuple[float, int], tmp_path: Path
) -> None:
    found = finding(measure, {"rows.csv": table, "training.csv": "x\n1\n2\n"}, tmp_path)
    if isinstance(answer, str):
        assert answer in found.message
    else:
        assert found.measured == pytest.approx(answer[0]), found.message
        assert found.samples == answer[1]


@pytest.mark.parametrize(
    ("limit", "outcome"), [("> 0", Outcome.WARN), ("> 1", Outcome.INCONCLUSIVE), ("< 1", Outcome.PASS)]
)
def test_a_count_of_events_without_a_heartbeat_is_a_lower_bound(limit: str, outcome: Outcome, tmp_path: Path) -> None:
    log = {"events.log": "ts=2026-05-04T01:00:00Z event=alone\n"}
    assert finding("{statistic: count, event: alone, window: 24h}", log, tmp_path, limit).outcome is outcome


@pytest.mark.parametrize("statistic", ["psi", "ks_pvalue", "mean_shift"])
def test_a_reference_without_values_is_no_data(statistic: str, tmp_path: Path) -> None:
    found = finding(
        f"{{statistic: {statistic}, {TWO}", {"rows.csv": rows("x", "1"), "training.csv": "x\nnan\n"}, tmp_path
    )
    assert (found.outcome, "the reference has 0 samples" in found.message) == (Outcome.NO_DATA, True)


def test_every_statistic_has_its_text_and_its_examples() -> None:
    files = {path.stem for path in FOLDER.iterdir()}
    assert files == {name if name != "p50" else "percentile" for name in folded()}
    for name in STATISTICS:
        text = statistic_text(name)
        assert text is not None
        assert text.startswith("## p50 to p99\n\n" if re.fullmatch(r"p\d\d", name) else f"## {name}\n\n")
        assert text.endswith(".\n")
        assert any(example.said["value"] for example in examples(text)), name
        assert len(list(examples(text))) == text.count("\n* `{"), f"{name}: an example that the test does not read"
        assert max(map(len, text.splitlines())) <= 120
    assert statistic_text("median") is None


def test_every_statistic_says_what_a_sample_is_and_when_there_is_no_data() -> None:
    for name in folded():
        text = " ".join((statistic_text(name) or "").split())
        assert re.search(r"\b[Aa] sample is a", text), name
        assert "no data" in text, name


def test_the_page_is_the_table_and_what_explain_prints(capfd, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    page, done = statistics(), -1
    for name in folded():
        assert run(["explain", name]) == 0
        printed = capfd.readouterr().out
        assert printed == explain(name, None)
        at = page.find(f"\n{printed}")
        assert at > done, name
        done = at
    assert page.endswith(printed)
    assert run(["explain", "p99"]) == 0
    assert capfd.readouterr().out == explain("p50", None)


def test_the_headings_of_the_page_are_the_statistics() -> None:
    titles = [heading.text for heading in parse(statistics(), "statistics.md").headings]
    assert titles == ["Statistics", *(name if name != "p50" else "p50 to p99" for name in folded())]


def test_no_definition_has_a_link() -> None:
    """It is read on a terminal too, where a link into the page leads nowhere."""
    assert [name for name in folded() if parse(statistic_text(name) or "", name).links] == []
