"""Places at work: each kind of request has its own, so that one kind never takes the threads of another."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

WAIT_S = 5.0


class Client(Protocol):
    """What a lane knows of a connection: its address, and since when it waits (monotonic seconds)."""

    address: str
    since: float


C = TypeVar("C", bound=Client)


class Lane(Generic[C]):
    """At most `places` at work, `share` of them from one address; others wait in order, not for long."""

    def __init__(self, places: int, share: int, most_waiting: int, start: Callable[[C], None]) -> None:
        self.places, self.share, self.most_waiting = places, share, most_waiting
        self.at_work: dict[C, None] = {}
        self.waiting: deque[C] = deque()
        self._start = start
        self._of_address: Counter[str] = Counter()

    def enter(self, conn: C) -> bool:
        """Start it, now or when a place is free; False when too many wait already."""
        if len(self.waiting) >= self.most_waiting:
            return False
        self.waiting.append(conn)
        self._fill()
        return True

    def leave(self, conn: C) -> None:
        """Its place is free again; nothing happens when it left before."""
        if conn not in self.at_work:
            return
        del self.at_work[conn]
        self._of_address[conn.address] -= 1
        if not self._of_address[conn.address]:
            del self._of_address[conn.address]
        self._fill()

    def tired(self, now: float) -> Iterator[C]:
        """Those that have waited too long; they wait no more."""
        for conn in [conn for conn in self.waiting if now - conn.since > WAIT_S]:
            self.waiting.remove(conn)
            yield conn

    def _fill(self) -> None:
        while len(self.at_work) < self.places and (conn := self._next()):
            self.waiting.remove(conn)
            self.at_work[conn] = None
            self._of_address[conn.address] += 1
            self._start(conn)

    def _next(self) -> C | None:
        return next((conn for conn in self.waiting if self._of_address[conn.address] < self.share), None)
