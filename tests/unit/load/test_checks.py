"""What only shows once names are known: each rule with its twin that is let through."""

from __future__ import annotations

import pytest

from tests.support.policies import CONTRACT, EVENTS, METRICS, checks, problems

MEAN = "{statistic: mean, dataset: data, columns: [a], window: 24h}"
COUNT = "{statistic: count, dataset: data, window: 24h}"
WORK = "{statistic: count, event: work, window: 24h}"
KS = "{statistic: ks_pvalue, dataset: data, columns: [a], reference: champion, window: 24h}"
COVERAGE = "{statistic: coverage, dataset: data, expect: {s: five}, window: run}"
SHIFT = "{statistic: mean_shift, dataset: data, columns: [a], reference: champion, window: 24h}"
MISSING = "{statistic: missing, dataset: data, columns: [a], window: 24h}"
ONE = f"{{id: one, measure: {MEAN}, crit_if: '> 1'}}"
BASELINES = """
    baselines:
      champion: {window: 7d}
      gain: {window: 7d, sign: positive}
      loss: {window: 7d, sign: negative}
      written: {value: 0.5, source: dossier}
      elsewhere: {dataset: other}
      metric: {metric: score}
      spread: {statistic: std}
    """


def found(tmp_path, *written: str, spec: str = BASELINES, head: str = "") -> list[str]:
    return problems(tmp_path, checks(*written, spec=spec, head=head), EVENTS, METRICS, CONTRACT)


def measured(measure: str, tests: str, rest: str = "") -> str:
    return f"{{id: c, measure: {measure}, {rest} {tests}}}"


def refused(tmp_path, check: str, *parts: str) -> None:
    told = found(tmp_path, ONE, check)
    assert any(all(part in problem for part in parts) for problem in told), told
    assert all(problem.startswith("policies/all.yaml:") for problem in told)


# --- units and baselines of conditions


@pytest.mark.parametrize(
    ("measure", "tests"),
    [
        (MEAN, 'warn_if: "> 5%"'),
        (MEAN, 'pass_if: ">= champion - 1pp"'),
        (MEAN, 'pass_if: "within 1% of champion"'),
        (COUNT, 'pass_if: "== 0"'),
        ("{statistic: last, metric: share, window: 24h}", 'crit_if: "< 95%"'),
        ("{statistic: last, metric: size, window: 24h}", 'crit_if: "> 5"'),
        ("{statistic: coverage, dataset: data, expect: {s: five}, window: run}", 'pass_if: "== 100%"'),
        ("{statistic: variance, dataset: data, columns: [a], window: 24h}", 'crit_if: "> 5"'),
        (MEAN, 'pass_if: "unset"'),
    ],
)
def test_conditions_in_the_unit_of_their_statistic(tmp_path, measure, tests):
    assert found(tmp_path, measured(measure, tests)) == []


@pytest.mark.parametrize(
    ("measure", "condition"),
    [
        (COUNT, "> 5%"),
        (MEAN, "> 5 sigma"),
        (MEAN, "> 5min"),
        ("{statistic: last, metric: share, window: 24h}", "< 95"),
        ("{statistic: last, metric: size, window: 24h}", "> 5%"),
        ("{statistic: variance, dataset: data, columns: [a], window: 24h}", "> 5%"),
        ("{statistic: distinct, dataset: data, columns: [a], window: 24h}", "> 5pp"),
    ],
)
def test_a_condition_in_another_unit_is_refused_at_its_unit(tmp_path, measure, condition):
    check = measured(measure, f'crit_if: "{condition}"')
    line = f"    - {check}"
    (problem,) = found(tmp_path, check)
    column = int(problem.split(":")[2])
    assert line.index(condition) < column - 1 <= line.index(condition) + len(condition)
    assert "the statistic is" in problem


def test_a_baseline_is_of_the_same_document(tmp_path):
    (problem,) = found(tmp_path, measured(MEAN, 'warn_if: "> 2 * chamption"'))
    assert "there is no baseline 'chamption' in this document: did you mean 'champion'?" in problem
    line = "    - " + measured(MEAN, 'warn_if: "> 2 * chamption"')
    assert int(problem.split(":")[2]) == line.index("chamption") + 1
    (problem,) = found(tmp_path, measured(MEAN, 'warn_if: "> champion"'), spec="baselines: {}")
    assert "declare it under baselines" in problem


# --- crit_if implies warn_if


