"""Each way to let more through is found, and said; each way to let less through is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvnpolicy.core.condition import Order, Polarity, compare, parse
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import Project, load
from cvnpolicy.review.loosened import Loosened, loosened, loosened_configuration
from tests.support.tree import write_tree

CONFIGURATION = """\
sets: {symbols: [BTCUSDC, ETHUSDC, SOLUSDC]}
environments:
  default:
    scores: {type: csv, path: scores.csv, time: ts, cadence: 1h}
    events: {type: logfmt, path: "logs/*.log", time: ts}
"""
DRIFT = """\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {name: live, title: Live, owner: "@anna", anchor: 2026-05-12T00:00:00Z}
enforcement: {mode: advise, block_from: 2026-06-01T00:00:00Z}
waivers:
  - {check: floor, reason: outage, approved_by: "@anna", expires: 2026-06-11T00:00:00Z}
spec:
  baselines:
    frozen: {value: 0.41, source: dossier, sign: positive}
    other: {where: {variant: [none]}}
  facts:
    console: {source: manual, attested_by: ["@anna"], fresh_for: 24h}
  checks:
    - id: floor
      measure: {statistic: mean, dataset: scores, columns: [f1], window: 7d}
      by: {symbol: [BTCUSDC, ETHUSDC]}
      warn_if: "< 0.5"
      crit_if: "< 0.3"
      every: 1d
      for: 2d
      min_samples: 50
      min_coverage: 0.9
      severity: {warn: P3, crit: P2}
      escalate: [{after: 7d, to: P1}]
    - id: goal
      measure: {statistic: mean, dataset: scores, columns: [f1], window: 7d}
      by: {symbol: symbols}
      pass_if: ">= frozen - 1pp"
      groups: ">= 2"
      severity: P2
    - id: watched
      measure: {statistic: count, dataset: scores, window: 7d}
      crit_if: "< 1"
    - id: tree
      warn_if: {check: watched, is: [inconclusive]}
"""
CODE = """\
apiVersion: cvnpolicy/v1
kind: HyperparameterPolicy
metadata: {name: code, title: Code, owner: "@anna", approvers: ["@bert", "@cora"]}
spec:
  names: [learning_rate, max_depth]
  scopes: [src/, lib/]
  excluded:
    - {path: src/old/, story: S1, owner: "@anna", until: 2026-06-01T00:00:00Z}
  resolver: {module: src/resolver.py, callables: [resolve], defaults: [default, fallback]}
  environment: {prefix: CVN_, scopes: [src/]}
  fix: 'resolve("{name}")'
