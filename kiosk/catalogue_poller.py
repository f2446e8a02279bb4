"""Asks for the catalogue every ten seconds, and keeps the last one on disk for when the server is away."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.catalogue import WESTERN_TIME, Catalogue
from kiosk.server_client import KeyRefused, ServerAway, ServerClient

EVERY_S = 10.0


class CataloguePoller(threading.Thread):
    """Holds the newest catalogue that the server gave, in this run or the last.

    `heard` is when the server last answered, `away` whether it did at the last try.
    """

    def __init__(self, server: ServerClient, path: Path) -> None:
        super().__init__(name="catalogue-poller", daemon=True)
        self._server = server
        self._path = path
        self._etag: str | None = None
        self._wake = threading.Event()
        self._ended = False
        self._ahead_s = 0.0
        self.heard: datetime | None = None
        self.away = True
        self.key_refused = False
        self.current = self._stored()

    def now(self) -> datetime:
        """The server's time, in the mall's zone: this box's own clock may be wrong."""
        moment = datetime.now(UTC) + timedelta(seconds=self._ahead_s)
        return moment.astimezone(self.current.tzinfo if self.current else WESTERN_TIME)

    def refresh(self) -> None:
        """Asks once; raises KeyRefused, and notes in `away` whether the server answered."""
        try:
            answer = self._server.catalogue(self._etag)
        except ServerAway:
            self.away = True
            return
        self.away = self.key_refused = False
        if answer is not None:
            self._etag, self.current = answer
            self._ahead_s = self.current.at.timestamp() - time.time()
            self._store(self.current)
        self.heard = self.now()

    def run(self) -> None:
        while not self._ended:
            try:
                self.refresh()
            except KeyRefused:
                self.away = self.key_refused = True
            self._wake.wait(EVERY_S / 3 if self.away else EVERY_S)
            self._wake.clear()

    def hurry(self) -> None:
        """Something has just changed."""
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    def _store(self, catalogue: Catalogue) -> None:
        """Replaces the copy on disk whole; a full disk costs only the copy."""
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(catalogue.model_dump_json(by_alias=True))
            os.replace(fresh, self._path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def _stored(self) -> Catalogue | None:
        try:
            return Catalogue.model_validate_json(self._path.read_text())
        except (OSError, ValueError):
            return None
