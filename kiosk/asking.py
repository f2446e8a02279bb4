"""Asking for a number: one intent, asked again until it is answered or the visitor has left."""

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.catalogue import Keeper
from kiosk.composing import compose
from kiosk.journal import ASKING, Entry, Journal
from kiosk.server import KeyRefused, MallServer, ServerAway
from kiosk.worker import PrintWorker

PATIENCE_S = 8.0
LATER_S = 3.0
GONE_S = 20.0


@dataclass
class _Watch:
    """Somebody stands before the screen and wants to know."""

    begun: float
    seen: float
    away: bool = False


class Asker:
    """Puts the visitors' intents to the server, each in a thread of its own."""

    def __init__(self, server: MallServer, journal: Journal, keeper: Keeper, worker: PrintWorker) -> None:
        self._server = server
        self._journal = journal
        self._keeper = keeper
        self._worker = worker
        self._lock = threading.Lock()
        self._watches: dict[str, _Watch] = {}
        self._changed = threading.Condition()
        self._ended = threading.Event()

    def ask(
        self, intent: str, services: Sequence[str], priority: str | None, language: str, wait_s: float
    ) -> Entry:
        """Begins, or joins, and waits a moment for the answer; several services are a route in order."""
        entry = self._journal.begin(intent, services, priority, language)
        if entry.state != ASKING:
            return entry
        self.watch(intent)
        end = time.monotonic() + wait_s
        with self._changed:
            while self._asks(intent) and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
        return self._journal.entry(intent) or entry

    def watch(self, intent: str) -> None:
        """Somebody still waits for this intent; it goes on being asked."""
        now = time.monotonic()
        with self._lock:
            watch = self._watches.get(intent)
            if watch:
                watch.seen = now
                return
            if self._ended.is_set():
                return
            self._watches[intent] = _Watch(now, now)
        threading.Thread(target=self._pursue, args=(intent,), name="asker", daemon=True).start()

    def away(self, intent: str) -> bool:
        """Whether the visitor has waited long enough to be told where else to go."""
        with self._lock:
            watch = self._watches.get(intent)
            return watch is not None and watch.away

    def leave(self, intent: str) -> None:
        """The visitor went away."""
        self._journal.abandon(intent)

    def active(self) -> set[str]:
        with self._lock:
            return set(self._watches)

    def end(self) -> None:
        self._ended.set()

    def _asks(self, intent: str) -> bool:
        with self._lock:
            return intent in self._watches

    def _pursue(self, intent: str) -> None:
        try:
            pause = 0.2
            while not self._ended.is_set() and not self._tried(intent):
                if self._given_up(intent):
                    self._journal.abandon(intent)
                    return
                pause = LATER_S if self.away(intent) else min(pause * 2, 1.6)
                self._ended.wait(pause * (0.75 + secrets.randbelow(50) / 100))
        finally:
            with self._lock:
                self._watches.pop(intent, None)
            with self._changed:
                self._changed.notify_all()

    def _tried(self, intent: str) -> bool:
        """Asks once; True when there is nothing more to ask."""
        entry = self._journal.entry(intent)
        if entry is None or entry.state != ASKING:
            return True
        try:
            answer = self._server.take(
                intent, entry.services, entry.priority, entry.language, self._left(intent)
            )
        except ServerAway as away:
            if away.reached:
                self._journal.reached(intent)
            self._note_patience(intent, away.retry_after)
            return False
        except KeyRefused:
            self._journal.refuse(intent, {"code": "key_refused"})
            return True
        if answer.ticket is None:
            self._journal.refuse(intent, answer.problem or {})
            self._keeper.hurry()
        elif self._journal.give(intent, answer.ticket, compose(answer.ticket, self._keeper.body())):
            self._worker.wake()
        return True

    def _left(self, intent: str) -> float:
        """How long one attempt may take: what is left of the visitor's patience, but at least a second."""
        with self._lock:
            watch = self._watches[intent]
            return 4.0 if watch.away else max(1.0, PATIENCE_S - (time.monotonic() - watch.begun))

    def _note_patience(self, intent: str, retry_after: float) -> None:
        with self._lock:
            watch = self._watches[intent]
            left = PATIENCE_S - (time.monotonic() - watch.begun)
            watch.away = watch.away or left <= 1.0 or retry_after > left

    def _given_up(self, intent: str) -> bool:
        with self._lock:
            return time.monotonic() - self._watches[intent].seen > GONE_S