"""


@dataclass(frozen=True)
class Edit:
    """A change of a text, and what it is said to be."""

    old: str
    new: str
    effect: Effect
    about: str = ""
    says: str = ""


LOOSER, UNKNOWN, NONE = Effect.LOOSER, Effect.UNKNOWN, Effect.NONE
EDITS = (
    # Conditions
    Edit('crit_if: "< 0.3"', 'crit_if: "< 0.2"', LOOSER, "live/floor", "crit_if goes from < 0.3 to < 0.2 (-0.1)"),
    Edit('crit_if: "< 0.3"', 'crit_if: "<= 0.3"', NONE),
    Edit('crit_if: "< 0.3"', 'crit_if: "< 0.30"', NONE),
    Edit('crit_if: "< 0.3"', 'crit_if: "< 0.4"', NONE),
    Edit('      crit_if: "< 0.3"\n', "", LOOSER, "live/floor", "crit_if is gone, which was < 0.3"),
    Edit('      warn_if: "< 0.5"\n', "", LOOSER, "live/floor"),
    Edit('warn_if: "< 0.5"', 'warn_if: "< 0.3 or > 0.9"', UNKNOWN, "live/floor"),
    Edit('warn_if: "< 0.5"', "warn_if: unset", UNKNOWN, "live/floor"),
    Edit('pass_if: ">= frozen - 1pp"', 'pass_if: ">= frozen - 2pp"', LOOSER, "live/goal"),
    Edit('pass_if: ">= frozen - 1pp"', 'pass_if: ">= frozen"', NONE),
    Edit('pass_if: ">= frozen - 1pp"', 'pass_if: ">= 0.3"', UNKNOWN, "live/goal"),
    Edit("is: [inconclusive]", "is: [pass]", UNKNOWN, "live/tree"),
    # How many, how long, how much
    Edit('groups: ">= 2"', 'groups: ">= 1"', LOOSER, "live/goal", "groups goes from >= 2 to >= 1"),
    Edit('groups: ">= 2"', "groups: all", NONE),
    Edit('groups: ">= 2"', "groups: any", LOOSER, "live/goal"),
    Edit("for: 2d", "for: 4d", LOOSER, "live/floor", "for goes from 2d to 4d"),
    Edit("      for: 2d\n", "", NONE),
    Edit("every: 1d", "every: 2d", UNKNOWN, "live/floor"),
    Edit("min_samples: 50", "min_samples: 49", LOOSER, "live/floor", "min_samples goes from 50 to 49"),
    Edit("min_samples: 50", "min_samples: 51", NONE),
    Edit("      min_samples: 50\n", "", LOOSER, "live/floor"),
    Edit("min_coverage: 0.9", "min_coverage: 0.5", LOOSER, "live/floor"),
    Edit("[BTCUSDC, ETHUSDC]}", "[BTCUSDC]}", LOOSER, "live/floor", "ETHUSDC is gone from symbol"),
    Edit("[BTCUSDC, ETHUSDC]}", "[BTCUSDC, ETHUSDC, SOLUSDC]}", NONE),
    Edit("[BTCUSDC, ETHUSDC]}", "symbols}", UNKNOWN, "live/floor"),
    Edit("{symbol: symbols}", "{pair: symbols}", UNKNOWN, "live/goal"),
    Edit(
        "columns: [f1], window: 7d}\n      by: {symbol: symbols}",
        "columns: [f1], window: 14d}\n      by: {symbol: symbols}",
        UNKNOWN, "live/goal", "measure goes from"),
    Edit("value: 0.41", "value: 0.40", UNKNOWN, "live/baselines"),
    Edit("source: dossier", "source: dossier 5", NONE),
    # Who is told, and what then
    Edit("{warn: P3, crit: P2}", "{warn: P3, crit: P3}", LOOSER, "live/floor"),
    Edit("{warn: P3, crit: P2}", "{warn: P2, crit: P3}", UNKNOWN, "live/floor"),
    Edit("{warn: P3, crit: P2}", "P2", NONE),
    Edit("severity: P2", "severity: P3", LOOSER, "live/goal", "severity goes from P2 to P3"),
    Edit("      severity: P2\n", "", LOOSER, "live/goal"),
    Edit("      escalate: [{after: 7d, to: P1}]\n", "", LOOSER, "live/floor"),
    Edit("[{after: 7d, to: P1}]", "[{after: 7d, to: P1}, {after: 9d, to: P1}]", NONE),
    Edit(
        "      severity: P2\n",
        "      severity: P2\n      on_unknown: pass\n      because: late\n",
        LOOSER,
        "live/goal",
    ),
    Edit("      severity: P2\n", "      severity: P2\n      on_unknown: fail\n", NONE),
    Edit("      severity: P2\n", "      severity: P2\n      active_from: T+7d\n", LOOSER, "live/goal"),
    Edit("      severity: P2\n", "      severity: P2\n      action: look\n", NONE),
    Edit(
        "      severity: P2\n",
        "      severity: P2\n      only_if: {fact: console, is: [live]}\n",
        LOOSER,
        "live/goal",
    ),
    # The document
    Edit("title: Live", "title: Serving", NONE),
    Edit('owner: "@anna", anchor', 'owner: "@eve", anchor', UNKNOWN, "live/metadata", "owner goes from @anna to @eve"),
    Edit("anchor: 2026-05-12", "anchor: 2026-05-13", UNKNOWN, "live/metadata"),
    Edit("block_from: 2026-06-01", "block_from: 2026-07-01", LOOSER, "live/enforcement"),
    Edit("block_from: 2026-06-01", "block_from: 2026-05-01", NONE),
    Edit(", block_from: 2026-06-01T00:00:00Z", "", LOOSER, "live/enforcement"),
    Edit("enforcement: {mode: advise, block_from: 2026-06-01T00:00:00Z}\n", "", NONE),
    Edit("expires: 2026-06-11", "expires: 2026-06-12", LOOSER, "live/waivers"),
    Edit("expires: 2026-06-11", "expires: 2026-06-10", NONE),
    Edit("check: floor, reason: outage", "check: goal, reason: outage", LOOSER, "live/waivers"),
    Edit("reason: outage", "reason: an outage", NONE),
    Edit('attested_by: ["@anna"]', 'attested_by: ["@anna", "@eve"]', UNKNOWN, "live/facts"),
    Edit('attested_by: ["@anna"], ', "", UNKNOWN, "live/facts"),
    Edit("fresh_for: 24h", "fresh_for: 48h", LOOSER, "live/facts"),
    Edit(", fresh_for: 24h", "", LOOSER, "live/facts"),
    Edit(
        "    - id: tree\n      warn_if: {check: watched, is: [inconclusive]}\n",
        "",
        LOOSER,
        "live/checks",
        "tree is gone from checks",
    ),
    Edit("    - id: tree\n", "    - id: wood\n", LOOSER, "live/checks", "tree is gone from checks"),
    # Code
    Edit(
        "names: [learning_rate, max_depth]",
        "names: [learning_rate]",
        LOOSER,
        "code/names",
        "max_depth is gone from names",
    ),
    Edit("names: [learning_rate, max_depth]", "names: [max_depth, learning_rate, gamma]", NONE),
    Edit("scopes: [src/, lib/]", "scopes: [src/]", LOOSER, "code/scopes", "lib/ is gone from scopes"),
    Edit("until: 2026-06-01", "until: 2026-07-01", LOOSER, "code/excluded"),
    Edit("path: src/old/", "path: src/older/", LOOSER, "code/excluded", "src/older/ is new in excluded"),
    Edit("path: src/old/", "path: src/old/one.py", NONE),
    Edit("path: src/old/", "path: src/older/one.py", LOOSER, "code/excluded", "src/older/one.py is new in excluded"),
    Edit('path: src/old/, story: S1, owner: "@anna", until: 2026-06-01',
         'path: src/old/one.py, story: S1, owner: "@anna", until: 2026-06-02', LOOSER, "code/excluded"),
    Edit("scopes: [src/, lib/]", "scopes: [src/, lib/one.py]", LOOSER, "code/scopes", "lib/ is gone from scopes"),
    Edit("callables: [resolve]", "callables: [resolve, get]", LOOSER, "code/resolver"),
    Edit("defaults: [default, fallback]", "defaults: [default]", LOOSER, "code/resolver"),
    Edit("module: src/resolver.py", "module: src/other.py", UNKNOWN, "code/resolver"),
    Edit("  environment: {prefix: CVN_, scopes: [src/]}\n", "", LOOSER, "code/environment"),
    Edit("prefix: CVN_", "prefix: CVN_HPO_", UNKNOWN, "code/environment"),
    Edit("  fix:", "  suppressions: forbidden\n  fix:", NONE),
    Edit("  fix:", "  ambiguous_names: [max_depth]\n  fix:", LOOSER, "code/ambiguous_names"),
    Edit('["@bert", "@cora"]', '["@bert", "@cora", "@eve"]', UNKNOWN, "code/metadata", "approvers goes from"),
    Edit(', approvers: ["@bert", "@cora"]', "", UNKNOWN, "code/metadata", "approvers is gone"),
)  # fmt: skip


def project(root: Path, drift: str = DRIFT, code: str = CODE, configuration: str = CONFIGURATION) -> Project:
    write_tree(root, {"cvnpolicy.yaml": configuration, "policies/drift.yaml": drift, "policies/code.yaml": code})
    return load(root / "cvnpolicy.yaml")


def policies(root: Path, drift: str = DRIFT, code: str = CODE) -> PolicySet:
    loaded = load_policies(project(root, drift, code))
    assert loaded.problems == ()
    return loaded.policies


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.old.strip()} -> {edit.new.strip()}"[:70])
def test_an_edit(edit: Edit, tmp_path: Path) -> None:
    texts = [text for text in (DRIFT, CODE) if edit.old in text]
    assert len(texts) == 1
    assert texts[0].count(edit.old) == 1, "the edit is not of one place"
    changed = texts[0].replace(edit.old, edit.new)
    new = policies(tmp_path / "new", **({"drift": changed} if texts[0] == DRIFT else {"code": changed}))
    found = list(loosened(policies(tmp_path / "old"), new))
    if edit.effect is NONE:
        assert found == []
        return
    assert {(one.subject, one.effect) for one in found} == {(edit.about, edit.effect)}
    assert any(edit.says in one.text for one in found)
    assert {one.approvers for one in found} == {("@anna",) if "live" in edit.about else ("@bert", "@cora")}
    assert all(one.location.file.startswith("policies/") for one in found)


def test_back_and_forth_one_of_both_is_looser(tmp_path: Path) -> None:
    """What is tighter one way is looser the other, so nothing is found in one direction alone by mistake."""
    old = policies(tmp_path / "old")
    for number, edit in enumerate(EDITS):
        if edit.effect is LOOSER and edit.old in DRIFT:
            new = policies(tmp_path / str(number), DRIFT.replace(edit.old, edit.new))
            back = {one.effect for one in loosened(new, old)}
            renamed = edit.old.startswith(("    - id: tree\n", "check: floor"))
            assert back <= ({LOOSER} if renamed and edit.new else set()), edit


def test_nothing_is_looser_than_itself(tmp_path: Path) -> None:
    assert list(loosened(policies(tmp_path / "a"), policies(tmp_path / "b"))) == []


def test_a_policy_that_is_gone_stands_where_it_stood(tmp_path: Path) -> None:
    old = policies(tmp_path)
    (one,) = loosened(old, old.only(frozenset({"code"})))
    assert (one.subject, one.effect, one.approvers) == ("live", LOOSER, ("@anna",))
    assert str(one.location) == "policies/drift.yaml:3:18"


def test_another_name_loosens_nothing(tmp_path: Path) -> None:
    new = policies(tmp_path / "new", DRIFT.replace("name: live", "name: serving"))
    assert list(loosened(policies(tmp_path / "old"), new)) == []


def test_another_name_and_a_looser_limit_is_a_policy_that_is_gone(tmp_path: Path) -> None:
    new = policies(tmp_path / "new", DRIFT.replace("name: live", "name: serving").replace("< 0.3", "< 0.2"))
    assert [one.subject for one in loosened(policies(tmp_path / "old"), new)] == ["live"]


def test_a_policy_of_another_kind_is_no_new_name_of_one_that_is_gone(tmp_path: Path) -> None:
    events = "apiVersion: cvnpolicy/v1\nkind: EventCatalog\nmetadata: {name: other, title: O, owner: '@you'}\n"
    new = policies(tmp_path / "new", events + "spec: {events: {started: {}}}\n")
    assert [one.subject for one in loosened(policies(tmp_path / "old"), new)] == ["live"]


MULTIPLE = """\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {name: live, title: Live, owner: "@anna"}
spec:
  baselines: {usual: {where: {variant: [none]}, sign: positive}, training: {window: run}}
  checks:
    - id: cost
      measure: {statistic: mean, dataset: scores, columns: [cost], window: 7d}
      crit_if: "> 1.5 * usual"
    - id: shift
      measure: {statistic: mean_shift, dataset: scores, columns: [f1], reference: training, window: 7d}
      crit_if: "abs > 3sigma"