@pytest.mark.parametrize(
    ("warn", "crit"),
    [
        ("> 1", "> 2"),
        ("> 1", "> 1"),
        ("< 100%", "< 95%"),
        ("> gain", "> 2 * gain"),
        ("< loss", "< 2 * loss"),
        ("> champion", "> champion + 1pp"),
        ("unset", "> 1"),
        ("> 1", "unset"),
        ("> 1 or < -1", "> 2"),
    ],
)
def test_a_failure_is_a_warning_too(tmp_path, warn, crit):
    assert found(tmp_path, measured(MEAN, f'warn_if: "{warn}", crit_if: "{crit}"')) == []


@pytest.mark.parametrize(
    ("warn", "crit"),
    [
        ("> 2", "> 1"),
        ("> 1", ">= 1"),
        ("> 1", "< 0"),
        ("> champion", "> 2 * champion"),  # of any sign
        ("> loss", "> 2 * loss"),
        ("> champion", "> gain"),
    ],
)
def test_a_failure_that_is_no_warning_is_refused(tmp_path, warn, crit):
    refused(tmp_path, measured(MEAN, f'warn_if: "{warn}", crit_if: "{crit}"'), "crit_if", "imply warn_if", "all.yaml:")


# --- groups


@pytest.mark.parametrize(("count", "fine"), [(10_000, True), (10_001, False)])
def test_a_bounded_number_of_groups(tmp_path, count, fine):
    members = ", ".join(str(number) for number in range(count))
    told = found(tmp_path, measured(MEAN, 'warn_if: "> 1"', f"by: {{s: [{members}]}},"))
    assert bool(told) is not fine
    if told:
        assert "10,001 groups" in told[0]


def test_dimensions_multiply(tmp_path):
    hundred = ", ".join(str(number) for number in range(101))
    refused(tmp_path, measured(MEAN, 'warn_if: "> 1"', f"by: {{s: [{hundred}], t: [{hundred}]}},"), "10,201 groups")


@pytest.mark.parametrize("members", ["[A, B, A]", "[1, 1.0]"])
def test_a_member_is_listed_once(tmp_path, members):
    refused(tmp_path, measured(MEAN, 'warn_if: "> 1"', f"by: {{s: {members}}},"), "a member of 's' is listed twice")


@pytest.mark.parametrize(
    ("groups", "says"),
    [("> 5", "can never hold"), (">= 6", "can never hold"), (">= 0", "always holds"), ("== 2.5", "can never hold")],
)
def test_a_count_that_decides_nothing(tmp_path, groups, says):
    refused(tmp_path, measured(MEAN, 'warn_if: "> 1"', f'by: {{s: five}}, groups: "{groups}",'), says, "5 groups")


@pytest.mark.parametrize("groups", ['"> 4"', '">= 1"', '"== 0"', "any", "all", '{s: ">= 4"}'])
def test_a_count_that_can_hold_and_fail(tmp_path, groups):
    assert found(tmp_path, measured(MEAN, 'warn_if: "> 1"', f"by: {{s: five}}, groups: {groups},")) == []


def test_a_count_of_one_dimension_is_held_to_its_own_members(tmp_path):
    rest = 'by: {m: [x, y], s: five}, groups: {m: ">= 3", s: ">= 4"},'
    refused(tmp_path, measured(MEAN, 'warn_if: "> 1"', rest), "'>= 3' can never hold with 2 groups")


# --- fields of events


@pytest.mark.parametrize(
    "check",
    [
        measured(WORK, 'warn_if: "> 1"', "by: {model: [x], key: [k]},"),
        measured(WORK.replace("window", "where: {key: [k]}, window"), 'warn_if: "> 1"'),
        measured("{statistic: sum, event: work, columns: [size], window: 24h}", 'warn_if: "> 1"'),
        measured(
            "{statistic: ratio, event: work, total: {event: beat, where: {model: [x]}}, window: 24h}", 'warn_if: "> 1%"'
        ),
        measured(
            "{statistic: ratio, event: work, total: {dataset: data, where: {zz: [x]}}, window: 24h}", 'warn_if: "> 1%"'
        ),
        measured(
            "{statistic: unmatched, event: work, match: {event: done, after: 1h, same: [key]}, window: 24h}",
            'pass_if: "== 0"',
        ),
        measured(MEAN.replace("window", "where: {anything: [x]}, window"), 'warn_if: "> 1"', "by: {whatever: [x]},"),
    ],
)
def test_fields_that_are_declared(tmp_path, check):
    assert found(tmp_path, check) == []


