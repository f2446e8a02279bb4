"""Clients that ask as fast as they are answered, in a process of their own: python -m tests.bench.load '{…}'

One thread and raw sockets, so that what is measured is the server and not its visitors.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

Request = Callable[[], bytes]


class Visitor:
    """One kept connection that sends its next request as soon as the last is answered."""

    def __init__(self, host: str, port: int, request: Request) -> None:
        self.line = socket.create_connection((host, port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.times: list[float] = []
        self.wrong: list[str] = []
        self._heard = b""
        self._sent_at = 0.0

    def ask(self) -> None:
        self._heard = b""
        self._sent_at = time.perf_counter()
        self.line.sendall(self.request())

    def listen(self) -> bool:
        """Take what has come; True when the answer is whole."""
        piece = self.line.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        self._heard += piece
        head, mark, body = self._heard.partition(b"\r\n\r\n")
        if not mark or len(body) < _length(head):
            return False
        self.times.append(time.perf_counter() - self._sent_at)
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            self.wrong.append(self._heard[:200].decode(errors="replace"))
        return True


def run(base: str, request: Request, clients: int, seconds: float) -> dict:
    """Ask with this many clients for so long; what it gave, in answers a second and milliseconds."""
    where = urlsplit(base)
    visitors = [Visitor(where.hostname or "", where.port or 80, request) for _ in range(clients)]
    ready = selectors.DefaultSelector()
    for visitor in visitors:
        ready.register(visitor.line, selectors.EVENT_READ, visitor)
        visitor.ask()
    start = time.perf_counter()
    waiting = clients
    while waiting:
        for key, _ in ready.select(30):
            if not key.data.listen():
                continue
            if time.perf_counter() - start < seconds:
                key.data.ask()
            else:
                waiting -= 1
    spent = time.perf_counter() - start
    times = sorted(1000 * one for visitor in visitors for one in visitor.times)
    wrong = [words for visitor in visitors for words in visitor.wrong]
    return {"rate": len(times) / spent, "p50": part(times, 0.5), "p99": part(times, 0.99), "wrong": wrong[:3]}


def part(ordered: list[float], share: float) -> float:
    """The value below which this share of the ordered values lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def numbers(base: str, key: str, services: list[str], name: str) -> Request:
    """Requests for a number each, every one a new intent, through the services in turn."""
    host, each = urlsplit(base).netloc, count()

    def request() -> bytes:
        n = next(each)
        body = json.dumps(
            {"services": [services[n % len(services)]], "priority": None, "language": "id"}
        ).encode()
        head = (
            f"POST /api/v1/tickets HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
            f"Idempotency-Key: {name}-{n}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return request


def health(base: str) -> Request:
    """The cheapest request that the server knows."""
    raw = f"GET /healthz HTTP/1.1\r\nHost: {urlsplit(base).netloc}\r\n\r\n".encode()
    return lambda: raw


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


if __name__ == "__main__":
    intent = json.loads(sys.argv[1])
    if intent["what"] == "numbers":
        request = numbers(intent["base"], intent["key"], intent["services"], intent["name"])
    else:
        request = health(intent["base"])
    print(json.dumps(run(intent["base"], request, intent["clients"], intent["seconds"])))
