"""Printers: a driver sends the bytes of a slip and says what it knows, printed, failed or unknown."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk import escpos, lines, status
from kiosk.lines import Line

PRINTED, FAILED, UNKNOWN = "printed", "failed", "unknown"
AWAY, BROKEN, STALLED = "away", "broken", "stalled"
REPORT_S = 5.0
KEPT_SLIPS = 24


@dataclass(frozen=True)
class Outcome:
    """What became of a slip: `failed` means surely no paper, `unknown` that nobody can tell; and why."""

    result: str
    reason: str = ""


class Printer(Protocol):
    """What the print worker needs of a printer."""

    def send(self, data: bytes) -> Outcome:
        """Prints one slip and waits until it is known what became of it."""

    def condition(self) -> str:
        """One word for its state now; never called while a slip is on its way."""


class WiredPrinter:
    """A thermal printer at the end of a wire: network, serial port or USB."""

    def __init__(self, open_line: Callable[[], Line]) -> None:
        self._open = open_line
        self._mute = False
        self._doubt = False

    def distrust(self) -> None:
        """Somebody left a slip half sent: before the next one, the printer is to forget it."""
        self._doubt = True

    def condition(self) -> str:
        try:
            with self._open() as line:
                return self._ask(line)
        except OSError:
            return AWAY

    def send(self, data: bytes) -> Outcome:
        try:
            line = self._open()
        except OSError:
            return Outcome(FAILED, AWAY)
        with line:
            try:
                if self._doubt:
                    # What is left of a half-printed slip must not come out before this one.
                    line.write(status.CLEAR)
                state = self._ask(line)
            except OSError:
                return Outcome(FAILED, BROKEN)
            if state not in (status.READY, status.MUTE):
                return Outcome(FAILED, state)
            outcome = self._print(line, data)
        self._doubt = outcome.result == UNKNOWN and outcome.reason != status.MUTE
        return outcome

    def _print(self, line: Line, data: bytes) -> Outcome:
        """From here on paper may come out, so that nothing but the printer's own word is believed."""
        try:
            line.write(data + status.REPORT)
            return self._confirmed(line)
        except TimeoutError:
            return Outcome(UNKNOWN, STALLED)
        except OSError:
            return Outcome(UNKNOWN, BROKEN)

    def _confirmed(self, line: Line) -> Outcome:
        """The report stands behind the cut in the printer's own order of work: its answer means done."""
        report = self._report(line)
        if report is not None:
            return Outcome(UNKNOWN, status.PAPER_OUT) if status.paper_ended(report) else Outcome(PRINTED)
        if not line.drained():
            return Outcome(UNKNOWN, STALLED)
        if self._mute:
            return Outcome(UNKNOWN, status.MUTE)
        state = status.condition(line)
        # A clone that knows DLE EOT but not GS r: nothing waits, nothing is wrong.
        if state == status.READY:
            return Outcome(PRINTED)
        return Outcome(UNKNOWN, STALLED if state == status.MUTE else state)

    def _report(self, line: Line) -> int | None:
        end = time.monotonic() + REPORT_S
        while (left := end - time.monotonic()) > 0:
            byte = line.read(left)
            if byte is not None and status.is_report(byte):
                return byte
        return None

    def _ask(self, line: Line) -> str:
        state = status.condition(line)
        self._mute = state == status.MUTE
        return state


class FilePrinter:
    """A file that every slip is appended to, or a folder that gets one file for each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def condition(self) -> str:
        folder = self._path if self._path.is_dir() else self._path.parent
        return status.READY if os.access(folder, os.W_OK) else AWAY

    def send(self, data: bytes) -> Outcome:
        target = self._path / _slip_name() if self._path.is_dir() else self._path
        try:
            with target.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return Outcome(UNKNOWN, BROKEN)
        return Outcome(PRINTED)


class VirtualPrinter:
    """A printer of light: it reads the bytes as strictly as it can and keeps the last slips to look at."""

    def __init__(self, folder: Path, columns: int) -> None:
        self._folder = folder
        self.columns = columns
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def condition(self) -> str:
        return status.READY

    def send(self, data: bytes) -> Outcome:
        try:
            escpos.decode(data, self.columns)
        except escpos.Unreadable:
            return Outcome(FAILED, status.FAULT)
        (self._folder / _slip_name()).write_bytes(data)
        for old in self.slips()[KEPT_SLIPS:]:
            (self._folder / old).unlink(missing_ok=True)
        return Outcome(PRINTED)

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


class BadPrinter(ValueError):
    """The words after --printer name no printer."""


def printer_from(words: str, columns: int, folder: Path) -> Printer:
    """The printer that `network:HOST[:PORT]`, `usb:…`, `serial:…`, `file:PATH` or `virtual` names."""
    kind, _, rest = words.partition(":")
    if words == "virtual":
        return VirtualPrinter(folder / "slips", columns)
    if kind == "network":
        host, port = _host_and_port(rest)
        return WiredPrinter(lambda: lines.connect(host, port))
    if kind == "usb" and re.fullmatch(r"/dev/\S+|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}", rest):
        return WiredPrinter(lambda: lines.open_usb(rest))
    if kind == "serial" and (match := re.fullmatch(r"(/[^:\s]+)(?::(\d+))?", rest)):
        return _serial(match[1], int(match[2] or 9600))
    if kind == "file" and rest:
        return FilePrinter(_writable(Path(rest)))
    raise BadPrinter(
        f"unknown printer {words!r}: expected network:HOST[:PORT], usb:/dev/usb/lp0, usb:VENDOR:PRODUCT, "
        "serial:/dev/ttyUSB0[:BAUD], file:PATH or virtual"
    )


def _host_and_port(words: str) -> tuple[str, int]:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:]+\]|[^:\s/\[\]]+)(?::(\d{1,5}))?", words)
    if not match or not 0 < int(match[2] or 9100) < 65536:
        raise BadPrinter(f"unknown printer address {words!r}: expected HOST or HOST:PORT")
    return match[1].strip("[]"), int(match[2] or 9100)


def _serial(path: str, speed: int) -> Printer:
    if speed not in (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200):
        raise BadPrinter(f"no serial port runs at {speed} baud")
    return WiredPrinter(lambda: lines.open_serial(path, speed))


def _writable(path: Path) -> Path:
    if not (path if path.is_dir() else path.parent).is_dir():
        raise BadPrinter(f"{path.parent} is not a folder")
    return path
