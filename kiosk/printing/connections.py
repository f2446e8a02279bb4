"""Connections to a printer (network, serial, USB): bytes out and in, never waiting longer than told."""

import errno
import fcntl
import os
import select
import socket
import struct
import termios
import time
from pathlib import Path
from types import TracebackType

CONNECT_S = 3.0
STALL_S = 3.0


class Connection:
    """An open connection, as a file descriptor that never blocks; no write waits longer than `stall_s`."""

    def __init__(self, fd: int, stall_s: float = STALL_S) -> None:
        self._fd = fd
        self._stall_s = stall_s
        os.set_blocking(fd, False)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)

    def write(self, data: bytes) -> None:
        """Sends it all; raises TimeoutError when nothing moves for 3 seconds, OSError on a break."""
        rest = memoryview(data)
        while rest:
            if not select.select([], [self._fd], [], self._stall_s)[1]:
                raise TimeoutError(errno.ETIMEDOUT, "pencetak tidak menerima data")
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                continue

    def read(self, seconds: float) -> int | None:
        """The next byte, or None when none came in time; raises OSError when the other side hung up."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and select.select([self._fd], [], [], left)[0]:
            try:
                byte = os.read(self._fd, 1)
            except BlockingIOError:
                continue
            if byte:
                return byte[0]
            self._silence()
        return None

    def _silence(self) -> None:
        """An empty read: on a socket the other side has closed."""
        raise ConnectionResetError(errno.ECONNRESET, "pencetak menutup sambungan")

    def forget_input(self) -> None:
        """Drops what came in unasked."""
        while self.read(0.001) is not None:
            pass

    def drained(self) -> bool:
        """Whether everything written has left this machine."""
        try:
            waiting = fcntl.ioctl(self._fd, termios.TIOCOUTQ, struct.pack("i", 0))
        except OSError:
            return True
        return bool(struct.unpack("i", waiting)[0] == 0)


class UsbConnection(Connection):
    """A USB printer class device, which answers an empty read when it has nothing to say."""

    def _silence(self) -> None:
        time.sleep(0.01)


def connect(host: str, port: int) -> Connection:
    """A connection to a printer on the network; raises OSError within 3 seconds."""
    wire = socket.create_connection((host, port), CONNECT_S)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(wire.detach())


def open_serial(path: str, speed: int) -> Connection:
    """A connection to a printer on a serial port: 8 bits, no parity, nothing translated."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        rate = getattr(termios, f"B{speed}")
        settings = termios.tcgetattr(fd)
        characters = settings[6]
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        mode = termios.CS8 | termios.CREAD | termios.CLOCAL
        termios.tcsetattr(fd, termios.TCSANOW, [0, 0, mode, 0, rate, rate, characters])
    except BaseException:
        os.close(fd)
        raise
    return Connection(fd)


def open_usb(device: str) -> Connection:
    """A connection to a USB printer, by its path or as VENDOR:PRODUCT wherever it is plugged in."""
    path = device if device.startswith("/") else _usb_path(device)
    return UsbConnection(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def _usb_path(device: str) -> str:
    wanted = [part.lower().zfill(4) for part in device.split(":")]
    for entry in sorted(Path("/sys/class/usbmisc").glob("lp*")):
        owner = (entry / "device").resolve().parent
        names = [owner / "idVendor", owner / "idProduct"]
        if [name.read_text().strip() for name in names if name.exists()] == wanted:
            return f"/dev/usb/{entry.name}"
    raise FileNotFoundError(errno.ENOENT, "tidak ada pencetak USB", device)
