"""What becomes of a visitor at the counter: finished, parked, resumed, sent on, corrected, undone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mpp.actions import issuing, journeys
from mpp.actions.calls import own_turn, require_free
from mpp.actions.desk import Desk, Officer, perform
from mpp.actions.notes import written
from mpp.actions.tickets import open_or_refuse
from mpp.actions.transaction import Intent
from mpp.db import Database
from mpp.domain.errors import Invalid, NothingToUndo, NotServedHere, UnknownCounter
from mpp.domain.life import ACTIVE
from mpp.domain.mall import Mall, Queue, Service
from mpp.domain.order import Place
from mpp.domain.people import Person
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.undo import Undoable, moved_on, undoable


def finish(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    outcome: dict[str, Any],
    following: Sequence[str] = (),
    note: str | None = None,
) -> dict[str, Any]:
    """The service is over, and the ticket's next stop enters its line.

    `outcome` is `{outcome: code, services: [code…]}`, both optional. `following` are services that the
    officer sends the visitor on to; the first of them comes before what was planned already. After midnight
    nobody is sent on: lines and numbers are those of the new day. Raises `Invalid` (twice on one route),
    `Closed` and `WithoutNumber`.
    """

    def deed(desk: Desk) -> Turn:
        tx, turn = desk.tx, desk.visitor(of_yesterday=not following)
        _require_done_here(desk, outcome.get("services", ()))
        ticket = tx.session.get_one(Ticket, turn.ticket_id)
        onward = _onward(desk, ticket, turn, following)
        planned = journeys.plan_stops(tx, ticket, onward, turn.priority)
        facts = written(tx, turn.ticket_id, desk.place.agency, note)
        ended = {**outcome, **({"planned": [each.id for each in planned]} if planned else {})}
        turn.finish(desk.place, desk.queue(turn), tx.log, ended, **facts)
        desk.counter.undo_turn_id = turn.id
        if turn.day == tx.log.day:
            journeys.go_on(tx, turn, planned[0] if planned else None)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def park(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    reason: str | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    """Put the visitor aside; the counter is free for the next."""

    def deed(desk: Desk) -> Turn:
        turn = desk.visitor()
        facts = written(desk.tx, turn.ticket_id, desk.place.agency, note)
        turn.park(desk.place, desk.queue(turn), desk.tx.log, reason, **facts)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def resume(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    turn_id: int,
    call: bool = False,
) -> dict[str, Any]:
    """Go on with a parked visitor at any counter of the agency; `call` asks them there first."""

    def deed(desk: Desk) -> Turn:
        require_free(desk)
        turn = own_turn(desk, turn_id)
        if call:
            journeys.require_number(desk.tx.session.get_one(Ticket, turn.ticket_id))
        turn.resume(desk.place, desk.queue(turn), desk.tx.log, call)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def transfer(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    queue: str,
    position: Place = Place.BY_ARRIVAL,
    *,
    service: str | None = None,
    counter: int | None = None,
    person: str | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    """Send the visitor to another queue of any agency: at the front, the end, or by arrival.

    It may be kept for one counter, or for a person by name. The label, the history and the first arrival
    stay; within one queue also what the visitor came for. Raises `NotFound`, `NotServedHere` (that counter
    does not serve the queue), `Closed` (another agency's line) and `WithoutNumber`.
    """

    def deed(desk: Desk) -> Turn:
        tx, turn = desk.tx, desk.visitor()
        target = _queue(tx.mall, queue)
        wanted = _stop_in(desk, turn, target, service)
        ticket = tx.session.get_one(Ticket, turn.ticket_id)
        journeys.require_number(ticket)
        if target.agency != desk.place.agency:
            open_or_refuse(tx, wanted[0])
        kept = _kept_counter(tx.mall, target, counter)
        sitting = _kept_person(desk, target, person)
        facts = written(tx, turn.ticket_id, desk.place.agency, note)
        turn.transfer(target, desk.queue(turn), desk.place, tx.log, reason, **facts)
        moved = journeys.new_turn(tx, ticket, wanted, turn.priority)
        journeys.enter(
            tx,
            moved,
            position,
            turn.arrived_at,
            kept_counter=kept,
            kept_person=sitting,
            from_turn=turn.id,
        )
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def correct(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    service: str,
    turn_id: int | None = None,
) -> dict[str, Any]:
    """The visitor chose a wrong service: set it right without losing the place.

    In the same line nothing moves; in another line the visitor stands by the first arrival. Whoever is at a
    colleague's counter is left to them: `WrongMoment`.
    """

    def deed(desk: Desk) -> Turn:
        tx = desk.tx
        turn = desk.visitor() if turn_id is None else own_turn(desk, turn_id)
        right = tx.mall.service(service)
        if turn.state in ACTIVE and turn.counter_id != desk.counter.id:
            raise turn.elsewhere()
        ticket = tx.session.get_one(Ticket, turn.ticket_id)
        if right.queue.id != turn.queue_id:
            journeys.require_number(ticket)
        journeys.set_right(tx, ticket, turn, right, desk.place if turn.state in ACTIVE else None)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def serve(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    service: str,
    token_key: bytes,
) -> dict[str, Any]:
    """Serve somebody who took no number: a number of the desk's own series, never announced."""

    def deed(desk: Desk) -> Turn:
        require_free(desk)
        wanted = desk.tx.mall.service(service)
        if wanted.queue not in desk.place.queues:
            raise NotServedHere
        return issuing.issue_at_desk(desk.tx, wanted, desk.place, token_key)

    return perform(db, mall, officer, counter_id, intent, deed)


def undo(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """Take back the finish or the miss that was the last thing at this counter, for some seconds.

    Raises `NothingToUndo` once the time is over, or the counter or the ticket has moved on; where the visitor
    is elsewhere by now it names the state and the counter.
    """

    def deed(desk: Desk) -> Turn:
        last = _last(desk)
        turn, joined = last.turn, last.joined
        planned = (turn.outcome or {}).get("planned", ())
        turn.undo(desk.queue(turn), desk.place, desk.tx.log)
        if joined is not None:
            joined.undo(desk.queue(joined), None, desk.tx.log)
        for number in planned:
            stop = desk.tx.session.get_one(Turn, number)
            stop.cancel(desk.queue(stop), desk.tx.log, None, reason="undone")
        desk.counter.undo_turn_id = None
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def _last(desk: Desk) -> Undoable:
    """What may be undone here; else where the visitor of the last finish or miss is by now."""
    session, mall, counter, day = desk.tx.session, desk.tx.mall, desk.counter, desk.tx.log.day
    try:
        return undoable(session, mall, counter, desk.turn(), day, desk.tx.now)
    except NothingToUndo:
        if counter.undo_turn_id is not None:
            raise
        raise moved_on(session, mall, counter, day) from None


def _onward(desk: Desk, ticket: Ticket, ending: Turn, codes: Sequence[str]) -> list[Service]:
    """The services that a visitor is sent on to, if they may be."""
    tx = desk.tx
    services = [tx.mall.service(code) for code in codes]
    if services:
        journeys.require_number(ticket)
        others = select(Turn).where(Turn.ticket_id == ticket.id, Turn.id != ending.id)
        journeys.require_new(tx, tx.session.scalars(others), codes)
    for service in services:
        open_or_refuse(tx, service)
    return services


def _require_done_here(desk: Desk, services: Sequence[str]) -> None:
    for code in services:
        if desk.tx.mall.service(code).queue.agency != desk.place.agency:
            raise Invalid(f"Layanan {code} bukan layanan instansi ini.")


def _queue(mall: Mall, code: str) -> Queue:
    if (queue := mall.queues.get(code)) is None:
        raise Invalid(f"Antrean {code} tidak ada.")
    return queue


def _stop_in(desk: Desk, turn: Turn, queue: Queue, code: str | None) -> list[Service]:
    """What is meant in a queue: without a word, what the visitor came for, or else its first service."""
    mall = desk.tx.mall
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


def _kept_counter(mall: Mall, queue: Queue, counter: int | None) -> int | None:
    if counter is None:
        return None
    place = mall.counters.get(counter)
    if place is None:
        raise UnknownCounter
    if queue not in place.queues:
        raise NotServedHere(f"{place.name} tidak melayani antrean {queue.name}.")
    return place.id


def _kept_person(desk: Desk, queue: Queue, name: str | None) -> int | None:
    """The person who is meant by name: of the queue's agency, or of the whole mall.

    Somebody of one agency names nobody of another: a right guess would be told from a wrong one.
    """
    if name is None:
        return None
    wanted = select(Person).where(Person.mall_id == desk.tx.mall.mall_id, Person.name == name, Person.active)
    person = desk.tx.session.scalar(wanted)
    known = (None, queue.agency.id if desk.officer.agency_id in (None, queue.agency.id) else None)
    if person is None or person.agency_id not in known:
        raise Invalid("Petugas ini tidak bertugas di antrean itu.")
    return person.id
