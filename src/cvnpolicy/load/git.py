"""Another revision of the repository, through git. Nothing of it is executed, and nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cvnpolicy.core.errors import UsageError
from cvnpolicy.load.words import printable

SECONDS = 120
"""How long git may take for one answer."""
MOST_BYTES = 256 * 1024 * 1024
"""The most bytes of one answer that is kept."""
# What a repository's own configuration could start: a file system monitor, an external diff, hooks.
_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
"""What git sets for its hooks: a command here means the repository that it is started in."""
_LINK = "120000"
_SUBMODULE = "160000"
_FILES = ("100644", "100755", "100664")


@dataclass(frozen=True)
class Changed:
    """A file that is not the same any more."""

    path: str
    """From the top of the git repository, with forward slashes."""
    status: str
    """``A`` where it came, ``D`` where it went, ``M`` where it is another."""
    submodule: bool = False
    """Whether it is another repository, whose files are not part of this one."""
    untracked: bool = False
    """Whether git does not know it: no commit that somebody approved can hold it."""


@dataclass(frozen=True)
class Entry:
    """A file of a revision."""

    path: str
    blob: str
    link: bool


class Git:
    """A git repository."""

    def __init__(self, folder: Path) -> None:
        """Find the repository that a folder is in.

        Raises:
            UsageError: Git is not installed, the folder is in no repository, or git refuses it.
        """
        self._folder = folder
        self._files: dict[str, list[Entry]] = {}
        self.top = Path(os.fsdecode(self._run("rev-parse", "--show-toplevel").rstrip(b"\n")))

    def commit(self, revision: str) -> str:
        """Return the hash of a commit.

        Raises:
            UsageError: There is none of this name, or several things have it.
        """
        # A tag may have the name of a branch, and git would take the tag: whoever may push one would choose the base.
        having = [f"refs/{kind}/{revision}" for kind in ("heads", "remotes", "tags")]
        found_refs = [ref for ref in having if self._ask("show-ref", "--verify", "--quiet", ref) is not None]
        if len(found_refs) > 1:
            names = " and ".join(map(printable, found_refs))
            raise UsageError(f"'{printable(revision)}' is {names}: write one of them whole")
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found is None:
            missing = f"there is no commit '{printable(revision)}' in this clone"
            raise UsageError(f"{missing}: name another, or {self._fetch()}")
        return found.decode("ascii").strip()

    def fork(self, base: str) -> str:
        """Return the commit at which the checked-out line left a base: their merge base.

        Raises:
            UsageError: Their histories do not meet, or this clone does not hold where they do.
        """
        found = self._ask("merge-base", base, "HEAD")
        if found is None:
            raise UsageError(f"where this line left {base[:12]} is not in this clone: {self._fetch()}")
        return found.decode("ascii").split()[0]

    def heads(self, base: str) -> frozenset[str]:
        """Return the commits that are what is checked out: HEAD, and what it merges into a base without any edit.

        Build servers check out a merge of the base with the pull request. Such a merge is recognised by its tree, which
        is the one that git makes of both: a merge that somebody edited is a change of its own.
        """
        commit, *parents = self._run("rev-list", "--parents", "--max-count=1", "HEAD").decode("ascii").split()
        if len(parents) == 2 and parents[0] == base:
            made = self._ask("merge-tree", "--write-tree", *parents)
            if made is not None and made.split()[:1] == self._run("rev-parse", "HEAD^{tree}").split():
                return frozenset({commit, parents[1]})
        return frozenset({commit})

    def is_clean(self) -> bool:
        """Return whether every file that git knows is as it was committed. Others are told by :meth:`changed`."""
        return self._ask("diff", "--quiet", "--no-ext-diff", "--ignore-submodules=dirty", "HEAD", "--") is not None

    def _fetch(self) -> str:
        shallow = self._ask("rev-parse", "--is-shallow-repository") == b"true\n"
        action = "fetch the whole history (git fetch --unshallow; in a GitHub workflow, fetch-depth: 0)"
        return action if shallow else "fetch it (git fetch)"

    def changed(self, commit: str, also: Sequence[str] = ()) -> list[Changed]:
        """Return the files of the working tree that are not as in a commit, sorted.

        Args:
            commit: The hash of the commit.
            also: Files and folders of which new files count even where git ignores them.
        """
        options = ("--raw", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
        words = _split(self._run("diff", *options, commit, "--"))
        found = {path: _changed(about, path) for about, path in zip(words[::2], words[1::2], strict=True)}
        for path in (*self._others("--exclude-standard"), *(self._others("--", *also) if also else ())):
            found.setdefault(path, Changed(path, "A", untracked=True))
        return [found[path] for path in sorted(found)]

    def _others(self, *options: str) -> list[str]:
        """Return files that git does not know, as paths from the top."""
        listed = ("ls-files", "--others", "-z", "--full-name", *options)
        return _split(self._run(*listed, cwd=self.top))

    def moved(self, commit: str) -> list[tuple[str, str]]:
        """Return the files that went and came again under another name, and those of which a part did: from, to.

        Git decides it, by how much of a file is in the other. A file of which a stub stays where it was counts too, and
        one that takes the place of another.
        """
        # Without a limit: else a change of a thousand files would hide one that moves.
        found = ("--find-renames", "--find-copies", "--break-rewrites", "-l0", "--diff-filter=CR")
        options = ("--name-status", "-z", *found, "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
        words = _split(self._run("diff", *options, commit, "--"))
        return list(zip(words[1::3], words[2::3], strict=True))

    def files(self, commit: str) -> list[Entry]:
        """Return the files and links of a commit; git is asked once."""
        if commit not in self._files:
            self._files[commit] = list(self._entries(commit))
        return self._files[commit]

    def _entries(self, commit: str) -> Iterator[Entry]:
        for line in _split(self._run("ls-tree", "-r", "-z", "--full-tree", commit)):
            about, _, path = line.partition("\t")
            mode, _, blob = about.split(" ")
            if mode in _FILES or mode == _LINK:
                yield Entry(path, blob, mode == _LINK)

    def read(self, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bytes of files by their hash."""
        wanted = sorted(set(blobs))
        if not wanted:
            return {}
        data = self._run("cat-file", "--batch", sent="".join(f"{blob}\n" for blob in wanted).encode("ascii"))
        return dict(_batch(data, wanted))

    def write(self, entries: Sequence[Entry], folder: Path) -> None:
        """Write files of a revision below a folder. A link that leads out of it is left away."""
        data = self.read([entry.blob for entry in entries])
        for entry in entries:
            parts = PurePosixPath(entry.path).parts
            if not parts or ".." in parts or entry.path.startswith("/"):
                continue  # git itself would not check such a path out
            place = folder.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            if entry.link:
                _link(place, os.fsdecode(data[entry.blob]), folder)
            else:
                place.write_bytes(data[entry.blob])

    def _ask(self, *arguments: str) -> bytes | None:
        """Return what git answers, or None where it says no."""
        done = self._start(arguments)
        return done.stdout if done.returncode == 0 else None

    def _run(self, *arguments: str, sent: bytes = b"", cwd: Path | None = None) -> bytes:
        done = self._start(arguments, sent, cwd)
        if done.returncode != 0:
            lines = printable(done.stderr.decode("utf-8", "replace").strip() or "it said nothing").splitlines()
            raise UsageError(f"git {arguments[0]} failed in '{self._folder}': {lines[0][:300]}")
        return done.stdout

    def _start(
        self, arguments: Sequence[str], sent: bytes = b"", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
        environment["GIT_NO_REPLACE_OBJECTS"] = "1"  # a commit is what its hash says
        environment["GIT_LITERAL_PATHSPECS"] = "1"  # a path is a name, and no pattern
        command = ["git", *_HARMLESS, *arguments]
        try:
            done = subprocess.run(  # noqa: S603  a fixed program, and a revision that is never read as an option
                command,
                input=sent,
                capture_output=True,
                cwd=cwd or self._folder,
                env=environment,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise UsageError("git is not installed, and --base needs it: install git, or leave --base out") from None
        except subprocess.TimeoutExpired:
            raise UsageError(f"git {arguments[0]} took longer than {SECONDS} s: see what keeps it") from None
        if len(done.stdout) > MOST_BYTES:
            raise UsageError(
                f"git {arguments[0]} gave more than {MOST_BYTES:,} bytes: the change is too large to judge"
            )
        return done


def _changed(about: str, path: str) -> Changed:
    """Read what stands before a path in a raw diff: both modes, both hashes, and a letter."""
    _, mode, _, _, status = about.split(" ")
    return Changed(path, status[:1], submodule=mode == _SUBMODULE)


def _split(data: bytes) -> list[str]:
    """Return what stands between NULs. A name that is not UTF-8 keeps its bytes, as file systems give them."""
    return [os.fsdecode(word) for word in data.split(b"\0") if word]


def _batch(data: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield what ``git cat-file --batch`` wrote: a line with hash, type and size, then the bytes and a line end."""
    place = 0
    for blob in wanted:
        end = data.index(b"\n", place)
        words = data[place:end].split()
        if words[1:2] != [b"blob"]:
            raise UsageError(f"git does not hold the file {blob[:12]}: fetch the whole repository, without a filter")
        start, size = end + 1, int(words[2])
        yield blob, data[start : start + size]
        place = start + size + 1


def _link(place: Path, target: str, folder: Path) -> None:
    leads = os.path.realpath(place.parent / target)
    if leads == os.path.realpath(folder) or leads.startswith(os.path.realpath(folder) + os.sep):
        place.symlink_to(target)
