"""The log as readers see it: in order, page by page; people of one agency see gaps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpp.domain.log import Event
from mpp.domain.mall import Mall
from mpp.queries.reading import Reading

MOST, USUAL = 1_000, 200


@dataclass(frozen=True, slots=True)
class EventRow:
    """One entry: what went from which state to which, and why.

    `facts` are what this kind of event says besides; `hash` is in hexadecimal digits.
    """

    seq: int
    at: datetime
    event: str
    actor: str
    ticket: int | None
    turn: int | None
    label: str | None
    queue: str | None
    counter: int | None
    from_: str | None
    to: str | None
    reason: str | None
    agency: str | None
    facts: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the log; `next` is the seq to go on from."""

    events: list[EventRow]
    next: int


def events(reading: Reading, after: int, limit: int, agency: str | None) -> Events:
    """Entries with seq > `after`, at most `limit` (clamped to 1,000), of all or of an agency by its code."""
    mall = reading.mall
    wanted = select(Event).where(Event.mall_id == mall.mall_id, Event.seq > after)
    if agency is not None:
        wanted = wanted.where(Event.agency == agency)
    found = reading.session.scalars(wanted.order_by(Event.seq).limit(min(limit, MOST))).all()
    return Events([_row(mall, event) for event in found], found[-1].seq if found else after)


def _row(mall: Mall, event: Event) -> EventRow:
    return EventRow(
        seq=event.seq,
        at=event.at.astimezone(mall.timezone),
        event=event.event,
        actor=event.actor,
        ticket=event.ticket_id,
        turn=event.turn_id,
        label=event.label,
        queue=event.queue,
        counter=event.counter_id,
        from_=event.from_state,
        to=event.to_state,
        reason=event.reason,
        agency=event.agency,
        facts=json.loads(event.sealed)["facts"],
        hash=event.hash.hex(),
    )