"""


@pytest.mark.parametrize(
    ("edits", "effects"),
    [
        ({"1.5 * usual": "2 * usual"}, {("live/cost", LOOSER)}),
        ({"1.5 * usual": "1.2 * usual"}, set()),
        # Nobody knows any more whether it is positive.
        ({"1.5 * usual": "2 * usual", ", sign: positive": ""}, {("live/cost", UNKNOWN), ("live/baselines", UNKNOWN)}),
        ({"3sigma": "6sigma"}, {("live/shift", LOOSER)}),
        ({"3sigma": "2sigma"}, set()),
        # A number of another unit is no limit that is wider or narrower.
        (
            {"mean_shift, dataset: scores, columns: [f1], reference: training": "mean, dataset: scores, columns: [f1]"}
            | {"abs > 3sigma": "abs > 6"},
            {("live/shift", UNKNOWN)},
        ),
    ],
)
def test_signs_and_units_decide(edits: dict[str, str], effects: set[tuple[str, Effect]], tmp_path: Path) -> None:
    changed = MULTIPLE
    for old, new in edits.items():
        assert changed.count(old) == 1
        changed = changed.replace(old, new)
    found = loosened(policies(tmp_path / "old", MULTIPLE), policies(tmp_path / "new", changed))
    assert {(one.subject, one.effect) for one in found} == effects


def test_an_item_before_its_like_hides_nothing(tmp_path: Path) -> None:
    first = '  - {check: floor, reason: more, approved_by: "@anna", expires: 2029-06-11T00:00:00Z}\n'
    new = policies(tmp_path / "new", DRIFT.replace("waivers:\n", f"waivers:\n{first}"))
    found = list(loosened(policies(tmp_path / "old"), new))
    assert {(one.subject, one.effect) for one in found} == {("live/waivers", LOOSER)}
    assert len(found) == 2


def test_items_whose_names_are_long_are_told_apart(tmp_path: Path) -> None:
    deep = "src/" + "a" * 80
    old = CODE.replace("src/old/", f"{deep}/x.py")
    one = f'    - {{path: {deep}/y.py, story: S1, owner: "@anna", until: 2026-06-01T00:00:00Z}}\n'
    before = policies(tmp_path / "old", code=old)
    after = policies(tmp_path / "new", code=old.replace("  excluded:\n", f"  excluded:\n{one}"))
    assert [(each.subject, each.effect) for each in loosened(before, after)] == [("code/excluded", LOOSER)]


def test_another_kind_under_the_name_is_looser(tmp_path: Path) -> None:
    events = DRIFT.split("spec:", maxsplit=1)[0].replace("DriftPolicy", "EventCatalog").split("waivers:")[0]
    new = policies(tmp_path / "new", events + "spec: {events: {started: {}}}\n")
    (one,) = loosened(policies(tmp_path / "old"), new)
    assert (one.subject, one.effect) == ("live", LOOSER)


SETS = (
    ("SOLUSDC]", "SOLUSDC, AAVEUSDC]", NONE, ""),
    (", SOLUSDC]", "]", LOOSER, "cvnpolicy.yaml/sets/symbols"),
    ("path: scores.csv", "path: better.csv", UNKNOWN, "cvnpolicy.yaml/environments/default"),
    ("    events:", "    more: {type: csv, path: more.csv}\n    events:", NONE, ""),
    ("sets:", "repository: src\nsets:", UNKNOWN, "cvnpolicy.yaml/repository"),
    ("sets:", "data_root: data\nsets:", UNKNOWN, "cvnpolicy.yaml/data_root"),
)


@pytest.mark.parametrize(("old", "new", "effect", "about"), SETS)
def test_a_configuration(old: str, new: str, effect: Effect, about: str, tmp_path: Path) -> None:
    before = project(tmp_path / "old")
    after = project(tmp_path / "new", configuration=CONFIGURATION.replace(old, new))
    found: list[Loosened] = list(loosened_configuration(before, after, ["@anna"]))
    assert [(one.effect, one.subject) for one in found] == ([] if effect is NONE else [(effect, about)])
    assert {one.approvers for one in found} <= {("@anna",)}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["<", "<=", ">", ">="]))
def test_it_says_of_a_limit_what_the_conditions_say(tmp_path_factory, before: int, after: int, op: str) -> None:
    """The differential: the document's verdict is that of the condition's own order."""
    texts = [f"{op} 0.{number:02}" for number in (before, after)]
    order = compare(parse(texts[0]), parse(texts[1]), Polarity.BAD).order
    sets = [
        policies(tmp_path_factory.mktemp("limit"), DRIFT.replace('      warn_if: "< 0.5"\n', "").replace("< 0.3", text))
        for text in texts
    ]
    found = [one.effect for one in loosened(*sets)]
    assert found == ([LOOSER] if order is Order.LOOSER else [UNKNOWN] if order is Order.INCOMPARABLE else [])


WATCHING = """\
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {name: live, title: Live, owner: "@anna"}
spec:
  routes: {P2: chat, P3: chat}
  alerts:
    - id: floor
      measure: {statistic: mean, dataset: scores, columns: [f1], window: 7d}
      by: {symbol: [BTCUSDC, ETHUSDC]}
      warn_if: "< 0.5"
      crit_if: "< 0.1"
      severity: P2
      min_samples: 50
      every: 1d
      active_from: 2026-06-01T00:00:00Z
