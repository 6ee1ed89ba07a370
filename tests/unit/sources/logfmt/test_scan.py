from __future__ import annotations

from unittest import mock

import pytest

from cvnpolicy.sources.logfmt import count_events, exact, fast, read_events, scan
from cvnpolicy.sources.logfmt.family import MAX_PAIRS
from cvnpolicy.sources.logfmt.shape import MAX_KEYS

STAMP = "ts=2024-05-12T03:04:05Z"


def count(connection, *paths):
    return count_events(connection, paths, event="X", time="ts", start_us=None, end_us=None, bucket_us=None).total


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
    assert parser.call_count == scan.LEARN_FROM


def test_the_most_frequent_family_is_tried_first_in_the_next_block(connection, tmp_path):
    rare, frequent = f"event=X {STAMP}\n", f"{STAMP} event=X\n"
    paths = [tmp_path / name for name in ("a.log", "b.log")]
    paths[0].write_text((rare * 2 + frequent) * 100 + frequent * 3_000)
    paths[1].write_text(rare + frequent + f"new=1 {STAMP} event=X\n")

    with mock.patch("cvnpolicy.sources.logfmt.fast.read", wraps=fast.read) as read:
        assert count(connection, *paths) == 3_303

    assert [call.args[1].num_rows for call in read.call_args_list] == [3_300, 3_044, 3]
    assert [family.trunk.keys[0][0] for family in read.call_args.args[3]] == ["ts", "event"]


def test_shapes_beyond_the_limits_are_read_exactly(connection, tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "MAX_FAMILIES", 2)
    path = tmp_path / "app.log"
    path.write_text("".join(f"k{k % 5}=1 {STAMP} event=X x{k % (2 * MAX_PAIRS)}=1\n" for k in range(4_000)))

    assert count(connection, path) == 4_000


def test_a_shape_too_rare_in_the_sample_is_not_learned(connection, tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "LEARN_FROM", 128)
    common, once = f"{STAMP} event=X a=1\n", f"{STAMP} event=X b=1\n"
    path = tmp_path / "app.log"
    path.write_text(once + common * 125 + f"{STAMP} event=X c=1\n" * 2 + common * 1_000)

    with mock.patch("cvnpolicy.sources.logfmt.fast.read", wraps=fast.read) as read:
        assert count(connection, path) == 1_128

    (pattern,) = read.call_args.args[3][0].patterns(read.call_args.args[2])
    assert ("a=" in pattern, "b=" in pattern, "c=" in pattern) == (True, False, True)
