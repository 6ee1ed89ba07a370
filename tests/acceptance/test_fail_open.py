"""Ways in which other gates let a bad thing pass. Each with real files, and with a harmless twin that does pass."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.core.evidence import Evidence
from tests.support.environment import child_environment
from tests.support.process import run_command, run_python
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
PASS, FAIL, USAGE, INVALID, UNDECIDED, NOTHING = 0, 1, 2, 3, 4, 5

CONFIGURATION = """
    policies: policies
    sets: {symbols: [BTC, ETH, SOL]}
    environments:
      default:
        ftf: {type: csv, path: ftf.csv}
        live: {type: csv, path: live.csv, time: ts}
        events: {type: logfmt, path: "logs/*.log"}
        facts: {type: yaml, path: facts.yaml}
    """
CATALOG = """\
apiVersion: cvnpolicy/v1
kind: EventCatalog
metadata: {name: catalog, title: Events, owner: "@me"}
spec:
  events:
    training_started: {fields: {model: str}, heartbeat: 12h}
    fallback: {fields: {model: str}, alive_with: training_started}
"""


def policy(check: str, head: str = "", spec: str = "") -> str:
    """A policy of one check."""
    lines = [
        "apiVersion: cvnpolicy/v1",
        "kind: DriftPolicy",
        'metadata: {name: p, title: Title, owner: "@me"}',
        *dedent(head).strip().splitlines(),
        "spec:",
        *(f"  {line}" for line in dedent(spec).strip().splitlines()),
        "  checks:",
        f"    - {check}",
    ]
    return "\n".join(lines) + "\n"


def repository(root: Path, files: Mapping[str, str | bytes]) -> Path:
    return write_tree(root, {"cvnpolicy.yaml": CONFIGURATION, **files})


def evaluate(root: Path, *arguments: str) -> int:
    """Evaluate in this process; the report is `report.json`."""
    output = ["--format", "json", "--output", str(root / "report.json")]
    return run(["evaluate", "--config", str(root / "cvnpolicy.yaml"), "--at", AT, *output, *arguments])


def findings(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((root / "report.json").read_text(encoding="utf-8"))["findings"]
    return found


def outcomes(root: Path) -> list[str]:
    return [finding["outcome"] for finding in findings(root)]


def live(*values: object, symbol: str = "BTC") -> str:
    """A table with a row an hour before the instant asked about."""
    rows = [f"2026-06-07T{hour:02}:00:00Z,{symbol},{value}" for hour, value in enumerate(values)]
    return "\n".join(["ts,symbol,value", *rows]) + "\n"


def log(*events: str, hours: tuple[int, ...] = (2, 8, 14, 20)) -> str:
    """Four lines a day: a heartbeat of twelve hours."""
    beats = [f"ts=2026-06-0{day}T{hour:02}:00:00Z event=training_started model=x" for day in (6, 7) for hour in hours]
    return "\n".join([*beats, *(f"ts=2026-06-07T12:00:00Z event={event} model=x" for event in events)]) + "\n"


MEAN = "measure: {statistic: mean, dataset: live, columns: [value], window: 24h}"


# --- groups


BUYS = policy(
    "{id: buys, measure: {statistic: sum, dataset: ftf, columns: [buys], window: run},"
    ' by: {fold: [1, 2, 3, 4, 5]}, pass_if: ">= 50"}'
)


@pytest.mark.parametrize(("buys", "code"), [([60, 0, 0, 0, 0], FAIL), ([60, 50, 55, 70, 51], PASS)])
def test_one_good_fold_does_not_speak_for_the_others(tmp_path, buys, code):
    table = "fold,buys\n" + "".join(f"{fold},{count}\n" for fold, count in enumerate(buys, start=1))
    root = repository(tmp_path, {"policies/p.yaml": BUYS, "ftf.csv": table})
    assert evaluate(root) == code
    (finding,) = findings(root)
    assert [group["outcome"] for group in finding["groups"]] == ["pass" if count >= 50 else "fail" for count in buys]


@pytest.mark.parametrize("polarity", ["crit_if: '> 1'", "pass_if: '<= 1'"])
@pytest.mark.parametrize(("symbols", "code"), [(["BTC", "ETH"], UNDECIDED), (["BTC", "ETH", "SOL"], PASS)])
def test_a_group_that_never_reported_does_not_pass(tmp_path, polarity, symbols, code):
    table = "ts,symbol,value\n" + "".join(f"2026-06-07T12:00:00Z,{symbol},0.5\n" for symbol in symbols)
    text = policy(f"{{id: c, {MEAN}, by: {{symbol: symbols}}, {polarity}}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": table})
    assert evaluate(root) == code
    if code == UNDECIDED:
        groups = [group for finding in findings(root) for group in (finding["groups"] or [finding])]
        assert {group["group"]["symbol"]: group["outcome"] for group in groups}["SOL"] == "no_data"


# --- numbers


@pytest.mark.parametrize("polarity", ["crit_if: '> 1'", "crit_if: '< 1'", "pass_if: '<= 1'", "pass_if: '!= 5'"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_neither_good_nor_bad(tmp_path, polarity, value):
    root = repository(
        tmp_path, {"policies/p.yaml": policy(f"{{id: c, {MEAN}, {polarity}}}"), "live.csv": live(0.5, value)}
    )
    assert evaluate(root) == UNDECIDED
    assert outcomes(root) == ["inconclusive"]


def test_a_number_is(tmp_path):
    root = repository(
        tmp_path, {"policies/p.yaml": policy(f"{{id: c, {MEAN}, crit_if: '> 1'}}"), "live.csv": live(0.5, 0.6)}
    )
    assert evaluate(root) == PASS


RATIO = policy(
    "{id: c, measure: {statistic: ratio, event: fallback, total: {event: training_started}, window: 24h},"
    " crit_if: '> 5%'}"
)


@pytest.mark.parametrize(
    ("text", "code", "outcome"),
    [
        ("ts=2026-05-01T00:00:00Z event=training_started model=x\n", UNDECIDED, "no_data"),  # 0 of 0
        ("ts=2026-06-07T12:00:00Z event=fallback model=x\n", UNDECIDED, "no_data"),  # 1 of 0
        (log(), PASS, "pass"),
        (log("fallback"), FAIL, "fail"),
    ],
)
def test_a_ratio_to_nothing_is_no_zero(tmp_path, text, code, outcome):
    root = repository(tmp_path, {"policies/c.yaml": CATALOG, "policies/p.yaml": RATIO, "logs/a.log": text})
    assert evaluate(root) == code
    assert outcomes(root) == [outcome]


COUNTER = policy("{id: c, measure: {statistic: count, event: fallback, window: 24h}, crit_if: '> 0'}")


@pytest.mark.parametrize(
    ("text", "code", "outcome"),
    [
        ("", UNDECIDED, "no_data"),
        ("ts=2026-05-01T00:00:00Z event=training_started model=x\n", UNDECIDED, "no_data"),
        (log(hours=(2,)), UNDECIDED, "no_data"),  # twice silent for longer than twelve hours
        (log(), PASS, "pass"),
        (log("fallback"), FAIL, "fail"),
        (log("fallback", hours=(2,)), FAIL, "fail"),  # more may have happened unseen; this did
    ],
)
def test_a_counter_of_a_dead_source_is_no_zero(tmp_path, text, code, outcome):
    root = repository(tmp_path, {"policies/c.yaml": CATALOG, "policies/p.yaml": COUNTER, "logs/a.log": text})
    assert evaluate(root) == code
    assert outcomes(root) == [outcome]


def test_a_message_that_quotes_an_event_is_none(tmp_path):
    quoted = log() + 'ts=2026-06-07T13:00:00Z event=note msg="saw event=fallback today"\n'
    root = repository(tmp_path, {"policies/c.yaml": CATALOG, "policies/p.yaml": COUNTER, "logs/a.log": quoted})
    assert evaluate(root) == PASS


@pytest.mark.parametrize(("condition", "code"), [("unset", UNDECIDED), ("<= 1", PASS)])
def test_a_limit_that_nobody_wrote_does_not_pass(tmp_path, condition, code):
    text = policy(f'{{id: c, {MEAN}, pass_if: "{condition}", because: the runbook gives none}}')
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(0.5)})
    assert evaluate(root) == code
    assert outcomes(root) == ["inconclusive" if code else "pass"]


@pytest.mark.parametrize(("samples", "code"), [(3, UNDECIDED), (2, PASS)])
def test_too_few_rows_do_not_pass(tmp_path, samples, code):
    text = policy(f"{{id: c, {MEAN}, crit_if: '> 1', min_samples: {samples}}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(0.5, 0.5)})
    assert evaluate(root) == code


def test_rows_outside_the_window_are_no_rows(tmp_path):
    old = "ts,symbol,value\n2026-06-06T23:59:59Z,BTC,0.5\n2026-06-08T00:00:00Z,BTC,0.5\n"
    root = repository(tmp_path, {"policies/p.yaml": policy(f"{{id: c, {MEAN}, crit_if: '> 1'}}"), "live.csv": old})
    assert evaluate(root) == UNDECIDED
    assert outcomes(root) == ["no_data"]
    (root / "live.csv").write_text(old + "2026-06-07T00:00:00Z,BTC,0.5\n")  # the first instant of the window
    assert evaluate(root) == PASS


# --- data that is not there


SIMPLE = policy(f"{{id: c, {MEAN}, crit_if: '> 1'}}")


def test_a_bound_file_that_is_missing_is_an_error(tmp_path):
    root = repository(tmp_path, {"policies/p.yaml": SIMPLE})
    assert evaluate(root) == UNDECIDED
    (finding,) = findings(root)
    assert finding["outcome"] == "error"
    assert "live.csv" in finding["message"]


@pytest.mark.parametrize(
    "content",
    ["", "ts,symbol\n2026-06-07T12:00:00Z,BTC\n", "ts,symbol,value\n2026-06-07T12:00:00,BTC,0.5\n", "\x00\x01"],
    ids=["empty", "without the column", "naive instants", "not text"],
)
def test_a_file_that_cannot_answer_is_an_error(tmp_path, content):
    root = repository(tmp_path, {"policies/p.yaml": SIMPLE, "live.csv": content})
    assert evaluate(root) == UNDECIDED
    assert outcomes(root) == ["error"]


def test_a_dataset_that_this_environment_does_not_bind_is_an_error(tmp_path):
    root = repository(tmp_path, {"policies/p.yaml": SIMPLE, "live.csv": live(0.5)})
    configuration = (root / "cvnpolicy.yaml").read_text()
    (root / "cvnpolicy.yaml").write_text(configuration + "  other:\n    ftf: {type: csv, path: ftf.csv}\n")
    assert evaluate(root, "--env", "other") == UNDECIDED
    assert outcomes(root) == ["error"]
    assert evaluate(root, "--env", "default") == PASS


def test_a_misspelt_dataset_is_a_problem_at_its_place(tmp_path, capfd):
    root = repository(tmp_path, {"policies/p.yaml": SIMPLE.replace("dataset: live", "dataset: liive")})
    for command in (["validate"], ["evaluate", "--at", AT]):
        assert run([*command, "--config", str(root / "cvnpolicy.yaml")]) == INVALID
        captured = capfd.readouterr()
        assert "policies/p.yaml:6:" in captured.out + captured.err
        assert "'liive'" in captured.out + captured.err
        assert "did you mean 'live'?" in captured.out + captured.err


@pytest.mark.parametrize("key", ["crit_iff", "by", "min_sample"])
def test_a_misspelt_key_is_not_ignored(tmp_path, key):
    text = policy(f"{{id: c, {MEAN}, crit_if: '> 1', {key}: 3}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(9)})
    assert evaluate(root) == INVALID


# --- policies that are not there


def test_an_empty_folder_of_policies_does_not_pass(tmp_path):
    root = repository(tmp_path, {"policies/README.md": "none yet"})
    assert evaluate(root) in (INVALID, NOTHING)
    assert run(["validate", "--config", str(root / "cvnpolicy.yaml")]) in (INVALID, NOTHING)


def test_nor_does_one_that_is_not_there_nor_an_empty_file(tmp_path):
    root = repository(tmp_path, {})
    assert evaluate(root) in (INVALID, NOTHING)
    write_tree(root, {"policies/p.yaml": "# nothing\n"})
    assert evaluate(root) in (INVALID, NOTHING)


def test_declarations_alone_are_nothing_to_check(tmp_path):
    root = repository(tmp_path, {"policies/c.yaml": CATALOG})
    assert evaluate(root) == NOTHING
    assert json.loads((root / "report.json").read_text())["verdict"] != "pass"
    assert run(["validate", "--config", str(root / "cvnpolicy.yaml")]) == PASS


def test_one_invalid_document_stops_the_others(tmp_path):
    root = repository(
        tmp_path, {"policies/p.yaml": SIMPLE, "policies/q.yaml": "apiVersion: cvnpolicy/v1\n", "live.csv": live(0.5)}
    )
    assert evaluate(root) == INVALID
    (root / "policies/q.yaml").unlink()
    assert evaluate(root) == PASS


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_link_out_of_the_repository_is_refused(tmp_path, kind):
    outside = tmp_path / "outside"
    write_tree(outside, {"p.yaml": SIMPLE})
    root = repository(tmp_path / "in", {"policies/q.yaml": SIMPLE.replace("name: p", "name: q"), "live.csv": live(0.5)})
    link = root / "policies" / ("linked" if kind == "folder" else "linked.yaml")
    link.symlink_to(outside if kind == "folder" else outside / "p.yaml", target_is_directory=kind == "folder")
    assert evaluate(root) == INVALID
    link.unlink()
    write_tree(root, {"more/p.yaml": SIMPLE})
    link.symlink_to(root / "more" if kind == "folder" else root / "more/p.yaml", target_is_directory=kind == "folder")
    assert evaluate(root) == PASS  # a link that stays inside
    assert [finding["id"] for finding in findings(root)] == ["p/c", "q/c"]


@pytest.mark.parametrize(
    "paths", [[], ["policies"], ["policies/linked"], ["policies/linked/p.yaml"], ["policies/q.yaml"]]
)
def test_a_folder_of_policies_means_what_is_linked_into_it_too(tmp_path, paths):
    """A path chooses what is judged; it must not lose a policy that fails."""
    bad = SIMPLE.replace("> 1", "> 0.1")
    root = repository(
        tmp_path,
        {"policies/q.yaml": SIMPLE.replace("name: p", "name: q"), "more/p.yaml": bad, "live.csv": live(0.5)},
    )
    (root / "policies" / "linked").symlink_to(root / "more", target_is_directory=True)
    only_q = paths == ["policies/q.yaml"]
    assert evaluate(root, *(str(root / path) for path in paths)) == (PASS if only_q else FAIL)
    assert ("p/c" in [finding["id"] for finding in findings(root)]) is not only_q


def test_a_binding_may_not_lead_out_of_the_data(tmp_path):
    outside = write_tree(tmp_path / "outside", {"live.csv": live(0.5)})
    root = repository(tmp_path / "in", {"policies/p.yaml": SIMPLE})
    (root / "live.csv").symlink_to(outside / "live.csv")
    assert evaluate(root) == UNDECIDED
    assert outcomes(root) == ["error"]


# --- the command line


@pytest.fixture
def passing(tmp_path: Path) -> Path:
    return repository(tmp_path, {"policies/p.yaml": SIMPLE, "live.csv": live(0.5)})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--env", "prod"], "prod"),
        (["--env", "defualt"], "did you mean 'default'?"),
        (["--only", "p/d"], "p/d"),
        (["--only", "q"], "q"),
        (["--only", ""], ""),
        (["--only", "p/c", "--only", "p/d"], "p/d"),
        (["--frmat", "json"], "--frmat"),
        (["--evidence", "missing.json"], "missing.json"),
    ],
)
def test_a_word_that_means_nothing_is_refused(passing, capfd, arguments, says):
    assert evaluate(passing, *arguments) in (USAGE, INVALID)
    assert says in capfd.readouterr().err
    assert not (passing / "report.json").exists()


@pytest.mark.parametrize("name", ["jsn", "sarif2", "", "JSON"])
def test_an_unknown_format_does_not_fall_back(passing, capfd, name):
    arguments = ["evaluate", "--config", str(passing / "cvnpolicy.yaml"), "--at", AT, "--format", name]
    assert run(arguments) == USAGE
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments", [[], ["--only", "p"], ["--only", "p/c"], ["--only", "p/*"], ["--only", "*"], ["--env", "default"]]
)
def test_the_twins_pass(passing, arguments):
    assert evaluate(passing, *arguments) == PASS
    assert outcomes(passing) == ["pass"]


@pytest.mark.parametrize("at", ["2026-06-08", "2026-06-08T00:00:00", "yesterday", ""])
def test_an_instant_has_a_zone(passing, at):
    assert run(["evaluate", "--config", str(passing / "cvnpolicy.yaml"), "--at", at]) == USAGE


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_instant_at_the_end_of_the_calendar_is_no_defect(passing, at):
    assert run(["evaluate", "--config", str(passing / "cvnpolicy.yaml"), "--at", at]) in (USAGE, UNDECIDED)


def test_a_report_that_cannot_be_written_is_no_pass(passing):
    arguments = ["evaluate", "--config", str(passing / "cvnpolicy.yaml"), "--at", AT]
    assert run([*arguments, "--output", str(passing / "no" / "folder.txt")]) == USAGE
    assert run([*arguments, "--save-evidence", str(passing / "no" / "folder.json")]) == USAGE


# --- enforcement


def waiver(expires: str) -> str:
    return f"""
        waivers:
          - {{check: c, reason: an outage, approved_by: "@boss", expires: {expires}}}
        """


@pytest.mark.parametrize(
    ("expires", "code"),
    [("2026-06-08T00:00:00Z", FAIL), ("2026-06-07T00:00:00Z", FAIL), ("2026-06-08T00:00:01Z", PASS)],
)
def test_a_waiver_that_expired_excuses_nothing(tmp_path, expires, code):
    text = policy(f"{{id: c, {MEAN}, crit_if: '> 1'}}", head=waiver(expires))
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(9)})
    assert evaluate(root) == code
    found = {finding["rule"]: finding for finding in findings(root)}
    assert found["CVN201"]["outcome"] == "fail"
    assert found["CVN201"]["waived_by"] == (None if code else "@boss")
    assert ("CVN021" in found) == (code == FAIL)


@pytest.mark.parametrize(
    ("enforcement", "code"),
    [
        ("", FAIL),
        ("enforcement: {mode: block}", FAIL),
        ("enforcement: {mode: advise}", PASS),
        ("enforcement: {mode: advise, block_from: 2026-06-08T00:00:00Z}", FAIL),
        ("enforcement: {mode: advise, block_from: 2026-06-08T00:00:01Z}", PASS),
        ("enforcement: {mode: advise, review_by: 2026-06-01T00:00:00Z}", PASS),
        ("enforcement: {mode: advice}", INVALID),
    ],
)
def test_advice_is_told_and_does_not_fail(tmp_path, enforcement, code):
    text = policy(f"{{id: c, {MEAN}, crit_if: '> 1'}}", head=enforcement)
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(9)})
    assert evaluate(root) == code
    if code != INVALID:
        assert "fail" in outcomes(root)
    if "review_by" in enforcement:
        assert "CVN020" in [finding["rule"] for finding in findings(root)]


@pytest.mark.parametrize(("strict", "code"), [([], PASS), (["--strict"], FAIL)])
def test_a_warning_passes_unless_strict(tmp_path, strict, code):
    text = policy(f"{{id: c, {MEAN}, warn_if: '> 1'}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": live(9)})
    assert evaluate(root, *strict) == code
    assert outcomes(root) == ["warn"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("on_unknown: pass, because: it is new,", PASS),
        ("on_unknown: pass,", INVALID),
        ("on_unknown: fail,", FAIL),
        ("", UNDECIDED),
    ],
)
def test_the_unknown_passes_only_with_a_reason(tmp_path, written, code):
    text = policy(f"{{id: c, {MEAN}, {written} crit_if: '> 1'}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": "ts,symbol,value\n"})
    assert evaluate(root) == code


# --- conditions that can never fire


@pytest.mark.parametrize(
    "check",
    [
        f"{{id: c, {MEAN}, by: {{symbol: symbols}}, crit_if: '> 1', groups: '> 3'}}",
        "{id: c, crit_if: {fact: x, is: [liive]}}",
        "{id: c, crit_if: {fact: x, is: }}",
        "{id: c, crit_if: {all: }}",
        f"{{id: c, {MEAN}, crit_if: '> 2 * same'}}",
        f"{{id: c, {MEAN}, warn_if: '> 2', crit_if: '> 1'}}",
    ],
    ids=["more groups than there are", "a value the fact cannot have", "null", "no branches", "itself", "not implied"],
)
def test_a_condition_that_can_never_fire_is_refused(tmp_path, check):
    spec = "facts: {x: {values: [live, absent]}}\nbaselines: {same: {window: }}"
    root = repository(tmp_path, {"policies/p.yaml": policy(check, spec=spec), "live.csv": live(9)})
    assert run(["validate", "--config", str(root / "cvnpolicy.yaml")]) == INVALID


def test_the_twins_are_valid(tmp_path):
    spec = "facts: {x: {values: [live, absent]}}\nbaselines: {before: {window: 7d}}"
    for check in (
        f"{{id: c, {MEAN}, by: {{symbol: symbols}}, crit_if: '> 1', groups: '> 2'}}",
        "{id: c, crit_if: {fact: x, is: [live]}}",
        f"{{id: c, {MEAN}, crit_if: '> 2 * before'}}",
        f"{{id: c, {MEAN}, warn_if: '> 1', crit_if: '> 2'}}",
    ):
        root = repository(tmp_path, {"policies/p.yaml": policy(check, spec=spec)})
        assert run(["validate", "--config", str(root / "cvnpolicy.yaml")]) == PASS


# --- what breaks


HIDE = """
import sys

