"""The command `mpp-kiosk`: how it starts, why it does not, and how it ends."""

import os
import signal
import socket
import subprocess

import httpx
import pytest

from tests.kiosk.mall import KEY
from tests.servers import BIN, family


def run(*arguments, key=KEY):
    command = [BIN / "mpp-kiosk", *arguments]
    environment = {"PATH": "/usr/bin", "HOME": "/nonexistent", **({"MPP_KIOSK_KEY": key} if key else {})}
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def words(mall, free_port, tmp_path):
    """A command line that works, to be spoiled."""
    return {"--server": mall.url, "--port": free_port, "--printer": "virtual", "--data": tmp_path / "kiosk"}


def flat(words):
    return [part for pair in words.items() for part in pair]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"--printer": "laser"}, "unknown printer"),
        ({"--printer": "network:"}, "unknown printer address"),
        ({"--columns": "80"}, "--columns"),
        ({"--port": "0"}, "--port"),
        ({"--server": "mal.example"}, "is not an http address"),
        ({"--key": "salah"}, "the server refuses the key"),
        ({"--data": "/proc/kiosk"}, "cannot be used"),
    ],
)
def test_what_can_never_work_is_refused_with_the_reason(words, change, reason):
    ended = run(*flat({**words, **change}))

    assert ended.returncode != 0
    assert reason in ended.stderr and "Traceback" not in ended.stderr


def test_without_a_key_it_says_which_one_is_missing(words):
    ended = run(*flat(words), key=None)

    assert ended.returncode != 0 and "--key" in ended.stderr


def test_a_port_that_is_taken_is_said(words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run(*flat({**words, "--port": taken.getsockname()[1]}))

    assert ended.returncode != 0 and "cannot be used: Address already in use" in ended.stderr


def test_it_says_its_address_serves_loopback_only_and_ends_cleanly(start_kiosk):
    url, program = start_kiosk()

    assert program.says(f"kiosk: {url}/").count("\n") == 1
    assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
    assert program.stop(30) == 0


def test_an_interrupt_from_a_terminal_ends_it_cleanly(start_kiosk):
    _, program = start_kiosk()

    for pid in family(program.pid):
        os.kill(pid, signal.SIGINT)

    assert program.process.wait(30) == 0


def test_two_kiosks_do_not_share_a_folder(start_kiosk, words):
    start_kiosk(data=words["--data"])

    ended = run(*flat({**words, "--port": 1024}))

    assert ended.returncode != 0 and "another kiosk works in" in ended.stderr


def test_a_server_that_is_away_does_not_stop_the_start(mall, program, free_port, tmp_path):
    mall.stop()
    url = f"http://127.0.0.1:{free_port}"
    arguments = ["--server", mall.url, "--key", KEY, "--port", str(free_port), "--printer", "virtual"]

    started = program("mpp-kiosk", *arguments, "--data", tmp_path / "kiosk", ready=f"{url}/healthz")

    assert "does not answer yet" in started.output
    page = httpx.get(f"{url}/")
    assert page.status_code == 503 and "Silakan ke petugas di Pusat Informasi" in page.text


def test_help_names_every_kind_of_printer():
    ended = run("--help")

    assert ended.returncode == 0
    assert all(kind in ended.stdout for kind in ("network:", "usb:", "serial:", "file:", "virtual"))
