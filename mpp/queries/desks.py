"""What an officer sees: the counter, the visitor at it, who waits, who is parked, who was missed."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.appointment import Appointment, Booked
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.errors import NothingToUndo
from mpp.domain.life import SPENT_IN, State
from mpp.domain.log import Event
from mpp.domain.mall import Counter, Mall, Queue
from mpp.domain.note import Note
from mpp.domain.order import Waiting, in_order, may_be_called, micros, upcoming
from mpp.domain.ticket import Ticket
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.counters import pause_row
from mpp.queries.order import caller, calls_of, staffed
from mpp.queries.reading import Reading
from mpp.queries.undo import undoable
from mpp.queries.way import on_the_way

APPOINTMENT, EVENT = table(Appointment), table(Event)
LONGEST_LINE = 200
IN_SIGHT = (State.WAITING, State.MISSED, State.PARKED)


def answer(reading: Reading, counter: CounterState, turn: Turn | None) -> dict[str, Any]:
    """The one answer of every verb: the turn it moved, the counter as it is now, and the log's seq."""
    return {
        "turn": turn_row(reading.mall, turn, reading.now) if turn else None,
        "counter": counter_row(reading.mall, counter),
        "seq": reading.seq,
    }


def desk(session: Session, mall: Mall, counter_id: int, day: date, now: datetime, seq: int) -> dict[str, Any]:
    """The whole desk.

    `line` is in the order in which this counter would call, then those `passed_over`: who may not be called
    by "next" now, as they are out for a while or kept for another. `next` is whom "next" would bring.
    `parked` are those of the agency, `missed` those of this counter's queues that may still return.
    """
    counter = session.get_one(CounterState, counter_id)
    place = mall.counters[counter_id]
    current = at_desk(session, counter_id, day)
    turns = _turns(session, mall, place, day)
    coming, others = _line(session, mall, counter, turns, day, now)
    rows = {turn.id: turn_row(mall, turn, now) for turn in turns.values()}
    return {
        "turn": current_row(session, mall, current, now) if current else None,
        "counter": {**counter_row(mall, counter), "undo": _undo(session, mall, counter, current, day, now)},
        "queues": [{"code": queue.code, "name": queue.name} for queue in place.queues],
        "line": [rows[each] for each in [*coming, *others]][:LONGEST_LINE],
        "next": coming[0] if coming else None,
        "next_three": coming[:3],
        "passed_over": others,
        "parked": [parked_row(mall, turn, now) for turn in turns.values() if turn.state == State.PARKED],
        "missed": [
            missed_row(mall, turn, now)
            for turn in turns.values()
            if turn.state == State.MISSED and now <= turn.may_return_until(mall.how)
        ],
        "appointments": _appointments(session, mall, place, day, now),
        "agency": place.agency.code,
        "zone": place.zone.code,
        "seq": seq,
    }


def at_desk(session: Session, counter_id: int, day: date) -> Turn | None:
    """The turn at a counter: yesterday's while it is still being served, else today's."""
    here = Turn.counter_id == counter_id, IS_ACTIVE, (Turn.day == day) | (Turn.state == State.SERVING)
    return session.scalar(select(Turn).where(*here).order_by(Turn.day).limit(1))


def last_here(reading: Reading, counter_id: int) -> Turn | None:
    """The visitor who was at a counter last today, wherever they are now."""
    of_today = EVENT.c.mall_id == reading.mall.mall_id, EVENT.c.day == reading.day
    newest = select(EVENT.c.turn_id).where(
        *of_today, EVENT.c.counter_id == counter_id, EVENT.c.turn_id.is_not(None)
    )
    number = reading.session.scalar(newest.order_by(EVENT.c.seq.desc()).limit(1))
    return reading.session.get(Turn, number) if number is not None else None


def counter_row(mall: Mall, counter: CounterState) -> dict[str, Any]:
    """A counter in every answer; it is open when somebody may be called to it."""
    holder = f"person:{counter.holder_id}" if counter.holder_id else None
    state, pause = counter.state, pause_row(mall, counter)
    name = mall.counters[counter.id].name
    shown = {"id": counter.id, "name": name, "open": state == "open", "holder": holder}
    return {**shown, "state": state, "pause": pause}


