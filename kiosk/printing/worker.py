"""The print worker: one thread, one slip at a time, journaled before and after."""

import threading
import time

import structlog

from kiosk.journal import Job, Journal
from kiosk.printing import printer_status
from kiosk.printing.printer import Outcome, Printer
from kiosk.printing.slip import Slip
from kiosk.printing.slip_escpos import escpos
from kiosk.states import PrintState
from kiosk.ticket import Ticket

log = structlog.get_logger("kiosk")

LOOK_S = 15.0
# So long a visitor may still be taking the last slip.
REST_S = 3.0


class PrintWorker(threading.Thread):
    """Prints what the journal holds, and asks for the printer's condition in between."""

    def __init__(self, journal: Journal, printer: Printer, columns: int) -> None:
        super().__init__(name="print-worker", daemon=True)
        self._journal = journal
        self._printer = printer
        self._columns = columns
        self._work = threading.Event()
        self._ended = False
        self._finished = -REST_S
        self.condition = printer_status.READY

    def wake(self) -> None:
        """There is something to print."""
        self._work.set()

    def want(self, slip_id: int, ticket: Ticket, slip: Slip) -> None:
        """Prints a slip that a greeter wants, unless the journal knows it already."""
        self._journal.print_jobs.want(slip_id, ticket, slip)
        self._work.set()

    def at_rest(self) -> bool:
        """Whether nothing is to be printed, and the last slip has been out long enough to be taken."""
        return not self._journal.print_jobs.any_open() and time.monotonic() - self._finished >= REST_S

    def end(self) -> None:
        """Finishes the slip in hand and stops."""
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
                # The next visitor's slip must not wait for this one's bug, nor for a full disk.
                log.exception("print failed")
            if time.monotonic() - looked > LOOK_S:
                self.condition = self._printer.condition()
                looked = time.monotonic()
            self._work.wait(LOOK_S / 3)

    def print_next(self) -> bool:
        """Prints one slip if there is one."""
        job = self._journal.print_jobs.next()
        if job is None:
            return False
        self._print(job)
        return True

    def _print(self, job: Job) -> None:
        outcome = Outcome(PrintState.FAILED, printer_status.FAULT)
        try:
            data = escpos(job.slip.as_copy() if job.copy else job.slip, self._columns)
            outcome = Outcome(PrintState.UNKNOWN, printer_status.FAULT)
            outcome = self._printer.send(data)
        finally:
            self._journal.print_jobs.finish(job.id, outcome.result, outcome.reason)
            self.condition = outcome.reason or printer_status.READY
            self._finished = time.monotonic()
