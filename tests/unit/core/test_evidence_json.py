from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core import evidence_json
from cvnpolicy.core.evidence import (
    Answer,
    Direction,
    Evidence,
    FactNeed,
    FactReading,
    Liveness,
    Match,
    MeasureNeed,
    Need,
    Reading,
    Readings,
    Selection,
    Unavailable,
)
from cvnpolicy.core.evidence_json import InvalidEvidenceError, dump, load, sha256
from cvnpolicy.core.time import Window, from_us

AT = datetime(2026, 6, 11, tzinfo=UTC)

texts = st.text(max_size=8)
floats = st.floats(allow_nan=False)
scalars = texts | st.integers() | floats | st.booleans()
instants = st.integers(-(2**50), 2**52).map(from_us)
windows = st.builds(
    lambda start, length: Window(start, start + length), instants, st.timedeltas(timedelta(0), timedelta(99))
)
pairs = st.lists(st.tuples(texts, scalars), max_size=2).map(tuple)
lists = st.lists(st.tuples(texts, st.lists(scalars, max_size=2).map(tuple)), max_size=2).map(tuple)
selections = st.builds(Selection, texts, st.none() | texts, lists, st.none() | windows)
names = st.lists(texts, max_size=2).map(tuple)
measures = st.builds(
    MeasureNeed,
    statistic=texts,
    selection=selections,
    columns=names,
    by=names,
    over=names,
    params=pairs,
    reference=st.none() | selections,
    total=st.none() | selections,
    match=st.none() | st.builds(Match, selections, st.integers(0), names, st.sampled_from(Direction)),
    expect=lists,
    alive=st.none() | st.builds(Liveness, selections, st.integers(0)),
)
needs = measures | st.builds(FactNeed, texts, texts)
values = st.recursive(
    st.none() | scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["float", "object", "a", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)
readings = st.builds(
    Reading,
    value=st.none() | st.integers() | floats,
    samples=st.integers(0),
    coverage=st.none() | floats,
    alive=st.booleans(),
    details=st.dictionaries(texts, values, max_size=3),
)
facts = st.builds(
    FactReading,
    value=st.none() | scalars,
    items=st.none() | st.lists(st.dictionaries(texts, scalars, max_size=2), max_size=2).map(tuple),
    at=st.none() | instants,
    by=st.none() | texts,
)
answers = (
    st.builds(Readings, st.dictionaries(pairs, readings, max_size=2)) | facts | st.builds(Unavailable, texts, texts)
)
evidences = st.builds(Evidence, instants, st.dictionaries(needs, answers, max_size=3))


@given(evidences)
def test_what_is_written_is_read(evidence):
    text = dump(evidence)
    again = load(text)
    assert again == evidence
    assert dump(again) == text


@given(evidences)
def test_the_order_of_answers_does_not_matter(evidence):
    turned = Evidence(evidence.at, dict(reversed(list(evidence.answers.items()))))
    assert dump(turned) == dump(evidence)
    assert sha256(turned) == sha256(evidence)


def evidence(**answers) -> Evidence:
    return Evidence(AT, {FactNeed(name, "facts"): answer for name, answer in answers.items()})


def test_what_is_not_finite_has_a_name():
    need = MeasureNeed("mean", Selection("d"))
    given = Reading(math.nan, 3, details={"edges": [math.inf, -math.inf], "float": {"float": "nan"}})
    text = dump(Evidence(AT, {need: Readings({(): given})}))
    assert json.loads(text)["answers"][0]["answer"]["groups"][0]["value"] == {"float": "nan"}
    answer = load(text).answers[need]
    assert isinstance(answer, Readings)
    found = answer.groups[()]
    assert repr(found.value) == "nan"
    assert found.details == given.details


BEFORE_THERE_WERE_SIDES = (
    '{"answers":[{"answer":{"groups":[{"alive":true,"coverage":null,"details":{"events":1,"pending":0},"group":[],'
    '"samples":1,"value":0}],"type":"readings"},"need":{"alive":null,"by":[],"columns":[],"expect":[],"match":'
    '{"after_us":7,"same":["id"],"selection":{"dataset":"d","event":"told","where":[],"window":null}},"over":[],'
    '"params":[],"reference":null,"selection":{"dataset":"d","event":"asked","where":[],"window":null},"statistic":'
    '"unmatched","total":null,"type":"measure"}}],"at":"2026-06-11T00:00:00Z","schema":"cvnpolicy.evidence/v1",'
    '"sha256":"4b86177d31a5ffd5f632ebf879b2f87ac884893789d13a87838157dd7ae471c0"}\n'
)
"""As it was recorded when a match had no other side than ``after``."""


def test_a_match_that_was_recorded_before_it_had_sides_is_read():
    evidence = load(BEFORE_THERE_WERE_SIDES)
    asked, told = Selection("d", "asked"), Selection("d", "told")
    (need,) = evidence.answers
    assert need == MeasureNeed("unmatched", asked, match=Match(told, 7, ("id",), Direction.AFTER))
    assert dump(evidence) == BEFORE_THERE_WERE_SIDES


def test_the_sides_of_a_match_are_different_questions():
    def evidence(direction: Direction) -> Evidence:
        need = MeasureNeed("unmatched", Selection("d"), match=Match(Selection("d"), 7, ("id",), direction))
        return Evidence(AT, {need: Unavailable("a")})

    before, after = evidence(Direction.BEFORE), evidence(Direction.AFTER)
    (need,) = before.answers
    assert after.answer(need) != before.answer(need)
    assert sha256(before) != sha256(after)
    match = json.loads(dump(before))["answers"][0]["need"]["match"]
    assert {key: match[key] for key in match if key != "selection"} == {"before_us": 7, "same": ["id"]}


@pytest.mark.parametrize("value", [1, 1.0, -0.0, True, "1", 0.1 + 0.2, 2**70, 5e-324])
def test_scalars_keep_their_type(value):
    need = FactNeed("a", "facts")
    answer = load(dump(evidence(a=FactReading(value)))).answers[need]
    assert isinstance(answer, FactReading)
    assert repr(answer.value) == repr(value)


def test_the_hash_is_of_the_canonical_content():
    text = dump(evidence(a=FactReading(1)))
    document = json.loads(text)
    body = {"at": document["at"], "answers": document["answers"]}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    assert document["sha256"] == hashlib.sha256(canonical.encode()).hexdigest() == sha256(evidence(a=FactReading(1)))
    assert document["schema"] == "cvnpolicy.evidence/v1"
    assert sha256(evidence(a=FactReading(1))) != sha256(evidence(a=FactReading(1.0)))


def test_the_hash_does_not_depend_on_the_seed_of_hashes():
    code = (
        "from cvnpolicy.core.evidence import *; from cvnpolicy.core.evidence_json import sha256;"
        "from datetime import datetime, UTC;"
        "print(sha256(Evidence(datetime(2026, 1, 1, tzinfo=UTC),"
        " {FactNeed(n, 'f'): FactReading(n) for n in {'a', 'b', 'c', 'd', 'e', 'f'}})))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_the_instant_keeps_its_microseconds():
    at = datetime(2026, 6, 11, 1, 2, 3, 4, tzinfo=UTC)
    assert load(dump(Evidence(at, {}))).at == at


def refusal(text: str) -> str:
    with pytest.raises(InvalidEvidenceError) as caught:
        load(text)
    assert caught.value.exit_code == 3
    return str(caught.value)


def changed(path: list[object], value: object) -> str:
    need = MeasureNeed(
        "mean",
        Selection("d", where=(("a", (1,)),), window=Window(AT, AT)),
        ("x",),
        match=Match(Selection("d"), 1, ("id",)),
        alive=Liveness(Selection("d"), 2),
    )
    given: dict[Need, Answer] = {
        need: Readings({(("s", "a"),): Reading(1.0, 2, 0.5)}),
        FactNeed("f", "facts"): FactReading(1, ({"a": 1},), AT, "@x"),
    }
    document = json.loads(dump(Evidence(AT, given)))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


FACT, MEASURE = ["answers", 0], ["answers", 1]


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        (
            ["schema"],
            "cvnpolicy.evidence/v2",
            "its schema is 'cvnpolicy.evidence/v2': this version reads cvnpolicy.evidence/v1",
        ),
        (["sha256"], "0" * 64, "does not match its SHA-256"),
        (["sha256"], 7, "sha256 is not a str"),
        (["at"], "2026-06-11T00:00:01Z", "does not match its SHA-256"),
        (["at"], "2026-06-11", "at is not an instant"),
        (["extra"], 1, "differs in extra"),
        (["answers"], {}, "answers is not a list"),
        (["answers", 0], 1, "answers[0] is not an object"),
        ([*FACT, "need", "name"], 1, "is not a str"),
        ([*FACT, "need"], {"type": "measure"}, "is not an object of alive, by"),
        ([*MEASURE, "need", "type"], "other", "answers[1].need.type is not fact or measure but other"),
        ([*MEASURE, "need", "statistic"], None, "answers[1].need.statistic is not a str"),
        ([*MEASURE, "need", "columns"], ["x", 1], "is not a str"),
        ([*MEASURE, "need", "params"], [["a"]], "is not a list of pairs"),
        ([*MEASURE, "need", "selection", "where"], [["a", 1]], "is not a list"),
        ([*MEASURE, "need", "selection", "where"], [["a", [None]]], "is not a scalar"),
        ([*MEASURE, "need", "selection", "where"], [["a", [{"float": "big"}]]], "is not nan, inf or -inf"),
        ([*MEASURE, "need", "selection", "window", "end"], "x", "window.end is not an instant"),
        ([*MEASURE, "need", "match", "after_us"], 1.0, "after_us is not a int"),
        (
            [*MEASURE, "need", "match", "before_us"],
            1,
            "answers[1].need.match is not an object of before_us, same, selec",
        ),
        ([*MEASURE, "need", "match"], {"same": [], "before_us": True}, "differs in selection"),
        ([*MEASURE, "need", "match"], {"same": [], "selection": None}, "differs in after_us"),
        ([*MEASURE, "need", "match"], 1, "answers[1].need.match is not an object"),
        ([*MEASURE, "need", "alive", "interval_us"], True, "interval_us is not a int"),
        ([*MEASURE, "answer", "type"], "other", "is not an object of hint, reason, type"),
        ([*MEASURE, "answer", "groups", 0, "value"], True, "value is not a number"),
        ([*MEASURE, "answer", "groups", 0, "value"], "1", "value is not a number"),
        ([*MEASURE, "answer", "groups", 0, "samples"], 2.0, "samples is not a int"),
        ([*MEASURE, "answer", "groups", 0, "alive"], 1, "alive is not a bool"),
        ([*MEASURE, "answer", "groups", 0, "details"], [], "details is not a dict"),
        ([*MEASURE, "answer", "groups", 0, "samples"], 3, "does not match its SHA-256"),
        ([*FACT, "answer", "items"], [1], "is not a dict"),
        ([*FACT, "answer", "at"], 1, "is not a str"),
        ([*FACT, "answer"], {"type": "none", "reason": "", "hint": ""}, "is not readings, fact or unavailable"),
        ([*FACT, "answer"], {"type": "unavailable", "reason": {"object": 1}, "hint": ""}, "is not a str"),
        ([*FACT, "answer", "value"], {"object": 1}, "answers[0].answer.value is not a dict"),
        ([*FACT, "answer", "value"], {"object": [1]}, "answers[0].answer.value is not a dict"),
        ([*FACT, "answer", "value"], {"float": {"float": "nan"}}, "answers[0].answer.value is not a str"),
        ([*MEASURE, "answer", "groups", 0, "coverage"], {"float": []}, "coverage is not a str"),
        ([*MEASURE, "answer", "groups", 0, "details"], {"a": [{"object": 1}]}, "details.a is not a dict"),
        ([*FACT, "answer", "at"], "\ud800", "half a character"),
        ([*FACT, "answer", "by"], "a\udfff", "half a character"),
        ([*FACT, "answer", "items"], [{"\ud800": 1}], "half a character"),
    ],
)
def test_a_changed_file_is_refused(path, value, part):
    assert part in refusal(changed(path, value))


