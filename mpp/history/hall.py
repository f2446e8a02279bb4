"""The hall as a log tells it, entry by entry: settings, counters, tickets, turns and lines at any seq."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any
from zoneinfo import ZoneInfo

from mpp.domain.life import ACTIVE, SPENT_IN, State
from mpp.domain.log import IDS_PER_MALL
from mpp.domain.order import Waiting
from mpp.domain.turn import microseconds

OVER = (State.DONE, State.CANCELLED, State.EXPIRED)
LAST_SERVICE = time(4, 0)
PARTS: dict[str, str] = {str(state): part for state, part in SPENT_IN.items()}
SLIP_STATES = ("wanted", "printed", "failed", "unknown")


@dataclass(slots=True)
class QueueLife:
    """A queue's logged settings."""

    policy: dict[str, Any]
    quota: int | None
    agency: str | None


@dataclass(slots=True)
class CounterLife:
    """A counter's logged settings, whether it is open, who holds it, and the turn that is at it."""

    queues: list[str]
    picks: str
    prefers_priority: bool
    open: bool = False
    opened_at: datetime | None = None
    holder: str | None = None
    turn: int | None = None


@dataclass(slots=True)
class TicketLife:
    """A number given; `head` is the hash of the entry with which its first turn joined."""

    id: int
    label: str
    queue: str
    day: date
    series: str
    number: int
    channel: str
    issued_by: str
    issued_at: datetime
    seq: int
    head: bytes = b""
    freed: bool = False


@dataclass(slots=True)
class TurnLife:
    """A turn with all that follows from its entries."""

    id: int
    ticket_id: int
    label: str
    queue: str
    service: str
    day: date
    priority: bool
    order_key: int
    joined_seq: int
    state: str
    state_since: datetime
    arrived_at: datetime
    seq: int
    counter_id: int | None = None
    calls: int = 0
    nth: int = 0
    call_seq: int | None = None
    spoken_seq: int | None = None
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    wait_us: int = 0
    walk_us: int = 0
    service_us: int = 0
    away_us: int = 0
    outcome: dict[str, Any] | None = None

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def over(self) -> bool:
        return self.state in OVER

    def enter(self, state: str, now: datetime) -> None:
        """Go to another state; the time in the old one is added up."""
        if state == self.state:
            return
        if (part := PARTS.get(self.state)) is not None:
            setattr(self, part, getattr(self, part) + microseconds(self.state_since, now))
        self.state, self.state_since = state, now


@dataclass(slots=True)
class SeriesDay:
    """One series of one queue on one day: its last number, and the quota used."""

    last_number: int = 0
    quota_used: int = 0


@dataclass(slots=True)
class Hall:
    """One mall between two entries. What is over and of an earlier day is handed out by `settle`."""

    mall_id: int
    zone: ZoneInfo
    at: datetime | None = None
    day: date | None = None
    opened: date | None = None
    zone_seqs: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=lambda: {"ticket": 0, "turn": 0})
    queues: dict[str, QueueLife] = field(default_factory=dict)
    counters: dict[int, CounterLife] = field(default_factory=dict)
    series: dict[tuple[str, date, str], SeriesDay] = field(default_factory=dict)
    tickets: dict[int, TicketLife] = field(default_factory=dict)
    turns: dict[int, TurnLife] = field(default_factory=dict)
    yesterdays: set[int] = field(default_factory=set)
    slips: bytearray = field(default_factory=bytearray)
    joined: Tally[str] = field(default_factory=Tally)
    claimed: dict[str, Tally[str]] = field(default_factory=lambda: defaultdict(Tally))
    unjoined: int | None = None
    lines: dict[tuple[str, date], list[tuple[tuple[int, int], int]]] = field(default_factory=dict)

    def local_day(self, at: datetime) -> date:
        """The mall's date at a moment."""
        return at.astimezone(self.zone).date()

    def served_until(self, day: date) -> datetime:
        """Until when a turn of this day may still be served: 04:00 of the day after."""
        return datetime.combine(day + timedelta(days=1), LAST_SERVICE, self.zone)

    def local_id(self, number: int) -> int:
        """The place of an id in its series: 1 for the mall's first."""
        return number - (self.mall_id - 1) * IDS_PER_MALL

    def stand_in_line(self, turn: TurnLife) -> None:
        """A turn waits from now on; its rank never changes."""
        line = self.lines.setdefault((turn.queue, turn.day), [])
        heappush(line, ((turn.order_key, turn.joined_seq), turn.id))

    def first(self, queue: str, day: date) -> Waiting | None:
        """The turn that has waited longest in a line; those that left the line are passed over."""
        line = self.lines.get((queue, day), [])
        while line:
            turn = self.turns.get(line[0][1])
            if turn is not None and turn.state == State.WAITING:
                return Waiting(turn.id, turn.queue, turn.order_key, turn.joined_seq, turn.priority)
            heappop(line)
        return None

    def series_of(self, ticket: TicketLife) -> SeriesDay:
        return self.series.setdefault((ticket.queue, ticket.day, ticket.series), SeriesDay())

    def slip_state(self, slip: int) -> str | None:
        """What the log knows of a paper; None when no such paper was wanted."""
        place = self.local_id(slip) - 1
        return SLIP_STATES[self.slips[place]] if 0 <= place < len(self.slips) else None

    def settle(self) -> tuple[list[TicketLife], list[TurnLife]]:
        """Hand out, and forget, turns of earlier days that are over, and tickets that have none left."""
        turns = [turn for turn in self.turns.values() if turn.over and turn.day != self.day]
        for turn in turns:
            del self.turns[turn.id]
        going_on = {turn.ticket_id for turn in self.turns.values()}
        tickets = [each for each in self.tickets.values() if each.day != self.day and each.id not in going_on]
        for ticket in tickets:
            del self.tickets[ticket.id]
        self.lines = {key: line for key, line in self.lines.items() if key[1] == self.day}
        return tickets, turns
