from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.markdown.slug import Slugs, section_number


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Operational Commands", "operational-commands"),
        ("Zero Liquidity / Stale Book", "zero-liquidity--stale-book"),
        ("1. Symptom : KS test p < 0.01", "1-symptom--ks-test-p--001"),
        ("Drift > 3σ É", "drift--3σ-é"),
        ("snake_case-and-dash", "snake_case-and-dash"),
        ("a — b", "a--b"),
        ("tab\tno", "tabno"),
        ("x² Ⅳ ٣ 😀", "x-ⅳ-٣-"),
        ("e\u0301", "e\u0301"),
        ("!?", ""),
    ],
)
def test_slug(text, slug):
    assert Slugs().of(text) == slug


def test_equal_headings_are_numbered_past_what_is_taken():
    slugs = Slugs()
    assert [slugs.of(text) for text in ("Foo", "Foo 1", "foo", "Foo!", "foo-1", "", "")] == [
        "foo", "foo-1", "foo-2", "foo-3", "foo-1-1", "", "-1",
    ]  # fmt: skip


@given(st.lists(st.text("aA 1-", max_size=4), max_size=30))
def test_slugs_are_unique(texts):
    slugs = Slugs()
    found = [slugs.of(text) for text in texts]
    assert len(set(found)) == len(texts)


def test_many_equal_headings_take_linear_time():
    slugs = Slugs()
    start = time.perf_counter()
    last = [slugs.of("a") for _ in range(100_000)][-1]
    assert time.perf_counter() - start < 5
    assert last == "a-99999"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1. Symptom", "1"),
        ("4.1 Stage", "4.1"),
        ("4.1. Stage", "4.1"),
        ("6.bis Calendar floor", "6.bis"),
        ("6bis Calendar", "6bis"),
        ("6.1.ter. Calendar", "6.1.ter"),
        ("3) x", "3"),
        ("3: x", "3"),
        ("12", "12"),
        ("7 Known", "7"),
        ("2026-05-12 notes", None),
        ("1.x", None),
        ("24h window", None),
        ("Section 1", None),
        ("12345 x", None),
        ("٣ x", None),
        ("", None),
    ],
)
def test_section_number(text, number):
    assert section_number(text) == number
