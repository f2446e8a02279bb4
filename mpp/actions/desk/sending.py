"""Sending a visitor to another line, and setting a wrongly chosen service right."""

from typing import Annotated, Literal

from pydantic import StringConstraints
from sqlalchemy import select

from mpp.actions import journeys
from mpp.actions.bodies import ONE_LINE, AtDesk, Body, Code, Id, Note, Number, Reason, Seen
from mpp.actions.desk.desk import DESK, Desk
from mpp.actions.tickets import open_or_refuse
from mpp.domain.errors import Invalid, NotServedHere, UnknownCounter
from mpp.domain.life import ACTIVE
from mpp.domain.mall import Mall, Queue, Service
from mpp.domain.order import Entrance, Place
from mpp.domain.people import Person
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn, Why

Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=ONE_LINE)]


class TransferTurn(AtDesk):
    queue: Code
    position: Literal["front", "end", "by_arrival"] = "by_arrival"
    service: Code | None = None
    counter: Number | None = None
    person: Name | None = None
    reason: Reason | None = None
    note: Note | None = None

    def said(self) -> dict[str, object]:
        return {"to": self}


class CorrectTurn(Body):
    """Which turn, where it is not the visitor at the desk; `state` is what was seen of it."""

    GUARDS = frozenset({"state"})

    service: Code
    turn: Id | None = None
    state: Seen | None = None


@DESK.verb("transfer", TransferTurn)
def transfer(desk: Desk, to: TransferTurn) -> Turn:
    """Send the visitor to another queue, and perhaps to one counter or person of it.

    The label, the history and the first arrival stay; within one queue also what the visitor came for. Raises
    `NotFound`, `NotServedHere` (that counter does not serve the queue), `Closed` (another agency's line) and
    `WithoutNumber`.
    """
    tx, turn = desk.tx, desk.visitor()
    queue = _queue(desk.mall, to.queue)
    wanted = _stop_in(desk.mall, turn, queue, to.service)
    ticket = tx.session.get_one(Ticket, turn.ticket_id)
    journeys.require_number(ticket)
    if queue.agency != desk.counter.agency:
        open_or_refuse(tx, wanted[0])
    entrance = Entrance(
        Place(to.position),
        turn.arrived_at,
        kept_counter=_kept_counter(desk.mall, queue, to.counter),
        kept_person=_kept_person(desk, queue, to.person),
        from_turn=turn.id,
    )
    turn.transfer(queue, desk.counter, desk.log, Why(to.reason, desk.keep(turn, to.note)))
    journeys.enter(tx, journeys.new_turn(tx, ticket, wanted, turn.priority), entrance)
    return turn


def _to_correct(desk: Desk, body: CorrectTurn) -> Turn | None:
    return desk.turn() if body.turn is None else desk.chosen(body.turn)


@DESK.verb("correct", CorrectTurn, about=_to_correct)
def correct(desk: Desk, service: str, turn: int | None = None) -> Turn:
    """Set a wrongly chosen service right without losing the place.

    In the same line nothing moves; in another line the visitor stands by the first arrival. Whoever is at a
    colleague's counter is left to them: `WrongMoment`.
    """
    wrong = desk.visitor() if turn is None else desk.chosen(turn)
    right = desk.mall.service(service)
    if wrong.state in ACTIVE and wrong.counter_id != desk.counter.id:
        raise wrong.elsewhere()
    if right.queue.id != wrong.queue_id:
        journeys.require_number(desk.tx.session.get_one(Ticket, wrong.ticket_id))
    journeys.set_right(desk.tx, wrong, right, desk.counter if wrong.state in ACTIVE else None)
    return wrong


def _queue(mall: Mall, code: str) -> Queue:
    if (queue := mall.queues.get(code)) is None:
        raise Invalid(f"Antrean {code} tidak ada.")
    return queue


def _stop_in(mall: Mall, turn: Turn, queue: Queue, code: str | None) -> list[Service]:
    """What is meant in a queue: without a word, what the visitor came for, or else its first service."""
    if code is not None:
        service = mall.service(code)
        if service.queue != queue:
            raise Invalid(f"Layanan {code} bukan layanan antrean {queue.name}.")
        return [service]
    if queue.id == turn.queue_id:
        own = mall.service_ids[turn.service_id]
        return [mall.service(each) for each in turn.matters or [own.code]]
    found = next((service for service in mall.services.values() if service.queue == queue), None)
    if found is None:
        raise Invalid(f"Antrean {queue.name} tidak mempunyai layanan.")
    return [found]


def _kept_counter(mall: Mall, queue: Queue, counter_id: int | None) -> int | None:
    if counter_id is None:
        return None
    counter = mall.counters.get(counter_id)
    if counter is None:
        raise UnknownCounter
    if queue not in counter.queues:
        raise NotServedHere(f"{counter.name} tidak melayani antrean {queue.name}.")
    return counter.id


def _kept_person(desk: Desk, queue: Queue, name: str | None) -> int | None:
    """The person who is meant by name: of the queue's agency, or of the whole mall.

    Somebody of one agency names nobody of another: a right guess would be told from a wrong one.
    """
    if name is None:
        return None
    wanted = select(Person).where(Person.mall_id == desk.mall.mall_id, Person.name == name, Person.active)
    person = desk.tx.session.scalar(wanted)
    known = (None, queue.agency.id if desk.principal.serves(queue.agency.id) else None)
    if person is None or person.agency_id not in known:
        raise Invalid("Petugas ini tidak bertugas di antrean itu.")
    return person.id
