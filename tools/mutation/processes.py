"""A process for each trial: forked from one that has loaded everything but the modules to mutate."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROFILE = "mutation"
"""The profile of hypothesis: the same examples each time, and no search for a smaller one after a failure."""


def prepare(root: Path) -> None:
    """Make this process and its children deterministic, and let them import the tree at ``root`` before all else."""
    os.environ.update({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_PROFILE": PROFILE, "CI": "true"})
    os.environ["COVERAGE_CORE"] = "ctrace"  # the one core that can tell tests apart on every version of Python
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # threads do not survive a fork
    os.chdir(root)
    sys.path[:0] = [str(root / "src"), str(root)]
    with suppress(ModuleNotFoundError):
        from hypothesis import Phase, settings

        few = (Phase.explicit, Phase.generate)
        settings.register_profile(PROFILE, max_examples=100, deadline=None, derandomize=True, database=None, phases=few)


def load(names: Iterable[str]) -> None:
    """Import what tests need and mutants cannot change, so that children find it loaded."""
    for name in names:
        # A module that no file holds was made by another one, and comes with that one.
        with suppress(ImportError, ValueError):
            if name not in sys.modules and importlib.util.find_spec(name) is not None:
                importlib.import_module(name)


def foreign(root: Path) -> list[str]:
    """Return the names of loaded modules that are not of the tree at ``root``, in the order of loading."""
    return [name for name, module in list(sys.modules.items()) if name != "__main__" and not _is_own(module, root)]


def _is_own(module: object, root: Path) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    paths = [Path(place) for place in places if place is not None]
    return any(path.is_relative_to(root) and "site-packages" not in path.parts for path in paths)


@dataclass(frozen=True, slots=True)
class Job:
    """Work for a process of its own."""

    work: Callable[[Path], Mapping[str, object]]
    """Takes an empty folder and returns what JSON can hold."""
    seconds: float
    """After so long it is ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    answer: Mapping[str, object] | None
    """What it returned; None if it returned nothing."""
    late: bool
    """Whether it used more time than it was given."""
    output: str
    """What it wrote, for a person."""


def in_turn(jobs: Iterable[Job], workers: int, scratch: Path) -> Iterator[tuple[int, Ended]]:
    """Run jobs, several at a time, and yield the number of each with its end, in the order in which they end."""
    waiting = enumerate(jobs)
    running: dict[int, _Running] = {}
    try:
        with selectors.DefaultSelector() as pipes:
            while True:
                while len(running) < workers and (following := next(waiting, None)) is not None:
                    number, job = following
                    running[number] = one = _start(job, scratch / str(number))
                    pipes.register(one.pipe, selectors.EVENT_READ, number)
                if not running:
                    return
                for key, _ in pipes.select(timeout=0.5):
                    one = running[key.data]
                    piece = os.read(one.pipe, 1 << 16)
                    one.received += piece
                    if not piece:
                        pipes.unregister(one.pipe)
                        yield key.data, _ended(running.pop(key.data))
                _end(one for one in running.values() if time.monotonic() > one.deadline)
    finally:
        _end(running.values())  # also after an interruption: each child leads a session of its own


def _end(processes: Iterable[_Running]) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.killpg(one.child, signal.SIGKILL)


@dataclass(slots=True)
class _Running:
    child: int
    pipe: int
    deadline: float
    scratch: Path
    received: bytes = b""


def _start(job: Job, scratch: Path) -> _Running:
    (scratch / "files").mkdir(parents=True)
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(writing)
        return _Running(child, reading, time.monotonic() + job.seconds, scratch)
    try:
        os.setsid()  # whatever it starts can be ended with it
        quiet = os.open(scratch / "output", os.O_WRONLY | os.O_CREAT)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        answer = json.dumps(job.work(scratch / "files")).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    except BaseException:  # noqa: BLE001 - whatever it was, a child must not go on in its parent's code
        import traceback

        traceback.print_exc()  # into the file of its output; without an answer the parent shows it
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)  # a child never returns into its parent's code


def _ended(one: _Running) -> Ended:
    os.close(one.pipe)
    _, status = os.waitpid(one.child, 0)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGKILL, signal.SIGXCPU}
    answer = json.loads(one.received) if one.received and not status else None
    output = (one.scratch / "output").read_text(encoding="utf-8", errors="replace")
    shutil.rmtree(one.scratch, ignore_errors=True)
    return Ended(answer, late, output)
