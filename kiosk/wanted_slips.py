"""Slips that greeters want from this printer: for a number they took for somebody, or a copy."""

import threading

from pysqlite3 import dbapi2 as sqlite

from kiosk.catalogue_poller import CataloguePoller
from kiosk.printing.slip_builder import slip_of
from kiosk.printing.worker import PrintWorker
from kiosk.server_client import KeyRefused, ServerAway, ServerClient
from kiosk.ticket_requests import TicketRequests

EVERY_S = 3.0
RARELY_S = 600.0
LONGEST_PAUSE_S = 30.0


class WantedSlipsPoller(threading.Thread):
    """Asks every few seconds while nobody is served here; each slip is journaled before it is printed."""

    def __init__(
        self, server: ServerClient, catalogue: CataloguePoller, requests: TicketRequests, worker: PrintWorker
    ) -> None:
        super().__init__(name="wanted-slips", daemon=True)
        self._server = server
        self._catalogue = catalogue
        self._requests = requests
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
                pause = min(pause * 2, LONGEST_PAUSE_S)

    def look(self) -> float:
        """Asks once, unless a visitor is being served; returns the seconds until the next time."""
        catalogue = self._catalogue.current
        if self._catalogue.away or catalogue is None or not self._at_rest():
            return EVERY_S
        wanted = self._server.wanted_slips()
        if wanted is None:
            return RARELY_S
        for one in wanted:
            slip = slip_of(one.ticket, catalogue)
            self._worker.want(one.id, one.ticket, slip.as_copy() if one.copy_ else slip)
        return EVERY_S

    def _at_rest(self) -> bool:
        """Whether nobody asks for a number, nothing is to be printed, and the last slip has been taken."""
        return not self._requests.active() and self._worker.at_rest()