def turn_row(mall: Mall, turn: Turn, now: datetime) -> dict[str, Any]:
    """A turn as staff see it; timings in minutes."""
    service = mall.service_ids[turn.service_id]
    return {
        "id": turn.id,
        "ticket": turn.ticket_id,
        "label": turn.label,
        "queue": mall.queue_ids[turn.queue_id].code,
        "service": service.code,
        "service_name": service.name,
        "matters": turn.matters or [service.code],
        "state": turn.state,
        "nth": turn.nth,
        "calls": turn.calls,
        "priority": turn.priority,
        "arrived_at": _local(mall, turn.arrived_at),
        "joined_at": _local(mall, turn.joined_at),
        "called_at": _local(mall, turn.called_at),
        "started_at": _local(mall, turn.started_at),
        "out_until": _local(mall, turn.out_until) if turn.out_until and turn.out_until > now else None,
        "kept_counter": turn.kept_counter_id,
        "kept_person": f"person:{turn.kept_person_id}" if turn.kept_person_id else None,
        "standard": service.desk_minutes,
        "timings": {part: round(spent / 60, 3) for part, spent in turn.spent(now).items()},
    }


def current_row(session: Session, mall: Mall, turn: Turn, now: datetime) -> dict[str, Any]:
    """The visitor at the desk: also needs, the route, notes of this agency, when a miss is allowed.

    The clock of a walk or a service counts from `runs_from`: it leaves out what was spent parked.
    """
    ticket = session.get_one(Ticket, turn.ticket_id)
    queue, rules = mall.queue_ids[turn.queue_id], mall.how
    called = turn.state == State.CALLED
    may_miss = {
        "calls_left": max(0, rules.missed_after_calls - turn.nth),
        "at": _local(mall, turn.may_be_missed_from(rules)),
    }
    return {
        **turn_row(mall, turn, now),
        "needs": list(ticket.needs),
        "runs_from": _local(mall, _runs_from(turn)),
        "route": route(session, mall, turn.ticket_id),
        "notes": _notes(session, mall, turn.ticket_id, queue),
        "may_miss": may_miss if called else None,
    }


def _runs_from(turn: Turn) -> datetime:
    """When the walk or the service would have begun if nothing had come between."""
    return turn.state_since - timedelta(microseconds=getattr(turn, SPENT_IN[State(turn.state)]))


def route(session: Session, mall: Mall, ticket_id: int) -> list[dict[str, Any]]:
    """The stops of a ticket, in the order of the way."""
    turns = session.scalars(select(Turn).where(Turn.ticket_id == ticket_id)).all()
    return [_stop(mall, turn) for turn in on_the_way(turns)]


def parked_row(mall: Mall, turn: Turn, now: datetime) -> dict[str, Any]:
    """A parked turn: who parked it, where, when and why."""
    place = mall.counters.get(turn.counter_id or 0)
    return {
        **turn_row(mall, turn, now),
        "parked_by": turn.parked_by,
        "parked_at": place.name if place else None,
        "since": _local(mall, turn.state_since),
        "reason": turn.parked_reason,
        "was_serving": turn.parked_from == State.SERVING,
    }


def missed_row(mall: Mall, turn: Turn, now: datetime) -> dict[str, Any]:
    """A missed turn that may still return."""
    return {**turn_row(mall, turn, now), "return_until": _local(mall, turn.may_return_until(mall.how))}


def _stop(mall: Mall, turn: Turn) -> dict[str, Any]:
    service = mall.service_ids[turn.service_id]
    return {
        "turn": turn.id,
        "service": service.code,
        "service_name": service.name,
        "queue": service.queue.code,
        "agency": service.queue.agency.short_name,
        "state": turn.state,
    }


