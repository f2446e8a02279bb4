"""Chromium as a screen of the lobby: found, started without anything that asks or pops up, kept alive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from display.start import StartPage

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--kiosk",
    "--autoplay-policy=no-user-gesture-required",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--hide-crash-restore-bubble",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,MediaRouter",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--password-store=basic",
    "--lang=id",
)
SHORTEST_REST, LONGEST_REST = 1.0, 8.0
STEADY = 60.0
FAREWELL = 5.0


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


@dataclass(frozen=True)
class Window:
    """Where on the desktop the screen is, in pixels, and the folder of its browser profile."""

    profile: Path
    width: int = 1920
    height: int = 1080
    left: int = 0
    top: int = 0
    headless: bool = False


def find_browser(named: str | None = None) -> str:
    """The path of Chromium. Raises NoBrowser when neither the named one nor a usual one is there."""
    for name in [named] if named else NAMES:
        if path := shutil.which(name):
            return path
    wanted = named or ", ".join(NAMES)
    raise NoBrowser(f"no browser found (looked for: {wanted}); install it with: apt install chromium")


def command(browser: str, window: Window, page: str) -> list[str]:
    """The command that shows a page full screen; with a size, as --kiosk alone needs a window manager."""
    place = [
        f"--window-position={window.left},{window.top}",
        f"--window-size={window.width},{window.height}",
        f"--user-data-dir={window.profile}",
    ]
    # Chromium's sandbox refuses to run as root.
    extra = [*(["--headless"] if window.headless else []), *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return [browser, *FLAGS, *place, *extra, page]


def keep_open(words: list[str], log: Path, ended: threading.Event, start: StartPage) -> None:
    """Start the browser again whenever it ends, within ten seconds, until `ended` is set; then close it.

    `start` waits before each start, and looks about twice a second while it runs. What the browser writes
    goes to `log`, anew at each start.
    """
    rest = SHORTEST_REST
    while not ended.is_set():
        start.wait()
        started = time.monotonic()
        status = _run(words, log, ended, start.look)
        if ended.is_set():
            return
        lived = time.monotonic() - started
        rest = SHORTEST_REST if lived > STEADY else min(rest * 2, LONGEST_REST)
        _tell(f"browser ended with status {status} after {lived:.0f} s, again in {rest:.0f} s; see {log}")
        ended.wait(rest)


def _run(words: list[str], log: Path, ended: threading.Event, look: Callable[[], None]) -> int | None:
    with log.open("wb") as output:
        browser = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while browser.poll() is None and not ended.wait(0.5):
            look()
    finally:
        _close(browser)
    return browser.returncode


def _close(browser: subprocess.Popen[bytes]) -> None:
    # The whole session: renderers must not outlive the window they belong to.
    for farewell in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(browser.pid, farewell)
            browser.wait(FAREWELL)
        except ProcessLookupError:
            browser.wait()
            return
        except subprocess.TimeoutExpired:
            continue


def _tell(line: str) -> None:
    sys.stderr.write(f"mpp-display: {line}\n")
