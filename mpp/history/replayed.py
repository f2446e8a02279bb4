"""What a log tells of each thing in the hall: queues, counters, numbers, turns, notices, notes, bookings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mpp.domain.entry import Policy
from mpp.domain.life import ACTIVE, OVER, SPENT_IN, State
from mpp.domain.order import Waiting, micros
from mpp.domain.turn import microseconds

PERSON = re.compile(r"person:([1-9][0-9]{0,17})")
PARTS: dict[str, str] = {str(state): part for state, part in SPENT_IN.items()}


@dataclass(slots=True)
class QueueLife:
    """A queue's logged settings; the first logs do not know its `minutes`."""

    policy: Policy
    quota: int | None
    agency: str | None
    minutes: int | None


@dataclass(slots=True)
class CounterLife:
    """A counter's logged settings, whether it is open, who holds it, and the turn that is at it.

    `undo` is the turn whose finish or miss was the last thing that its holder did there.
    """

    agency: str | None
    queues: list[str]
    picks: str
    prefers_priority: bool
    open: bool = False
    opened_at: datetime | None = None
    holder: str | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str | None = None
    turn: int | None = None
    undo: int | None = None

    @property
    def state(self) -> str:
        return "closed" if not self.open else "paused" if self.paused_at else "open"

    @property
    def holder_id(self) -> int | None:
        return person_id(self.holder)

    def end_pause(self) -> None:
        self.paused_at = self.paused_until = self.pause_reason = None


@dataclass(slots=True)
class TicketLife:
    """A number given, with its turns; `head` is the hash of the entry after it, with its first turn.

    `priority` is that of the number itself: of its first turn, until staff set it right.
    """

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
    needs_marked: bool = False
    priority: bool = False
    turns: list[int] = field(default_factory=list)


@dataclass(slots=True)
class TurnLife:
    """A turn with all that follows from its entries."""

    id: int
    ticket_id: int
    position: int
    label: str
    queue: str
    service: str
    day: date
    priority: bool
    state: str
    state_since: datetime
    arrived_at: datetime
    seq: int
    matters: list[str] | None = None
    joined_at: datetime | None = None
    place: str | None = None
    head_start: int = 0
    order_key: int = 0
    joined_seq: int = 0
    kept_counter_id: int | None = None
    kept_person_id: int | None = None
    out_until: datetime | None = None
    outs: int = 0
    counter_id: int | None = None
    calls: int = 0
    nth: int = 0
    call_seq: int | None = None
    put_back_from: int | None = None
    spoken_seq: int | None = None
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    parked_by: str | None = None
    parked_from: str | None = None
    parked_reason: str | None = None
    wait_us: int = 0
    walk_us: int = 0
    service_us: int = 0
    away_us: int = 0
    between_us: int = 0
    outcome: dict[str, Any] | None = None

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def present(self) -> bool:
        """Neither over nor only planned: a ticket has at most one turn like this."""
        return not self.over and self.state != State.PLANNED

    def enter(self, state: str, now: datetime) -> None:
        """Go to another state; the time in the old one is added up."""
        if state == self.state:
            return
        if (part := PARTS.get(self.state)) is not None:
            setattr(self, part, getattr(self, part) + microseconds(self.state_since, now))
        self.state, self.state_since = state, now

    def seen(self) -> Waiting:
        """The turn as the order of its line sees it."""
        out_until = micros(self.out_until) if self.out_until else None
        kept = self.kept_counter_id, self.kept_person_id
        return Waiting(self.id, self.queue, self.order_key, self.joined_seq, self.priority, *kept, out_until)


@dataclass(slots=True)
class SeriesDay:
    """One series of one queue on one day: its last number, and the quota used."""

    last_number: int = 0
    quota_used: int = 0


@dataclass(slots=True)
class NoticeLife:
    """A disturbance of an agency, or an emergency in a zone; `ended_at` is None while it is raised."""

    id: int
    kind: str
    place: str
    reason: str | None
    until: datetime | None
    raised_at: datetime
    raised_by: str
    seq: int
    ended_at: datetime | None = None


@dataclass(slots=True)
class NoteLife:
    """What the log knows of a note: the seal over its text, and whether somebody erased it."""

    id: int
    ticket_id: int
    agency: str | None
    seal: str
    made_at: datetime
    made_by: str
    seq: int
    erased: bool = False


@dataclass(slots=True)
class AppointmentLife:
    """A booking, where it stands, and the number that it became."""

    id: int
    queue: str
    state: str
    state_since: datetime
    booked_by: str
    seq: int
    ticket_id: int | None = None


def person_id(actor: str | None) -> int | None:
    """The number in "person:7"; None when the actor is nobody, or no person."""
    found = PERSON.fullmatch(actor or "")
    return int(found[1]) if found else None