def test_repetitions_are_refused():
    document = json.loads(changed(["at"], "2026-06-11T00:00:00Z"))
    document["answers"].append(document["answers"][0])
    assert "a repeated one" in refusal(json.dumps(document))
    document = json.loads(changed(["at"], "2026-06-11T00:00:00Z"))
    groups = document["answers"][1]["answer"]["groups"]
    groups.append(groups[0])
    assert "a group twice" in refusal(json.dumps(document))
    assert "a key twice" in refusal('{"schema": 1, "schema": 2}')


@pytest.mark.parametrize("text", ["", "{", "[1,", "nul", '{"a": NaN}', "1" * 5000, "[" * 100_000])
def test_what_is_no_json(text):
    assert "it is not JSON" in refusal(text)


@pytest.mark.parametrize("deep", [300, 500, 900])
def test_what_nests_deeply(deep):
    details: object = {}
    for _ in range(deep):
        details = {"a": details}
    text = json.dumps(json.loads(changed([*MEASURE, "answer", "groups", 0, "details"], {}))).replace(
        '"details": {}', f'"details": {json.dumps(details)}'
    )
    said = refusal(text)
    assert "does not match its SHA-256" in said or "it nests too deeply" in said or "it is not JSON" in said


@pytest.mark.parametrize("text", ["[]", "1", "null", "{}"])
def test_what_is_no_evidence(text):
    assert "its schema is 'None'" in refusal(text)


def test_a_long_text_is_not_read(monkeypatch):
    text = dump(evidence(a=FactReading("ä" * 100)))
    monkeypatch.setattr(evidence_json, "MOST_BYTES", len(text))
    assert load(text).at == AT
    monkeypatch.setattr(evidence_json, "MOST_BYTES", len(text) - 1)
    assert "longer than" in refusal(text)


@pytest.mark.parametrize("odd", [{1}, b"x", {1: 2}, object()])
def test_details_are_json_values(odd):
    with pytest.raises(TypeError, match="evidence holds JSON values"):
        dump(Evidence(AT, {MeasureNeed("mean", Selection("d")): Readings({(): Reading(1, 1, details={"a": odd})})}))
