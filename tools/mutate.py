"""Flip every comparison and boundary of judges, conditions and the engine, and fail where no test notices.

Usage: python tools/mutate.py [--only PATH]... [--changed REF] [--workers N] [--list] [--root DIR] [--listed FILE]

mutmut 3.8 was not taken because it leaves out decorated functions and code outside of functions (here the outcome of a
finding is a property, and a limit of a model an annotation), has no choice of operators, and accepts a survivor only by
a comment in the source. cosmic-ray 8.7 was not taken because it starts the whole test command anew for each mutant, an
hour here instead of minutes, and knows neither which tests run a line nor a list of survivors with reasons.

Status 0: every mutant is killed or accepted with a reason in tools/mutants.toml. 1: one survived, or an entry excuses
nothing. 2: the gate could not be asked, as when a test fails without any mutant.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # run as a script: without it `tools` is not importable

from tools.mutation.listed import Accepted, GateError, Target, read, stale  # noqa: E402 - needs the line above
from tools.mutation.measured import within  # noqa: E402
from tools.mutation.mutants import Mutant, mutants  # noqa: E402
from tools.mutation.trials import Candidate, Fate, tried  # noqa: E402


def main(arguments: Sequence[str]) -> int:
    """Try the mutants, print what became of them, and return the status."""
    options = _parser().parse_args(arguments)
    root = options.root.resolve()
    try:
        targets, accepted = read(options.listed or root / "tools/mutants.toml")
        known = candidates(root, targets)
        chosen = _chosen(known, root, options.only, options.changed)
        if options.list:
            print(*(candidate.mutant for candidate in chosen), f"{len(chosen)} mutants", sep="\n")
            return 0
        start = time.monotonic()
        fates = tried(root, targets, known, chosen, options.workers, tell=partial(_timed, start)) if chosen else []
    except GateError as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 2
    excused = {entry.key for entry in accepted}
    fates = [(mutant, _excused(mutant, fate, excused)) for mutant, fate in fates]
    whole = not options.only and options.changed is None
    for line in _table(fates, folders(root, targets) if whole else ()):
        print(line)
    return _told(fates, [each.mutant for each in known], accepted, time.monotonic() - start)


def _timed(start: float, text: str) -> None:
    print(f"{time.monotonic() - start:6.0f} s  {text}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="PATH", help="a file, folder or pattern")
    parser.add_argument("--changed", metavar="REF", help="only lines that differ from this commit")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--list", action="store_true", help="print the mutants and try none")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree to try")
    parser.add_argument("--listed", type=Path, help="instead of tools/mutants.toml below the root")
    return parser


def candidates(root: Path, targets: Sequence[Target]) -> list[Candidate]:
    """Return every mutant of every target. A pattern without a file is an error: it would protect nothing."""
    found: list[Candidate] = []
    files: set[str] = set()
    for target in targets:
        for pattern in target.files:
            paths = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
            if not paths:
                raise GateError(f"no file matches {pattern}")
            for file in paths:
                if file in files:
                    raise GateError(f"{file} is in two targets")
                files.add(file)
                text = (root / file).read_text(encoding="utf-8")
                found += [Candidate(mutant, target) for mutant in mutants(file, text)]
    return found


def folders(root: Path, targets: Sequence[Target]) -> set[str]:
    """Return the folders of all targets, also of those in which there is nothing to flip."""
    files = (path for target in targets for pattern in target.files for path in root.glob(pattern))
    return {path.relative_to(root).parent.as_posix() for path in files}


def _chosen(known: Sequence[Candidate], root: Path, only: Sequence[str], changed: str | None) -> list[Candidate]:
    lines = _changed_lines(root, changed) if changed is not None else None
    chosen = [
        candidate
        for candidate in known
        if (not only or any(_matches(candidate.mutant.file, pattern) for pattern in only))
        and (lines is None or any((candidate.mutant.file, line) in lines for line in candidate.mutant.lines))
    ]
    if not chosen and lines is None:
        raise GateError("there is no mutant to try")
    return chosen


def _matches(file: str, pattern: str) -> bool:
    return within(file, [pattern.rstrip("/")]) or fnmatchcase(file, pattern) or fnmatchcase(file, f"*/{pattern}")


def _changed_lines(root: Path, reference: str) -> set[tuple[str, int]]:
    """Return file and line of everything in the tree that differs from a commit."""
    command = ["git", "-C", str(root), "diff", "--unified=0", "--no-color", "--no-ext-diff", "--relative", reference]
    done = subprocess.run([*command, "--"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise GateError(f"--changed {reference}: {done.stderr.strip()}")
    found: set[tuple[str, int]] = set()
    file = ""
    for line in done.stdout.splitlines():
        if line.startswith("+++ "):
            file = line.removeprefix("+++ b/")
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found |= {(file, number) for number in range(first, first + count)}
    return found


def _excused(mutant: Mutant, fate: Fate, excused: Collection[tuple[str, str, str, str, int]]) -> Fate:
    return Fate.ACCEPTED if fate is Fate.SURVIVED and mutant.key in excused else fate


def _told(
    fates: Sequence[tuple[Mutant, Fate]], known: Sequence[Mutant], accepted: Sequence[Accepted], seconds: float
) -> int:
    alive = [mutant for mutant, fate in fates if fate in (Fate.ACCEPTED, Fate.SURVIVED)]
    excuses = stale(accepted, alive, [mutant for mutant, _ in fates], known)
    for entry in excuses:
        print(f"stale: {entry}")
    survived = [mutant for mutant, fate in fates if fate is Fate.SURVIVED]
    for mutant in survived:
        print(f"survived: {mutant}")
    print(f"{len(fates)} mutants in {seconds:.0f} s: {len(survived)} survived, {len(excuses)} stale entries")
    if any(fate is Fate.BROKEN for _, fate in fates):
        return 2
    return 1 if survived or excuses else 0


def _table(fates: Sequence[tuple[Mutant, Fate]], all_folders: Iterable[str]) -> Iterator[str]:
    """Yield one line for each folder, and so for each kind: how many mutants, and what became of them."""
    counts: dict[str, Counter[Fate]] = {folder: Counter() for folder in all_folders}
    for mutant, fate in fates:
        counts.setdefault(Path(mutant.file).parent.as_posix(), Counter())[fate] += 1
    width = max(map(len, [*counts, "all"]), default=0)
    yield f"{'':<{width}}  {'mutants':>9}" + "".join(f"  {fate.value:>9}" for fate in Fate)
    for folder, fated in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        yield f"{folder:<{width}}  {fated.total():>9}" + "".join(f"  {fated[fate]:>9}" for fate in Fate)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
