"""What was trained is what is served, or nothing is."""

from __future__ import annotations

import json
import logging
import pickle
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.contracts import EnrichmentConfigMismatch, enforce
from cvnpolicy.contracts.compare import LIMIT
from cvnpolicy.sources.logfmt.line import parse_line
from tests.contracts.sound import ARTEFACT, BLIND, COLUMNS, ENVIRONMENT, FEATURES, MANIFEST, RUN, manifest, sha, written

SOUND = written(ARTEFACT)


def refused(data: bytes, **changes: Any) -> list[tuple[str, str, str]]:
    """Return field, value of the environment and value of the artefact of each mismatch; none where it is served."""
    given: dict[str, Any] = {"manifest": manifest(data), "run_id": RUN, "environment": ENVIRONMENT} | changes
    try:
        enforce(given.pop("manifest"), data, **given)
    except EnrichmentConfigMismatch as error:
        return [(one.field, one.env_value, one.artefact_value) for one in error.mismatches]
    return []


def test_the_sound_one_is_served() -> None:
    assert enforce(manifest(SOUND), SOUND, run_id=RUN, environment=ENVIRONMENT, columns=COLUMNS) == ARTEFACT
    assert refused(SOUND, tag=sha(SOUND)) == []


def test_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(manifest(SOUND))
    (tmp_path / "a.json").write_bytes(SOUND)
    assert enforce(str(tmp_path / "m.json"), tmp_path / "a.json", run_id=RUN, environment=ENVIRONMENT) == ARTEFACT


def test_the_environment_of_the_process_counts_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert enforce(manifest(SOUND), SOUND, run_id=RUN) == ARTEFACT
    monkeypatch.setenv("CVN_BTC_FEATURES_SET", "none")
    with pytest.raises(EnrichmentConfigMismatch):
        enforce(manifest(SOUND), SOUND, run_id=RUN)


Edit = Callable[[dict[str, Any]], object]


def changed(**values: Any) -> dict[str, Any]:
    return {**ARTEFACT, **values}


@pytest.mark.parametrize(
    ("said", "about"),
    [
        (changed(purge_bars=0), ["purge_bars", "purge_bars"]),
        (changed(purge_bars=5.0), ["purge_bars"]),
        (changed(purge_bars="5"), ["purge_bars", "purge_bars"]),
        (changed(purge_bars=True), ["purge_bars", "purge_bars"]),
        (changed(purge_bars=None), ["purge_bars", "purge_bars"]),
        (changed(btc_features_enabled=1), ["btc_features_enabled"]),
        (changed(btc_features_set="btc_full_purge0"), ["purge_bars", "btc_features_set"]),
        (changed(btc_features_set="btc_more"), ["btc_features_set", "btc_features_set"]),
        (changed(btc_features_set=["none"]), ["btc_features_set"]),
        (changed(feature_names=[*FEATURES][::-1]), ["feature_names"]),
        (changed(feature_names=[*FEATURES][:1]), ["feature_names"]),
        (changed(feature_names="btc_return_15m"), ["feature_names"]),
        (changed(more=1), ["more"]),
        ({key: value for key, value in ARTEFACT.items() if key != "purge_bars"}, ["purge_bars"]),
        ({key: value for key, value in ARTEFACT.items() if key != "feature_names"}, ["feature_names"]),
        ([ARTEFACT], ["artefact"]),
        ({}, ["btc_features_enabled", "btc_features_set", "feature_names", "purge_bars"]),
    ],
    ids=str,
)
def test_each_difference_is_told(said: Any, about: list[str]) -> None:
    """The manifest has the hash of each: who pins a wrong artefact gains nothing."""
    assert [field for field, _, _ in refused(written(said))] == about


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("CVN_BTC_FEATURES_SET", "none", [("btc_features_set", "none", "btc_full")]),
        ("CVN_BTC_FEATURES_SET", "", [("btc_features_set", "", "btc_full")]),
        ("CVN_BTC_FEATURES_SET", None, [("btc_features_set", "unset", "btc_full")]),
        ("CVN_BTC_FEATURES_SET", "btc_full ", [("btc_features_set", "btc_full ", "btc_full")]),
        ("CVN_BTC_FEATURES_PURGE_BARS", "10", [("purge_bars", "10", "5")]),
        ("CVN_BTC_FEATURES_PURGE_BARS", "5", []),
        ("CVN_BTC_FEATURES_PURGE_BARS", "05", []),
        ("CVN_BTC_FEATURES_PURGE_BARS", " 5", [("purge_bars", " 5", "5")]),
        ("CVN_BTC_FEATURES_PURGE_BARS", "5_", [("purge_bars", "5_", "5")]),
        ("CVN_BTC_FEATURES_PURGE_BARS", "\u0665", [("purge_bars", "\u0665", "5")]),
        ("CVN_BTC_FEATURES_PURGE_BARS", "five", [("purge_bars", "five", "5")]),
        # For whoever trains: it is not looked at.
        ("CVN_BTC_FEATURES_ENABLED", "0", []),
        ("CVN_BTC_FEATURES_ENABLED", None, []),
    ],
)
def test_the_environment_only_repeats(variable: str, value: str | None, said: list[tuple[str, str, str]]) -> None:
    environment = {name: text for name, text in (ENVIRONMENT | {variable: value}).items() if text is not None}
    assert refused(SOUND, environment=environment) == said


