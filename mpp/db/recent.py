"""What was read a moment ago, for answers that may be a second old; writing actions always look again."""

import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from sqlalchemy.orm import Session

RECENT_S = 1.0
T = TypeVar("T")


class Recent:
    """Values that are at most a second old, by what they are of."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Session]]) -> None:
        self._reading = reading
        self._kept: dict[Hashable, tuple[float, object]] = {}

    def of(self, what: Hashable, ask: Callable[[Session], T]) -> T:
        """What `ask` read at most a second ago, or reads now; the same `what` is always asked alike."""
        kept = self._kept.get(what)
        if kept is None or time.monotonic() - kept[0] > RECENT_S:
            with self._reading() as session:
                kept = self._kept[what] = (time.monotonic(), ask(session))
        return cast(T, kept[1])

    def forget(self) -> None:
        """Look again at the next question."""
        self._kept.clear()
