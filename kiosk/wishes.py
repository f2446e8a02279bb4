"""Papers that others wish from this printer: a greeter who took a number for somebody, or a copy."""

import threading

from pysqlite3 import dbapi2 as sqlite

from kiosk.asking import Asker
from kiosk.catalogue import Keeper
from kiosk.composing import compose
from kiosk.journal import Journal
from kiosk.server import KeyRefused, MallServer, ServerAway
from kiosk.worker import PrintWorker

EVERY_S = 3.0
RARELY_S = 600.0


class Wishes(threading.Thread):
    """Asks every few seconds while nobody is served here; keeps each wish before anything is printed."""

    def __init__(
        self, server: MallServer, journal: Journal, keeper: Keeper, asker: Asker, worker: PrintWorker
    ) -> None:
        super().__init__(name="wishes", daemon=True)
        self._server = server
        self._journal = journal
        self._keeper = keeper
        self._asker = asker
        self._worker = worker
        self._ended = threading.Event()

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        pause = EVERY_S
        while not self._ended.wait(pause):
            try:
                pause = self.look()
            except (ServerAway, KeyRefused, sqlite.DatabaseError):
                pause = min(pause * 2, 30.0)

    def look(self) -> float:
        """Asks once, unless a visitor is being served; returns the seconds until the next time."""
        if self._keeper.away or not self._at_rest():
            return EVERY_S
        wanted = self._server.wanted()
        if wanted is None:
            return RARELY_S
        for paper in wanted:
            slip = compose(paper.ticket, self._keeper.body())
            self._journal.ask_for(paper.id, paper.ticket, slip, paper.copy)
        if wanted:
            self._worker.wake()
        return EVERY_S

    def _at_rest(self) -> bool:
        """Whether nobody asks for a number, no paper is to come, and the last one has been taken."""
        return not self._asker.active() and not self._journal.at_work() and self._worker.rested()
