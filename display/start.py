"""The local page that a screen opens first: it waits for the server, and keeps the key off the command."""

from __future__ import annotations

import html
import os
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

BETWEEN_LOOKS = 2.0
PATIENCE = 2.0

# The one page that cannot have the tokens of the look: it is shown when no server is there to give them.
PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="{refresh}">
<title>Menghubungkan</title>
<style>
  body {{ display: grid; place-content: center; height: 100vh; margin: 0; background: #0c1418; color: #9fb3b8;
    font: 4vh system-ui, sans-serif; cursor: none; }}
</style>
</head>
<body><p>{words}</p></body>
</html>
"""


class StartPage:
    """A file that only this user can read: it refreshes itself until the server answers, then leads on.

    A power cut brings screens back before servers; a browser that finds no server stays on its error page.
    """

    def __init__(self, file: Path, server: str, board: str, key: str) -> None:
        self.url = file.absolute().as_uri()
        self._file = file
        self._server = server
        self._target = f"{board}#key={quote(key, safe='')}"
        self._there = False
        self._next_look = 0.0

    def wait(self) -> None:
        """Write the page that waits, until the next look finds the server."""
        self._there = False
        self._write("1", "Menghubungkan ke server")

    def look(self) -> None:
        """See whether the server is there, every two seconds; when it is, send the page on to the board."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + BETWEEN_LOOKS
        there = _answers(self._server)
        if there != self._there:
            self._lead() if there else self.wait()

    def remove(self) -> None:
        """Delete the page and the key in it."""
        self._file.unlink(missing_ok=True)

    def _lead(self) -> None:
        self._there = True
        self._write(f"0; url={self._target}", "Membuka papan")

    def _write(self, refresh: str, words: str) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as page:
            page.write(PAGE.format(refresh=html.escape(refresh), words=html.escape(words)))
        fresh.replace(self._file)


def _answers(server: str) -> bool:
    # We only ask whether it is there: who it is, the browser checks by certificates that we may not know.
    anyone = ssl.create_default_context()
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(f"{server}/healthz", timeout=PATIENCE, context=anyone):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
