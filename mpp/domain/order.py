"""The order of a line: who is next, as a pure function of the line, its calls and the logged settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from mpp.domain.errors import NobodyWaiting

STRICT_US = 10**15  # more than thirty years: before everybody of the day
MINUTE_US = 60_000_000


class Place(StrEnum):
    """Where a turn enters its line."""

    ARRIVAL = "arrival"  # a number just taken: now
    APPOINTMENT = "appointment"  # checked in: the booked time
    READY = "ready"  # the next stop of a journey: now, with a head start for having waited once
    BY_ARRIVAL = "by_arrival"  # returned or transferred: when the visitor came first
    FRONT = "front"  # before everybody who waits now
    END = "end"  # behind everybody who waits now


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn in a line: when it counts as having come (µs since 1970), and in which order it joined.

    It may be kept for one counter or one person, and its visitor may have stepped out until a moment (µs).
    """

    turn: int
    queue: str
    order_key: int
    joined_seq: int
    priority: bool
    counter: int | None = None
    person: int | None = None
    out_until: int | None = None

    @property
    def rank(self) -> tuple[int, int]:
        return self.order_key, self.joined_seq

    def is_here(self, now_us: int) -> bool:
        """Whether the visitor has not stepped out."""
        return self.out_until is None or self.out_until <= now_us


@dataclass(frozen=True, slots=True)
class Caller:
    """A counter that asks who is next: who holds it, and how it chooses among its queues.

    `picks` is "preference" (its own order of queues), "longest_wait", or "relative_wait": the wait measured
    against the standard desk time of the queue, which `minutes` gives by queue.
    """

    counter: int
    holder: int | None
    queues: Sequence[str]
    picks: str
    prefers_priority: bool
    minutes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entrance:
    """How a turn enters its line: where, when the visitor counts as having come, for whom it is kept.

    `order_key` (µs since 1970) follows from the place and the line; `head_start` is in minutes.
    """

    place: Place
    came: datetime
    order_key: int = 0
    kept_counter: int | None = None
    kept_person: int | None = None
    head_start: int = 0
    ended_before: datetime | None = None
    from_turn: int | None = None
    out_until: datetime | None = None
    outs: int = 0


# The open counters that serve a line and at which somebody sits, each with that person.
Staffed = Mapping[int, int]


def micros(at: datetime) -> int:
    """A moment in µs since 1970."""
    return round(at.timestamp() * 1_000_000)


def order_key(arrived_at: datetime, priority: bool, policy: Mapping[str, Any]) -> int:
    """When a turn counts as having come, in µs since 1970.

    A fixed head start never leaves anyone waiting for ever; "strict" does, where an admin chose it. Under
    "ratio" both classes keep their own time, and the calls decide between them.
    """
    came = micros(arrived_at)
    if not priority or policy["kind"] == "ratio":
        return came
    return came - (STRICT_US if policy["kind"] == "strict" else policy["minutes"] * MINUTE_US)


def key_at(place: Place, own: int, now: datetime, line: Iterable[int]) -> int:
    """The order key of a turn that enters at a place. `line` holds the keys of those who wait there now.

    `own` is the key of its arrival. Whoever has checked in early for a later time is no part of the end: they
    count as not yet come.
    """
    if place == Place.FRONT:
        return min(own, min(line, default=own) - 1)
    if place == Place.END:
        latest = max((key for key in line if key <= micros(now)), default=0)
        return max(micros(now), latest + 1)
    return own


class Placed(Protocol):
    """A turn as it stands in its line, or will: a planned one has no place yet. `head_start` in minutes."""

    @property
    def order_key(self) -> int: ...
    @property
    def place(self) -> str | None: ...
    @property
    def arrived_at(self) -> datetime: ...
    @property
    def head_start(self) -> int: ...
    @property
    def priority(self) -> bool: ...


def key_set_right(turn: Placed, priority: bool, policy: Mapping[str, Any]) -> int:
    """The order key that follows when staff set the priority of a turn right.

    What was placed at the front or the end stays there; all others stand by the moment and the head start of
    their entrance. Priority that is what it was moves nobody, and a planned turn has no key yet.
    """
    if priority == turn.priority or turn.place in (None, Place.FRONT, Place.END):
        return turn.order_key
    return order_key(turn.arrived_at - timedelta(minutes=turn.head_start), priority, policy)