def serving(**fields: dict[str, str]) -> dict[str, Any]:
    return {"fields": {**MANIFEST["fields"], **fields}}


@pytest.mark.parametrize("enabled", ["0", "1", None])
@pytest.mark.parametrize(
    ("phase", "anywhere", "loads"),
    [
        ("training", ["none"], {"0": True, "1": True, None: True}),
        ("serving", ["none"], {"0": True, "1": True, None: True}),
        # The runbook, read literally: a blind model loads nowhere that BTC is switched on.
        ("serving", [], {"0": True, "1": False, None: False}),
        ("training", [], {"0": True, "1": True, None: True}),
    ],
)
def test_a_blind_rollback_under_both_readings(
    phase: str, anywhere: list[str], loads: dict[str | None, bool], enabled: str | None
) -> None:
    """docs/decisions/2026-12-01-contracts.md: training-only, yet compared at load."""
    data = written(BLIND)
    field = {"type": "bool", "variable": "CVN_BTC_FEATURES_ENABLED", "phase": phase}
    known = manifest(data, anywhere=anywhere, **serving(btc_features_enabled=field))
    environment = {"CVN_BTC_FEATURES_SET": "none", "CVN_BTC_FEATURES_PURGE_BARS": "0"}
    if enabled is not None:
        environment["CVN_BTC_FEATURES_ENABLED"] = enabled
    assert (refused(data, manifest=known, environment=environment) == []) is loads[enabled]


def test_a_blind_fallback_loads_in_a_fleet_that_sees_btc_and_a_blind_claim_does_not() -> None:
    data = written(BLIND)
    assert refused(data, columns=[("close", "float64")]) == []
    # What it is fed is compared all the same.
    assert [field for field, _, _ in refused(data, columns=COLUMNS)] == ["features"]
    claim = written(ARTEFACT | {"btc_features_set": "none"})
    assert [field for field, _, _ in refused(claim, environment={})] == ["feature_names"]


@pytest.mark.parametrize(
    ("columns", "about"),
    [
        (COLUMNS, []),
        ([*FEATURES.items()], []),
        ([*FEATURES.items()][::-1], ["features"]),
        ([*FEATURES.items()][:1], ["features"]),
        ([("btc_return_15m", "float32"), ("btc_beta_24h", "float32")], ["btc_return_15m"]),
        ([*FEATURES.items(), ("btc_return_15m", "float64")], ["features"]),
        ([], ["features"]),
    ],
)
def test_what_is_served_is_what_was_trained(columns: list[tuple[str, str]], about: list[str]) -> None:
    assert [field for field, _, _ in refused(SOUND, columns=columns)] == about


def test_a_hash_that_nobody_committed() -> None:
    other = written(ARTEFACT | {"purge_bars": 5}) + b"\n"
    assert refused(other, manifest=manifest(SOUND)) == [("sha256", sha(SOUND), sha(other))]
    assert refused(SOUND, manifest=manifest()) == [("sha256", "unset", sha(SOUND))]
    assert refused(SOUND, manifest=manifest(SOUND, run="another")) == [("sha256", "unset", sha(SOUND))]
    assert refused(SOUND, tag="0" * 64) == [("sha256", "0" * 64, sha(SOUND))]
    assert refused(SOUND, tag="") == [("sha256", "", sha(SOUND))]


def test_an_artefact_of_many_bytes_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "zeros"
    with path.open("wb") as stream:
        stream.truncate(2 * 1024**3)
    with pytest.raises(EnrichmentConfigMismatch, match="larger than 1,048,576 bytes"):
        enforce(manifest(SOUND), path, run_id=RUN, environment=ENVIRONMENT)
    assert [field for field, _, _ in refused(b" " * LIMIT)] == ["artefact"]
    padded = SOUND + b" " * (LIMIT - len(SOUND))
    assert refused(padded) == []
    assert [field for field, _, _ in refused(padded + b" ")] == ["artefact"]


def test_an_artefact_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnrichmentConfigMismatch, match="cannot be read"):
        enforce(manifest(SOUND), tmp_path / "gone.json", run_id=RUN, environment=ENVIRONMENT)


