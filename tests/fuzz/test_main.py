"""`python -m fuzz` says what it did: also that it could do nothing."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

import pytest

from fuzz import __main__ as fuzz


def test_without_atheris_nothing_is_fuzzed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fuzz, "find_spec", lambda _: None)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it ran a target"))
    assert fuzz.main(1) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("atheris is not installed")


@pytest.mark.parametrize(("codes", "status"), [((0, 0, 0, 0), 0), ((0, 77, 0, 0), 1)])
def test_a_target_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], codes: tuple[int, ...], status: int
) -> None:
    left = iter(codes)
    monkeypatch.setattr(fuzz, "find_spec", lambda _: object())
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=next(left)))
    assert fuzz.main(1) == status
    said = capsys.readouterr().out
    assert ("condition failed; the input is in" in said) is bool(status)
    assert "fuzzing line for 1 s" in said
