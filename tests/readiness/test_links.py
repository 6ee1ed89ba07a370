"""What a file points at inside the repository."""

from __future__ import annotations

import pytest

from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.links import pointers, trouble

FILES = {"runbooks/a.md": "# A\n\n## 1. First\n", "scripts/run.py": "", "img/x.png": ""}
OWN = "# Own\n\n## Here\n\n"


def said(text: str) -> list[str]:
    own = page(OWN + text, "runbooks/own.md")
    pages = {name: page(body, name) for name, body in FILES.items() if name.endswith(".md")}
    found = []
    for pointer in pointers(own, "runbooks/own.md", ("scripts/",)):
        wrong = trouble(pointer, own, FILES.__contains__, pages.get)
        if wrong is not None:
            found.append(f"{pointer.line}: {pointer.written} {wrong}")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "[a](a.md)",
        "[a](a.md#1-%66irst) [a](a.md#1) [a](a.md#1-first)",
        "[a](/runbooks/a.md)",
        "[a](../runbooks/a.md)",
        "[here](#here)",
        "[x](https://example.com/gone.md) [m](mailto:a@b.c) [n](//host/gone)",
        "`scripts/run.py --all`",
        "`python scripts/run.py`",
        "```sh\npython scripts/run.py | tee log\n```",
        "`runbooks/a.md#1`",
        "`src/gone.py` is no script of the policy's",
        "`scripts/<name>.py`",
        "`https://host/scripts/gone.py`",
        "scripts/gone.py in prose",
    ],
)
def test_what_is_there(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[a](gone.md)", "5: gone.md is not there"),
        ("[a](a.md#second)", "5: a.md#second has no heading '#second'"),
        ("[a](#there)", "5: #there has no heading '#there'"),
        ("[a](../../etc/passwd)", "5: ../../etc/passwd leads out of the repository"),
        ("[a](/../x)", "5: /../x leads out of the repository"),
        ("`scripts/gone.py --all`", "5: scripts/gone.py is not there"),
        ("```sh\n\nbash scripts/gone.sh\n```", "7: scripts/gone.sh is not there"),
        ("| a |\n|---|\n| `scripts/gone.py` |", "7: scripts/gone.py is not there"),
        ("`runbooks/a.md#9`", "5: runbooks/a.md#9 has no heading '#9'"),
        ("`runbooks/gone.md#9`", "5: runbooks/gone.md#9 is not there"),
    ],
)
def test_what_is_not(text: str, wrong: str) -> None:
    assert said(text) == [wrong]
