"""The client itself: framing, deadlines, and that no process stays behind, against a server written in Python."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.support import language_server
from tests.support.language_server import Diagnostic, LanguageServer, LanguageServerError, Place, messages, nested

SERVER = """
import json, sys

def read():
    length = 0
    while (line := sys.stdin.buffer.readline()) not in (b"\\r\\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return json.loads(sys.stdin.buffer.read(length)) if line else None

def send(**message):
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(b"content-length: %d\\r\\nContent-Type: x\\r\\n\\r\\n%b" % (len(body), body))
    sys.stdout.buffer.flush()

while message := read():
    method = message.get("method")
    if method == "initialized":
        send(id="c", method="workspace/configuration", params={"items": [{"section": "yaml"}, {"section": "no"}]})
    elif method == "textDocument/didOpen":
        text = message["params"]["textDocument"]["text"]
        exec(text)
    elif method == "exit":
        sys.exit(STATUS)
    elif method:
        if "id" in message:
            send(id=message["id"], result=None)
    else:
        answered = message
"""


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(language_server, "DEADLINE", 5.0)
    servers = []

    def start(source: str = SERVER, status: str = "0") -> LanguageServer:
        command = [sys.executable, "-c", source.replace("STATUS", status)]
        servers.append(LanguageServer(command, tmp_path, {"yaml.a.b": 1, "[yaml]": 2}))
        return servers[-1]

    yield start
    assert [server.ended for server in servers if server.ended is None] == []


def test_the_server_ends_with_the_context(started) -> None:
    with started() as server:
        assert server.ended is None
    assert server.ended == 0


def test_it_is_told_the_settings_by_section(started, tmp_path: Path) -> None:
    with started() as server:
        uri = server.open(
            tmp_path / "x",
            "items = [{'section': 'yaml'}, {'section': 'n'}]\n"
            "send(id='d', method='workspace/configuration', params={'items': items})\n"
            "result = read()['result']\n"
            "place = {'line': 0, 'character': 0}\n"
            "send(method='textDocument/publishDiagnostics', params={'uri': message['params']['textDocument']['uri'],\n"
            "     'diagnostics': [{'range': {'start': place, 'end': place}, 'message': json.dumps(result)}]})",
        )
        (found,) = server.diagnostics(uri)
    assert found.message == '[{"a": {"b": 1}}, null]'


def test_what_does_not_come_is_an_error_and_the_server_is_killed(started, tmp_path: Path, monkeypatch) -> None:
    server = started()
    monkeypatch.setattr(language_server, "DEADLINE", 0.2)
    with pytest.raises(LanguageServerError, match=r"no diagnostics of .* within 0\.2 s"), server:
        server.diagnostics(server.open(tmp_path / "x", "pass"))
    assert server.ended is not None


def test_a_server_that_ends_says_why(started, tmp_path: Path) -> None:
    server = started()
    server.open(tmp_path / "x", "raise ValueError(7)")
    with pytest.raises(LanguageServerError, match=r"(?s)the server has ended.*ValueError: 7"), server:
        server.hover("x", Place(0, 0))


def test_a_server_that_does_not_start(started) -> None:
    with pytest.raises(LanguageServerError, match=r"the server has ended.*: no such thing"):
        started("import sys; sys.exit('no such thing')")


def test_a_server_that_hides_its_errors(started, tmp_path: Path) -> None:
    server = started()
    report = "send(method='telemetry/event', params={'name': 'yaml.hover.error', 'properties': {'error': 'oh'}})"
    with pytest.raises(LanguageServerError, match=r"the server failed: .*oh"), server:
        server.diagnostics(server.open(tmp_path / "x", report))


def test_an_answer_that_is_an_error(started, tmp_path: Path) -> None:
    server = started()
    server.open(tmp_path / "x", "message = read(); send(id=message['id'], error={'code': 1, 'message': 'no!'})")
    with pytest.raises(LanguageServerError, match=r"textDocument/hover: .*no!"), server:
        server.hover("x", Place(0, 0))


def test_other_questions_of_the_server_are_answered(started, tmp_path: Path) -> None:
    with started() as server:
        server.open(tmp_path / "x", "send(id='e', method='client/registerCapability', params={})")
        assert server.hover("x", Place(0, 0)) is None
        server.open(tmp_path / "y", "assert answered == {'jsonrpc': '2.0', 'id': 'e', 'result': None}, answered")
        assert server.completions("x", Place(0, 0)) == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", []),
        (b"Content-Length: 2\r\n\r\n{}", [{}]),
        (b'Content-Length: 2\r\nContent-Type: a\r\n\r\n{}content-length: 7\r\n\r\n{"a":1}', [{}, {"a": 1}]),
        (b'Content-Length: 9\r\n\r\n{"cut', []),
        (b"Content-Length: 2", []),
        ('Content-Length: 10\r\n\r\n{"a":"é"}'.encode(), [{"a": "é"}]),
    ],
)
def test_messages_are_framed_by_bytes(sent: bytes, expected: list[object]) -> None:
    assert list(messages(io.BytesIO(sent))) == expected


def test_settings_are_nested_by_their_dots() -> None:
    assert nested({"a.b": 1, "a.c.d": {"e.f": 2}, "g": 3}) == {"a": {"b": 1, "c": {"d": {"e.f": 2}}}, "g": 3}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [((0, 1), (0, 3), "bc"), ((0, 2), (1, 1), "cd\ne"), ((1, 0), (3, 0), "efgh\nij\n"), ((1, 2), (1, 2), "")],
)
def test_the_underlined_part(start, end, expected) -> None:
    assert Diagnostic(Place(*start), Place(*end), "m").of("abcd\nefgh\nij\n") == expected
