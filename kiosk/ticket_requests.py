"""Asking for a number: one intent, asked again until it is answered or the visitor has left."""

import secrets
import threading
import time
from dataclasses import dataclass

from kiosk.catalogue import Catalogue
from kiosk.catalogue_poller import CataloguePoller
from kiosk.journal import IntentRecord, Journal
from kiosk.printing.slip_builder import slip_of
from kiosk.printing.worker import PrintWorker
from kiosk.server_client import KeyRefused, ServerAway, ServerClient
from kiosk.states import IntentState
from kiosk.ticket import Problem, Ticket, TicketIntent

# After so long a visitor is told that the server is away and where else to go.
PATIENCE_S = 8.0
# How often is asked from then on.
LATER_S = 3.0
# A screen that has not asked for so long has no visitor any more.
GONE_S = 20.0


@dataclass
class _Watch:
    """A visitor stands before the screen and wants to know; moments of the monotonic clock."""

    begun: float
    seen: float
    away: bool = False


class TicketRequests:
    """Puts the visitors' intents to the server, each in a thread of its own."""

    def __init__(
        self, server: ServerClient, journal: Journal, catalogue: CataloguePoller, worker: PrintWorker
    ) -> None:
        self._server = server
        self._journal = journal
        self._catalogue = catalogue
        self._worker = worker
        self._lock = threading.Lock()
        self._watches: dict[str, _Watch] = {}
        self._changed = threading.Condition()
        self._ended = threading.Event()

    def ask(self, intent: TicketIntent, wait_s: float) -> IntentRecord:
        """Begins, or joins the same intent, and waits so many seconds for the answer."""
        record = self._journal.intents.begin(intent)
        if record.state != IntentState.ASKING:
            return record
        self.watch(intent.key)
        end = time.monotonic() + wait_s
        with self._changed:
            while intent.key in self.active() and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
        return self._journal.intents.get(intent.key) or record

    def watch(self, key: str) -> None:
        """A visitor still waits for this intent; it goes on being asked."""
        now = time.monotonic()
        with self._lock:
            watch = self._watches.get(key)
            if watch:
                watch.seen = now
                return
            if self._ended.is_set():
                return
            self._watches[key] = _Watch(now, now)
        threading.Thread(target=self._pursue, args=(key,), name="ticket-request", daemon=True).start()

    def away(self, key: str) -> bool:
        """Whether the visitor has waited long enough to be told where else to go."""
        with self._lock:
            watch = self._watches.get(key)
            return watch is not None and watch.away

    def leave(self, key: str) -> None:
        """The visitor went away."""
        self._journal.intents.abandon(key)

    def active(self) -> set[str]:
        """The keys of the intents that are being asked."""
        with self._lock:
            return set(self._watches)

    def end(self) -> None:
        self._ended.set()

    def _pursue(self, key: str) -> None:
        try:
            pause = 0.2
            while not self._ended.is_set() and not self._ask_once(key):
                if self._given_up(key):
                    self._journal.intents.abandon(key)
                    return
                pause = LATER_S if self.away(key) else min(pause * 2, 1.6)
                self._ended.wait(pause * (0.75 + secrets.randbelow(50) / 100))
        finally:
            with self._lock:
                self._watches.pop(key, None)
            with self._changed:
                self._changed.notify_all()

    def _ask_once(self, key: str) -> bool:
        """True when there is nothing more to ask; without a catalogue no slip could be made, so it waits."""
        record, catalogue = self._journal.intents.get(key), self._catalogue.current
        if record is None or record.state != IntentState.ASKING:
            return True
        try:
            if catalogue is None:
                raise ServerAway("no catalogue yet", reached=False)
            answer = self._server.take(record.intent, self._left(key))
        except ServerAway as away:
            if away.reached:
                self._journal.intents.mark_reached(key)
            self._note_patience(key, away.retry_after)
            return False
        except KeyRefused:
            self._journal.intents.refuse(key, Problem(code="key_refused"))
            return True
        self._keep(key, answer, catalogue)
        return True

    def _keep(self, key: str, answer: Ticket | Problem, catalogue: Catalogue) -> None:
        if isinstance(answer, Problem):
            self._journal.intents.refuse(key, answer)
            self._catalogue.hurry()
        elif self._journal.intents.give(key, answer, slip_of(answer, catalogue)):
            self._worker.wake()

    def _left(self, key: str) -> float:
        """How long one attempt may take: what is left of the visitor's patience, but at least a second."""
        with self._lock:
            watch = self._watches[key]
            return 4.0 if watch.away else max(1.0, PATIENCE_S - (time.monotonic() - watch.begun))

    def _note_patience(self, key: str, retry_after: float) -> None:
        with self._lock:
            watch = self._watches[key]
            left = PATIENCE_S - (time.monotonic() - watch.begun)
            watch.away = watch.away or left <= 1.0 or retry_after > left

    def _given_up(self, key: str) -> bool:
        with self._lock:
            return time.monotonic() - self._watches[key].seen > GONE_S
