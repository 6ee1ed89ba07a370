"""Which modules a file imports, and how each import is reached."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvnpolicy.dependencies.imports import UnparsedError, imports

CASES = [
    # text, what is imported: module, how it is reached
    ("import numpy", [("numpy", "at the top")]),
    ("import numpy as np, pandas", [("numpy", "at the top"), ("pandas", "at the top")]),
    ("import a.b.c", [("a.b.c", "at the top")]),
    ("from sklearn.metrics import f1_score", [("sklearn.metrics.f1_score", "at the top")]),
    (
        "from google.cloud import storage, bigquery",
        [("google.cloud.bigquery", "at the top"), ("google.cloud.storage", "at the top")],
    ),
    ("from numpy import *", [("numpy", "at the top")]),
    ("from . import x\nfrom ..y import z\nfrom .w import v", []),
    ("def f():\n    import numpy", [("numpy", "when f() is called")]),
    ("async def f():\n    def g():\n        import numpy", [("numpy", "when f() is called")]),
    (
        "class C:\n    import numpy\n    def m(self):\n        import pandas",
        [("numpy", "at the top"), ("pandas", "when m() is called")],
    ),
    (
        "try:\n    import u\nexcept ImportError:\n    import s\nelse:\n    import a\nfinally:\n    import b",
        [("u", "in a try"), ("s", "in a try"), ("a", "at the top"), ("b", "at the top")],
    ),
    ("def f():\n    try:\n        import x\n    except Exception: pass", [("x", "in a try, when f() is called")]),
    ("try:\n    import x\nexcept* ValueError: pass", [("x", "in a try")]),
    ("if True:\n    import x", [("x", "at the top")]),
    # what only a type checker sees
    (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x\nelse:\n    import y",
        [("typing.TYPE_CHECKING", "at the top"), ("x", "for type checkers"), ("y", "at the top")],
    ),
    ("import typing as t\nif t.TYPE_CHECKING:\n    import x", [("typing", "at the top"), ("x", "for type checkers")]),
    (
        "from typing import TYPE_CHECKING as T\nif not T:\n    import x\nelse:\n    import y",
        [("typing.TYPE_CHECKING", "at the top"), ("x", "at the top"), ("y", "for type checkers")],
    ),
    (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING and 1:\n    import x",
        [("typing.TYPE_CHECKING", "at the top"), ("x", "for type checkers")],
    ),
    (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING or 1:\n    import x",
        [("typing.TYPE_CHECKING", "at the top"), ("x", "at the top")],
    ),
    ("TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import x", [("x", "for type checkers")]),
    # a name of that spelling that is something else
    ("TYPE_CHECKING = True\nif TYPE_CHECKING:\n    import x", [("x", "at the top")]),
    (
        "from typing import TYPE_CHECKING\nTYPE_CHECKING = 1\nif TYPE_CHECKING:\n    import x",
        [("typing.TYPE_CHECKING", "at the top"), ("x", "at the top")],
    ),
    (
        "from settings import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x",
        [("settings.TYPE_CHECKING", "at the top"), ("x", "at the top")],
    ),
    ("if TYPE_CHECKING:\n    import x", [("x", "at the top")]),
    # by a function
    ("import importlib\nimportlib.import_module('x.y')", [("importlib", "at the top"), ("x.y", "at the top")]),
    ("import importlib as i\ni.import_module(name='x')", [("importlib", "at the top"), ("x", "at the top")]),
    (
        "from importlib import import_module as load\nload('x')",
        [("importlib.import_module", "at the top"), ("x", "at the top")],
    ),
    ("__import__('x')", [("x", "at the top")]),
    ("def f(n):\n    return __import__(n)", [("", "when f() is called")]),
    ("__import__('.x')", []),
    ("import_module('x')", []),
    ("f = lambda: __import__('x')", [("x", "when a lambda() is called")]),
    ("'import numpy'\n# import pandas", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_the_imports_of_a_file(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.module, str(one.reach)) for one in imports(text, "f.py")] == found


def test_places_are_code_points_from_one() -> None:
    (one,) = imports("é = 'é'; import numpy as np\n", "src/f.py")
    assert one.location == ("src/f.py", 1, 17, 1, 28)
    assert one.top == "numpy"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(end: str) -> None:
    (one,) = imports(f"x = 1{end}{end}import numpy{end}", "f.py")
    assert str(one.location) == "f.py:3:8"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import", 1),
        ("\n\ndef f(:\n", 3),
        ("x = '\0'", 1),
        ("(" * 20_000, 1),
        ("x = " + "-" * 50_000 + "1", 1),
        ("x = " + "a." * 50_000 + "b", 1),
        ("print 'x'", 1),
    ],
    ids=["half", "broken", "nul", "brackets", "signs", "attributes", "python 2"],
)
def test_what_cannot_be_parsed_is_told(text: str, line: int) -> None:
    found: object = []  # some versions of Python parse more than others
    try:
        found = imports(text, "f.py")
    except UnparsedError as error:
        found = (error.line, str(error) != "")
    assert found in ([], (line, True))


def test_a_warning_of_the_compiler_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    assert imports("x = '\\d'\n1 is 1\n", "f.py") == []
    assert not recwarn.list


def test_a_file_of_nothing_but_imports() -> None:
    text = "\n".join(f"import m{number}" for number in range(20_000))
    assert len(imports(text, "f.py")) == 20_000


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        imports(text, "f.py")
    except UnparsedError:
        with pytest.raises((SyntaxError, ValueError)):
            ast.parse(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("aé日𝒳", min_size=1, max_size=3), min_size=1, max_size=6))
def test_columns_are_characters_whatever_bytes_they_take(texts: list[str]) -> None:
    """The differential: Python counts bytes, and editors characters."""
    line = "; ".join(f"'{text}'; import m{number}" for number, text in enumerate(texts))
    found = imports(f"{line}\n", "f.py")
    assert [line[one.location.column - 1 : one.location.end_column - 1] for one in found] == [
        one.module for one in found
    ]
    assert len(found) == len(texts)


def test_a_line_of_very_many_imports_is_read_once() -> None:
    """No time is asserted: where each import read its line again, this would run for minutes."""
    line = "'é'; " + "; ".join(f"import m{number}" for number in range(40_000))
    assert len(imports(line, "f.py")) == 40_000