@pytest.mark.parametrize(
    ("check", "event", "field"),
    [
        (measured(WORK, 'warn_if: "> 1"', "by: {modle: [x]},"), "work", "modle"),
        (measured(WORK.replace("window", "where: {kye: [k]}, window"), 'warn_if: "> 1"'), "work", "kye"),
        (measured("{statistic: sum, event: work, columns: [sise], window: 24h}", 'warn_if: "> 1"'), "work", "sise"),
        (
            measured("{statistic: sum, event: work, columns: [size], over: [fold], window: 24h}", 'warn_if: "> 1"'),
            "work",
            "fold",
        ),
        (
            measured(
                "{statistic: ratio, event: work, total: {event: beat, where: {key: [x]}}, window: 24h}",
                'warn_if: "> 1%"',
            ),
            "beat",
            "key",
        ),
        (
            measured(
                "{statistic: ratio, event: work, total: {event: beat}, window: 24h}",
                'warn_if: "> 1%"',
                "by: {key: [x]},",
            ),
            "beat",
            "key",
        ),
        (
            measured(
                "{statistic: unmatched, event: work, match: {event: done, after: 1h, same: [model]}, window: 24h}",
                'pass_if: "== 0"',
            ),
            "done",
            "model",
        ),
        (
            measured(
                "{statistic: unmatched, event: done, match: {event: work, after: 1h, same: [model]}, window: 24h}",
                'pass_if: "== 0"',
            ),
            "done",
            "model",
        ),
    ],
)
def test_fields_that_are_not(tmp_path, check, event, field):
    refused(tmp_path, check, f"event '{event}' has no field '{field}'")


# --- second samples


@pytest.mark.parametrize("name", ["champion", "elsewhere"])
def test_a_second_sample(tmp_path, name):
    ks = f"{{statistic: ks_pvalue, dataset: data, columns: [a], reference: {name}, window: 24h}}"
    assert found(tmp_path, measured(ks, 'warn_if: "< 0.01"')) == []


@pytest.mark.parametrize(("name", "key"), [("written", "value"), ("metric", "metric"), ("spread", "statistic")])
def test_a_number_is_no_second_sample(tmp_path, name, key):
    ks = f"{{statistic: ks_pvalue, dataset: data, columns: [a], reference: {name}, window: 24h}}"
    refused(tmp_path, measured(ks, 'warn_if: "< 0.01"'), f"baseline '{name}' replaces {key}")


# --- trees


@pytest.mark.parametrize(
    ("leaf", "says"),
    [
        ('{fact: x, count: "> 5%"}', "count:"),
        ('{fact: x, count: "> champion"}', "is a baseline"),
        ('{fact: x, age: "> 5"}', "age:"),
        ('{fact: x, age: "> 5%"}', "age:"),
        ("{check: one, is: [fail], for: 1h}", "needs a cadence"),
        ("{check: daily, is: [fail], for: 36h}", "not a multiple"),
        ("{check: daily, is: [fail], for: 1h}", "not a multiple"),
        ("{check: daily, is: [fail], for: 36500d}", "instants"),
        ('{check: "*", is: [fail], for: 1d}', "needs a cadence"),
        ("{fact: state, is: [lvie]}", "cannot be 'lvie'"),
        ("{fact: state, is: [live, 1]}", "cannot be '1'"),
    ],
)
@pytest.mark.parametrize("key", ["crit_if", "only_if"])
def test_leaves_that_cannot_mean_anything(tmp_path, leaf, says, key):
    daily = f"{{id: daily, measure: {MEAN}, every: 1d, crit_if: '> 1'}}"
    other = ", crit_if: {fact: x, is: [a]}" if key == "only_if" else ""
    told = found(
        tmp_path,
        ONE,
        daily,
        f"{{id: t, {key}: {{not: {leaf}}}{other}}}",
        spec="facts: {x: {}, state: {values: [live, absent, true]}}",
    )
    assert [problem for problem in told if says in problem]
    assert all(problem.startswith("policies/all.yaml:9:") for problem in told)


