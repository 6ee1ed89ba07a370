"""One artefact against its manifest, the environment and what is served: every difference, not one alone. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cvnpolicy.contracts.manifest import Field, Manifest
from cvnpolicy.contracts.strict import NotJsonError, loads, shown

LIMIT = 1024 * 1024
"""The most bytes of an artefact: one that pins a handful of values has some hundred."""
UNSET = "unset"
"""What stands for a variable that is not there, and for whatever else nobody says."""


@dataclass(frozen=True)
class Mismatch:
    """One thing in which the artefact is not what it has to be, or others are not what it says."""

    field: str
    """The key of the artefact; ``sha256``, ``features`` or ``artefact`` where it is about the whole."""
    env_value: str
    """What the environment, the manifest or the served columns say."""
    artefact_value: str
    what: str
    """In one sentence without a full stop."""

    def __str__(self) -> str:
        """Return the sentence, and both values where there are any."""
        if self.artefact_value == UNSET:
            return self.what
        said = f"{self.what}: the artefact says {self.artefact_value}"
        return said if self.env_value == UNSET else f"{said}, and not {self.env_value}"


Columns = Sequence[tuple[str, str]]
"""Name and dtype of each column that is served, in order."""


def compare(
    manifest: Manifest,
    data: bytes,
    run_id: str,
    environment: Mapping[str, str] | None,
    columns: Columns | None = None,
    tag: str | None = None,
) -> tuple[dict[str, Any], list[Mismatch]]:
    """Return what an artefact says, and every mismatch.

    Args:
        manifest: What it has to be.
        data: The artefact, at most :data:`LIMIT` bytes and one.
        run_id: The run that the model comes from.
        environment: The variables of the process that loads the model; None where the artefact alone is asked about.
        columns: What is served; None where it is not known yet.
        tag: The hash that the registry's tag has; None where it was not asked.
    """
    if len(data) > LIMIT:
        return {}, [Mismatch("artefact", UNSET, f"over {LIMIT} bytes", f"the artefact is larger than {LIMIT:,} bytes")]
    sha = hashlib.sha256(data).hexdigest()
    found = list(_hashes(manifest, sha, run_id, tag))
    try:
        said = loads(data)
    except NotJsonError as error:
        return {}, [*found, Mismatch("artefact", UNSET, UNSET, f"the artefact: {error}")]
    if not isinstance(said, dict):
        return {}, [*found, Mismatch("artefact", "an object", shown(said), "the artefact is no object of JSON")]
    found += _keys(manifest, said)
    found += _variant(manifest, said)
    anywhere = manifest.variant_key is not None and said.get(manifest.variant_key) in manifest.anywhere
    if environment is not None and not anywhere:
        found += _environment(manifest, said, environment)
    if columns is not None:
        found += _columns(manifest, said, columns)
    return said, found


def _hashes(manifest: Manifest, sha: str, run_id: str, tag: str | None) -> Iterator[Mismatch]:
    wanted = manifest.artefacts.get(run_id)
    if wanted is None:
        yield Mismatch("sha256", UNSET, sha, "the manifest has no artefact of this run")
    elif wanted != sha:
        yield Mismatch("sha256", wanted, sha, "the artefact is not the one that the manifest has for this run")
    if tag is not None and tag != sha:
        yield Mismatch("sha256", tag, sha, "the artefact is not what the tag of the registry says")


def _keys(manifest: Manifest, said: Mapping[str, Any]) -> Iterator[Mismatch]:
    known = {*manifest.fields, *({manifest.features_key} if manifest.features_key is not None else ())}
    for key in sorted(said.keys() - known):
        yield Mismatch(key, UNSET, shown(said[key]), "the contract has no such field")
    for key in sorted(known - said.keys()):
        yield Mismatch(key, UNSET, UNSET, "the artefact does not say it")
    for key, field in manifest.fields.items():
        if key in said and not field.fits(said[key]):
            allowed = field.type if field.values is None else f"one of {shown(field.values)}"
            yield Mismatch(key, allowed, shown(said[key]), f"the value is not {allowed}")


def _variant(manifest: Manifest, said: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Yield where features and purge are not those of the variant that the artefact names."""
    if manifest.variant_key is None:
        listed = said.get(manifest.features_key or "")
        if manifest.features_key in said and listed != [*manifest.features]:
            what = "the features are not those of the contract, in their order"
            yield Mismatch(str(manifest.features_key), shown([*manifest.features]), shown(listed), what)
        return
    if not isinstance(said.get(manifest.variant_key), str):
        return
    name = said[manifest.variant_key]
    variant = manifest.variants.get(name)
    if variant is None:
        yield Mismatch(manifest.variant_key, shown([*manifest.variants]), name, "the contract has no such variant")
        return
    listed = said.get(manifest.features_key or "")
    if manifest.features_key in said and listed != [*variant.features]:
        what = "the features are not those of the variant, in their order"
        yield Mismatch(str(manifest.features_key), shown([*variant.features]), shown(listed), what)
    purge = said.get(manifest.purge_key or "")
    if manifest.purge_key in said and variant.features and purge != variant.purge_bars:
        what = f"the variant purges {variant.purge_bars} bars"
        yield Mismatch(str(manifest.purge_key), shown(variant.purge_bars), shown(purge), what)


def _environment(manifest: Manifest, said: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[Mismatch]:
    for key, field in manifest.fields.items():
        if field.serving and key in said and field.fits(said[key]):
            written = environment.get(str(field.variable))
            if written is None:
                yield Mismatch(key, UNSET, _plain(said[key]), f"{field.variable} is not set")
            elif not _same(field, written, said[key]):
                yield Mismatch(key, written, _plain(said[key]), f"{field.variable} says something else")


def _same(field: Field, written: str, value: object) -> bool:
    """Return whether the text of a variable says a value, in the one form that its type has."""
    if field.type == "str":
        return written == value
    if field.type == "bool":
        return written == ("1" if value else "0")
    try:
        read: object = int(written) if field.type == "int" else float(written)
    except ValueError:
        return False
    return written.isascii() and not any(one in written for one in " _\t\n") and read == value


def _plain(value: object) -> str:
    """Return a value as the environment would write it."""
    return str(int(value)) if isinstance(value, bool) else value if isinstance(value, str) else shown(value)


def _columns(manifest: Manifest, said: Mapping[str, Any], columns: Columns) -> Iterator[Mismatch]:
    """Yield where the columns that belong to the contract are not those that the artefact lists."""
    listed = said.get(manifest.features_key or "")
    if listed is None and manifest.variant_key is not None:
        variant = manifest.variants.get(str(said.get(manifest.variant_key)))
        listed = None if variant is None else [*variant.features]
    wanted = [*manifest.features] if listed is None else listed
    served = [name for name, _ in columns if name in manifest.features]
    if served != wanted:
        what = "the columns that are served are not the features that were trained, in their order"
        yield Mismatch("features", shown(served), shown(wanted), what)
    for name, dtype in columns:
        if name in manifest.features and dtype != manifest.features[name]:
            what = f"{name} is served as {dtype}"
            yield Mismatch(name, dtype, manifest.features[name], what)