def may_be_called(turn: Waiting, caller: Caller, staffed: Staffed, now_us: int) -> bool:
    """Whether a counter may be given this turn by "next": its visitor is here, and it is kept for no other.

    A turn kept for a counter where nobody sits, or for somebody who is not at this line, is open to all.
    """
    if not turn.is_here(now_us):
        return False
    if turn.counter is not None and turn.counter != caller.counter and turn.counter in staffed:
        return False
    return turn.person in (None, caller.holder) or turn.person not in staffed.values()


def due_class(policy: Mapping[str, Any], calls: Iterable[bool]) -> bool:
    """Under "ratio", whether a priority visitor is due after these calls of the day (True: priority).

    A cycle is `regular` regular visitors, then `priority` priority ones. While one class is absent the other
    goes on, and what it gets beyond its share is not counted against it.
    """
    regular = priority = 0
    for is_priority in calls:
        if is_priority:
            priority = min(policy["priority"], priority + 1)
        else:
            regular = min(policy["regular"], regular + 1)
        if (regular, priority) == (policy["regular"], policy["priority"]):
            regular = priority = 0
    return bool(regular == policy["regular"])


def next_in_line(line: Iterable[Waiting], policy: Mapping[str, Any], calls: Iterable[bool] = ()) -> Waiting:
    """Who of one line is next. `calls` are the day's calls of this line so far: was it a priority visitor.

    The longest wait goes first, among equals who joined first; "ratio" first says of which class.
    Raises `NobodyWaiting`.
    """
    waiting = list(line)
    if not waiting:
        raise NobodyWaiting
    if policy["kind"] == "ratio":
        due = due_class(policy, calls)
        waiting = [turn for turn in waiting if turn.priority == due] or waiting
    return min(waiting, key=lambda turn: turn.rank)


def in_order(line: Iterable[Waiting], policy: Mapping[str, Any], calls: Iterable[bool] = ()) -> list[Waiting]:
    """The whole line in the order in which it would be called, if nobody else came."""
    waiting = sorted(line, key=lambda turn: turn.rank)
    if policy["kind"] != "ratio":
        return waiting
    classes = {flag: [turn for turn in waiting if turn.priority == flag] for flag in (False, True)}
    so_far, ordered = list(calls), list[Waiting]()
    while any(classes.values()):
        due = due_class(policy, so_far)
        chosen = classes[due if classes[due] else not due].pop(0)
        so_far.append(chosen.priority)
        ordered.append(chosen)
    return ordered


def next_for_counter(heads: Sequence[Waiting], caller: Caller, now_us: int) -> Waiting:
    """Which line a counter takes from: `heads` are the next turns of its lines.

    A counter that prefers priority visitors first takes a line whose head is one; no line's own order is
    ever changed. Raises `NobodyWaiting`.
    """
    if not heads:
        raise NobodyWaiting

    def key(turn: Waiting) -> tuple[Any, ...]:
        favoured = not (caller.prefers_priority and turn.priority)
        if caller.picks == "longest_wait":
            return favoured, *turn.rank
        if caller.picks == "relative_wait":
            return favoured, -Fraction(now_us - turn.order_key, caller.minutes[turn.queue]), *turn.rank
        return favoured, caller.queues.index(turn.queue), *turn.rank

    return min(heads, key=key)


def upcoming(lines: Sequence[Sequence[Waiting]], caller: Caller, now_us: int) -> list[Waiting]:
    """Whom a counter would call one after another, if it were alone and nobody else came.

    `lines` are those who may be called in each of its lines, each in its own order.
    """
    rest, found = [list(reversed(line)) for line in lines if line], list[Waiting]()
    while rest:
        chosen = next_for_counter([line[-1] for line in rest], caller, now_us)
        taken_from = next(line for line in rest if line[-1] is chosen)
        found.append(taken_from.pop())
        rest = [line for line in rest if line]
    return found