"""
WATCHER = """\
    - id: watcher
      severity: P3
"""
WORSE = ('"< 0.1"', '"< 0.2"')
LIMIT = ('"< 0.5"', '"< 0.6"')
SAMPLES = ("min_samples: 50", "min_samples: 60")
EARLIER = ("active_from: 2026-06-01", "active_from: 2026-05-01")
GROUP = ("[BTCUSDC, ETHUSDC]", "[BTCUSDC, ETHUSDC, SOLUSDC]")
SEEN = {UNKNOWN}


@pytest.mark.parametrize(
    ("watcher", "edit", "effects"),
    [
        # Who asks for what is bad, or for what is good, sees a stricter check as stricter.
        ("crit_if: {check: floor, is: [warn, fail]}", WORSE, set()),
        ("crit_if: {check: floor, is: [fail]}", LIMIT, set()),
        ("crit_if: {check: floor, is: [warn, fail, inconclusive, no_data, error]}", LIMIT, set()),
        ("crit_if: {check: floor, is: [inconclusive]}", LIMIT, set()),
        ("crit_if: {not: {check: floor, is: [pass]}}", LIMIT, set()),
        ("pass_if: {check: floor, is: [pass, skipped, not_applicable]}", LIMIT, set()),
        ("pass_if: {check: floor, is: [pass]}", LIMIT, set()),
        ("pass_if: {not: {any: [{check: floor, is: [warn, fail]}]}}", LIMIT, set()),
        # Who asks for warnings alone does not.
        ("crit_if: {check: floor, is: [warn]}", WORSE, SEEN),
        ("crit_if: {check: live/floor, is: [warn]}", LIMIT, SEEN),
        ("crit_if: {all: [{check: '*', is: [warn]}]}", LIMIT, SEEN),
        ("pass_if: {check: floor, is: [warn, fail]}", LIMIT, SEEN),
        ("pass_if: {not: {check: floor, is: [pass]}}", LIMIT, SEEN),
        ("crit_if: {check: floor, is: [pass]}", LIMIT, SEEN),
        ("crit_if: {check: floor, is: [fail], severity: [P2]}", LIMIT, SEEN),
        ("crit_if: {check: floor, is: [fail], groups: all}", LIMIT, SEEN),
        ("crit_if: {check: floor, is: [fail], groups: '<= 1'}", LIMIT, SEEN),
        ("pass_if: {check: floor, is: [pass], groups: any}", LIMIT, SEEN),
        # What changes whether there is an answer at all is no step from pass to fail.
        ("crit_if: {check: floor, is: [fail]}", SAMPLES, SEEN),
        ("pass_if: {check: floor, is: [pass]}", EARLIER, SEEN),
        ("crit_if: {check: floor, is: [fail]}", GROUP, SEEN),
        # A condition for a check to be asked: more that is bad asks more often.
        ("only_if: {check: floor, is: [fail]}\n      crit_if: {fact: go, is: [no]}", LIMIT, set()),
        ("only_if: {check: floor, is: [pass]}\n      crit_if: {fact: go, is: [no]}", LIMIT, SEEN),
    ],
)
def test_what_another_check_looks_at(watcher: str, edit: tuple[str, str], effects: set[Effect], tmp_path: Path) -> None:
    facts = "spec:\n  facts: {go: {source: manual}}\n"
    text = WATCHING.replace("spec:\n", facts) + WATCHER + f"      {watcher}\n"
    assert text.count(edit[0]) == 1
    old, new = policies(tmp_path / "old", text), policies(tmp_path / "new", text.replace(*edit))
    found = list(loosened(old, new))
    assert {one.effect for one in found} == effects
    assert all("looks at it" in one.text for one in found)


def test_an_alert_that_silences_others(tmp_path: Path) -> None:
    other = WATCHER + '      crit_if: {fact: go, is: ["no"]}\n'
    text = WATCHING.replace("spec:\n", "spec:\n  facts: {go: {source: manual}}\n") + other
    text = text.replace("  alerts:", "  inhibit: [{when: floor, silences: [watcher]}]\n  alerts:")
    old, new = policies(tmp_path / "old", text), policies(tmp_path / "new", text.replace(*LIMIT))
    assert [(one.subject, one.effect) for one in loosened(old, new)] == [("live/floor", UNKNOWN)]


@pytest.mark.parametrize(("groups", "effects"), [("all", SEEN), ('">= 2"', SEEN), ("any", set())])
def test_a_new_check_that_another_counts(groups: str, effects: set[Effect], tmp_path: Path) -> None:
    text = WATCHING + WATCHER + f'      crit_if: {{check: "other/*", is: [fail], groups: {groups}}}\n'
    other = WATCHING.replace("name: live", "name: other").replace("WATCHING", "")
    more = other + other[other.index("    - id: floor") :].replace("id: floor", "id: second")
    sets = []
    for name, second in (("old", other), ("new", more)):
        write_tree(tmp_path / name, {"policies/other.yaml": second})
        sets.append(policies(tmp_path / name, text))
    found = list(loosened(*sets))
    assert {(one.subject, one.effect) for one in found} == {("other/second", one) for one in effects}


UNDECIDED = (
    ("min_samples: 50", "min_samples: 5000", "live/floor"),
    ("min_coverage: 0.9", "min_coverage: 1", "live/floor"),
    ("fresh_for: 24h", "fresh_for: 1h", "live/facts"),
    ('warn_if: "< 0.5"', 'warn_if: "< 0.5"\n      crit_if: "< 0.3"', "live/floor"),
)


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize(("old", "new", "about"), UNDECIDED)
def test_what_leaves_more_undecided_where_that_passes(
    old: str, new: str, about: str, passes: bool, tmp_path: Path
) -> None:
    text = (
        DRIFT
        if "warn_if" not in old
        else DRIFT.replace('      crit_if: "< 0.3"\n', "").replace("{warn: P3, crit: P2}", "P3")
    )
    if passes:
        text = text.replace("      every: 1d\n", "      every: 1d\n      on_unknown: pass\n      because: late\n")
    assert text.count(old) == 1
    found = list(loosened(policies(tmp_path / "old", text), policies(tmp_path / "new", text.replace(old, new))))
    assert [(one.subject, one.effect) for one in found] == ([(about, UNKNOWN)] if passes else [])


def test_a_heartbeat_where_what_is_unknown_passes(tmp_path: Path) -> None:
    events = "apiVersion: cvnpolicy/v1\nkind: EventCatalog\nmetadata: {name: log, title: L, owner: '@you'}\n"
    events += "spec: {events: {started: {heartbeat: 1h}}}\n"
    late = DRIFT.replace("      every: 1d\n", "      every: 1d\n      on_unknown: pass\n      because: late\n")
    for text, expected in ((DRIFT, []), (late, [("log/events", UNKNOWN)])):
        sets = [
            policies(tmp_path / f"{len(expected)}{beat}", text, events.replace("1h", beat)) for beat in ("1h", "10min")
        ]
        assert [(one.subject, one.effect) for one in loosened(*sets)] == expected


def test_true_is_not_one(tmp_path: Path) -> None:
    old = DRIFT.replace("{warn: P3, crit: P2}", "P2\n      only_if: {fact: console, is: [true]}")
    new = old.replace("is: [true]", "is: [1]")
    found = list(loosened(policies(tmp_path / "old", old), policies(tmp_path / "new", new)))
    assert [(one.subject, one.effect) for one in found] == [("live/floor", UNKNOWN)]


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("groups: '>= 2'", "groups: any", NONE),
        ("groups: '>= 2'", "groups: '>= 2'", UNKNOWN),
        ("groups: '>= 2'", "expect", UNKNOWN),
    ],
)
def test_a_member_more_where_members_are_counted(old: str, new: str, effect: Effect, tmp_path: Path) -> None:
    del old
    counting = WATCHING.replace("[BTCUSDC, ETHUSDC]", "symbols")
    counting = counting.replace("      every: 1d\n", f"      every: 1d\n      {new}\n") if "groups" in new else counting
    if new == "expect":
        counting = counting.replace(
            "statistic: mean, dataset: scores, columns: [f1],", "statistic: coverage, dataset: scores,"
        )
        counting = counting.replace("window: 7d}", "window: 7d, expect: {symbol: symbols}}").replace(
            "      by: {symbol: symbols}\n", ""
        )
        counting = counting.replace('"< 0.5"', '"< 50%"').replace('"< 0.1"', '"< 10%"')
    sets = policies(tmp_path / "policies", counting)
    before = project(tmp_path / "old")
    after = project(tmp_path / "new", configuration=CONFIGURATION.replace("SOLUSDC]", "SOLUSDC, AAVEUSDC]"))
    found = list(loosened_configuration(before, after, ["@anna"], [sets]))
    assert [one.effect for one in found] == ([] if effect is NONE else [effect])


@pytest.mark.parametrize(("outcomes", "effects"), [("pass", set()), ("pass, inconclusive", SEEN)])
def test_a_check_that_takes_doubt_for_good(outcomes: str, effects: set[Effect], tmp_path: Path) -> None:
    """It is no matter which check: the fact may be what leaves that one undecided."""
    text = WATCHING.replace("spec:\n", "spec:\n  facts: {go: {source: manual, fresh_for: 24h}}\n")
    text += WATCHER + f"      pass_if: {{check: floor, is: [{outcomes}]}}\n"
    old, new = policies(tmp_path / "old", text), policies(tmp_path / "new", text.replace("24h", "1h"))
    assert {one.effect for one in loosened(old, new)} == effects
