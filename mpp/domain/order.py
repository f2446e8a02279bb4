"""The order of a line: who is called next, as a pure function of the line and the logged settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mpp.domain.errors import NobodyWaiting

STRICT_US = 10**15  # more than thirty years: before everybody of the day


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn in a line: when it came (with its head start, µs since 1970), and in which order it joined."""

    turn: int
    queue: str
    order_key: int
    joined_seq: int
    priority: bool

    @property
    def rank(self) -> tuple[int, int]:
        return self.order_key, self.joined_seq


def order_key(arrived_at: datetime, priority: bool, policy: Mapping[str, Any]) -> int:
    """When a turn counts as having come, in µs since 1970.

    A fixed head start never leaves anyone waiting for ever; "strict" does, where an admin chose it.
    """
    came = round(arrived_at.timestamp() * 1_000_000)
    if not priority:
        return came
    return came - (STRICT_US if policy["kind"] == "strict" else policy["minutes"] * 60_000_000)


def next_in_line(waiting: Iterable[Waiting]) -> Waiting:
    """The longest wait of one line goes first; among equals, who joined first."""
    turn = min(waiting, key=lambda turn: turn.rank, default=None)
    if turn is None:
        raise NobodyWaiting
    return turn


def next_for_counter(
    heads: Sequence[Waiting], preference: Sequence[str], picks: str, prefers_priority: bool
) -> Waiting:
    """Which line a counter takes from: `heads` are the first turns of its lines.

    `picks` is "preference" (the counter's own order of queues) or "longest_wait". A counter that prefers
    priority visitors first takes a line whose head is one; no line's own order is ever changed.
    """
    if not heads:
        raise NobodyWaiting

    def key(turn: Waiting) -> tuple[Any, ...]:
        favoured = not (prefers_priority and turn.priority)
        if picks == "longest_wait":
            return favoured, *turn.rank
        return favoured, preference.index(turn.queue), *turn.rank

    return min(heads, key=key)
