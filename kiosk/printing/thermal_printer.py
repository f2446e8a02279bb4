"""A thermal printer on the network, a serial port or USB: sends a slip and believes only its own report."""

import time
from collections.abc import Callable

from kiosk.printing import printer_status
from kiosk.printing.connections import Connection
from kiosk.printing.printer import AWAY, BROKEN, STALLED, Outcome
from kiosk.states import PrintState

REPORT_S = 5.0


class ThermalPrinter:
    """A driver for ESC/POS; `open_connection` raises OSError when the printer is away."""

    def __init__(self, open_connection: Callable[[], Connection]) -> None:
        self._open = open_connection
        self._silent = False
        self._unsure = False

    def distrust(self) -> None:
        """A slip may be half sent: before the next one the printer is told to forget it."""
        self._unsure = True

    def condition(self) -> str:
        try:
            with self._open() as connection:
                return self._ask(connection)
        except OSError:
            return AWAY

    def send(self, data: bytes) -> Outcome:
        try:
            connection = self._open()
        except OSError:
            return Outcome(PrintState.FAILED, AWAY)
        with connection:
            try:
                if self._unsure:
                    # What is left of a half-printed slip must not come out before this one.
                    connection.write(printer_status.CLEAR)
                state = self._ask(connection)
            except OSError:
                return Outcome(PrintState.FAILED, BROKEN)
            if state not in (printer_status.READY, printer_status.MUTE):
                return Outcome(PrintState.FAILED, state)
            outcome = self._print(connection, data)
        self._unsure = outcome.result == PrintState.UNKNOWN and outcome.reason != printer_status.MUTE
        return outcome

    def _print(self, connection: Connection, data: bytes) -> Outcome:
        """From here on paper may come out, so that nothing but the printer's own word is believed."""
        try:
            connection.write(data + printer_status.REPORT)
            return self._confirmed(connection)
        except TimeoutError:
            return Outcome(PrintState.UNKNOWN, STALLED)
        except OSError:
            return Outcome(PrintState.UNKNOWN, BROKEN)

    def _confirmed(self, connection: Connection) -> Outcome:
        """The report stands behind the cut in the printer's own order of work: its answer means done."""
        report = self._report(connection)
        if report is not None:
            if printer_status.paper_ended(report):
                return Outcome(PrintState.UNKNOWN, printer_status.PAPER_OUT)
            return Outcome(PrintState.PRINTED)
        if not connection.drained():
            return Outcome(PrintState.UNKNOWN, STALLED)
        if self._silent:
            return Outcome(PrintState.UNKNOWN, printer_status.MUTE)
        state = printer_status.condition(connection)
        # A clone that knows DLE EOT but not GS r: nothing waits, nothing is wrong.
        if state == printer_status.READY:
            return Outcome(PrintState.PRINTED)
        return Outcome(PrintState.UNKNOWN, STALLED if state == printer_status.MUTE else state)

    def _report(self, connection: Connection) -> int | None:
        end = time.monotonic() + REPORT_S
        while (left := end - time.monotonic()) > 0:
            byte = connection.read(left)
            if byte is not None and printer_status.is_report(byte):
                return byte
        return None

    def _ask(self, connection: Connection) -> str:
        state = printer_status.condition(connection)
        self._silent = state == printer_status.MUTE
        return state
