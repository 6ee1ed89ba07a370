"""Refuse to serve a model whose artefact, environment and columns do not agree."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cvnpolicy.contracts.compare import LIMIT, UNSET, Columns, Mismatch, compare
from cvnpolicy.contracts.manifest import Manifest, read_manifest

EVENT = "enrichment_config_mismatch"
_BARE = re.compile(r"[!#-\[\]-~]+")
_LOG = logging.getLogger("cvnpolicy.contracts")


class EnrichmentConfigMismatch(RuntimeError):  # noqa: N818  the name that the runbook gives it
    """The model must not be served: what was trained is not what would be served."""

    def __init__(self, run_id: str, mismatches: tuple[Mismatch, ...]) -> None:
        """Say all of them; ``env_value`` and ``artefact_value`` are those of the first."""
        self.run_id = run_id
        self.mismatches = mismatches
        self.env_value = mismatches[0].env_value
        self.artefact_value = mismatches[0].artefact_value
        said = "; ".join(
            f"{one.field}: {one.what} (env_value={one.env_value} artefact_value={one.artefact_value})"
            for one in mismatches
        )
        super().__init__(f"the model of run {run_id} is not served: {said}")

    def __reduce__(self) -> tuple[type[EnrichmentConfigMismatch], tuple[str, tuple[Mismatch, ...]]]:
        """Go through a process pool whole."""
        return type(self), (self.run_id, self.mismatches)


def enforce(
    manifest: Manifest | str | Path | bytes,
    artefact: bytes | str | Path,
    *,
    run_id: str,
    environment: Mapping[str, str] | None = None,
    columns: Columns | None = None,
    tag: str | None = None,
) -> dict[str, Any]:
    """Return what an artefact pins, if the model may be served.

    Each mismatch is also written to the log ``cvnpolicy.contracts``, one line of logfmt each.

    Args:
        manifest: The committed manifest of the contract: its path, its bytes, or what
            :func:`~cvnpolicy.contracts.manifest.read_manifest` made of it.
        artefact: The bytes of the artefact, or a path to it.
        run_id: The run that the model comes from.
        environment: The variables to compare; those of this process where None.
        columns: Name and dtype of each column that is served, in order: ``list(frame.dtypes.astype(str).items())``.
        tag: The hash that the registry's tag has, where it was asked.

    Raises:
        EnrichmentConfigMismatch: The model must not be served.
        ManifestError: The manifest cannot be read, or is none.
    """
    known = manifest if isinstance(manifest, Manifest) else read_manifest(manifest)
    data = artefact if isinstance(artefact, bytes) else _bytes(Path(artefact), run_id)
    said, mismatches = compare(known, data, run_id, os.environ if environment is None else environment, columns, tag)
    _refuse(run_id, mismatches)
    return said


def _bytes(path: Path, run_id: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        _refuse(run_id, [Mismatch("artefact", UNSET, UNSET, f"the artefact cannot be read ({error.strerror})")])
        raise AssertionError("a mismatch was let through") from error


def _refuse(run_id: str, mismatches: Iterable[Mismatch]) -> None:
    found = tuple(mismatches)
    for one in found:
        _LOG.error("%s", log_line(run_id, one))
    if found:
        raise EnrichmentConfigMismatch(run_id, found)


def log_line(run_id: str, one: Mismatch) -> str:
    """Return a mismatch as one line of logfmt, without its end."""
    pairs = {
        "event": EVENT,
        "model_run_id": run_id,
        "env_value": one.env_value,
        "artefact_value": one.artefact_value,
        "field": one.field,
    }
    return " ".join(f"{key}={_logfmt(value)}" for key, value in pairs.items())


def _logfmt(value: str) -> str:
    """Return a value bare where it can be, else in quotes, with escapes for what no line may hold."""
    if _BARE.fullmatch(value):
        return value
    inside = "".join(_escaped(one) for one in value)
    return f'"{inside}"'


def _escaped(one: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if one in known:
        return known[one]
    if "\ud800" <= one <= "\udfff":
        return "\ufffd"  # half a character is none, and no line of UTF-8 can hold it
    return one if one.isprintable() else f"\\u{ord(one):04x}" if ord(one) < 0x10000 else "\ufffd"
