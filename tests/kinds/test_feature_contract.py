"""What ``explain`` says of a FeatureContract, and nothing of what it does not pin."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.app.explain import explain
from tests.support.policies import loaded

HEAD = """\
apiVersion: cvnpolicy/v1
kind: FeatureContract
metadata: {name: btc, title: Features of BTC, owner: "@you"}
spec:
  features: [{name: a, dtype: float64}]
"""
VARIANTS = "  variants: {none: {features: []}}\n"
ARTEFACT = """\
  artefact:
    file: run/config.json
    fields:
      alone: {type: str}
      enabled: {type: bool, variable: CVN_ENABLED, phase: training}
      set: {type: str, variable: CVN_SET, phase: serving}
    manifest: contracts/btc.json
"""
TAKES = "A model takes the features in the order of the contract, and no others."
OTHERS = ["At bar t", "travels with", "whoever trains", "Where the model is loaded", "is promoted", "whatever"]
FALLBACK = "  fallback: {model: blind, variant: none, environment: %s}\n"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", [TAKES]),
        ("  purge_bars: 0\n", [TAKES, "At bar t, features use only data up to t - 0."]),
        (
            ARTEFACT,
            [
                TAKES,
                "run/config.json travels with the model; contracts/btc.json has its SHA-256.",
                "CVN_ENABLED is for whoever trains: enabled of the artefact counts where it is loaded.",
                "Where the model is loaded, CVN_SET has to be what set is in the artefact.",
            ],
        ),
        (
            VARIANTS + FALLBACK % "compared",
            [TAKES, "blind, trained as none, is promoted where it must not serve."],
        ),
        (
            VARIANTS + FALLBACK % "ignored",
            [
                TAKES,
                "blind, trained as none, is promoted where it must not serve.",
                "A model of none is loaded whatever the environment says.",
            ],
        ),
    ],
)
def test_it_is_explained(spec: str, says: list[str], tmp_path: Path) -> None:
    said = explain("btc", loaded(tmp_path, HEAD + spec))
    found = [line.removeprefix("- ") for line in said.splitlines()]
    text = " ".join(found)
    assert [one for one in says if one in text] == says
    others = [
        "At bar t",
        "travels with the model",
        "whoever trains",
        "Where the model is loaded",
        "is promoted",
        "whatever",
    ]
    assert [one for one in others if one in text and not any(one in each for each in says)] == []
