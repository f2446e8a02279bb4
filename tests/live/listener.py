"""A client of `/screen` frame by frame: it may be as rude as a test wants."""

import json
import threading
from collections.abc import Callable
from typing import Any

from simple_websocket import Client, ConnectionClosed

from tests.servers import wait_until

# What tells where things stand, and no single change.
STATES = ("snapshot", "heartbeat")


class Refused(Exception):
    """The server did not let this one in; `.reason` is what it said."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Listener:
    """One socket: connects with `auth`, answers pings, keeps every event it hears in `.heard`.

    As every client, it passes over news that is not newer than what it knows: the seq in `knows`. Such news
    may still be on its way when it comes.
    """

    def __init__(
        self, base: str, auth: Any = None, headers: dict[str, str] | None = None, knows: int = 0
    ) -> None:
        self.knows = knows
        self.heard: list[tuple[str, Any]] = []
        self.reason: Any = None
        self.joined = self.closed = False
        self.on_event: Callable[[str, Any], None] = lambda name, fact: None
        address = base.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self.line = Client(address, headers=headers)
        threading.Thread(target=self._listen, daemon=True).start()
        if auth is not ...:
            self.say("40/screen," + json.dumps(auth or {}))

    def say(self, frame: str | bytes) -> None:
        self.line.send(frame)

    def enter(self) -> "Listener":
        """Wait until the server let it in. Raises `Refused`."""
        wait_until(lambda: self.joined or self.closed or self.reason is not None, 10, "an answer at the door")
        if not self.joined:
            raise Refused(self.reason)
        return self

    def facts(self, *names: str) -> list[Any]:
        """What was heard under these names, in order."""
        return [fact for name, fact in list(self.heard) if not names or name in names]

    def wait(self, *names: str, where: Callable[[Any], bool] = lambda fact: True, seconds: float = 10) -> Any:
        """The first such fact, now or soon."""
        wait_until(lambda: any(map(where, self.facts(*names))), seconds, f"{names} among {self.names}")
        return next(fact for fact in self.facts(*names) if where(fact))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in list(self.heard)]

    def close(self) -> None:
        if not self.closed:
            self.line.close()

    def _listen(self) -> None:
        try:
            while (frame := self.line.receive()) is not None:
                self._take(frame)
        except ConnectionClosed:
            pass
        finally:
            self.closed = True

    def _take(self, frame: str) -> None:
        if frame == "2":
            self.say("3")
        elif frame.startswith("40/screen"):
            self.joined = True
        elif frame.startswith("44"):
            self.reason = json.loads(frame.partition(",")[2] if "," in frame[:10] else frame[2:])
        elif frame.startswith(("41/screen", "41")):
            self.closed = True
        elif frame.startswith("42/screen,"):
            name, fact = json.loads(frame.removeprefix("42/screen,"))
            if name not in STATES and fact["seq"] <= self.knows:
                return
            self.heard.append((name, fact))
            self.on_event(name, fact)
