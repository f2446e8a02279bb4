"""The rows of a number given. It is the busiest moment of the server, so its statements are made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from mpp.actions.transaction import Transaction
from mpp.domain.base import table
from mpp.domain.event import About
from mpp.domain.events import TicketTaken
from mpp.domain.mall import Counter, Queue, Service
from mpp.domain.order import Entrance, Place, order_key
from mpp.domain.ticket import DESK, ONLINE, QueueDay, Slip, Ticket, label, token, token_hash
from mpp.domain.turn import Stop, Turn
from mpp.queries.lines import AHEAD, NewPlace, ahead, standing
from mpp.queries.tickets import Taken

QUEUE_DAY = table(QueueDay)
UNLIMITED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """What a visitor asks for; `services` is the route, `channel` says how it was asked for.

    A checked-in appointment enters its line at `booked_at`. Who gives numbers for one agency names it as
    `agency_id`: the route must come to it.
    """

    services: tuple[str, ...]
    priority: str | None
    language: str
    channel: str
    device_id: int | None = None
    booked_at: datetime | None = None
    agency_id: int | None = None


def _next(dialect: Any, *told: Any) -> Any:
    """One more number of a series, unless the quota is used up: then no row comes back."""
    return (
        dialect.insert(QUEUE_DAY)
        .on_conflict_do_update(
            index_elements=["queue_id", "day", "series"],
            set_={"last_number": QUEUE_DAY.c.last_number + 1, "quota_used": QUEUE_DAY.c.quota_used + 1},
            where=QUEUE_DAY.c.quota_used < bindparam("quota"),
        )
        .returning(QUEUE_DAY.c.last_number, *told)
    )


NEXT = {"sqlite": _next(sqlite), "postgresql": _next(postgresql)}
PEOPLE = AHEAD.scalar_subquery()
NEXT_AND_PEOPLE = {"sqlite": _next(sqlite, PEOPLE), "postgresql": _next(postgresql, PEOPLE)}


def issue(
    tx: Transaction, route: Sequence[Sequence[Service]], priority: bool, request: TicketRequest
) -> Taken | None:
    """Write ticket, turns and wanted slip, and record them; None, and nothing, when the quota is used up.

    `route` are the stops: the first enters its line now, the others are planned. How many are ahead in its
    line is asked together with the number.
    """
    log, queue = tx.log, route[0][0].queue
    if queue.quota == 0:
        return None
    entrance = _entrance(tx, priority, queue, request)
    place = NewPlace(entrance.order_key, log.seq + 1, priority)
    following = NEXT_AND_PEOPLE[tx.connection.dialect.name]
    given = tx.connection.execute(
        following, {**_one_more(tx, queue, ONLINE), **standing(tx.reading, queue, place)}
    ).first()
    if given is None:
        return None
    number, people = given
    ticket = _ticket(tx, queue, ONLINE, number, request)
    turns = [
        Turn.planned(ticket, Stop(services, nth, priority), log) for nth, services in enumerate(route, 1)
    ]
    turns[0].join(entrance, log)
    ticket.head = log.head.hex()[:6]
    for later_stop in turns[1:]:
        later_stop.wait_for_its_time(log)
    slip = _wanted_slip(tx, ticket, request)
    for noun in (ticket, *turns, slip):
        tx.later(noun)
    if queue.policy["kind"] == "ratio":
        people = ahead(tx.reading, queue, turns[0])
    return Taken({"ticket": ticket.id, "slip": slip.id}, tx.now, ticket, turns, people)


def issue_at_desk(tx: Transaction, service: Service, counter: Counter) -> Turn:
    """A number of the desk's own series, served at once; it has no paper and is never announced."""
    following = NEXT[tx.connection.dialect.name]
    number = int(tx.connection.execute(following, _one_more(tx, service.queue, DESK)).scalar_one())
    ticket = _ticket(tx, service.queue, DESK, number, TicketRequest((service.code,), None, "id", "desk"))
    turn = Turn.planned(ticket, Stop([service], 1, False), tx.log)
    turn.serve(counter, tx.log)
    ticket.head = tx.log.head.hex()[:6]
    tx.session.add(ticket)
    tx.session.flush()
    tx.session.add(turn)
    return turn


def _one_more(tx: Transaction, queue: Queue, series: str) -> dict[str, Any]:
    """The values of one more number: the first of its series, if it is; the desk's series has no quota."""
    limited = series == ONLINE and queue.quota is not None
    return {
        "queue_id": queue.id,
        "day": tx.log.day,
        "series": series,
        "last_number": 1,
        "quota_used": 1,
        "quota": queue.quota if limited else UNLIMITED,
    }


def _entrance(tx: Transaction, priority: bool, queue: Queue, request: TicketRequest) -> Entrance:
    came = request.booked_at or tx.now
    place = Place.APPOINTMENT if request.booked_at else Place.ARRIVAL
    return Entrance(place, came, order_key(came, priority, queue.policy))


def _ticket(tx: Transaction, queue: Queue, series: str, number: int, request: TicketRequest) -> Ticket:
    log, number_id = tx.log, tx.log.new_id("ticket")
    ticket = Ticket(
        id=number_id,
        mall_id=log.mall_id,
        queue_id=queue.id,
        day=log.day,
        series=series,
        number=number,
        label=label(queue.code, series, number),
        priority_code=request.priority,
        language=request.language,
        channel=request.channel,
        issued_by=log.actor,
        issued_at=log.now,
        token_hash=token_hash(token(tx.token_key, number_id)),
        needs=[],
    )
    zones = (queue.agency.zone.code,)
    log.record(
        TicketTaken(series=series, number=number, channel=request.channel),
        About(zones, queue.agency.code, ticket.id, label=ticket.label, queue=queue.code),
    )
    return ticket


def _wanted_slip(tx: Transaction, ticket: Ticket, request: TicketRequest) -> Slip:
    return Slip(
        id=tx.log.new_id("slip"),
        ticket_id=ticket.id,
        device_id=request.device_id,
        state="wanted",
        asked=False,
        copy=False,
        changed_at=tx.now,
    )
