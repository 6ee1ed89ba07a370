"""What is passed over unread would have had no finding: the triage only ever errs towards looking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.lint import runner
from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.source import UnreadableError, candidate, read
from tests.lint.test_shapes import LEFT_ALONE, SEEN, pieces
from tests.support.direct_shapes import direct
from tests.support.linting import SETTINGS, linted

CODE = [*pieces(SEEN), *pieces(LEFT_ALONE), *(example.bad for rule in RULES for example in rule.examples)]


@pytest.mark.parametrize("code", CODE)
def test_what_has_a_finding_is_looked_at(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = linted(code)
    monkeypatch.setattr(runner, "candidate", lambda source, settings: (True, False))
    assert linted(code) == quick


@given(st.sampled_from(sorted(SETTINGS.names)), st.data())
def test_a_name_in_two_pieces_is_looked_at(name: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(name) - 1))
    code = f'params["{name[:cut]}" + "{name[cut:]}"] = 0.5\n'
    assert candidate(read(code.encode()), SETTINGS)[0]
    assert linted(code)


@given(st.sampled_from(sorted(SETTINGS.names)), st.data())
def test_a_name_in_three_pieces_is_looked_at(name: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(name) - 2))
    second = data.draw(st.integers(first + 1, len(name) - 1))
    code = f'a = "x.{name[:first]}"; b = "{name[first:second]}"; params[a + b + "{name[second:]}"] = 0.5\n'
    assert candidate(read(code.encode()), SETTINGS)[0]
    assert linted(code)


@pytest.mark.parametrize(
    "code",
    [
        'a = "lear"; b = "ing_rate"\n',
        'a = "gam"; b = "xma"\n',
        'a = "gamx"; b = "ma"\n',
        'a = "g"; b = "xamm"; c = "a"\n',
        '"""gamma is fine"""\n',
        "# gamma = 1\n",
        "x = gamma + obj.gamma\n",
    ],
)
def test_what_makes_no_name_is_passed_over(code: str) -> None:
    assert candidate(read(code.encode()), SETTINGS) == (False, False)


@pytest.mark.parametrize(
    "code",
    [
        "gamma = x\n",
        "x.gamma = y\n",
        "f(gamma=x)\n",
        "def f(gamma): ...\n",
        "def gamma(): ...\n",
        "async def gamma(): ...\n",
        "class A(gamma=x): ...\n",
        "x = 'gamma'\n",
        "x = 'CVN_HPO_'\n",
        "x = 'CVN_'; y = 'HPO_'\n",
        "x = 'GAM'; y = '%sMA' % z\n",
        "x = 'gamm'; y = 'a'\n",
        "x = 'gamm'; y = 'a: 0.5'\n",
        "x = 'a=1 g'; y = 'amma'\n",
        "x = 'g'; y = 'amma'\n",
        "x = '--max-'; y = 'depth'\n",
        "x = '\\x67amma'\n",
        "x = 'ｇamma'\n",
        "def broken(:\n",
    ],
)
def test_where_a_name_may_be_given_a_value_is_looked_at(code: str) -> None:
    assert candidate(read(code.encode()), SETTINGS)[0]


CASE = "gamma = x\nmatch x:\n    case {}: pass\n"


@pytest.mark.parametrize(
    ("code", "apart"),
    [
        (CASE.format("(" * 10 + "a" + ")" * 10), False),
        (CASE.format("(" * 11 + "a" + ")" * 11), True),
        ("y = ')))))'\n" + CASE.format("[" * 11 + "a" + "]" * 11), True),
        (CASE.format("a") + "y = f()" + " + f()" * 30 + "\n", False),
        ("gamma = " + "(" * 50 + "1" + ")" * 50 + "\n", False),
    ],
)
def test_brackets_around_patterns_are_parsed_apart(code: str, *, apart: bool) -> None:
    assert candidate(read(code.encode()), SETTINGS) == (True, apart)


def test_brackets_are_counted() -> None:
    assert candidate(read(f"gamma = '{'(' * 60_000}'\n".encode()), SETTINGS) == (True, False)
    with pytest.raises(UnreadableError):
        candidate(read(f"gamma = '{'(' * 60_001}'\n".encode()), SETTINGS)


@pytest.mark.parametrize(
    ("code", "looked_at"),
    [
        ('x = resolve("epochs", default=3)\n', True),
        ('x = getattr(m, "resolve")("epochs", default=3)\n', True),
        ('from m import resolve as ask\nx = ask("epochs", fallback=3)\n', True),
        ('x = m.resolve("epochs", **{"default": 3})\n', True),
        ('x = resolve("epochs")\n', False),
        ("x = f(default=3)\n", False),
    ],
)
def test_what_a_resolver_is_given_as_a_default_is_looked_at(code: str, *, looked_at: bool) -> None:
    assert candidate(read(code.encode()), SETTINGS)[0] is looked_at


def test_what_python_does_not_read_is_parsed_apart() -> None:
    assert candidate(read(b"def broken(:\n"), SETTINGS) == (True, True)


def test_without_a_prefix_the_environment_does_not_matter() -> None:
    plain = Settings(names=SETTINGS.names)
    assert candidate(read(b"x = 'CVN_HPO_'\n"), plain) == (False, False)


@pytest.mark.parametrize(("brackets", "apart"), [(147, False), (148, True)])
def test_what_is_nested_deeply_is_parsed_apart(brackets: int, apart: bool) -> None:
    code = "gamma = " + "[" * brackets + "]" * brackets
    assert candidate(read(code.encode()), SETTINGS) == (True, apart)
    unnamed = code.replace("gamma", "x")
    assert candidate(read(unnamed.encode()), SETTINGS) == (False, False)


@pytest.mark.parametrize("code", ["import os\n\n\ndef f(x):\n    return x + 1\n", "", "class A:\n    b = 3\n"])
def test_what_cannot_matter_is_passed_over(code: str) -> None:
    assert candidate(read(code.encode()), SETTINGS) == (False, False)


SIMPLE = st.sampled_from(["0.1", "6", "-3", "1e-3", "None", "True", "cfg.x", '"auto"', "x"])
NAMES = st.sampled_from(["learning_rate", "max_depth", "gamma", "other", "seed"])


@given(st.lists(st.tuples(NAMES, SIMPLE, st.integers(0, 3)), max_size=6))
def test_direct_shapes_agree_with_another_implementation(parts: list[tuple[str, str, int]]) -> None:
    """Keywords, keys, assignments and defaults, found by Python's own parser."""
    shapes = ("fit({}={})\n", 'd = {{"{}": {}}}\n', "{} = {}\n", "def f({}={}): ...\n")
    code = "x = y\n" + "".join(shapes[shape].format(name, value) for name, value, shape in parts)
    assert [one.location.line for one in linted(code) if one.rule == "CVN501"] == sorted(
        place[0] for place, _ in direct(code, SETTINGS)
    )
