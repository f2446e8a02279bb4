"""Clients that hold a server: half a request, nothing at all, answers left lying, sockets without a key."""

import base64
import json
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.faults.hall import Hall

PATH = "/socket.io/?EIO=4&transport=websocket"
WISH = {"services": ["A-01"], "priority": None, "language": "id"}
HALF_HEAD = "POST /api/v1/tickets HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x"
HALF_BODY = "POST /api/v1/tickets HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\r\n{{"
HALF_CHUNK = "POST /api/v1/tickets HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n90\r\n{{"
ASKED = "GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"
UNREAD = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: {host}\r\n\r\n" * 20
UPGRADE = (
    "GET " + PATH + " HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


def dial(hall: Hall, words: str = "", receive: int | None = None) -> socket.socket:
    """A raw connection that has said these words; `receive` bounds what it takes in unread, in bytes."""
    where = urlsplit(hall.base)
    line = socket.socket()
    line.settimeout(20)
    if receive:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    line.connect((where.hostname, where.port))
    line.sendall(words.format(host=where.netloc).encode())
    return line


def upgrade(more: str = "") -> str:
    """The words that ask for a WebSocket."""
    nonce = base64.b64encode(os.urandom(16)).decode()
    return UPGRADE.replace("{nonce}", nonce).replace("{more}", more)


HOLDS = {
    "half a header": HALF_HEAD,
    "half a body": HALF_BODY,
    "half a chunk": HALF_CHUNK,
    "idle after an answer": ASKED,
    "nothing": "",
    "a socket without a key": upgrade(),
    "a socket that hides its path": upgrade().replace("/socket.io/", "/%73ocket.io/"),
}


@contextmanager
def held(hall: Hall, words: str, count: int, receive: int | None = None) -> Iterator[list[socket.socket]]:
    """So many connections that said these words and then nothing more; each comes again when it is closed."""
    crowd = _Crowd(lambda: dial(hall, words, receive), count)
    try:
        yield crowd.lines
    finally:
        crowd.close()


def worst_wait(hall: Hall, times: int = 10) -> float:
    """Take numbers and look at the server while strangers hold on; returns the longest answer in seconds."""
    worst = 0.0
    for _ in range(times):
        start = time.monotonic()
        assert hall.client(timeout=5).get("/healthz").status == 200
        assert (
            hall.client(hall.kiosk, timeout=5).post("/api/v1/tickets", WISH, os.urandom(8).hex()).status
            == 201
        )
        worst = max(worst, time.monotonic() - start)
    return worst


class Answer:
    """What a socket was told at its door: `joined`, or `words` that refuse it."""

    def __init__(self, joined: bool, words: str, line: socket.socket) -> None:
        self.joined, self.words, self.line = joined, words, line


def refused(answer: Answer) -> bool:
    """Whether it was told in words why not."""
    return any(words in answer.words for words in ("too_many", "busy", "Server sedang penuh"))


def knock(hall: Hall, key: str) -> Answer:
    """Ask for a WebSocket and show a key; waits for the first word that decides."""
    line = dial(hall, upgrade())
    heard = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in heard:
            heard += _more(line)
        if b" 101 " in heard.split(b"\r\n")[0]:
            line.sendall(frame("40/screen," + json.dumps({"key": key})))
        while piece := line.recv(65536):
            heard += piece
            if b"40/screen" in heard or b"44/screen" in heard:
                break
    return Answer(b"40/screen" in heard, heard.decode(errors="replace"), line)


def knock_together(hall: Hall, keys: list[str]) -> list[Answer]:
    """All at once, as after a power cut."""
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda key: knock(hall, key), keys))


def frame(words: str | bytes, opcode: int = 1) -> bytes:
    """A short text frame of a client."""
    raw = words.encode() if isinstance(words, str) else words
    assert len(raw) < 126
    return bytes([128 | opcode, 128 | len(raw)]) + b"\0\0\0\0" + raw


def _more(line: socket.socket) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise ConnectionError("closed")
    return piece


class _Crowd:
    """Keeps `count` connections open, in a thread of its own; never reads what is said to them."""

    def __init__(self, come: Callable[[], socket.socket], count: int) -> None:
        self._come = come
        self._ready, self._stop = selectors.DefaultSelector(), threading.Event()
        self.lines: list[socket.socket] = []
        for _ in range(count):
            self._join()
        self._thread = threading.Thread(target=self._stay, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(20)
        for line in self.lines:
            line.close()

    def _join(self) -> None:
        line = self._come()
        self.lines.append(line)
        self._ready.register(line, selectors.EVENT_READ)

    def _stay(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._ready.select(0.05):
                with suppress(OSError):
                    if key.fileobj.recv(65536):
                        continue
                self._ready.unregister(key.fileobj)
                self.lines.remove(key.fileobj)
                key.fileobj.close()
                with suppress(OSError):
                    self._join()
