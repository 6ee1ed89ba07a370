"""The committed manifest of a contract: what an artefact may say, and the SHA-256 of each that may be served."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cvnpolicy.contracts.strict import NotJsonError, loads, shown

SCHEMA = "cvnpolicy.contract/v1"
LIMIT = 1024 * 1024
"""The most bytes of a manifest."""
TYPES: Mapping[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float), "str": (str,)}
PHASES = ("training", "serving")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ManifestError(ValueError):
    """The manifest cannot be read, or is none. Nothing can be served by it."""


@dataclass(frozen=True)
class Field:
    """One value that is pinned."""

    type: str
    """``bool``, ``int``, ``float`` or ``str``."""
    variable: str | None = None
    phase: str | None = None
    values: tuple[object, ...] | None = None

    @property
    def serving(self) -> bool:
        """Whether the environment has to repeat it where the model is loaded."""
        return self.variable is not None and self.phase == "serving"

    def fits(self, value: object) -> bool:
        """Return whether a value has the type, and is one of the values."""
        right = TYPES[self.type]
        if not isinstance(value, right) or (isinstance(value, bool) and self.type != "bool"):
            return False
        return self.values is None or value in self.values


@dataclass(frozen=True)
class Variant:
    """One way to enrich."""

    features: tuple[str, ...]
    purge_bars: int | None


@dataclass(frozen=True)
class Manifest:
    """What a contract pins."""

    contract: str
    file: str
    """The path of the artefact among those of a run."""
    features: Mapping[str, str]
    """Name to dtype, in order."""
    fields: Mapping[str, Field]
    features_key: str | None
    variant_key: str | None
    purge_key: str | None
    variants: Mapping[str, Variant]
    tag: str | None
    anywhere: tuple[str, ...]
    """The variants whose models are loaded whatever the environment says."""
    artefacts: Mapping[str, str]
    """The run of each model that may be served, to the SHA-256 of its artefact."""


def read_manifest(source: str | Path | bytes) -> Manifest:
    """Read a manifest from a file, or from its bytes.

    Raises:
        ManifestError: It cannot be read, or is none.
    """
    data = source if isinstance(source, bytes) else _bytes(Path(source))
    if len(data) > LIMIT:
        raise ManifestError(f"the manifest is larger than {LIMIT:,} bytes")
    try:
        said = loads(data)
    except NotJsonError as error:
        raise ManifestError(f"the manifest: {error}") from None
    try:
        return _manifest(said)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ManifestError(f"the manifest has not the form of {SCHEMA}: {_what(error)}") from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        raise ManifestError(f"the manifest {path} cannot be read ({error.strerror})") from None


def _what(error: Exception) -> str:
    return f"the key {error} is not there" if isinstance(error, KeyError) else str(error)


def _manifest(said: Any) -> Manifest:  # noqa: ANN401  whatever the JSON holds
    if not isinstance(said, dict) or said.get("schema") != SCHEMA:
        raise ValueError(f"schema is not {SCHEMA}")
    keys = said["keys"]
    made = Manifest(
        contract=_text(said["contract"]),
        file=_text(said["artefact"]),
        features={_text(name): _text(dtype) for name, dtype in said["features"]},
        fields={name: _field(one) for name, one in said["fields"].items()},
        features_key=_maybe(keys.get("features")),
        variant_key=_maybe(keys.get("variant")),
        purge_key=_maybe(keys.get("purge_bars")),
        variants={
            name: Variant(tuple(map(_text, one["features"])), _whole(one["purge_bars"]))
            for name, one in said["variants"].items()
        },
        tag=_maybe(said.get("tag")),
        anywhere=tuple(map(_text, said["anywhere"])),
        artefacts={run: _hash(_text(sha)) for run, sha in said["artefacts"].items()},
    )
    named = {made.variant_key, made.purge_key} - {None}
    if not named <= made.fields.keys():
        raise ValueError("keys names a field that is none")
    return made


def _field(said: Any) -> Field:  # noqa: ANN401
    values = said.get("values")
    made = Field(_text(said["type"]), _maybe(said.get("variable")), _maybe(said.get("phase")), values and tuple(values))
    if made.type not in TYPES or (made.variable is None) is not (made.phase is None):
        raise ValueError("a field has no type that is known, or a variable without a phase")
    if made.phase not in (None, *PHASES):
        raise ValueError(f"{shown(made.phase)} is no phase")
    return made


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{shown(value)} is no text")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _whole(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError(f"{shown(value)} is no whole number")
    return value


def _hash(value: str) -> str:
    if _SHA256.fullmatch(value) is None:
        raise ValueError(f"{shown(value)} is no SHA-256")
    return value
