"""Feature contracts: the manifest that is committed, and whether an artefact may be served by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cvnpolicy.contracts.compare import LIMIT, Columns, Mismatch, compare
from cvnpolicy.contracts.enforce import log_line
from cvnpolicy.contracts.manifest import SCHEMA, Manifest, ManifestError, read_manifest
from cvnpolicy.core.errors import InvalidInputError, Problem, UsageError
from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import ContractRule, DocumentRule
from cvnpolicy.core.visible import visible
from cvnpolicy.engine.decide import decide
from cvnpolicy.kinds.feature_contract.judge import features_of
from cvnpolicy.kinds.feature_contract.model import Artefact, FeatureContractSpec, Repeats
from cvnpolicy.load.files import inside, read
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.project import Project


@dataclass(frozen=True)
class Contract:
    """A contract that pins something, and where its manifest is."""

    policy: Policy[FeatureContractSpec]
    artefact: Artefact
    manifest: Path
    shown: str
    """The manifest as messages show it."""

    @property
    def spec(self) -> FeatureContractSpec:
        """What the policy says."""
        return self.policy.spec


def find_contract(project: Project, policies: PolicySet, name: str | None) -> Contract:
    """Return the contract of a name, or the only one that pins an artefact.

    Raises:
        UsageError: There is none, or there are several and none is named.
    """
    specs = {policy.name: policy for _, policy in policies.policies if isinstance(policy.spec, FeatureContractSpec)}
    pinning = {key: policy for key, policy in specs.items() if policy.spec.artefact is not None}
    if name is None:
        if len(pinning) != 1:
            right = "write artefact: in one" if not pinning else f"name one: {', '.join(pinning)}"
            raise UsageError(f"{len(pinning) or 'no'} contracts pin an artefact: {right}")
        name = next(iter(pinning))
    if name not in pinning:
        if name in specs:
            raise UsageError(f"the contract '{name}' pins no artefact: write artefact: in it")
        raise UsageError(f"there is no contract '{name}': {did_you_mean(name, pinning)}")
    policy = pinning[name]
    artefact = policy.spec.artefact
    if artefact is None:
        raise AssertionError("a contract without an artefact was let through")
    path = project.repository / artefact.manifest
    if inside(path, project.repository) is None:
        raise UsageError(f"the manifest '{artefact.manifest}' leads out of the repository: keep it inside")
    return Contract(policy, artefact, path, f"{project.part}{artefact.manifest}")


def document(contract: Contract, artefacts: Mapping[str, str]) -> str:
    """Return the text of a manifest: what the policy says, and which artefacts may be served.

    Args:
        contract: The contract.
        artefacts: The run of each, to its SHA-256.
    """
    spec, artefact = contract.spec, contract.artefact
    variants = {
        name: {
            "features": [*features_of(spec, variant)],
            "purge_bars": spec.purge_bars if variant.purge_bars is None else variant.purge_bars,
        }
        for name, variant in (spec.variants or {}).items()
    }
    fallback = spec.fallback
    said = {
        "schema": SCHEMA,
        "contract": contract.policy.name,
        "artefact": artefact.file,
        "features": [[feature.name, feature.dtype.value] for feature in spec.features],
        "fields": {name: _written(field) for name, field in artefact.fields.items()},
        "keys": _given(features=artefact.features, variant=artefact.variant, purge_bars=artefact.purge_bars),
        "variants": variants,
        "anywhere": [fallback.variant] if fallback is not None and fallback.environment is Repeats.IGNORED else [],
        **_given(tag=artefact.tag),
        "artefacts": dict(sorted(artefacts.items())),
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _written(field: Any) -> dict[str, object]:  # noqa: ANN401  a field of the model
    values = None if field.values is None else [*field.values]
    phase = None if field.phase is None else field.phase.value
    return _given(type=field.type.value, variable=field.variable, phase=phase, values=values)


def _given(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def committed(contract: Contract) -> Manifest | None:
    """Return the manifest that is there; None where there is none yet.

    Raises:
        InvalidInputError: It cannot be read, or is none.
    """
    if not contract.manifest.exists():
        return None
    try:
        return read_manifest(_read(contract.manifest, contract.shown))
    except ManifestError as error:
        right = "take it from the history of the repository, or pin every artefact again"
        raise _unreadable(str(error), right, contract.shown) from None


def _unreadable(what: str, right: str, file: str) -> InvalidInputError:
    return InvalidInputError([Problem(DocumentRule.UNREADABLE, what, right, Location(file))])


def _read(path: Path, shown: str) -> bytes:
    data = read(path, path.parent)
    if isinstance(data, Problem):
        raise _unreadable(data.what, data.right, shown)
    return data


def pinned(contract: Contract, data: bytes, run_id: str) -> tuple[str, list[Mismatch]]:
    """Return the text of the manifest with one artefact more, and in what that artefact is not as the contract says.

    Raises:
        InvalidInputError: The manifest that is there cannot be read.
    """
    before = committed(contract)
    known = {} if before is None else before.artefacts
    text = document(contract, {**known, run_id: hashlib.sha256(data).hexdigest()})
    return text, compare(read_manifest(text.encode()), data, run_id, None)[1]


@dataclass(frozen=True)
class Asked:
    """What an artefact is held against."""

    run_id: str
    data: bytes
    """At most :data:`~cvnpolicy.contracts.compare.LIMIT` bytes and one."""
    name: str
    """The artefact as messages show it."""
    environment: Mapping[str, str]
    columns: Columns | None = None
    tag: str | None = None


def verify(contract: Contract, policies: PolicySet, asked: Asked, at: datetime) -> tuple[Report, list[str]]:
    """Return what is found about an artefact, and one line of logfmt for each mismatch.

    Raises:
        InvalidInputError: The manifest cannot be read, or is not there.
    """
    manifest = committed(contract)
    if manifest is None:
        what, right = "there is no manifest", f"write it: cvnpolicy contract pin {contract.policy.name}"
        raise _unreadable(what, right, contract.shown)
    found = [_fresh(contract, manifest)]
    _, mismatches = compare(manifest, asked.data, asked.run_id, asked.environment, asked.columns, asked.tag)
    found += [_finding(contract, one, asked) for one in mismatches]
    if not mismatches:
        found.append(_agrees(contract, asked))
    report = decide(policies.only(frozenset({contract.policy.name})), found, at)
    return report, [log_line(asked.run_id, one) for one in mismatches]


def _fresh(contract: Contract, manifest: Manifest) -> Finding:
    same = read_manifest(document(contract, manifest.artefacts).encode()) == manifest
    return Finding(
        id=f"{contract.policy.name}/manifest",
        rule=ContractRule.MANIFEST,
        outcome=Outcome.PASS if same else Outcome.FAIL,
        message=f"the manifest says {'what the policy does' if same else 'something else than the policy'}",
        location=Location(contract.shown),
        hint="" if same else f"write it anew: cvnpolicy contract pin {contract.policy.name}",
    )


def _finding(contract: Contract, one: Mismatch, asked: Asked) -> Finding:
    return Finding(
        id=f"{contract.policy.name}/{one.field}",
        rule=ContractRule.MISMATCH,
        outcome=Outcome.FAIL,
        message=str(one),
        location=Location(asked.name),
        hint="stop the deploy: mend the environment, or promote the fallback",
        details={"env_value": one.env_value, "artefact_value": one.artefact_value, "model_run_id": asked.run_id},
    )


def _agrees(contract: Contract, asked: Asked) -> Finding:
    looked = ["the manifest", "the environment", *(["the columns"] if asked.columns is not None else [])]
    looked += ["the tag"] if asked.tag is not None else []
    return Finding(
        id=f"{contract.policy.name}/artefact",
        rule=ContractRule.MISMATCH,
        outcome=Outcome.PASS,
        message=f"the artefact of run {asked.run_id} agrees with {', '.join(looked[:-1])} and {looked[-1]}",
        location=Location(asked.name),
    )


def read_artefact(path: Path) -> bytes:
    """Return the bytes of an artefact, at most one more than are judged.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        raise UsageError(f"--artefact: {path} cannot be read ({error.strerror})") from None


def read_variables(path: Path) -> dict[str, str]:
    """Return the variables of a file: lines of ``NAME=value``, as ``docker run --env-file`` reads them.

    Raises:
        InvalidInputError: A line is none, a name stands twice, or it is not UTF-8 or longer than 1 MiB.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        name, mark, value = line.partition("=")
        place = Location(path.name, number, 1, number, max(1, len(line)))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not mark or not name.strip() or name != name.strip():
            right = "write NAME=value, without spaces around the name"
            problems.append(Problem(DocumentRule.SYNTAX, "the line is no variable", right, place))
        elif name in found:
            right = "keep one: nobody can tell which counts"
            problems.append(Problem(DocumentRule.DUPLICATE_KEY, f"{visible(name)} is set twice", right, place))
        else:
            found[name] = value
    if problems:
        raise InvalidInputError(problems)
    return found


def _text(path: Path) -> str:
    data = _read(path, path.name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is not UTF-8 at byte {error.start}"
        raise _unreadable(what, "save it as UTF-8", path.name) from None