@pytest.mark.parametrize(
    "leaf",
    [
        '{fact: x, count: "> 5"}',
        '{fact: x, age: "> 5min"}',
        "{check: daily, is: [fail], for: 2d}",
        "{check: daily, is: [fail], for: 48h}",
        "{fact: state, is: [live, true]}",
    ],
)
def test_leaves_that_can(tmp_path, leaf):
    daily = f"{{id: daily, measure: {MEAN}, every: 1d, crit_if: '> 1'}}"
    spec = "facts: {x: {}, state: {values: [live, absent, true]}}"
    assert found(tmp_path, ONE, daily, f"{{id: t, crit_if: {leaf}}}", spec=spec) == []


@pytest.mark.parametrize(("stand_in", "fine"), [("absent", True), ("gone", False), ("1", False), ("true", True)])
def test_what_a_fact_counts_as_is_one_of_its_values(tmp_path, stand_in, fine):
    told = found(tmp_path, ONE, spec=f"facts: {{x: {{values: [live, absent, true], unavailable: {stand_in}}}}}")
    assert (told == []) is fine


@pytest.mark.parametrize("address", ["*", "p/*"])
def test_a_wildcard_finds_something_besides_itself(tmp_path, address):
    assert problems(tmp_path, checks(f'{{id: t, crit_if: {{check: "{address}", is: [fail]}}}}'))
    assert problems(tmp_path, checks(ONE, f'{{id: t, crit_if: {{check: "{address}", is: [fail]}}}}')) == []


# --- circles


def looks(name: str, at: str) -> str:
    return f'{{id: {name}, crit_if: {{check: "{at}", is: [fail]}}}}'


@pytest.mark.parametrize(
    "written",
    [
        [looks("a", "a")],
        [looks("a", "b"), looks("b", "a")],
        [looks("a", "b"), looks("b", "c"), looks("c", "a")],
        [looks("a", "*"), looks("b", "*")],
        [looks("a", "p/*"), looks("b", "a")],
        [f"{{id: a, only_if: {{check: b, is: [pass]}}, measure: {MEAN}, crit_if: '> 1'}}", looks("b", "a")],
    ],
)
def test_checks_never_look_at_one_another_in_a_circle(tmp_path, written):
    told = found(tmp_path, ONE, *written)
    assert len(told) == 1
    assert "in a circle" in told[0]


def test_two_circles_are_two_problems(tmp_path):
    told = found(tmp_path, looks("a", "b"), looks("b", "a"), looks("c", "d"), looks("d", "c"))
    assert len(told) == 2


@pytest.mark.parametrize(("length", "fine"), [(32, True), (33, False), (40, False)])
def test_a_chain_is_not_too_long(tmp_path, length, fine):
    written = [looks(f"c{number}", f"c{number + 1}") for number in range(length - 1)]
    told = found(tmp_path, *written, f"{{id: c{length - 1}, measure: {MEAN}, crit_if: '> 1'}}")
    assert (told == []) is fine
    assert len(told) <= 1


# --- anchors


MOMENTS = [
    f"{{id: c, measure: {MEAN}, active_from: T+7d, warn_if: '> 1'}}",
    f"{{id: c, measure: {MEAN}, severity: P3, escalate: [{{at: T+7d, to: P1}}], warn_if: '> 1'}}",
]


@pytest.mark.parametrize("check", MOMENTS)
def test_t_plus_needs_the_anchor_of_its_document(tmp_path, check):
    assert problems(tmp_path, checks(check)) == []
    (problem,) = problems(tmp_path, checks(check).replace(", anchor: 2026-06-01T12:00:00Z", ""))
    assert "T+7d counts from an anchor that the document does not have: add metadata: anchor:" in problem
    assert problem.startswith("policies/all.yaml:6:")


@pytest.mark.parametrize("check", MOMENTS)
def test_t_plus_stays_on_the_calendar(tmp_path, check):
    late = checks(check).replace("anchor: 2026-06-01T12:00:00Z", "anchor: 9999-12-31T12:00:00Z")
    assert problems(tmp_path, late)


# --- waivers


@pytest.mark.parametrize(
    ("group", "fine"),
    [
        ("{s: A}", True),
        ("{s: A, fold: 1}", True),
        ("{s: Z}", False),
        ("{symbol: A}", False),
        ("{fold: true}", False),
        ("{fold: '1'}", False),
    ],
)
def test_a_waiver_names_a_group_that_the_check_has(tmp_path, group, fine):
    head = f'waivers: [{{check: c, group: {group}, reason: x, approved_by: "@me", expires: 2026-06-11T00:00:00Z}}]'
    told = found(tmp_path, measured(MEAN, 'warn_if: "> 1"', "by: {s: five, fold: [1, 2]},"), head=head)
    assert (told == []) is fine