HIDDEN = {hidden!r}


class Hidden:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in HIDDEN else self.finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.finder, name)


sys.meta_path[:] = [Hidden(finder) for finder in sys.meta_path]
from cvnpolicy.cli.main import run

sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("part", ["duckdb", "numpy", "pyarrow", "scipy"])
def test_a_missing_extra_is_one_line_that_names_the_command(passing, part):
    done = run_python("-c", HIDE.format(hidden=[part]), "evaluate", "--at", AT, cwd=passing)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "pip install '.[tables]'" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_the_extra_everything_that_reads_no_rows_still_works(passing):
    hidden = ["duckdb", "numpy", "pandas", "pyarrow", "scipy"]
    done = run_python("-c", HIDE.format(hidden=hidden), "validate", cwd=passing)
    assert (done.returncode, done.stderr) == (PASS, "")
    write_tree(
        passing,
        {
            "policies/p.yaml": policy("{id: c, crit_if: {fact: x, is: [bad]}}", spec="facts: {x: {}}"),
            "facts.yaml": "facts: {x: {value: good}}\n",
        },
    )
    done = run_python("-c", HIDE.format(hidden=hidden), "evaluate", "--at", AT, cwd=passing)
    assert (done.returncode, done.stderr) == (PASS, "")


def test_a_defect_in_a_judge_is_an_error_and_the_others_still_report(passing, monkeypatch):
    write_tree(passing, {"policies/a.yaml": CATALOG + "---\n" + ALERT, "logs/a.log": log("fallback")})
    assert evaluate(passing) == FAIL
    assert {finding["id"]: finding["outcome"] for finding in findings(passing)} == {"p/c": "pass", "alerts/c": "fail"}

    from cvnpolicy.kinds.alert import judge

    def broken(*_arguments: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(judge, "_routed", broken)
    assert evaluate(passing) == UNDECIDED
    found = {finding["id"]: finding for finding in findings(passing)}
    assert {name: finding["outcome"] for name, finding in found.items()} == {"alerts": "error", "p/c": "pass"}
    assert found["alerts"]["rule"] == "CVN090"
    assert "RuntimeError: a defect" in found["alerts"]["message"]


ALERT = """\
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {name: alerts, title: Alerts, owner: "@me"}
spec:
  routes: {P2: "slack:#ops"}
  alerts:
    - {id: c, measure: {statistic: count, event: fallback, window: 24h}, crit_if: "> 0", severity: P2}
"""


def test_a_defect_elsewhere_is_no_pass_either(passing, monkeypatch, capfd):
    def broken(*_arguments: object) -> Evidence:
        raise RuntimeError("a defect")

    monkeypatch.setattr("cvnpolicy.app.evaluate.ask", broken)
    assert evaluate(passing) == 70
    assert "RuntimeError: a defect" in capfd.readouterr().err


@pytest.mark.parametrize(("value", "code"), [(9, FAIL), (0.5, PASS)])
def test_a_reader_that_goes_away_changes_no_verdict(tmp_path, value, code):
    """`cvnpolicy evaluate | head -1` under pipefail: the exit code still tells it."""
    rows = "ts,symbol,value\n" + "".join(f"2026-06-07T12:00:00Z,S{number},{value}\n" for number in range(2_000))
    members = ", ".join(f"S{number}" for number in range(2_000))
    text = policy(f"{{id: c, {MEAN}, by: {{symbol: [{members}]}}, crit_if: '> 1'}}")
    root = repository(tmp_path, {"policies/p.yaml": text, "live.csv": rows})
    command = [sys.executable, "-m", "cvnpolicy", "evaluate", "--at", AT, "--format", "json"]
    with subprocess.Popen(
        command, cwd=root, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (code, "")


def test_the_command_exits_as_the_function_returns(tmp_path):
    for value, code in ((9, FAIL), ("nan", UNDECIDED)):
        root = repository(tmp_path, {"policies/p.yaml": SIMPLE, "live.csv": live(value)})
        done = run_command("evaluate", "--at", AT, cwd=root)
        assert (done.returncode, done.stderr) == (code, "")
        assert f"VERDICT: {({PASS: 'PASS', FAIL: 'FAIL'}).get(code, 'HOLD')}" in done.stdout
