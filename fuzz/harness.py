"""Runs one target under atheris. Import this first: it instruments what is imported after it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

OUT = Path(__file__).parents[1] / "build" / "fuzz"


def main(target: str) -> None:
    """Fuzz the module `fuzz.TARGET` until it fails or its time is up; libFuzzer's options are those of the process."""
    import atheris

    with atheris.instrument_imports(include=["cvnpolicy"]):
        module = import_module(f"fuzz.{target}")
    check: Callable[[object], None] = module.check
    corpus = _corpus(target, module.seeds())

    def one(data: bytes) -> None:
        check(data if target == "loader" else data.decode("utf-8", "replace"))

    # An exception ends the run with a status that is not 0, and leaves the input in build/fuzz.
    atheris.Setup([*sys.argv, f"-artifact_prefix={OUT / target}-", str(corpus)], one)
    atheris.Fuzz()


def _corpus(target: str, seeds: Iterable[bytes]) -> Path:
    """Write the seeds beside what earlier runs found."""
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(sorted(seeds)):
        (folder / f"seed-{index:03}").write_bytes(seed)
    return folder
