from __future__ import annotations

import pytest

from cvnpolicy.core.location import Location
from cvnpolicy.load.nodes import MappingNode, Node, RefusedNode, ScalarNode, SequenceNode, find, locate, sound, to_plain
from cvnpolicy.load.parse import parse

TEXT = """\
name: x
list:
  - {id: a, n: 1}
  - id: b
empty:
"""


@pytest.fixture
def root() -> Node:
    parsed = parse(TEXT.encode(), "f.yaml")
    assert parsed.problems == ()
    return parsed.documents[0]


def span(place):
    return (place.line, place.column, place.end_line, place.end_column)


def test_to_plain(root: Node):
    assert to_plain(root) == {"name": "x", "list": [{"id": "a", "n": 1}, {"id": "b"}], "empty": None}


def test_find(root: Node):
    assert find(root, []) is root
    found = find(root, ["list", 0, "n"])
    assert isinstance(found, ScalarNode)
    assert found.value == 1


@pytest.mark.parametrize("path", [["no"], ["list", 2], ["list", -1], ["list", "id"], ["name", "x"], [0], ["no", "no"]])
def test_find_nothing(root: Node, path: list[str | int]):
    assert find(root, path) is None


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ([], False, (1, 1, 5, 7)),
        ([], True, (1, 1, 5, 7)),
        (["name"], False, (1, 7, 1, 8)),
        (["name"], True, (1, 1, 1, 5)),
        (["list"], False, (3, 3, 4, 10)),
        (["list"], True, (2, 1, 2, 5)),
        (["list", 0], False, (3, 5, 3, 18)),
        (["list", 0], True, (3, 5, 3, 18)),
        (["list", 0, "n"], True, (3, 13, 3, 14)),
        (["list", 0, "missing"], False, (3, 5, 3, 18)),
        (["list", 9, "id"], True, (2, 1, 2, 5)),
        (["empty"], False, (5, 7, 5, 7)),
    ],
)
def test_locate(root, path, key, expected):
    assert span(locate(root, path, key=key)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: abcdef", (1, 6, 1, 8)),
        ("a: 'abcdef'", (1, 7, 1, 9)),
        ('a: "abcdef"', (1, 7, 1, 9)),
        ('"😀": "😀bcdef"', (1, 9, 1, 11)),
        ("a: 'ab''def'", (1, 4, 1, 13)),
        ('a: "ab\\x20def"', (1, 4, 1, 15)),
        ("a: abc\n  def", (1, 4, 2, 6)),
        ("a: |\n  abcdef\n", (1, 4, 3, 1)),
    ],
)
def test_inside_a_scalar(text, expected):
    parsed = parse(text.encode(), "f.yaml")
    document = parsed.documents[0]
    assert isinstance(document, MappingNode)
    node = document.entries[0][1]
    assert isinstance(node, ScalarNode)
    assert span(node.inside(2, 2)) == expected
    assert node.inside(0, 0).line == 1
    assert node.inside(-1, 1) == node.inside(1, -1) == node.inside(999, 1) == node.location


def test_inside_reaches_one_past_the_end():
    node = ScalarNode("ab", Location("f", 1, 1, 1, 3), "ab")
    assert span(node.inside(2, 1)) == (1, 3, 1, 4)


def test_sound():
    place = Location("f")
    scalar = ScalarNode(1, place, "1")
    assert sound(SequenceNode((scalar, MappingNode(((scalar, scalar),), place)), place))
    assert not sound(SequenceNode((scalar, RefusedNode(place)), place))
    assert not sound(MappingNode(((scalar, MappingNode((), place, partial=True)),), place))


def test_a_refused_node_is_none():
    assert to_plain(SequenceNode((RefusedNode(Location("f")),), Location("f"))) == [None]
