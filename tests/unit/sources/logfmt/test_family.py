from __future__ import annotations

import re
from itertools import product

import pytest

from cvnpolicy.sources.logfmt.family import MAX_GROUPS, MAX_PAIRS, Family
from cvnpolicy.sources.logfmt.line import pairs
from cvnpolicy.sources.logfmt.query import Query
from cvnpolicy.sources.logfmt.shape import shape_of

QUERY = Query("X", "ts", ("fold", "model"))
STAMP = "ts=2024-05-12T03:04:05Z"


def family_of(*lines, query=QUERY):
    shapes = [shape for line in lines if (shape := shape_of(pairs(line), query))]
    family = Family(shapes[0].trunk)
    assert [family.add(shape) for shape in shapes] == [True] * len(lines)
    return family


def test_the_pattern_reads_a_line_and_its_like():
    line = f'{STAMP} event=X flag model="a b" fold=1 x=2'
    family = family_of(line)

    (groups,) = family.groups(QUERY)
    pattern = re.compile(family.patterns(QUERY)[0])

    assert groups == ("ts", "event", "model", "fold")
    match = pattern.match(line + "\n")
    assert match
    assert match.groups() == ("2024-05-12T03:04:05", "event=X", '"a b"', "1")
    assert pattern.match(line.replace("x=2", 'x="\\"y\\""') + " \t\r\n")
    for other in (line.replace("flag", "flag=1"), line.replace("x=", "y="), line + " z=1", line + '"'):
        assert not pattern.match(other + "\n")
    assert not pattern.match(line)


def test_tails_are_a_tree():
    family = family_of(
        *(f"{STAMP} event=X fold=1{tail}" for tail in ("", " a=1", " a", " a=1 b=1", " b=1 a=1", " ab=1"))
    )
    pattern = re.compile(family.patterns(QUERY)[0])

    for tail in ("", " a=7", " a", ' a="x y" b=', " b=1 a=1", " ab=1"):
        assert pattern.match(f"{STAMP} event=X fold=1{tail}\n"), tail
    for tail in (" b=1", " a b=1", " a=1 b=1 a=1", " ab", " c=1", ' a="1"b=1', " a=1\x0bb=1", " =", ' "'):
        assert not pattern.match(f"{STAMP} event=X fold=1{tail}\n"), tail


@pytest.mark.parametrize("text", ['"a\\u0041"', '"a\\x"', '"open', 'a"b', '"a"b', "\x1b", '"\x01"'])
def test_what_a_pattern_does_not_decide(text):
    pattern = re.compile(family_of(f"{STAMP} event=X x=1").patterns(QUERY)[0])

    assert not pattern.match(f"{STAMP} event=X x={text}\n")


def test_what_a_pattern_matches_the_exact_parser_reads_with_the_same_keys():
    shapes = ("m=1", "m=1 a=1", "m=1 a", "m=1 a=1 b=1")
    pattern = re.compile(family_of(*shapes).patterns(QUERY)[0])
    pieces = ("", "m=", "m=1", "a", "a=", 'a="', '"', "b=x", " ", "\r", "\t", "\\", "=")
    matched = 0
    for text in map("".join, product(pieces, repeat=5)):
        if pattern.match(text + "\n"):
            matched += 1
            assert tuple(key for key, _ in pairs(text + "\n")) in {("m",), ("m", "a"), ("m", "a", "b")}
    assert matched > 100


def test_a_line_without_an_event_is_told_by_its_first_pair():
    family = family_of("msg=hello level=info")

    assert family.groups(QUERY) == [("event",)]
    match = re.match(family.patterns(QUERY)[0], "msg= level=info\n")
    assert match
    assert match.groups() == ("msg=",)


def test_a_pattern_has_few_groups_and_further_keys_get_another():
    query = Query("X", "ts", ("a", "b", "c", "d", "e", "f", "g", "absent"))
    family = family_of(f"g=1 f=2 e=3 d=4 c=5 b=6 a=7 event=X {STAMP} x=1", query=query)

    groups = family.groups(query)
    patterns = [re.compile(pattern) for pattern in family.patterns(query)]

    assert groups == [("g", "f", "event", "ts"), ("e", "d", "c", "b"), ("a",)]
    assert [pattern.groups for pattern in patterns] == [MAX_GROUPS, 4, 1]
    matches = [pattern.match(f"g=1 f=2 e=3 d=4 c=5 b=6 a=7 event=X {STAMP} x=9\n") for pattern in patterns]
    assert [match.groups() for match in matches if match][1:] == [("3", "4", "5", "6"), ("7",)]


def test_a_family_has_one_trunk_and_a_size():
    family = family_of(f"{STAMP} event=X")
    longest = " ".join(f"k{index}=1" for index in range(MAX_PAIRS - 2))

    assert not family.add(shape_of(pairs(f"event=X {STAMP}"), QUERY))
    assert not family.add(shape_of(pairs(f"{STAMP[:-1]}+01:00 event=X"), QUERY))
    assert family.add(shape_of(pairs(f"{STAMP} event=X {longest}"), QUERY))
    assert family.add(shape_of(pairs(f"{STAMP} event=X k0=1"), QUERY))
    assert not family.add(shape_of(pairs(f"{STAMP} event=X more=1"), QUERY))
