"""The bad line is as bad as it says, and good when it says so."""

import sys
import time

import pytest

from tests.faults.client import Client
from tests.faults.proxy import Proxy
from tests.servers import Program, free_port


@pytest.fixture
def server(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "tests.faults.small_server", str(port), tmp_path / "s.sqlite3", "FULL"]
    program = Program(command, log=tmp_path / "log")
    program.ready(f"http://127.0.0.1:{port}")
    yield port
    program.kill()


@pytest.fixture
def proxy(server):
    with Proxy(server) as proxy:
        yield proxy


def test_a_good_line_changes_nothing(proxy):
    assert Client(proxy.url).post("/", {}).body == {"label": "AA-001"}


def test_a_delay_is_felt_both_ways(proxy):
    proxy.line.delay = 0.1
    start = time.monotonic()

    Client(proxy.url).get("/")

    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        ("swallow_answers", True),
        ("reset_after", 20),
        ("cut_after", 20),
        ("swallow_requests", True),
        ("refuse", True),
    ],
)
def test_a_broken_line_is_a_connection_error_and_heals(proxy, fault, value):
    setattr(proxy.line, fault, value)
    with pytest.raises(ConnectionError):
        Client(proxy.url, timeout=0.5).post("/", {})

    proxy.heal()

    assert Client(proxy.url).post("/", {}).status == 201


def test_a_swallowed_answer_was_still_a_deed(proxy):
    proxy.line.swallow_answers = True
    with pytest.raises(ConnectionError):
        Client(proxy.url, timeout=0.5).post("/", {})

    proxy.heal()

    assert Client(proxy.url).post("/", {}).body == {"label": "AA-002"}


def test_reset_all_ends_connections_that_are_open(proxy):
    client = Client(proxy.url)
    client.get("/")

    proxy.reset_all()

    with pytest.raises(ConnectionError):
        client.get("/")
