"""The print worker: one thread, one paper at a time, journaled before and after."""

import threading
import time

from kiosk import status
from kiosk.journal import Journal
from kiosk.printers import Printer

LOOK_S = 15.0


class PrintWorker(threading.Thread):
    """Prints what the journal holds and knows how the printer feels in between."""

    def __init__(self, journal: Journal, printer: Printer, columns: int) -> None:
        super().__init__(name="print-worker")
        self._journal = journal
        self._printer = printer
        self._columns = columns
        self._work = threading.Event()
        self._ended = False
        self.condition = status.READY

    def wake(self) -> None:
        """There is something to print."""
        self._work.set()

    def end(self) -> None:
        """Finishes the paper in hand and stops."""
        self._ended = True
        self._work.set()

    def run(self) -> None:
        looked = 0.0
        while not self._ended:
            self._work.clear()
            if self.print_next():
                continue
            if time.monotonic() - looked > LOOK_S:
                self.condition = self._printer.condition()
                looked = time.monotonic()
            self._work.wait(LOOK_S / 3)

    def print_next(self) -> bool:
        """Prints one paper if there is one."""
        job = self._journal.next_job()
        if job is None:
            return False
        slip = job.slip.as_copy() if job.copy else job.slip
        outcome = self._printer.send(slip.to_escpos(self._columns))
        self._journal.finish(job.id, outcome.result, outcome.reason)
        self.condition = outcome.reason or status.READY
        return True
