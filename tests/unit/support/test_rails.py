"""The suite's own guarantees: a scrubbed environment, no network, golden files that cannot pass by being absent."""

from __future__ import annotations

import os
import socket

import pytest

from tests.support import environment, golden, network, process, tree


def test_the_environment_of_this_process_is_scrubbed():
    assert environment.leaking(os.environ) == []


def test_leaking_names():
    names = [
        "CI",
        "CVNPOLICY_CONFIG",
        "CVNPOLICY_SHARED",
        "CVNPOLICY_UPDATE_GOLDEN",
        "GITHUB_ACTIONS",
        "HOME",
        "NO_COLOR",
    ]
    assert environment.leaking(names) == ["CI", "CVNPOLICY_CONFIG", "GITHUB_ACTIONS", "NO_COLOR"]


def test_a_child_sees_what_it_is_given_and_nothing_of_coverage(monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.setenv("COVERAGE_PROCESS_START", "x")
    done = process.run_python("-c", "import os; print(*sorted(os.environ))", COLUMNS="40")
    seen = set(done.stdout.split())
    assert "COLUMNS" in seen
    assert not seen & {"CI", "GITHUB_TOKEN", "COVERAGE_PROCESS_START"}


@pytest.mark.parametrize("host", [None, "", "localhost", b"localhost", "127.0.0.1", "127.8.0.1", "::1", "::1%lo"])
def test_local_hosts(host):
    assert network.is_local(host)


@pytest.mark.parametrize(
    "host", ["example.org", b"example.org", "192.0.2.1", "2001:db8::1", "10.0.0.1", "localhost.evil"]
)
def test_hosts_elsewhere(host):
    assert not network.is_local(host)


def test_connections_that_leave_the_machine_are_refused():
    with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        with pytest.raises(network.NetworkBlockedError, match=r"connect to .*192\.0\.2\.1"):
            stream.connect(("192.0.2.1", 80))
        with pytest.raises(network.NetworkBlockedError):
            stream.connect_ex(("192.0.2.1", 80))
        with pytest.raises(network.NetworkBlockedError):
            datagram.sendto(b"x", 0, ("192.0.2.1", 53))
    with pytest.raises(network.NetworkBlockedError, match=r"look-up of 'example\.org'"):
        socket.create_connection(("example.org", 80))


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_tree_is_written_as_it_reads(tmp_path):
    tree.write_tree(tmp_path, {"a/b.txt": "\n    one\n      two\n", "raw": b"\xff\n"})
    assert (tmp_path / "a/b.txt").read_bytes() == b"one\n  two\n"
    assert (tmp_path / "raw").read_bytes() == b"\xff\n"


def test_golden(tmp_path, monkeypatch):
    path = tmp_path / "golden" / "report.txt"
    monkeypatch.delenv("CVNPOLICY_UPDATE_GOLDEN", raising=False)
    with pytest.raises(AssertionError, match="is not there"):
        golden.assert_golden(path, "a\r\nb\n")
    monkeypatch.setenv("CVNPOLICY_UPDATE_GOLDEN", "1")
    golden.assert_golden(path, "a\r\nb\n")
    monkeypatch.delenv("CVNPOLICY_UPDATE_GOLDEN")
    golden.assert_golden(path, "a\r\nb\n")
    with pytest.raises(AssertionError, match=r"report\.txt differs"):
        golden.assert_golden(path, "a\nb\n")
