"""The command `mpp-display`: keeps one lobby screen open on the board of its zone."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import quote, urlsplit

from display.browser import NoBrowser, Window, command, find_browser, keep_open
from display.start import StartPage

KEY_HELP = (
    "the key of this display; other users of this machine can see it in the list of processes, "
    "so rather use --key-file or the variable MPP_DISPLAY_KEY"
)


def main() -> None:
    """Parse the command line, open the screen, and stay until SIGTERM or SIGINT."""
    arguments = _parser().parse_args()
    try:
        browser = find_browser(arguments.browser)
        server, key = _server(arguments.server), _key(arguments)
    except (NoBrowser, ValueError, OSError) as error:
        sys.exit(f"mpp-display: {error}")
    window = _window(arguments)
    start = StartPage(window.profile / "start.html", server, f"{server}/display/{quote(arguments.zone)}", key)
    words = command(browser, window, start.url)
    if arguments.print:
        sys.stdout.write(f"{shlex.join(words)}\n")
        return
    _stay(words, window, start)


def _stay(words: list[str], window: Window, start: StartPage) -> None:
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    window.profile.mkdir(parents=True, exist_ok=True)
    try:
        keep_open(words, window.profile / "chromium.log", ended, start)
    finally:
        start.remove()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mpp-display",
        description="Show the board of one zone full screen, with sound, and keep it open.",
    )
    parser.add_argument(
        "--server", required=True, metavar="URL", help="the mall's server, http://… or https://…"
    )
    parser.add_argument("--key", help=KEY_HELP)
    parser.add_argument("--key-file", type=Path, metavar="PATH", help="a file that holds the key")
    parser.add_argument("--zone", required=True, metavar="CODE", help="whose board, such as merah")
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help="of the screen (1920x1080)")
    parser.add_argument("--position", default="0,0", metavar="X,Y", help="of the screen on the desktop (0,0)")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where the browser keeps its things")
    parser.add_argument("--browser", metavar="PATH", help="another Chromium than the usual one")
    parser.add_argument("--headless", action="store_true", help="without a window, for trials")
    parser.add_argument("--print", action="store_true", help="print the browser's command and end")
    return parser


def _server(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"--server {text}: not an address like http://antrean.lan:8000")
    return text.rstrip("/")


def _key(arguments: argparse.Namespace) -> str:
    given = arguments.key or os.environ.get("MPP_DISPLAY_KEY", "")
    key = (arguments.key_file.read_text() if arguments.key_file else given).strip()
    if not key:
        raise ValueError(
            "no key: give --key, --key-file or MPP_DISPLAY_KEY (made by: mpp device add --kind display)"
        )
    return key


def _window(arguments: argparse.Namespace) -> Window:
    width, height = _pair(arguments.size, "x", "--size")
    left, top = _pair(arguments.position, ",", "--position")
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state")
    profile = arguments.profile or state / "mpp-display" / quote(arguments.zone, safe="")
    return Window(profile.absolute(), width, height, left, top, arguments.headless)


def _pair(text: str, between: str, name: str) -> tuple[int, int]:
    first, _, second = text.partition(between)
    try:
        return int(first), int(second)
    except ValueError:
        sys.exit(f"mpp-display: {name} {text}: two numbers with {between} between them")


if __name__ == "__main__":
    main()
