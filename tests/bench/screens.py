"""Many lobby screens in a process of their own, writing down when each call reached them.

python -m tests.bench.screens BASE KEY COUNT; prints `ready` when every screen has its snapshot, and after the
end of its input one JSON line {label: [seconds on the machine's clock, …]}.
"""

import base64
import json
import os
import re
import selectors
import socket
import struct
import sys
import time
from collections import defaultdict
from urllib.parse import urlsplit

CALL = re.compile(rb'^42/screen,\["turn_called",.*?"label": ?"([^"]+)"', re.DOTALL)
SNAPSHOT = b'42/screen,["snapshot"'
PATH = "/socket.io/?EIO=4&transport=websocket"
MASK = b"\0\0\0\0"
GRACE = 2.0


class Screen:
    """One WebSocket that speaks just enough Socket.IO to listen on /screen."""

    def __init__(self, base: str, key: str) -> None:
        where = urlsplit(base)
        self.line = socket.create_connection((where.hostname or "", where.port or 80), timeout=20)
        self.key = key
        self.shown = False
        self.heard: list[tuple[str, float]] = []
        self._bytes = b""
        self._shake_hands(where.netloc)

    def listen(self) -> None:
        """Take every whole message that has come."""
        now = time.monotonic()
        piece = self.line.recv(65536)
        if not piece:
            raise ConnectionError("the server closed a screen")
        self._bytes += piece
        while (message := self._next()) is not None:
            self._take(message, now)

    def _shake_hands(self, host: str) -> None:
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.line.sendall(
            f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._bytes:
            piece = self.line.recv(65536)
            if not piece:
                raise ConnectionError("no WebSocket here")
            self._bytes += piece
        head, _, self._bytes = self._bytes.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode(errors="replace"))
        self._say("40/screen," + json.dumps({"key": self.key}))

    def _take(self, message: bytes, now: float) -> None:
        if message == b"2":
            self._say("3")
        elif match := CALL.match(message):
            self.heard.append((match[1].decode(), now))
        elif message.startswith(SNAPSHOT):
            self.shown = True
        elif message.startswith(b"44/screen"):
            raise ConnectionError(message.decode())

    def _next(self) -> bytes | None:
        """The next whole frame's content, if it has come."""
        if len(self._bytes) < 2:
            return None
        size, start = self._bytes[1] & 127, 2
        if size == 126 and len(self._bytes) >= 4:
            size, start = struct.unpack("!H", self._bytes[2:4])[0], 4
        elif size == 127 and len(self._bytes) >= 10:
            size, start = struct.unpack("!Q", self._bytes[2:10])[0], 10
        elif size > 125:
            return None
        if len(self._bytes) < start + size:
            return None
        message, self._bytes = self._bytes[start : start + size], self._bytes[start + size :]
        return message

    def _say(self, words: str) -> None:
        raw = words.encode()
        assert len(raw) < 65536
        size = bytes([128 | len(raw)]) if len(raw) < 126 else bytes([128 | 126]) + struct.pack("!H", len(raw))
        self.line.sendall(b"\x81" + size + MASK + raw)


def watch(base: str, key: str, count: int) -> dict[str, list[float]]:
    """Open the screens, listen until the input ends, and say when each label came."""
    screens = [Screen(base, key) for _ in range(count)]
    ready = selectors.DefaultSelector()
    for screen in screens:
        screen.line.setblocking(False)
        ready.register(screen.line, selectors.EVENT_READ, screen)
    ready.register(sys.stdin, selectors.EVENT_READ, None)
    told, end = False, float("inf")
    while time.monotonic() < end:
        for there, _ in ready.select(0.5):
            if there.data is not None:
                there.data.listen()
            elif end == float("inf"):  # the last calls are still on their way
                end = time.monotonic() + GRACE
                ready.unregister(sys.stdin)
        if not told and all(screen.shown for screen in screens):
            print("ready", flush=True)
            told = True
    return _heard(screens)


def _heard(screens: list[Screen]) -> dict[str, list[float]]:
    heard: dict[str, list[float]] = defaultdict(list)
    for screen in screens:
        for label, at in screen.heard:
            heard[label].append(at)
    return heard


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
