"""The print worker: one thread, one paper at a time, journaled before and after."""

import threading
import time

import structlog

from kiosk import status
from kiosk.journal import Journal
from kiosk.printers import FAILED, UNKNOWN, Outcome, Printer

log = structlog.get_logger("kiosk")

LOOK_S = 15.0
# So long a hand may still be at the slot.
REST_S = 3.0


class PrintWorker(threading.Thread):
    """Prints what the journal holds and knows how the printer feels in between."""

    def __init__(self, journal: Journal, printer: Printer, columns: int) -> None:
        super().__init__(name="print-worker", daemon=True)
        self._journal = journal
        self._printer = printer
        self._columns = columns
        self._work = threading.Event()
        self._ended = False
        self._finished = -REST_S
        self.condition = status.READY

    def wake(self) -> None:
        """There is something to print."""
        self._work.set()

    def rested(self) -> bool:
        """Whether the last paper has been out long enough to be in somebody's hand."""
        return time.monotonic() - self._finished >= REST_S

    def end(self) -> None:
        """Finishes the paper in hand and stops."""
        self._ended = True
        self._work.set()

    def run(self) -> None:
        looked = 0.0
        while not self._ended:
            self._work.clear()
            try:
                if self.print_next():
                    continue
            except Exception:
                # The next visitor's paper must not wait for this one's bug, nor for a full disk.
                log.exception("print failed")
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
        outcome = Outcome(FAILED, status.FAULT)
        try:
            data = slip.to_escpos(self._columns)
            outcome = Outcome(UNKNOWN, status.FAULT)
            outcome = self._printer.send(data)
        finally:
            self._journal.finish(job.id, outcome.result, outcome.reason)
            self.condition = outcome.reason or status.READY
            self._finished = time.monotonic()
        return True