@pytest.mark.parametrize(("group", "fine"), [("", True), ("group: {s: A},", False)])
def test_a_waiver_of_one_group_needs_findings_of_groups(tmp_path, group, fine):
    head = f'waivers: [{{check: c, {group} reason: x, approved_by: "@me", expires: 2026-06-11T00:00:00Z}}]'
    told = found(tmp_path, measured(MEAN, 'pass_if: "> 1"', "by: {s: five},"), head=head)
    assert [problem for problem in told if "judged together" in problem] == told
    assert (told == []) is fine


# --- what would take too long


@pytest.mark.parametrize(("members", "fine"), [(19, True), (21, False)])
def test_a_bounded_number_of_questions(tmp_path, members, fine):
    """Groups times the instants that the check looks back on."""
    names = ", ".join(f"m{number}" for number in range(members))
    rest = f"by: {{s: [{names}]}}, every: 1h, for: 9999h,"
    told = found(tmp_path, measured(MEAN, 'warn_if: "> 1"', rest))
    assert (told == []) is fine
    assert all("questions" in problem for problem in told)


def test_an_implication_that_takes_too_long_to_decide_is_refused(tmp_path, monkeypatch):
    check = measured(MEAN, 'warn_if: "abs > champion", crit_if: "abs > 2 * champion"')
    monkeypatch.setattr("cvnpolicy.core.condition.order.MAX_WORK", 1)
    (problem,) = found(tmp_path, check)
    assert "write fewer clauses" in problem


# --- baselines of events


@pytest.mark.parametrize(
    ("baseline", "field"),
    [
        ("{where: {kye: [k]}}", "kye"),
        ("{event: beat, where: {key: [k]}}", "key"),
        ("{where: {key: [k]}}", None),
        ("{dataset: data, where: {anything: [k]}}", None),
    ],
)
def test_the_filter_of_a_baseline_names_fields_too(tmp_path, baseline, field):
    check = measured(WORK, 'warn_if: "> 2 * base"')
    told = found(tmp_path, check, spec=f"baselines: {{base: {baseline}}}")
    assert [problem for problem in told if f"has no field '{field}'" in problem] == told
    assert bool(told) is (field is not None)


# --- conditions that no answer can meet, or none can miss


@pytest.mark.parametrize(
    ("measure", "condition", "says"),
    [
        (KS, "> 1", "can never hold"),
        (KS, "< 0", "can never hold"),
        (KS, ">= 0", "always holds"),
        (KS, "<= 1", "always holds"),
        (KS, "< 0.01", None),
        (KS, ">= 1", None),
        (KS, "== 0", None),
        (COUNT, "< 0", "can never hold"),
        (COUNT, ">= 0", "always holds"),
        (COUNT, "> 0", None),
        (COUNT, "== 0", None),
        (MEAN, "< 0", None),
        (MEAN, "> 1000000", None),
        (COVERAGE, "> 100%", "can never hold"),
        (COVERAGE, ">= 100%", None),
        (COVERAGE, "< 95%", None),
        (COUNT, "> 2 * champion", None),
        (SHIFT, "abs > 3sigma", None),
        (SHIFT, "< 0sigma", None),
        (SHIFT, "<= -3 sigma", None),
        (SHIFT, "abs < 0sigma", "can never hold"),
        (SHIFT, "> 3sigma and < 3sigma", "can never hold"),
        (SHIFT, "abs >= 0sigma", "always holds"),
        (SHIFT, "abs > -1sigma", "always holds"),
        (SHIFT, "> -3sigma or < 3sigma", "always holds"),
        (SHIFT, "> 3", "3 has no unit, but the statistic is in sigma: write 3 sigma"),
        (SHIFT, "abs > 0", "0 has no unit, but the statistic is in sigma: write 0 sigma"),
        (SHIFT, "> 3%", "% does not fit: the statistic is in sigma"),
        (MISSING, "> 5%", None),
        (MISSING, "== 0", None),
        (MISSING, ">= 100%", None),
        (MISSING, "< 0", "can never hold"),
        (MISSING, "> 1", "can never hold"),
        (MISSING, "> 100%", "can never hold"),
        (MISSING, ">= 0", "always holds"),
        (MISSING, "<= 100%", "always holds"),
        (MISSING, "> 1sigma", "sigma does not fit: the statistic is a plain number"),
    ],
)
@pytest.mark.parametrize("key", ["warn_if", "crit_if", "pass_if"])
def test_a_condition_can_hold_and_fail(tmp_path, measure, condition, says, key):
    told = found(tmp_path, measured(measure, f'{key}: "{condition}"'))
    assert [problem for problem in told if says is not None and says in problem] == told
    assert bool(told) is (says is not None)


