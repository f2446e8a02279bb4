"""The printer that the command line names."""

import re
from pathlib import Path

from kiosk.printing import connections
from kiosk.printing.file_printers import FilePrinter, VirtualPrinter
from kiosk.printing.printer import Printer
from kiosk.printing.thermal_printer import ThermalPrinter


class BadPrinter(ValueError):
    """What stands after --printer names no printer."""


def printer_from(spec: str, columns: int, folder: Path) -> Printer:
    """The printer for `network:HOST[:PORT]`, `usb:…`, `serial:…`, `file:PATH` or `virtual`.

    `columns` and `folder` are for the virtual printer. Raises BadPrinter.
    """
    kind, _, rest = spec.partition(":")
    if spec == "virtual":
        return VirtualPrinter(folder / "slips", columns)
    if kind == "network":
        host, port = _host_and_port(rest)
        return ThermalPrinter(lambda: connections.connect(host, port))
    if kind == "usb" and re.fullmatch(r"/dev/\S+|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}", rest):
        return ThermalPrinter(lambda: connections.open_usb(rest))
    if kind == "serial" and (match := re.fullmatch(r"(/[^:\s]+)(?::(\d+))?", rest)):
        return _serial(match[1], int(match[2] or 9600))
    if kind == "file" and rest:
        return FilePrinter(_writable(Path(rest)))
    raise BadPrinter(
        f"unknown printer {spec!r}: expected network:HOST[:PORT], usb:/dev/usb/lp0, usb:VENDOR:PRODUCT, "
        "serial:/dev/ttyUSB0[:BAUD], file:PATH or virtual"
    )


def _host_and_port(spec: str) -> tuple[str, int]:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:]+\]|[^:\s/\[\]]+)(?::(\d{1,5}))?", spec)
    if not match or not 0 < int(match[2] or 9100) < 65536:
        raise BadPrinter(f"unknown printer address {spec!r}: expected HOST or HOST:PORT")
    return match[1].strip("[]"), int(match[2] or 9100)


def _serial(path: str, speed: int) -> Printer:
    if speed not in (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200):
        raise BadPrinter(f"no serial port runs at {speed} baud")
    return ThermalPrinter(lambda: connections.open_serial(path, speed))


def _writable(path: Path) -> Path:
    if not (path if path.is_dir() else path.parent).is_dir():
        raise BadPrinter(f"{path.parent} is not a folder")
    return path