def mutants() -> list[bytes]:
    """Forty artefacts that are not the sound one, as damage and malice make them."""
    made = random.Random(7)  # noqa: S311  damage need not be unpredictable
    found = [SOUND[:length] for length in range(0, len(SOUND), max(1, len(SOUND) // 12))][:12]
    for _ in range(12):
        place = made.randrange(len(SOUND))
        found.append(SOUND[:place] + bytes([SOUND[place] ^ (1 << made.randrange(8))]) + SOUND[place + 1 :])
    found += [SOUND + b"\n", b"\xef\xbb\xbf" + SOUND, SOUND.replace(b"5", b"NaN"), SOUND.replace(b"5", b"Infinity")]
    found += [SOUND.replace(b"5", b"1e999"), SOUND.replace(b"{", b'{"purge_bars": 5,', 1), b"\0" * 4096, b"[" * 100_000]
    found += [SOUND.replace(b"5", b"9" * 5000), SOUND.replace(b"true", b"1"), SOUND.replace(b"5", b"5.0"), b"null"]
    found += [SOUND.decode().encode("utf-16"), SOUND.replace(b"btc_full", b"btc_fu\\u006cl"), SOUND * 2, b""]
    return found


MUTANTS = mutants()


def test_there_are_forty_and_none_is_the_sound_one() -> None:
    assert len(MUTANTS) == 40
    assert SOUND not in MUTANTS


@pytest.mark.parametrize("number", range(40))
def test_no_mutant_is_served(number: int) -> None:
    assert refused(MUTANTS[number], manifest=manifest(SOUND)) != []


def test_a_hundred_loads_at_once() -> None:
    known = manifest(SOUND)

    def load(number: int) -> bool:
        data = SOUND if number % 2 == 0 else MUTANTS[number % 40]
        return refused(data, manifest=known) == []

    with ThreadPoolExecutor(max_workers=100) as pool:
        served = [*pool.map(load, range(100))]
    assert served == [number % 2 == 0 for number in range(100)]


def test_no_failure_is_remembered() -> None:
    known = manifest(SOUND)
    wrong = ENVIRONMENT | {"CVN_BTC_FEATURES_SET": "none"}
    for environment, served in ((wrong, False), (ENVIRONMENT, True), (wrong, False)):
        assert (refused(SOUND, manifest=known, environment=environment) == []) is served


def test_the_error_says_all_and_survives_a_process_pool() -> None:
    environment = {"CVN_BTC_FEATURES_SET": "none"}
    with pytest.raises(EnrichmentConfigMismatch) as caught:
        enforce(manifest(SOUND), SOUND, run_id=RUN, environment=environment)
    error = caught.value
    assert isinstance(error, RuntimeError)
    assert (error.run_id, error.env_value, error.artefact_value) == (RUN, "none", "btc_full")
    assert str(error) == (
        "the model of run 9d41c7e0 is not served: "
        "btc_features_set: CVN_BTC_FEATURES_SET says something else (env_value=none artefact_value=btc_full); "
        "purge_bars: CVN_BTC_FEATURES_PURGE_BARS is not set (env_value=unset artefact_value=5)"
    )
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert (str(again), again.mismatches) == (str(error), error.mismatches)


def test_each_mismatch_is_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    hostile = 'a "b"\\c\n::error::x\x1b[2J \u2028 é =\ud800'
    environment = ENVIRONMENT | {"CVN_BTC_FEATURES_SET": hostile, "CVN_BTC_FEATURES_PURGE_BARS": "10"}
    with caplog.at_level(logging.ERROR, "cvnpolicy.contracts"):
        refused(SOUND, environment=environment)
    first, second = [record.getMessage() for record in caplog.records]
    assert second == (
        "event=enrichment_config_mismatch model_run_id=9d41c7e0 env_value=10 artefact_value=5 field=purge_bars"
    )
    assert first.isprintable()
    assert parse_line(first) == {
        "event": "enrichment_config_mismatch",
        "model_run_id": RUN,
        "env_value": hostile.replace("\ud800", "\ufffd"),
        "artefact_value": "btc_full",
        "field": "btc_features_set",
    }


def test_the_manifest_is_json_that_a_reviewer_reads() -> None:
    assert json.loads(manifest(SOUND))["artefacts"] == {RUN: sha(SOUND)}


PLAIN: dict[str, Any] = {"keys": {"features": "feature_names"}, "variants": {}, "anywhere": []}


def test_a_contract_without_variants_has_one_list_of_features() -> None:
    assert refused(SOUND, manifest=manifest(SOUND, **PLAIN), columns=COLUMNS) == []
    other = written(changed(feature_names=["btc_beta_24h"]))
    assert [field for field, _, _ in refused(other, manifest=manifest(other, **PLAIN))] == ["feature_names"]


def test_an_artefact_that_lists_no_features_has_those_of_its_variant() -> None:
    data = written({key: value for key, value in ARTEFACT.items() if key != "feature_names"})
    known = manifest(data, keys={"variant": "btc_features_set", "purge_bars": "purge_bars"})
    assert refused(data, manifest=known, columns=COLUMNS) == []
    assert [field for field, _, _ in refused(data, manifest=known, columns=COLUMNS[:2])] == ["features"]
    blind = written({key: value for key, value in BLIND.items() if key != "feature_names"})
    known = manifest(blind, keys={"variant": "btc_features_set", "purge_bars": "purge_bars"})
    assert refused(blind, manifest=known, columns=[("close", "float64")]) == []
