from __future__ import annotations

import re
from unittest import mock

import pytest

from cvnpolicy.sources.logfmt import count_events, exact, fast, read_events
from cvnpolicy.sources.logfmt.line import pairs
from cvnpolicy.sources.logfmt.query import Query
from cvnpolicy.sources.logfmt.shape import MAX_KEY_TEXT, MAX_KEYS, Stamp, shape_of

QUERY = Query("X", "ts", ("fold", "model"))
STAMP = "ts=2024-05-12T03:04:05Z"


def shape(line, query=QUERY):
    return shape_of(pairs(line), query)


def test_the_pattern_of_a_line_reads_it_and_its_like():
    line = f'{STAMP} event=X flag model="a b" fold=1 x=2'
    learned = shape(line)

    (groups,) = learned.groups(QUERY)
    pattern = re.compile(learned.pattern(QUERY, groups))

    assert groups == ("ts", "event", "model", "fold")
    match = pattern.match(line + "\n")
    assert match
    assert match.groups() == ("2024-05-12T03:04:05", "event=X", '"a b"', "1")
    assert pattern.match(line.replace("x=2", 'x="\\"y\\""') + " \r\n")
    for other in (line.replace("flag", "flag=1"), line.replace("x=", "y="), line + " z=1", line + '"', line):
        assert not pattern.match(other)


def test_a_pattern_has_few_groups_and_further_keys_get_another():
    query = Query("X", "ts", ("a", "b", "c", "d", "e", "f", "g", "absent"))
    learned = shape(f"g=1 f=2 e=3 d=4 c=5 b=6 a=7 event=X {STAMP}", query)

    groups = learned.groups(query)

    assert groups == [("g", "f", "event", "ts"), ("e", "d", "c", "b"), ("a",)]
    assert [re.compile(learned.pattern(query, each)).groups for each in groups] == [4, 4, 1]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (STAMP, Stamp("Z", quoted=False, cut_digits=0)),
        ('ts="2024-05-12 03:04:05.123456+02:00"', Stamp("+02:00", quoted=True, cut_digits=0)),
        ("ts=2024-05-12T03:04:05.123456789-0530", Stamp("-0530", quoted=False, cut_digits=3)),
        ("ts=2024-05-12T03:04:05", None),
        ('ts="2024-05-12T03:04:05\\u005a"', None),
        ("ts", None),
        ("at=2024-05-12T03:04:05Z", None),
    ],
)
def test_how_an_instant_is_written_is_part_of_the_shape(stamp, expected):
    assert shape(f"{stamp} event=X").stamp == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "event fold=1",
        " ".join(f"k{index}=1" for index in range(MAX_KEYS + 1)),
        f"event=X {'k' * MAX_KEY_TEXT}=1",
    ],
)
def test_lines_without_a_shape(line):
    assert shape(line) is None


def test_the_limits_of_a_shape_are_inclusive():
    assert shape(" ".join(f"k{index}=1" for index in range(MAX_KEYS)))
    assert shape("k" * MAX_KEY_TEXT + "=1")


@pytest.mark.parametrize(
    "lookalike",
    [
        'msg="event=X"',
        'msg="x event=X y" level=info',
        "ts=naive event=Xy",
        f"{STAMP} event=Xy fold=1",
        f'{STAMP} event="Y" msg=" event=X "',
        f"event {STAMP} msg=event=X",
        "note=event=X " + " ".join(f"k{index}" for index in range(MAX_KEYS)),
    ],
)
@pytest.mark.parametrize("events", [0, 7])
def test_many_lookalikes_are_told_apart(connection, tmp_path, lookalike, events):
    path = tmp_path / "app.log"
    path.write_text((lookalike + "\n") * 600 + f"{STAMP} event=X fold=1\n" * events + (lookalike + "\n") * 600)

    counted = count_events(connection, [path], event="X", time="ts", start_us=None, end_us=None, bucket_us=None)

    assert (counted.total, counted.lines) == (events, 1_200 + events)


def test_patterns_not_the_parser_read_what_repeats(connection, tmp_path):
    tails = ("event=X fold=1", 'event=X model="\\"a\\" b" fold=2', "event=Xy", 'msg="event=X"')
    path = tmp_path / "app.log"
    path.write_text("".join(f"{STAMP} {tails[k % 4]}\n" for k in range(8_000)))

    with mock.patch("cvnpolicy.sources.logfmt.exact.read_pairs", wraps=exact.read_pairs) as parser:
        found = read_events(
            connection, [path], event="X", time="ts", keys=("fold", "model"), start_us=None, end_us=None
        ).table

    assert found["fold"].to_pylist() == ["1", "2"] * 2_000
    assert found["model"].to_pylist() == [None, '"a" b'] * 2_000
    assert parser.call_count == len(tails)


def test_the_most_frequent_shape_is_tried_first_in_the_next_block(connection, tmp_path):
    rare, frequent = f"{STAMP} event=X rare=1\n", f"{STAMP} event=X fold=1\n"
    paths = [tmp_path / name for name in ("a.log", "b.log")]
    paths[0].write_text(rare * 300 + frequent * 3_000)
    paths[1].write_text(rare + frequent + f"{STAMP} event=X new=1\n")

    with mock.patch("cvnpolicy.sources.logfmt.fast.read", wraps=fast.read) as read:
        counted = count_events(connection, paths, event="X", time="ts", start_us=None, end_us=None, bucket_us=None)

    assert counted.total == 3_303
    tried = [[shape.keys[-1][0] for shape in call.args[3]] for call in read.call_args_list]
    assert tried == [[], ["rare"], ["fold"], ["fold", "rare"]]
