"""``cvnpolicy contract``: an artefact is pinned, and verified before a deploy."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.contracts import enforce

AT = ("--at", "2026-06-12T00:00:00Z")
POLICY = """\
apiVersion: cvnpolicy/v1
kind: FeatureContract
metadata: {name: btc-features, title: Features, owner: "@you"}
spec:
  features: [{name: a, dtype: float64}, {name: b, dtype: float32}]
  purge_bars: 5
  variants: {none: {features: []}, full: {}, far: {features: [b], purge_bars: 10}}
  artefact:
    file: enrichment_config.json
    fields:
      enabled: {type: bool, variable: CVN_ENABLED, phase: training}
      set: {type: str, variable: CVN_SET, phase: serving, values: [none, full, far]}
      purge: {type: int, variable: CVN_PURGE, phase: serving}
    features: names
    variant: set
    purge_bars: purge
    manifest: contracts/btc.json
    tag: sha
  fallback: {model: blind, variant: none, environment: ignored}
"""
SAID = {"enabled": True, "set": "full", "purge": 5, "names": ["a", "b"]}
VARIABLES = "# what the deploy has\n\nCVN_SET=full\nCVN_PURGE=5\n"
PIN = ["contract", "pin", "--artefact", "run.json", "--run-id", "r1"]
VERIFY = ["contract", "verify", "--artefact", "run.json", "--run-id", "r1", "--env-file", "serving.env", *AT]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "cvnpolicy.yaml").write_text("{}\n")
    (tmp_path / "policies" / "contract.yaml").write_text(POLICY)
    (tmp_path / "run.json").write_text(json.dumps(SAID))
    (tmp_path / "serving.env").write_text(VARIABLES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


Said = pytest.CaptureFixture[str]


def test_what_is_pinned_is_verified_and_served(folder: Path, capfd: Said) -> None:
    assert run(PIN) == 0
    assert capfd.readouterr().err == "cvnpolicy: contracts/btc.json has the artefact of run r1: commit it\n"
    manifest = json.loads((folder / "contracts/btc.json").read_text())
    assert manifest["artefacts"] == {"r1": hashlib.sha256((folder / "run.json").read_bytes()).hexdigest()}
    assert manifest["variants"]["far"] == {"features": ["b"], "purge_bars": 10}
    assert manifest["anywhere"] == ["none"]
    assert run(VERIFY) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert "btc-features/artefact" in said.out
    served = enforce("contracts/btc.json", "run.json", run_id="r1", environment={"CVN_SET": "full", "CVN_PURGE": "5"})
    assert served == SAID


def test_a_second_run_is_added_and_pinning_again_changes_nothing(folder: Path) -> None:
    assert run(PIN) == 0
    assert run([*PIN[:-1], "r0"]) == 0
    text = (folder / "contracts/btc.json").read_text()
    assert list(json.loads(text)["artefacts"]) == ["r0", "r1"]
    assert run(PIN) == 0
    assert (folder / "contracts/btc.json").read_text() == text


def test_an_artefact_that_does_not_fit_is_not_pinned(folder: Path, capfd: Said) -> None:
    (folder / "run.json").write_text(json.dumps({**SAID, "purge": 6, "names": ["b"]}))
    assert run(PIN) == 1
    names = "run.json: names: the features are not those of the variant, in their order"
    assert capfd.readouterr().err.splitlines() == [
        f'{names}: the artefact says ["b"], and not ["a", "b"]',
        "run.json: purge: the variant purges 5 bars: the artefact says 6, and not 5",
        "cvnpolicy: contracts/btc.json stays as it is: an artefact that does not fit is not pinned",
    ]
    assert not (folder / "contracts").exists()


def test_all_mismatches_are_told_at_once(folder: Path, capfd: Said) -> None:
    assert run(PIN) == 0
    (folder / "serving.env").write_text("CVN_SET=none\n")
    capfd.readouterr()
    assert run([*VERIFY, "--tag", "0" * 64, "--format", "json"]) == 1
    said = capfd.readouterr()
    sha = hashlib.sha256((folder / "run.json").read_bytes()).hexdigest()
    start = "event=enrichment_config_mismatch model_run_id=r1"
    assert said.err.splitlines() == [
        f"{start} env_value={'0' * 64} artefact_value={sha} field=sha256",
        f"{start} env_value=none artefact_value=full field=set",
        f"{start} env_value=unset artefact_value=5 field=purge",
    ]
    findings = {one["id"]: one for one in json.loads(said.out)["findings"]}
    assert {name: one["outcome"] for name, one in findings.items()} == {
        "btc-features/manifest": "pass",
        "btc-features/purge": "fail",
        "btc-features/set": "fail",
        "btc-features/sha256": "fail",
    }
    assert findings["btc-features/purge"]["message"] == "CVN_PURGE is not set: the artefact says 5"
    assert {one["rule"] for one in findings.values()} == {"CVN711", "CVN712"}


def test_the_environment_of_the_process_is_compared_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(PIN) == 0
    asked = [word for word in VERIFY if word not in ("--env-file", "serving.env")]
    assert run(asked) == 1
    monkeypatch.setenv("CVN_SET", "full")
    monkeypatch.setenv("CVN_PURGE", "5")
    assert run(asked) == 0


def test_a_manifest_that_the_policy_left_behind(folder: Path, capfd: Said) -> None:
    assert run(PIN) == 0
    policy = folder / "policies" / "contract.yaml"
    policy.write_text(POLICY.replace("purge_bars: 10", "purge_bars: 20"))
    capfd.readouterr()
    assert run([*VERIFY, "--format", "json"]) == 1
    findings = {one["id"]: one for one in json.loads(capfd.readouterr().out)["findings"]}
    assert findings["btc-features/manifest"]["message"] == "the manifest says something else than the policy"
    assert run(PIN) == 0
    assert run(VERIFY) == 0


def test_an_advisory_contract_advises(folder: Path) -> None:
    assert run(PIN) == 0
    (folder / "serving.env").write_text("")
    policy = folder / "policies" / "contract.yaml"
    policy.write_text(POLICY.replace("spec:", "enforcement: {mode: advise, review_by: 2027-01-01T00:00:00Z}\nspec:"))
    assert run(VERIFY) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CVN_SET\n", "serving.env:1:1: the line is no variable: write NAME=value, without spaces around the name"),
        ("=full\n", "serving.env:1:1: the line is no variable: write NAME=value, without spaces around the name"),
        ("\nCVN_SET =full\n", "serving.env:2:1: the line is no variable: write NAME=value, without spaces"),
        ("A=1\nA=1\n", "serving.env:2:1: A is set twice: keep one: nobody can tell which counts"),
        (b"A=\xff\n", "serving.env: the file is not UTF-8 at byte 2: save it as UTF-8"),
        ("A=" + "x" * 1024 * 1024, "the file is larger than 1 MiB"),
    ],
)
def test_a_file_of_variables_that_is_none(folder: Path, capfd: Said, text: str | bytes, said: str) -> None:
    assert run(PIN) == 0
    (folder / "serving.env").write_bytes(text if isinstance(text, bytes) else text.encode())
    capfd.readouterr()
    assert run(VERIFY) == 3
    assert said.replace("serving.env: the", "the") in capfd.readouterr().err


def test_values_are_taken_as_they_stand(folder: Path) -> None:
    field = "      note: {type: str, variable: CVN_NOTE, phase: serving}\n"
    (folder / "policies" / "contract.yaml").write_text(
        POLICY.replace("    features: names", f"{field}    features: names")
    )
    (folder / "run.json").write_text(json.dumps({**SAID, "note": "a=b # 'c' "}))
    (folder / "serving.env").write_text(f"{VARIABLES}CVN_NOTE=a=b # 'c' \n")
    assert run(PIN) == 0
    assert run(VERIFY) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*VERIFY[:2], "more", *VERIFY[2:]], "there is no contract 'more': expected one of btc-features"),
        (["contract", "verfy"], "there is no command 'contract verfy': did you mean 'verify'?"),
        (["contract", "pin", "--run-id", "r1"], "Missing option '--artefact'"),
        (["contract", "pin", "--artefact", "gone.json", "--run-id", "r1"], "gone.json is not there"),
        (["contract", "pin", "--artefact", "policies", "--run-id", "r1"], "policies"),
    ],
)
def test_a_wrong_command_line(capfd: Said, arguments: list[str], said: str) -> None:
    assert run(arguments) == 2
    assert said in capfd.readouterr().err


def test_a_contract_that_pins_nothing(folder: Path, capfd: Said) -> None:
    policy = folder / "policies" / "contract.yaml"
    policy.write_text(POLICY.partition("  purge_bars")[0])
    assert run(PIN) == 2
    assert "no contracts pin an artefact: write artefact: in one" in capfd.readouterr().err
    assert run([*PIN[:2], "btc-features", *PIN[2:]]) == 2
    assert "the contract 'btc-features' pins no artefact" in capfd.readouterr().err
    policy.write_text(f"{POLICY}---\n{POLICY.replace('name: btc-features', 'name: more')}")
    assert run(PIN) == 2
    assert "2 contracts pin an artefact: name one: btc-features, more" in capfd.readouterr().err


def test_no_manifest_and_a_broken_one(folder: Path, capfd: Said) -> None:
    assert run(VERIFY) == 3
    assert (
        "contracts/btc.json:1:1: there is no manifest: write it: cvnpolicy contract pin btc-features"
        in capfd.readouterr().err
    )
    (folder / "contracts").mkdir()
    (folder / "contracts" / "btc.json").write_text("{")
    for arguments in (VERIFY, PIN):
        assert run(arguments) == 3
        assert "the manifest: it is no JSON at line 1, column 2" in capfd.readouterr().err
    assert (folder / "contracts" / "btc.json").read_text() == "{"


def test_a_manifest_outside_of_the_repository(folder: Path, capfd: Said) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "contracts").symlink_to(folder.parent / "elsewhere")
    assert run(PIN) == 2
    assert "leads out of the repository" in capfd.readouterr().err
    assert list((folder.parent / "elsewhere").iterdir()) == []


def test_invalid_policies_are_told(folder: Path, capfd: Said) -> None:
    (folder / "policies" / "contract.yaml").write_text(POLICY.replace("kind:", "kin:"))
    for arguments in (PIN, VERIFY):
        assert run(arguments) == 3
        assert "policies/contract.yaml" in capfd.readouterr().err


EXAMPLES = [
    ("6f2c9e41", "btc_full", 0),
    ("0b7d1a55", "champion_btc_blind", 0),
    ("6f2c9e41", "champion_btc_blind", 1),
]


@pytest.mark.parametrize(("run_id", "name", "served"), EXAMPLES)
def test_the_examples(run_id: str, name: str, served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    monkeypatch.setenv("CVN_BTC_FEATURES_SET", "btc_full")
    monkeypatch.setenv("CVN_BTC_FEATURES_PURGE_BARS", "5")
    artefact = f"examples/cvntrade/artefacts/{name}/enrichment_config.json"
    assert run(["contract", "verify", "--artefact", artefact, "--run-id", run_id]) == served
