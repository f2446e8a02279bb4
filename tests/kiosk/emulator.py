"""A thermal printer on the network, with the faults of real ones; it counts the papers that come out."""

import re
import socket
import struct
import threading
from contextlib import suppress

REALTIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x05([\x01\x02])")
CUT = b"\x1dVB\x00"
REPORT = b"\x1dr\x01"


class Printer:
    """Listens on a port of loopback; faults are plain attributes that a test sets."""

    def __init__(self):
        self.papers = []
        self.paper_out_after = None
        self.reset_after = None
        self.stall_after = None
        self.paper_out = self.cover_open = False
        self.mute = self.garbage = self.knows_report = False
        self.knows_report = True
        self.questions = []
        self.connections = self.ended = self.heard = 0
        self._buffer = bytearray()
        self._printing = bytearray()
        self._lock = threading.RLock()
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def spec(self):
        return f"network:127.0.0.1:{self.port}"

    def reload(self):
        """Somebody puts in a new roll: the printer goes on with what it still holds."""
        with self._lock:
            self.paper_out, self.paper_out_after = False, None
            self._pump(None)

    def wait_for(self, true, seconds=10):
        with self._changed:
            return self._changed.wait_for(lambda: true(self), seconds)

    def stop_listening(self):
        self._listener.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line):
        try:
            self._listen_to(line)
        finally:
            with self._changed:
                self.ended += 1
                self._changed.notify_all()

    def _listen_to(self, line):
        received = 0
        with line:
            while True:
                if self.stall_after is not None and received >= self.stall_after:
                    threading.Event().wait(30)
                try:
                    data = line.recv(512)
                except OSError:
                    return
                if not data:
                    return
                received += len(data)
                if self.reset_after is not None and received >= self.reset_after:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                self._hear(line, data)

    def _hear(self, line, data):
        with self._lock:
            self.heard += len(data)
            for match in REALTIME.finditer(data):
                self._answer(line, match)
            self._buffer += REALTIME.sub(b"", data)
            self._pump(line)
        with self._changed:
            self._changed.notify_all()

    def _answer(self, line, match):
        self.questions.append(match.group())
        if match[2] == b"\x02":
            self._buffer.clear()
            self._printing.clear()
        elif match[1] and not self.mute:
            self._tell(line, b"\xff" * 3 if self.garbage else bytes([self._status(match[1][0])]))

    def _tell(self, line, words):
        """Answer whoever asked, if they still listen; a printer prints on without them."""
        with suppress(OSError):
            line.sendall(words)

    def _status(self, question):
        offline = self.paper_out or self.cover_open
        bits = {
            1: 0x08 * offline,
            2: 0x20 * self.paper_out | 0x04 * self.cover_open,
            3: 0,
            4: 0x60 * self.paper_out,
        }
        return 0x12 | bits[question]

    def _pump(self, line):
        while self._buffer and not self.paper_out:
            self._printing.append(self._buffer.pop(0))
            if self.paper_out_after is not None:
                self.paper_out_after -= 1
                self.paper_out = self.paper_out_after <= 0
            if self._printing.endswith(CUT):
                self.papers.append(bytes(self._printing))
                self._printing.clear()
            elif self._printing == REPORT:
                self._printing.clear()
                if line is not None and not self.mute and self.knows_report:
                    self._tell(line, b"\x00")
