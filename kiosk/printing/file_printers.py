"""Printers without paper: a file or folder of bytes, and the virtual printer that can be looked at."""

import os
import time
from pathlib import Path

from kiosk.printing import escpos_reader, printer_status
from kiosk.printing.printer import AWAY, BROKEN, Outcome
from kiosk.states import PrintState

KEPT_SLIPS = 24


class FilePrinter:
    """A file that every slip is appended to, or a folder that gets one file for each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def condition(self) -> str:
        folder = self._path if self._path.is_dir() else self._path.parent
        return printer_status.READY if os.access(folder, os.W_OK) else AWAY

    def send(self, data: bytes) -> Outcome:
        target = self._path / _slip_name() if self._path.is_dir() else self._path
        try:
            with target.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return Outcome(PrintState.UNKNOWN, BROKEN)
        return Outcome(PrintState.PRINTED)


class VirtualPrinter:
    """Refuses bytes that are no slip of its width, and keeps the last 24 slips to look at."""

    def __init__(self, folder: Path, columns: int) -> None:
        self._folder = folder
        self.columns = columns
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def condition(self) -> str:
        return printer_status.READY

    def send(self, data: bytes) -> Outcome:
        try:
            escpos_reader.decode(data, self.columns)
        except escpos_reader.Unreadable:
            return Outcome(PrintState.FAILED, printer_status.FAULT)
        (self._folder / _slip_name()).write_bytes(data)
        for old in self.slips()[KEPT_SLIPS:]:
            (self._folder / old).unlink(missing_ok=True)
        return Outcome(PrintState.PRINTED)

    def slips(self) -> list[str]:
        """The names of the slips, newest first."""
        return sorted((path.name for path in self._folder.glob("*.bin")), reverse=True)

    def slip(self, name: str) -> bytes:
        """The bytes of one of them; raises KeyError for a name that is not there."""
        if name not in self.slips():
            raise KeyError(name)
        return (self._folder / name).read_bytes()


def _slip_name() -> str:
    return f"slip-{time.time_ns()}.bin"
