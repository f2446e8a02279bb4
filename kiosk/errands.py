"""Errands to the server that no visitor waits for: the fate of papers, and ghosts to lay."""

import threading
import time

from pysqlite3 import dbapi2 as sqlite

from kiosk.asking import Asker
from kiosk.journal import FAILED, TTL_S, VOID, Entry, Job, Journal
from kiosk.server import KeyRefused, MallServer, ServerAway


class Errands(threading.Thread):
    """Runs until each errand is done, more slowly while the server is away."""

    def __init__(self, server: MallServer, journal: Journal, asker: Asker) -> None:
        super().__init__(name="errands", daemon=True)
        self._server = server
        self._journal = journal
        self._asker = asker
        self._ended = threading.Event()

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        pause = 1.0
        while not self._ended.wait(pause):
            try:
                self.run_once()
                pause = 1.0
            except (ServerAway, KeyRefused, sqlite.DatabaseError):
                pause = min(pause * 2, 30.0)

    def run_once(self) -> None:
        """Everything that is owed now; raises what the server client raises."""
        for intent in self._journal.unanswered(time.time() - TTL_S):
            if intent not in self._asker.active():
                self._journal.abandon(intent)
        for job in self._journal.unreported():
            self._report(job)
        for ghost in self._journal.ghosts():
            if ghost.intent not in self._asker.active():
                self._lay(ghost)

    def _report(self, job: Job) -> None:
        result = FAILED if job.state == VOID else job.state
        self._server.report(job.slip_id, result, f"slip-{job.slip_id}-job-{job.id}")
        self._journal.reported(job.id)

    def _lay(self, ghost: Entry) -> None:
        """The same intent again tells which ticket it became; nobody holds that, so it is cancelled."""
        answer = self._server.take(ghost.intent, ghost.services, ghost.priority, ghost.language, 4.0)
        if answer.ticket:
            self._server.cancel(answer.ticket["token"], f"cancel-{ghost.intent}"[:128])
        self._journal.settle(ghost.intent)