# --- leaves and baselines that decide nothing

BOTH = f"{{id: both, by: {{s: [A, B]}}, measure: {MEAN}, crit_if: '> 1', severity: P1}}"


@pytest.mark.parametrize(
    ("leaf", "says"),
    [
        ("{check: both, is: [warn]}", "'both' is never warn: it can be fail, pass"),
        ("{check: both, is: [fail], severity: [P3]}", "'both' never has severity P3: it has P1"),
        (
            '{check: both, is: [fail], groups: ">= 3"}',
            "groups: '>= 3' can never hold: 'both' gives 2: count from 0 to 2",
        ),
        ('{check: both, is: [fail], groups: "<= 5"}', "groups: '<= 5' always holds"),
        ('{fact: x, count: ">= 0"}', "count: '>= 0' always holds: a count goes from 0 on"),
        ('{fact: x, count: "< 0"}', "count: '< 0' can never hold"),
        ('{check: both, is: [warn, fail], groups: ">= 2"}', None),
        ("{check: both, is: [warn, no_data]}", None),
        ('{check: "*", is: [warn]}', None),
        ('{fact: x, count: ">= 1"}', None),
    ],
)
def test_a_leaf_must_be_able_to_decide(tmp_path, leaf, says):
    told = found(tmp_path, BOTH, f"{{id: t, crit_if: {leaf}}}", spec="facts: {x: {}}")
    assert len(told) == (says is not None), told
    assert all(str(says) in line for line in told)


@pytest.mark.parametrize(
    ("baseline", "says"),
    [
        ("{metric: share}", "baseline 'b' is a percentage (mean), and p/c is a plain number (mean)"),
        ("{statistic: count}", "baseline 'b' is a count (count)"),
        ("{statistic: missing}", None),
        ("{statistic: mean_shift}", "baseline 'b' cannot be asked for p/c: 'mean_shift' compares two samples"),
        ("{statistic: psi}", "baseline 'b' cannot be asked for p/c: 'psi' compares two samples"),
        ("{statistic: coverage}", "'coverage' needs expect"),
        ("{statistic: rate}", "'rate' needs params: per"),
        ("{value: .nan, source: x}", "nan is no finite number: write a number"),
        ("{value: .inf, source: x}", "inf is no finite number: write a number"),
        ("{statistic: std}", None),
        ("{metric: score}", None),
        ("{dataset: other}", None),
    ],
)
def test_a_baseline_is_a_question_in_the_same_unit(tmp_path, baseline, says):
    told = found(tmp_path, measured(MEAN, "crit_if: '> 2 * b'"), spec=f"baselines: {{b: {baseline}}}")
    assert len(told) == (says is not None), told
    assert all(str(says) in line for line in told)


@pytest.mark.parametrize("rest", ["every: 1d, for: 2d,", "every: 1d, severity: P2, escalate: [{after: 2d, to: P1}],"])
def test_a_whole_run_has_no_past(tmp_path, rest):
    run = MEAN.replace("24h", "run")
    refused(tmp_path, measured(run, "crit_if: '> 1'", rest), "asks the same rows again at every instant of window: run")
    assert found(tmp_path, measured(MEAN, "crit_if: '> 1'", rest)) == []


def test_a_leaf_does_not_look_back_on_a_whole_run(tmp_path):
    run = f"{{id: run, every: 1d, measure: {MEAN.replace('24h', 'run')}, crit_if: '> 1'}}"
    told = found(tmp_path, run, "{id: t, crit_if: {check: run, is: [fail], for: 2d}}")
    assert "'for' asks the same rows again at every instant, since p/run has window: run" in told[0]


@pytest.mark.parametrize(("depth", "fine"), [(7, True), (8, False), (30, False)])
def test_trees_are_not_deep(tmp_path, depth, fine):
    tree = "{not: " * depth + "{check: one, is: [fail]}" + "}" * depth
    told = found(tmp_path, ONE, f"{{id: t, crit_if: {tree}}}")
    assert (told == []) is fine
    assert fine or "a tree of more than 8 nodes below one another: nest less" in told[0]
