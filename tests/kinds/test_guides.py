"""Every guide has the same headings, names what can be configured, and shows only YAML that loads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import FILE, load
from tests.support.cases import KINDS_FOLDER, POLICIES
from tests.support.tree import write_tree

HEADINGS = ["What it checks", "Why", "Configure", "Example", "Waive"]

TABLES = ("inference", "training", "trades", "results", "samples")

SHARED = {
    "EventCatalog": """
        apiVersion: cvnpolicy/v1
        kind: EventCatalog
        metadata: {name: shared-events, title: Events that the guides use, owner: "@dococeven"}
        spec:
          events:
            training_started: {fields: {model: str}, heartbeat: 24h}
            training_complete: {fields: {model: str, best_iteration: int}, alive_with: training_started}
            hpo_fallback_applied: {fields: {model: str}, alive_with: training_started}
            break_glass_executed: {fields: {incident_id: int}}
            post_mortem_filed: {fields: {incident_id: int}}
            approval_given: {fields: {incident_id: int}}
        """,
    "FeatureContract": """
        apiVersion: cvnpolicy/v1
        kind: FeatureContract
        metadata: {name: btc-features, title: Features that the guides use, owner: "@dococeven"}
        spec: {features: [{name: btc_return_15m, dtype: float64}, {name: btc_volume, dtype: float64}]}
        """,
}
"""What the documents of a guide may name; of each kind, unless the guide's document is of that kind itself."""


def guide(kind: str) -> str:
    return (KINDS_FOLDER / KINDS[kind] / "guide.md").read_text(encoding="utf-8")


def blocks() -> list[tuple[str, int, str]]:
    """Kind, number and text of every block of YAML."""
    return [
        (kind, number, text)
        for kind in KINDS
        for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", guide(kind), re.MULTILINE | re.DOTALL), 1)
    ]


def configuration() -> str:
    environment = {
        **{name: {"type": "csv", "path": f"{name}.csv", "time": "ts", "cadence": "1h"} for name in TABLES},
        "events": {"type": "logfmt", "path": "logs/*.log*", "time": "ts"},
        "facts": {"type": "yaml", "path": "facts.yaml"},
    }
    sets = {"defi_top5": ["BTCUSDC", "ETHUSDC", "SOLUSDC", "AAVEUSDC", "UNIUSDC"]}
    return json.dumps({"policies": "policies", "sets": sets, "environments": {"default": environment}})


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_fixed(kind: str):
    lines = guide(kind).splitlines()
    assert lines[0] == f"# {kind}"
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("kind", KINDS)
def test_names_every_key_of_its_own(kind: str):
    text = guide(kind)
    own = set(load_kind(kind).spec.model_fields) - {"baselines", "facts"}
    assert [name for name in sorted(own) if f"`{name}`" not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_has_an_example(kind: str):
    assert any(owner == kind and f"kind: {kind}\n" in text for owner, _, text in blocks())


@pytest.mark.parametrize(("kind", "number", "text"), blocks(), ids=[f"{kind}-{number}" for kind, number, _ in blocks()])
def test_its_yaml_loads(kind: str, number: int, text: str, tmp_path: Path):
    shared = {f"policies/{name}.yaml": document for name, document in SHARED.items() if f"kind: {name}\n" not in text}
    write_tree(tmp_path, {FILE: configuration(), **shared})
    (tmp_path / "policies" / POLICIES).write_text(text, encoding="utf-8")
    loaded = load_policies(load(tmp_path / FILE))
    assert [str(problem) for problem in loaded.problems] == []
    assert len(loaded.policies.policies) == 1 + len(shared)
