"""A manifest that cannot be read serves nothing."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvnpolicy.contracts import ManifestError
from cvnpolicy.contracts.manifest import LIMIT, Field, read_manifest
from cvnpolicy.contracts.strict import NotJsonError, loads
from tests.contracts.sound import FEATURES, MANIFEST, manifest

FIELDS = MANIFEST["fields"]
BROKEN: dict[str, Any] = {
    "schema": {"schema": "cvnpolicy.contract/v2"},
    "contract": {"contract": 1},
    "artefact": {"artefact": None},
    "features": {"features": ["btc_return_15m"]},
    "dtype": {"features": [["btc_return_15m", 8]]},
    "fields": {"fields": []},
    "type": {"fields": {**FIELDS, "x": {"type": "decimal"}}},
    "no type": {"fields": {**FIELDS, "x": {}}},
    "phase": {"fields": {**FIELDS, "x": {"type": "str", "variable": "X", "phase": "always"}}},
    "variable alone": {"fields": {**FIELDS, "x": {"type": "str", "variable": "X"}}},
    "phase alone": {"fields": {**FIELDS, "x": {"type": "str", "phase": "serving"}}},
    "key": {"keys": {"variant": "nothing"}},
    "purge key": {"keys": {"purge_bars": "nothing"}},
    "keys": {"keys": None},
    "variant": {"variants": {"x": {"features": []}}},
    "variant purge": {"variants": {"x": {"features": [], "purge_bars": "5"}}},
    "variant bool": {"variants": {"x": {"features": [], "purge_bars": True}}},
    "variant features": {"variants": {"x": {"features": [1], "purge_bars": 5}}},
    "anywhere": {"anywhere": [1]},
    "tag": {"tag": 1},
    "hash": {"artefacts": {"run": "abc"}},
    "capitals": {"artefacts": {"run": "A" * 64}},
    "no hash": {"artefacts": {"run": 1}},
}


def test_what_it_says() -> None:
    made = read_manifest(manifest())
    assert (made.contract, made.file, dict(made.features)) == ("btc-features", "enrichment_config.json", FEATURES)
    assert made.fields["purge_bars"] == Field("int", "CVN_BTC_FEATURES_PURGE_BARS", "serving")
    assert (made.features_key, made.variant_key, made.purge_key) == ("feature_names", "btc_features_set", "purge_bars")


@pytest.mark.parametrize("name", BROKEN)
def test_another_form_is_refused(name: str) -> None:
    with pytest.raises(ManifestError, match=r"has not the form of cvnpolicy\.contract/v1"):
        read_manifest(manifest(**BROKEN[name]))


@pytest.mark.parametrize("key", [key for key in MANIFEST if key != "tag"])
def test_each_key_is_needed(key: str) -> None:
    said = json.loads(manifest())
    del said[key]
    with pytest.raises(ManifestError):
        read_manifest(json.dumps(said).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b"{", b'{"schema": 1, "schema": 2}', b"[" * 100_000])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(ManifestError):
        read_manifest(data)


def test_its_size_has_a_limit() -> None:
    whole = manifest()
    assert read_manifest(whole + b" " * (LIMIT - len(whole))).contract == "btc-features"
    with pytest.raises(ManifestError, match="larger than 1,048,576 bytes"):
        read_manifest(whole + b" " * (LIMIT - len(whole) + 1))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("type_", "fits", "not_"),
    [
        ("bool", [True, False], [0, 1, "true", None]),
        ("int", [0, -1], [True, 1.0, "1"]),
        ("float", [1, 1.5], [True, "1.5"]),
        ("str", ["", "a"], [1, None, ["a"]]),
    ],
)
def test_a_value_has_the_type_of_its_field(type_: str, fits: list[Any], not_: list[Any]) -> None:
    assert all(Field(type_).fits(value) for value in fits)
    assert not any(Field(type_).fits(value) for value in not_)


def test_a_value_is_one_of_the_values() -> None:
    assert Field("str", values=("a", "b")).fits("a")
    assert not Field("str", values=("a", "b")).fits("c")


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": NaN}',
        "Infinity",
        "-Infinity",
        "1e999",
        "9" * 5000,
        "[" * 100_000,
        "nan",
        "{1: 2}",
        "",
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(NotJsonError):
        loads(text.encode())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


def nested(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3)


@settings(max_examples=200, deadline=None)
@given(st.recursive(SCALARS, nested))
def test_all_other_json_reads_as_the_standard_library_reads_it(value: Any) -> None:
    text = json.dumps(value)
    assert loads(text.encode()) == json.loads(text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(NotJsonError):
        loads(data)
