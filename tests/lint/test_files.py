"""Files as they come: encodings, line ends, depth, damage. What cannot be linted is a finding, never a pass."""

from __future__ import annotations

import pytest

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.source import LIMIT
from tests.support.linting import linted


def places(code: str | bytes) -> list[tuple[object, ...]]:
    return [tuple(one.location)[1:] for one in linted(code)]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        (b"\xef\xbb\xbfgamma = 0.5\n", (1, 9, 1, 12)),
        (b"x = 1\r\ngamma = 0.5\r\n", (2, 9, 2, 12)),
        (b"x = 1\rgamma = 0.5\r", (2, 9, 2, 12)),
        (b"gamma = 0.5", (1, 9, 1, 12)),
        (b"\x0cgamma = 0.5\n", (1, 10, 1, 13)),
        ("# coding: latin-1\nx = 'é'; gamma = 0.5\n".encode("latin-1"), (2, 18, 2, 21)),
        ('x = "🚀🚀"; gamma = 0.5\n'.encode(), (1, 19, 1, 22)),
        (b"if x:\n\tgamma = 0.5\n", (2, 10, 2, 13)),
        (b"gamma = \\\n    0.5\n", (2, 5, 2, 8)),
        (b"try:\n    pass\nexcept E :\n    gamma = 0.5\n", (4, 13, 4, 16)),
        (b'x = f"{y!s  }"; gamma = 0.5\n', (1, 25, 1, 28)),
        (b"gamma = (\n    1 /\n    3\n)\n\n\n", (1, 9, 4, 2)),
        (b"type X = int\ngamma = 0.5\n", (2, 9, 2, 12)),
        (b"def f[T](gamma: T = 0.5): ...\n", (1, 21, 1, 24)),
    ],
)
def test_a_number_is_found_where_it_stands(code: bytes, place: tuple[int, int, int, int]) -> None:
    assert places(code) == [place]


@pytest.mark.parametrize(
    ("code", "said", "place"),
    [
        (b"gamma = 0.5\ndef broken(:\n    pass\n", "could not parse the file: invalid syntax", (2, 12)),
        (b"gamma = 0.5\0", "the file has NUL bytes", (1, 1)),
        (b"# coding: klingon\n", "the file cannot be decoded", (1, 1)),
        (b"# coding: punycode\nx = 1\n", "the file cannot be decoded", (1, 1)),
        (b"# coding: undefined\nx = 1\n", "the file cannot be decoded", (1, 1)),
        (b"a\xe2\x80\x8db = 1\n", "could not lint the file: libcst cannot read it", (1, 1)),
        (b"gamma = [" + b"1," * 100_000 + b"]\n", "the file has more than 100000 parts", (1, 1)),
        (b"x = '\xff'\n", "the file cannot be decoded", (1, 1)),
        (b"#" * LIMIT + b"\n", "the file has more than", (1, 1)),
        (b"(x): int = 5\ngamma = y\n", "Python knows this form and the linter's parser does not", (1, 6)),
    ],
)
def test_what_cannot_be_read_is_a_finding(code: bytes, said: str, place: tuple[int, int]) -> None:
    (one,) = linted(code)
    assert (one.rule, said in one.message) == (LintRule.UNPARSED, True), one
    assert one.location[1:3] == place
    assert one.location[3:] in ((place[0], place[1]), (place[0], place[1] + 1))


def test_a_file_of_just_the_size_is_linted() -> None:
    assert [one.rule for one in linted(b"gamma = 0.5\n" + b"#" * (LIMIT - 13) + b"\n")] == [LintRule.LITERAL]


@pytest.mark.parametrize(
    "code",
    [
        "gamma = " + " + ".join(["1"] * 400) + "\n",
        "if x == 0:\n    pass\n" + "".join(f"elif x == {n}:\n    pass\n" for n in range(400)) + "gamma = 0.5\n",
        "x = " + "[" * 90 + "]" * 90 + "\ngamma = 0.5\n",
    ],
    ids=["sum", "elif", "brackets"],
)
def test_deep_code_is_linted(code: str) -> None:
    assert len(linted(code)) == 1
    assert linted(code)[0].rule != LintRule.UNPARSED
