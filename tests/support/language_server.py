"""A client of the language server protocol, as far as tests of an editor need it: one server, one process, over stdio.

Every wait has a deadline, and the process is ended whatever happens.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any

from tests.support.environment import child_environment

DEADLINE = 30.0
"""Seconds that one answer may take, on a machine that is busy with other things."""

Json = dict[str, Any]


class LanguageServerError(Exception):
    """The server answered with an error, ended, or did not answer in time."""


@dataclass(frozen=True)
class Place:
    """A position in a document, from zero as the protocol counts: code units of UTF-16."""

    line: int
    character: int

    def sent(self, uri: str) -> Json:
        """Return the parameters of a request about this place."""
        return {"textDocument": {"uri": uri}, "position": {"line": self.line, "character": self.character}}


@dataclass(frozen=True)
class Diagnostic:
    """What an editor underlines, and what it says."""

    start: Place
    end: Place
    message: str

    def of(self, text: str) -> str:
        """Return the underlined part of the document's text."""
        lines = text.splitlines(keepends=True)
        first, last = (sum(map(len, lines[: place.line])) + place.character for place in (self.start, self.end))
        return text[first:last]


@dataclass(frozen=True)
class Hover:
    """The Markdown shown above a word."""

    text: str


@dataclass(frozen=True)
class Completion:
    """One offer: what is shown, what is written, and what is said of it."""

    label: str
    written: str
    said: str
    snippet: bool


class LanguageServer(AbstractContextManager["LanguageServer"]):
    """A running server. Leaving the context ends its process."""

    def __init__(self, command: Sequence[str], root: Path, settings: Mapping[str, Any]) -> None:
        """Start the process and shake hands.

        Args:
            command: The server, told to speak over stdio.
            root: The folder that the editor has open.
            settings: As in an editor's settings file, with dots in the keys: ``{"yaml.schemas": {...}}``.

        Raises:
            LanguageServerError: If the server does not start.
        """
        self._settings = nested(settings)
        self._root = root
        self._ids = count(1)
        self._inbox: queue.Queue[Json | None] = queue.Queue()
        self._diagnostics: dict[str, list[Diagnostic]] = {}
        self._answers: dict[int, Json] = {}
        self._configured = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed where the process is ended
        self._process = subprocess.Popen(
            command,
            cwd=root,
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._shake_hands()
        except BaseException:
            self._kill()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ask the server to end; kill it where it does not."""
        try:
            if kind is None:
                self._request("shutdown", None)
                self._send({"method": "exit"})
                self._process.wait(DEADLINE)
        finally:
            self._kill()

    @property
    def ended(self) -> int | None:
        """The status of the process, once it has ended."""
        return self._process.poll()

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file as an editor does and return its URI.

        Args:
            path: Where it is, or would be.
            text: What is in the editor; without it what the file holds.
        """
        uri = path.as_uri()
        shown = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": shown}
        self._diagnostics.pop(uri, None)
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return uri

    def diagnostics(self, uri: str) -> list[Diagnostic]:
        """Wait for what the server says of an open document."""
        self._until(lambda: uri in self._diagnostics, f"diagnostics of {uri}")
        return self._diagnostics[uri]

    def hover(self, uri: str, place: Place) -> Hover | None:
        """Return what is shown over a place."""
        found = self._request("textDocument/hover", place.sent(uri))
        return Hover(found["contents"]["value"]) if found else None

    def completions(self, uri: str, place: Place) -> list[Completion]:
        """Return what is offered at a place, in the order of the editor."""
        found = self._request("textDocument/completion", place.sent(uri))
        items: list[Json] = found["items"] if isinstance(found, dict) else found or []
        items = sorted(items, key=lambda item: str(item.get("sortText", item["label"])))
        return [_completion(item) for item in items]

    def _shake_hands(self) -> None:
        capabilities = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
        }
        folder = {"uri": self._root.as_uri(), "name": self._root.name}
        told = {"rootUri": folder["uri"], "workspaceFolders": [folder], "capabilities": capabilities}
        self._request("initialize", {"processId": os.getpid(), **told})
        self._send({"method": "initialized", "params": {}})
        # Documents opened before it has the settings would be judged twice.
        self._until(lambda: self._configured, "question for the settings")

    def _request(self, method: str, params: object) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method} | ({} if params is None else {"params": params}))
        self._until(lambda: number in self._answers, f"answer to {method}")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise LanguageServerError(f"{method}: {answer['error']}")
        return answer["result"]

    def _until(self, done: Callable[[], bool], what: str) -> None:
        """Take in messages until something is so."""
        last = monotonic() + DEADLINE
        while not done():
            try:
                message = self._inbox.get(timeout=max(0.0, last - monotonic()))
            except queue.Empty:
                raise LanguageServerError(f"no {what} within {DEADLINE:g} s") from None
            if message is None:
                raise LanguageServerError(f"the server has ended without {what}: {self._said()}")
            self._take(message)

    def _take(self, message: Json) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method is None:
            self._answers[message["id"]] = message
        elif method == "workspace/configuration":
            asked = [self._settings.get(each["section"]) for each in params["items"]]
            self._send({"id": message["id"], "result": asked})
            self._configured = True
        elif method == "textDocument/publishDiagnostics":
            self._diagnostics[params["uri"]] = [_diagnostic(each) for each in params["diagnostics"]]
        elif method == "telemetry/event" and "error" in str(params.get("name")):
            # The server swallows its own exceptions; a test must not take them for "nothing to say".
            raise LanguageServerError(f"the server failed: {params}")
        elif "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise LanguageServerError(f"the server has ended: {self._said()}") from None

    def _read(self) -> None:
        """Put every message of the server into the inbox, and at its end nothing."""
        assert self._process.stdout is not None
        try:
            for message in messages(self._process.stdout):
                self._inbox.put(message)
        finally:
            self._inbox.put(None)

    def _said(self) -> str:
        """What the ended process wrote to its errors, the end of it."""
        self._process.wait(DEADLINE)
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-2000:].strip() or "it said nothing"

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reader.join(DEADLINE)
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


def messages(stream: IO[bytes]) -> Iterator[Json]:
    """Yield the messages of a stream until it ends; what ends inside a message is left out."""
    while True:
        length = 0
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = stream.read(length) if line else b""
        if not line or len(body) < length:
            return
        yield json.loads(body)


def nested(settings: Mapping[str, Any]) -> Json:
    """Return settings by section: ``{"yaml.schemas": 1}`` to ``{"yaml": {"schemas": 1}}``."""
    found: Json = {}
    for key, value in settings.items():
        *sections, last = key.split(".")
        place = found
        for section in sections:
            place = place.setdefault(section, {})
        place[last] = value
    return found


def _diagnostic(sent: Json) -> Diagnostic:
    return Diagnostic(Place(**sent["range"]["start"]), Place(**sent["range"]["end"]), sent["message"])


def _completion(sent: Json) -> Completion:
    said = sent.get("documentation") or ""
    return Completion(
        label=sent["label"],
        written=sent.get("textEdit", {}).get("newText") or sent.get("insertText") or sent["label"],
        said=said["value"] if isinstance(said, dict) else said,
        snippet=sent.get("insertTextFormat") == 2,
    )