def _turns(session: Session, mall: Mall, place: Counter, day: date) -> dict[int, Turn]:
    """Who waits in the counter's lines, who was missed there, and who is parked anywhere in the agency."""
    served = [queue.id for queue in place.queues]
    agency = [queue.id for queue in mall.queues.values() if queue.agency == place.agency]
    lines = Turn.queue_id.in_({*served, *agency}), Turn.day == day, Turn.state.in_(IN_SIGHT)
    here = Turn.queue_id.in_(served) | (Turn.state == State.PARKED)
    found = session.scalars(select(Turn).where(*lines, here).order_by(Turn.state_since, Turn.id))
    return {turn.id: turn for turn in found}


def _line(
    session: Session, mall: Mall, counter: CounterState, turns: dict[int, Turn], day: date, now: datetime
) -> tuple[list[int], list[int]]:
    """Ids of those whom "next" would bring one after another, and of those whom it passes over."""
    connection, place = session.connection(), mall.counters[counter.id]
    asking, staff = caller(place, counter.holder_id), staffed(connection, mall.mall_id)
    lines, passed = [], list[int]()
    for queue in place.queues:
        waiting = [_seen(queue, turn) for turn in turns.values() if _waits_in(queue, turn)]
        at_line = staff.get(queue.id, {})
        free = [each for each in waiting if may_be_called(each, asking, at_line, micros(now))]
        lines.append(in_order(free, queue.policy, calls_of(connection, queue, day)))
        passed += [each.turn for each in sorted(waiting, key=lambda each: each.rank) if each not in free]
    return [each.turn for each in upcoming(lines, asking, micros(now))], passed


def _waits_in(queue: Queue, turn: Turn) -> bool:
    return turn.queue_id == queue.id and turn.state == State.WAITING


def _seen(queue: Queue, turn: Turn) -> Waiting:
    return Waiting(
        turn=turn.id,
        queue=queue.code,
        order_key=turn.order_key,
        joined_seq=turn.joined_seq,
        priority=turn.priority,
        counter=turn.kept_counter_id,
        person=turn.kept_person_id,
        out_until=micros(turn.out_until) if turn.out_until else None,
    )


def _undo(
    session: Session, mall: Mall, counter: CounterState, current: Turn | None, day: date, now: datetime
) -> dict[str, Any] | None:
    """What "undo" would take back, and until when."""
    try:
        last = undoable(Reading(session, mall, now, day, 0), counter, current)
    except NothingToUndo:
        return None
    verb = "finish" if last.turn.state == State.DONE else "miss"
    return {"turn": last.turn.id, "label": last.turn.label, "verb": verb, "until": _local(mall, last.until)}


def _notes(session: Session, mall: Mall, ticket_id: int, queue: Queue) -> list[dict[str, Any]]:
    """What people of the agency wrote about this ticket, as far as it is kept."""
    wanted = select(Note).where(
        Note.ticket_id == ticket_id, Note.agency_id == queue.agency.id, Note.text.is_not(None)
    )
    return [
        {"id": note.id, "text": note.text, "at": _local(mall, note.made_at), "by": note.made_by}
        for note in session.scalars(wanted.order_by(Note.id))
    ]


def _appointments(
    session: Session, mall: Mall, place: Counter, day: date, now: datetime
) -> list[dict[str, Any]]:
    """The next three bookings of the counter's queues that nobody has checked in for yet."""
    wanted = select(APPOINTMENT).where(
        APPOINTMENT.c.mall_id == mall.mall_id,
        APPOINTMENT.c.queue_id.in_([queue.id for queue in place.queues]),
        APPOINTMENT.c.day == day,
        APPOINTMENT.c.state == Booked.BOOKED.value,
        APPOINTMENT.c.slot_at >= now - timedelta(minutes=mall.how.checkin_tolerance_minutes),
    )
    return [
        {"service_name": mall.service_ids[row.service_id].name, "at": _local(mall, row.slot_at)}
        for row in session.execute(wanted.order_by(APPOINTMENT.c.slot_at, APPOINTMENT.c.id).limit(3))
    ]


def _local(mall: Mall, at: datetime | None) -> str | None:
    return at.astimezone(mall.timezone).isoformat() if at else None
