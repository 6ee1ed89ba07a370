"""Write what is generated from the models: schemas/ and docs/reference/.

Usage: python tools/generate.py [--check]

With --check nothing is written: every file that differs, is missing or does not belong there is listed, status 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("schemas", "docs/reference")
"""Wholly generated: a file in them that is not generated is a problem."""
SHOWN = 12
"""Lines of a difference that are shown."""


def generated() -> tuple[dict[str, str], list[str]]:
    """Return the text of every file by its path, and what is missing to write them well."""
    from cvnpolicy.app.schema import schema, schema_names
    from cvnpolicy.load.schema import schema_id
    from tools.reference.pages import pages

    files = {
        f"schemas/{schema_id(name)}": json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
        for name in schema_names()
    }
    written, problems = pages()
    return files | {f"docs/reference/{name}": text for name, text in written.items()}, problems


def differences(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Yield what on disk is not as generated, each with the head of the difference."""
    for name, text in sorted(files.items()):
        file = root / name
        if not file.is_file():
            yield f"{name}: missing: run make generate"
            continue
        found = file.read_bytes().decode("utf-8", errors="replace")
        if found != text:
            lines = unified_diff(found.splitlines(), text.splitlines(), "on disk", "generated", lineterm="", n=1)
            head = "".join(f"\n    {line}" for line in islice(lines, SHOWN))
            yield f"{name}: differs: run make generate{head}"
    yield from strangers(root, files)


def strangers(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Yield the files in the generated folders that are not generated."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.is_file() and name not in files:
                yield f"{name}: nothing generates it: remove it, or keep it elsewhere"


def write(root: Path, files: Mapping[str, str]) -> int:
    """Write the files that differ; return how many."""
    count = 0
    for name, text in files.items():
        file = root / name
        if file.is_file() and file.read_bytes() == text.encode("utf-8"):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        count += 1
    return count


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Status 0 when all is as generated, 1 when something is not or is missing, 2 for wrong usage."""
    if list(arguments) not in ([], ["--check"]):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    files, problems = generated()
    if arguments:
        problems = [*problems, *differences(root, files)]
    else:
        print(f"generate: {write(root, files)} of {len(files)} files written")
        problems = [*problems, *strangers(root, files)]
    for problem in problems:
        print(f"generate: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # run as a script: without it `tools` is not importable
    sys.exit(main(sys.argv[1:]))
