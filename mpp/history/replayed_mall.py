"""The hall as a log tells it, entry by entry: settings, counters, tickets, turns and lines at any seq."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mpp.domain.log import IDS_PER_MALL
from mpp.history.entries import Entry
from mpp.history.lines import Line
from mpp.history.replayed import (
    AppointmentLife,
    CounterLife,
    NoteLife,
    NoticeLife,
    QueueLife,
    SeriesDay,
    TicketLife,
    TurnLife,
)
from mpp.history.slips import Slips

LAST_SERVICE = time(4, 0)
NOUNS = ("ticket", "turn", "note", "notice", "appointment")


@dataclass(frozen=True, slots=True)
class Due:
    """What the very next entry has to be: this event of this ticket, and perhaps of this turn.

    Otherwise the code and the sentence say what is broken.
    """

    code: str
    sentence: str
    event: str
    ticket: int
    turn: int | None = None
    queue: str | None = None
    from_turn: int | None = None

    def is_met(self, entry: Entry) -> bool:
        named = self.turn in (None, entry.turn) and self.queue in (None, entry.queue)
        came_from = self.from_turn == entry.facts.get("from_turn")
        return (entry.event, entry.ticket) == (self.event, self.ticket) and named and came_from


@dataclass(slots=True)
class Hall:
    """One mall between two entries. What is over and of an earlier day is handed out by `settle`."""

    mall_id: int
    zone: ZoneInfo
    at: datetime | None = None
    day: date | None = None
    opened: date | None = None
    zone_seqs: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NOUNS, 0))
    queues: dict[str, QueueLife] = field(default_factory=dict)
    counters: dict[int, CounterLife] = field(default_factory=dict)
    series: dict[tuple[str, date, str], SeriesDay] = field(default_factory=dict)
    tickets: dict[int, TicketLife] = field(default_factory=dict)
    turns: dict[int, TurnLife] = field(default_factory=dict)
    mornings: set[datetime] = field(default_factory=set)
    yesterdays: set[int] = field(default_factory=set)
    slips: Slips = field(default_factory=Slips)
    notices: dict[int, NoticeLife] = field(default_factory=dict)
    notes: dict[int, NoteLife] = field(default_factory=dict)
    appointments: dict[int, AppointmentLife] = field(default_factory=dict)
    rights: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    claimed: dict[str, Tally[str]] = field(default_factory=lambda: defaultdict(Tally))
    notes_kept_days: set[int] = field(default_factory=set)
    due: list[Due] = field(default_factory=list)
    lines: dict[tuple[str, date], Line] = field(default_factory=dict)

    def local_day(self, at: datetime) -> date:
        """The mall's date at a moment."""
        return at.astimezone(self.zone).date()

    def served_until(self, day: date) -> datetime:
        """Until when a turn of this day may still be served: 04:00 of the day after."""
        return datetime.combine(day + timedelta(days=1), LAST_SERVICE, self.zone)

    def local_id(self, number: int) -> int:
        """The place of an id in its series: 1 for the mall's first."""
        return number - (self.mall_id - 1) * IDS_PER_MALL

    def is_next(self, noun: str, number: int) -> bool:
        """Whether an id goes on where its series stands."""
        return self.local_id(number) == self.ids[noun] + 1

    def give(self, noun: str, number: int) -> None:
        """An id was given."""
        self.ids[noun] = max(self.ids[noun], self.local_id(number))

    @property
    def old(self) -> bool:
        """Whether the log began before it held everything that the order and an undo look at."""
        return any(queue.minutes is None for queue in self.queues.values())

    def staffed(self, queue: str) -> dict[int, int]:
        """The open counters that serve a queue and at which somebody sits, each with that person."""
        serving = ((number, place) for number, place in self.counters.items() if queue in place.queues)
        return {number: place.holder_id for number, place in serving if place.open and place.holder_id}

    def line(self, queue: str, day: date) -> Line:
        return self.lines.setdefault((queue, day), Line())

    def series_of(self, ticket: TicketLife) -> SeriesDay:
        return self.series.setdefault((ticket.queue, ticket.day, ticket.series), SeriesDay())

    def turns_of(self, ticket: int | None) -> Iterator[TurnLife]:
        """The turns of a number, in the order in which they were planned."""
        if (found := self.tickets.get(ticket or 0)) is not None:
            yield from (self.turns[number] for number in found.turns if number in self.turns)

    def raised(self, kind: str, place: str) -> NoticeLife | None:
        """The notice of a kind that stands in a place now."""
        standing = (each for each in self.notices.values() if each.ended_at is None)
        return next((each for each in standing if (each.kind, each.place) == (kind, place)), None)

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
