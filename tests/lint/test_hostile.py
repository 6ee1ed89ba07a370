"""Code that means harm: bounded in time and memory, and never a pass."""

from __future__ import annotations

import pytest

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint import parse
from tests.support.linting import linted


@pytest.mark.parametrize(
    "code",
    [
        "gamma = x\nmatch x:\n    case " + "(" * 30 + "a" + ")" * 30 + ": pass\n",
        "gamma = (" + ("(" * 90 + "1" + ")" * 90 + ",") * 1_000 + ")\n",
        "gamma = " + " + ".join(["1"] * 10_000) + "\n",
        "x = " + "(" * 30_000 + ")" * 30_000 + "\ngamma = 0.5\n",
        "x = " + "-" * 20_000 + "1\ngamma = 0.5\n",
        "x = " + "not " * 20_000 + "1\ngamma = 0.5\n",
    ],
    ids=["case", "parentheses", "sum", "brackets", "minus", "not"],
)
def test_hostile_code_ends_as_a_finding_of_the_file(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "SECONDS", 2)
    found = linted(code)
    assert found, "it may not pass"
    assert {one.rule for one in found} <= {LintRule.UNPARSED, LintRule.LITERAL, LintRule.DISGUISE}


@pytest.mark.parametrize(
    "code",
    [
        "x = 0.1\n" + "x = x * y\n" * 3_000 + "fit(gamma=x)\n",
        "D = {'a': D, 'b': D}\n" * 2_000 + "fit(gamma=D['a'])\n",
        "def f(gamma): ...\n" * 3_000 + "f(1)\n" * 3_000,
        "def f(): return 1\n" * 3_000 + "g(gamma=f())\n" * 3_000,
        "D = {" + "'a': 1, " * 3_000 + "}\n" + "g(gamma=D['b'])\n" * 3_000,
        "D = {" + "'a': 1, " * 3_000 + "}\n" + "g(gamma=D.get('b'))\n" * 3_000,
        "N = [" + "'a', " * 3_000 + "]\nfor n in N:\n" + "    gamma, d[n] = y, 1\n" * 3_000,
    ],
    ids=["factors", "dictionaries", "functions", "results", "items", "gets", "keys"],
)
def test_names_that_stand_for_one_another_have_an_end(code: str) -> None:
    (one,) = linted(code)
    assert (one.rule, "stand for one another" in one.message) == (LintRule.UNPARSED, True)


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("gamma = 1  # cvnpolicy: ignore[CVN501] r\n" * 5_000, 5_000),
        ("fit(gamma=" + "(1 if x else " * 80 + "y" + ")" * 80 + ")\n", 80),
        ("a0 = ''\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(60)) + "d[a60] = gamma = 0.5\n", 1),
        ("".join(f"a{n} = a{n + 1}\n" for n in range(2_000)) + "a2000 = 0.5\nfit(gamma=a0)\n", 1),
        ("gamma = 1\n# cvnpolicy\n#" + "#" * 100_000 + "\n", 1),
        ("gamma = 1\n# cvnpolicy: ignore[CVN501] until" + " " * 100_000 + "\n", 1),
        ("a = y" + "*1" * 100 + "\nf(" + "gamma=a, " * 300 + ")\n", 100),
        ("x = json.loads(T)\n" * 1_000 + f"T = '{'a' * 100_000}'\ngamma = 1\n", 1),
        (f'x("%{"0" * 100_000}")\ngamma = 1\n', 1),
        (f'x("{"%(" * 100_000}")\ngamma = 1\n', 1),
        (f'exec("gamma={"1" * 100_000}x")\ngamma = 1\n', 1),
        (f'json.loads("gamma{" " * 100_000}x")\ngamma = 1\n', 1),
        ("fit(" + ", ".join(f"gamma={n}" for n in range(3_000)) + ")\n", 3_000),
    ],
    ids=[
        "comments",
        "conditions",
        "doubling",
        "chain",
        "hashes",
        "until",
        "factors",
        "texts",
        "zeros",
        "brackets",
        "digits",
        "spaces",
        "keywords",
    ],
)
def test_what_is_only_much_is_linted(code: str, count: int) -> None:
    assert len([one for one in linted(code) if one.rule != LintRule.SUPPRESSION]) == count
