"""Whatever the bytes, loading them ends with documents and problems that lie inside the file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import loader
from fuzz.loader import KINDS, check, seeds

SEEDS = sorted(seeds())
_PIECES = [
    *(
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "- ",
        "? ",
        "\n",
        "\n  ",
        "\n\t",
        "---\n",
        "...\n",
        "#",
        "|\n ",
        ">\n ",
        "'",
        '"',
    ),
    *(
        "&a ",
        "*a",
        "!!str ",
        "!<x> ",
        "<<: ",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "\0",
        "\x1b",
        "\u202e",
        "\ufeff",
        "\r",
        "\u2028",
    ),
    *(
        "1e999",
        "0x",
        "-.inf",
        ".nan",
        "~",
        "null",
        "NO",
        "01",
        "9" * 50,
        "kind: DriftPolicy\n",
        "apiVersion: cvnpolicy/v1\n",
    ),
    *(
        "metadata: {name: p, title: T, owner: '@a'}\n",
        "spec:\n",
        "  checks:\n",
        "    - id: c\n",
        "      crit_if: '> 1'\n",
    ),
    *(f"kind: {kind}\n" for kind in KINDS),
]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_pieces_of_grammar(text: str) -> None:
    check(text.encode())


@given(st.sampled_from(SEEDS), st.data())
def test_policies_with_something_changed(seed: bytes, data: st.DataObject) -> None:
    """A true policy file with a stretch of it cut out, doubled, or replaced."""
    text = seed.decode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    put = data.draw(st.sampled_from(["", text[start:end] * 2, *_PIECES]))
    check((text[:start] + put + text[end:]).encode())


def test_every_seed() -> None:
    for seed in SEEDS:
        check(seed)


def test_a_document_that_is_dropped_without_a_word_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst that a loader can do: no policy, and no problem."""
    load = loader.load_document
    monkeypatch.setattr(loader, "load_document", lambda node: replace(load(node), policy=None, problems=()))
    for text in (b"a: 1\n", SEEDS[0]):
        with pytest.raises(AssertionError):
            check(text)


def test_a_policy_with_problems_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = loader.parse(b"", loader.FILE).problems
    load = loader.load_document
    monkeypatch.setattr(loader, "load_document", lambda node: replace(load(node), problems=(problem,)))
    policy = next(seed for seed in SEEDS if load(loader.parse(seed, loader.FILE).documents[0]).policy is not None)
    with pytest.raises(AssertionError):
        check(policy)


def test_a_kind_with_a_tab_in_it() -> None:
    """Found by atheris: the kind that was not one was shown as it stands."""
    check(b"apiVersion: cvnpolicy/v1\nkind: Feature\tContract\n")
    check(b"kind: " + b"x" * 5_000)
