"""The catalogue: what the mall offers now, asked for every ten seconds and kept on disk for a bad hour."""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.server import KeyRefused, MallServer, ServerAway

EVERY_S = 10.0
Row = dict[str, Any]


class Catalogue:
    """Look-ups in one version of the catalogue."""

    def __init__(self, body: Row) -> None:
        self.body = body
        self.version = str(body["version"])
        self.mall: Row = body["mall"]
        self.agencies: list[Row] = body["agencies"]
        self.services: list[Row] = body["services"]
        self.priorities: list[Row] = [row for row in body.get("priorities", []) if row.get("priority", True)]
        self.emergency: list[Row] = body.get("emergency", [])
        self._zones = _by_code(body["zones"])
        self._agencies = _by_code(self.agencies)
        self._queues = _by_code(body["queues"])
        self._services = _by_code(self.services)

    def agency(self, code: str) -> Row | None:
        return self._agencies.get(code)

    def service(self, code: str) -> Row | None:
        return self._services.get(code)

    def queue(self, code: str) -> Row:
        return self._queues.get(code, {"code": code, "name": code, "waiting": 0, "wait": None})

    def zone(self, code: str) -> Row:
        return self._zones.get(code, {"code": code, "name": code, "floor": None})

    def services_of(self, agency: str) -> list[Row]:
        return [row for row in self.services if row["agency"] == agency]

    def waiting_at(self, agency: str) -> int:
        """How many wait in all lines of an agency."""
        return sum(row["waiting"] for row in self._queues.values() if row.get("agency") == agency)

    def desk(self) -> Row | None:
        """The agency of the mall's manager, where people ask."""
        return next((row for row in self.agencies if row.get("kind") == "pengelola"), None)

    def tzinfo(self) -> ZoneInfo | timezone:
        """The mall's time zone."""
        try:
            return ZoneInfo(self.mall["timezone"])
        except (ZoneInfoNotFoundError, ValueError, KeyError):
            return timezone(timedelta(hours=7))


def _by_code(rows: list[Row]) -> dict[str, Row]:
    return {row["code"]: row for row in rows}


class Keeper(threading.Thread):
    """Holds the newest catalogue that the server gave, this time or the last."""

    def __init__(self, server: MallServer, path: Path) -> None:
        super().__init__(name="catalogue-keeper", daemon=True)
        self._server = server
        self._path = path
        self._etag: str | None = None
        self._wake = threading.Event()
        self._ended = False
        self.current: Catalogue | None = None
        self.heard: datetime | None = None
        self.ahead_s = 0.0
        self.away = True
        self.key_refused = False
        self._remember()

    def body(self) -> Row:
        """The raw catalogue; empty lists before the first."""
        if self.current is not None:
            return self.current.body
        return {"mall": {"name": "", "timezone_label": ""}, "zones": [], "agencies": [], "services": []}

    def now(self) -> datetime:
        """The server's time, in the mall's zone: this box's own clock may be wrong."""
        moment = datetime.now(UTC) + timedelta(seconds=self.ahead_s)
        return moment.astimezone(self.current.tzinfo() if self.current else timezone(timedelta(hours=7)))

    def refresh(self) -> None:
        """Asks once; raises KeyRefused, and notes in `away` whether the server answered."""
        try:
            answer = self._server.catalogue(self._etag)
        except ServerAway:
            self.away = True
            return
        self.away = self.key_refused = False
        if answer is not None:
            self._etag, body = answer
            self._accept(body)
            self._store(body)
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

    def _accept(self, body: Row) -> None:
        self.current = Catalogue(body)
        if at := body.get("at"):
            self.ahead_s = datetime.fromisoformat(at).timestamp() - time.time()

    def _store(self, body: Row) -> None:
        """Replaces the copy on disk whole; a full disk costs only the copy."""
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(body))
            os.replace(fresh, self._path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def _remember(self) -> None:
        try:
            body = json.loads(self._path.read_text())
            self.current = Catalogue(body)
        except (OSError, ValueError, KeyError, TypeError):
            self.current = None
