"""`mpp-display` keeps a screen open on its board, hides the key, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers
from tests.display.mall import KEY


@pytest.fixture
def launch(program, tmp_path):
    """Start the launcher without a window."""

    def start(url, **env):
        words = ["--server", url, "--zone", "merah", "--profile", tmp_path / "profile", "--headless"]
        return program("mpp-display", *words, env={"MPP_DISPLAY_KEY": KEY, **env})

    return start


def test_it_shows_the_board_comes_back_when_it_dies_and_ends_cleanly(mall, launch, tmp_path):
    one = launch(mall.url)
    servers.wait_until(lambda: mall.greeted == 1, 30, "a screen on the board")
    first = servers.family(one.pid)

    assert not any(KEY in command_of(pid) for pid in first)
    assert (tmp_path / "profile/start.html").stat().st_mode & 0o077 == 0

    os.kill(first[1], signal.SIGKILL)
    servers.wait_until(lambda: mall.greeted == 2, 20, "the screen to be back")

    second = servers.family(one.pid)
    assert one.stop() == 0
    assert [pid for pid in {*first, *second} if alive(pid)] == []
    assert not (tmp_path / "profile/start.html").exists()


def test_a_screen_that_was_there_before_the_server_finds_it(mall, launch):
    mall.down = True
    one = launch(mall.url)
    servers.wait_until(lambda: mall.refused > 0, 20, "somebody asking for the server")

    mall.recover()

    servers.wait_until(lambda: mall.greeted == 1, 20, "a screen on the board")
    assert one.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--server", "mall.lan", "--key", "k"], "not an address"),
        (["--server", "http://mall.lan"], "no key"),
        (["--server", "http://mall.lan", "--key", "k", "--browser", "nothing-here"], "no browser found"),
        (["--server", "http://mall.lan", "--key", "k", "--size", "large"], "two numbers"),
    ],
)
def test_what_is_missing_is_said_at_once(arguments, why):
    done = run(*arguments)

    assert done.returncode != 0
    assert why in done.stderr


def test_the_command_of_the_browser_can_be_seen(tmp_path):
    done = run("--server", "http://mall.lan", "--key", KEY, "--size", "1366x768", "--print")

    assert done.returncode == 0
    for flag in (
        "--kiosk",
        "--autoplay-policy=no-user-gesture-required",
        "--window-size=1366,768",
        "--no-first-run",
    ):
        assert flag in done.stdout
    assert KEY not in done.stdout


def run(*arguments):
    environment = {name: value for name, value in os.environ.items() if name != "MPP_DISPLAY_KEY"}
    words = [sys.executable, "-m", "display.cli", "--zone", "merah", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=20, env=environment, check=False)


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def alive(pid):
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
