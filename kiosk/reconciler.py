"""Brings the server in step with the journal: reports what was printed, cancels tickets that nobody holds."""

import threading
import time

from pysqlite3 import dbapi2 as sqlite

from kiosk.journal import Job, Journal
from kiosk.journal.print_jobs import TTL_S
from kiosk.server_client import KeyRefused, ServerAway, ServerClient
from kiosk.states import PrintState
from kiosk.ticket import Ticket, TicketIntent
from kiosk.ticket_requests import TicketRequests

PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class Reconciler(threading.Thread):
    """Looks every second, more rarely while the server is away."""

    def __init__(self, server: ServerClient, journal: Journal, requests: TicketRequests) -> None:
        super().__init__(name="reconciler", daemon=True)
        self._server = server
        self._journal = journal
        self._requests = requests
        self._ended = threading.Event()

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        pause = PAUSE_S
        while not self._ended.wait(pause):
            try:
                self.run_once()
                pause = PAUSE_S
            except (ServerAway, KeyRefused, sqlite.DatabaseError):
                pause = min(pause * 2, LONGEST_PAUSE_S)

    def run_once(self) -> None:
        """Everything that is owed now; raises what the server client raises."""
        for key in self._journal.intents.unanswered(time.time() - TTL_S):
            if key not in self._requests.active():
                self._journal.intents.abandon(key)
        for job in self._journal.print_jobs.unreported():
            self._report(job)
        for intent in self._journal.intents.to_cancel():
            if intent.key not in self._requests.active():
                self._cancel(intent)

    def _report(self, job: Job) -> None:
        result = PrintState.FAILED if job.state == PrintState.VOID else job.state
        self._server.report(job.slip_id, result, f"slip-{job.slip_id}-job-{job.id}")
        self._journal.print_jobs.mark_reported(job.id)

    def _cancel(self, intent: TicketIntent) -> None:
        """The same intent again tells which ticket it became; nobody holds that, so it is cancelled."""
        answer = self._server.take(intent, within_s=4.0)
        if isinstance(answer, Ticket):
            self._server.cancel(answer.token, f"cancel-{intent.key}"[:128])
        self._journal.intents.settle(intent.key)
