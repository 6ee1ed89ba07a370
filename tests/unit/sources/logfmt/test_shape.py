from __future__ import annotations

import pytest

from cvnpolicy.sources.logfmt.line import pairs
from cvnpolicy.sources.logfmt.query import Query
from cvnpolicy.sources.logfmt.shape import MAX_KEY_TEXT, MAX_KEYS, Stamp, shape_of

STAMP = "ts=2024-05-12T03:04:05Z"


def shape(line, *keys):
    return shape_of(pairs(line), Query("X", "ts", keys))


@pytest.mark.parametrize(
    ("line", "keys", "length"),
    [
        (f"{STAMP} event=X a=1 b=2", (), 2),
        (f"{STAMP} event=X a=1 b=2", ("a",), 3),
        (f"{STAMP} event=X a=1 b", ("b", "absent"), 4),
        (f"event=X a=1 {STAMP}", (), 3),
        ("a=1 b=2", (), 1),
    ],
)
def test_the_trunk_ends_with_the_last_key_that_matters(line, keys, length):
    found = shape(line, *keys)

    assert len(found.trunk.keys) == length
    assert [key for key, _ in found.trunk.keys + found.tail] == [part.partition("=")[0] for part in line.split()]


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
    assert shape(f"{stamp} event=X").trunk.stamp == expected


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
