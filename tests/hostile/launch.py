"""Runs one command under limits and says what it took. Started as a process of its own, with the standard library only.

Usage: launch.py FD MEMORY CPU WALL COMMAND...

A process inherits the peak memory of the one it was forked from, so a test runner that holds DuckDB cannot measure its
children. This one holds nothing. It writes one line of JSON to the file descriptor FD.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time


def main() -> None:
    report, memory, cpu, wall = (int(text) for text in sys.argv[1:5])
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(report)
        # Whoever is over its CPU time is ended by SIGXCPU, a second later by SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606  (no shell is wanted)
    # A process that waits uses no CPU time: only the clock on the wall ends it.
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(wall)
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    taken = {
        "code": os.waitstatus_to_exitcode(status),
        "peak": used.ru_maxrss * 1024,
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.monotonic() - started,
    }
    os.write(report, json.dumps(taken).encode())


if __name__ == "__main__":
    main()
