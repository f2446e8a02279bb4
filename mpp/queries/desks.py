"""What an officer sees: the counter, the visitor at it, who waits, who is parked, who was missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
from mpp.queries.counters import Pause, pause_of
from mpp.queries.order import caller, calls_of, staffed
from mpp.queries.reading import Reading
from mpp.queries.rows import extended, local
from mpp.queries.undo import undoable
from mpp.queries.way import on_the_way

APPOINTMENT, EVENT = table(Appointment), table(Event)
LONGEST_LINE = 200
IN_SIGHT = (State.WAITING, State.MISSED, State.PARKED)


@dataclass(frozen=True, slots=True)
class Timings:
    """Minutes; their sum is the total."""

    wait: float
    walk: float
    service: float
    away: float


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn as staff see it. `matters` are the codes of its services, `standard` is in minutes."""

    id: int
    ticket: int
    label: str
    queue: str
    service: str
    service_name: str
    matters: list[str]
    state: str
    nth: int
    calls: int
    priority: bool
    arrived_at: datetime
    joined_at: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    out_until: datetime | None
    kept_counter: int | None
    kept_person: str | None
    standard: int
    timings: Timings


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop of a ticket's route."""

    turn: int
    service: str
    service_name: str
    queue: str
    agency: str
    state: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: int
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class MayMiss:
    """How many calls are left, and from when on, until a visitor who does not come may be missed."""

    calls_left: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CurrentRow(TurnRow):
    """The visitor at the desk. The clock counts from `runs_from`, which leaves parked time out."""

    needs: list[str]
    runs_from: datetime
    route: list[StopRow]
    notes: list[NoteRow]
    may_miss: MayMiss | None


@dataclass(frozen=True, slots=True)
class ParkedRow(TurnRow):
    """A parked turn: who parked it, where, when and why."""

    parked_by: str | None
    parked_at: str | None
    since: datetime
    reason: str | None
    was_serving: bool


@dataclass(frozen=True, slots=True)
class MissedRow(TurnRow):
    """A missed turn that may still return."""

    return_until: datetime


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter in every answer; `open`: somebody may be called to it; `state`: closed, open or paused."""

    id: int
    name: str
    open: bool
    holder: str | None
    state: str
    pause: Pause | None


@dataclass(frozen=True, slots=True)
class Undo:
    """What "undo" would take back (`verb`: finish or miss), and until when."""

    turn: int
    label: str
    verb: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DeskCounter(CounterRow):
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class QueueName:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A booking that nobody has checked in for yet."""

    service_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """The one answer of every verb: the turn it moved, the counter as it is now, and the log's seq."""

    turn: TurnRow | None
    counter: CounterRow
    seq: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole desk.

    `line` is in the order in which this counter would call, then those `passed_over`: who may not be called
    by "next" now, as they are out for a while or kept for another. `next` is whom "next" would bring.
    `parked` are those of the agency, `missed` those of this counter's queues that may still return.
    """

    turn: CurrentRow | None
    counter: DeskCounter
    queues: list[QueueName]
    line: list[TurnRow]
    next: int | None
    next_three: list[int]
    passed_over: list[int]
    parked: list[ParkedRow]
    missed: list[MissedRow]
    appointments: list[Coming]
    agency: str
    zone: str
    seq: int


def answer(reading: Reading, counter: CounterState, turn: Turn | None) -> DeskAnswer:
    """What a verb of the desk answers."""
    row = turn_row(reading, turn) if turn else None
    return DeskAnswer(row, counter_row(reading.mall, counter), reading.seq)


def desk(reading: Reading, counter_id: int) -> Desk:
    """The desk of a counter."""
    state = reading.session.get_one(CounterState, counter_id)
    counter = reading.mall.counters[counter_id]
    current = at_desk(reading.session, counter_id, reading.day)
    turns = _turns(reading, counter)
    coming, others = _line(reading, state, turns.values())
    rows = {turn.id: turn_row(reading, turn) for turn in turns.values()}
    return Desk(
        turn=_current(reading, current) if current else None,
        counter=extended(counter_row(reading.mall, state), DeskCounter, undo=_undo(reading, state, current)),
        queues=[QueueName(queue.code, queue.name) for queue in counter.queues],
        line=[rows[each] for each in [*coming, *others]][:LONGEST_LINE],
        next=coming[0] if coming else None,
        next_three=coming[:3],
        passed_over=others,
        parked=[
            _parked(reading, turn, rows[turn.id]) for turn in turns.values() if turn.state == State.PARKED
        ],
        missed=_missed(reading, turns.values(), rows),
        appointments=_appointments(reading, counter),
        agency=counter.agency.code,
        zone=counter.zone.code,
        seq=reading.seq,
    )


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


def counter_row(mall: Mall, counter: CounterState) -> CounterRow:
    """A counter as it is now."""
    holder = f"person:{counter.holder_id}" if counter.holder_id else None
    name, state = mall.counters[counter.id].name, counter.state
    return CounterRow(counter.id, name, state == "open", holder, state, pause_of(mall, counter))


def turn_row(reading: Reading, turn: Turn) -> TurnRow:
    """A turn as staff see it."""
    mall, now = reading.mall, reading.now
    service = mall.service_ids[turn.service_id]
    return TurnRow(
        id=turn.id,
        ticket=turn.ticket_id,
        label=turn.label,
        queue=mall.queue_ids[turn.queue_id].code,
        service=service.code,
        service_name=service.name,
        matters=turn.matters or [service.code],
        state=turn.state,
        nth=turn.nth,
        calls=turn.calls,
        priority=turn.priority,
        arrived_at=turn.arrived_at.astimezone(mall.timezone),
        joined_at=local(mall, turn.joined_at),
        called_at=local(mall, turn.called_at),
        started_at=local(mall, turn.started_at),
        out_until=local(mall, turn.out_until) if turn.out_until and turn.out_until > now else None,
        kept_counter=turn.kept_counter_id,
        kept_person=f"person:{turn.kept_person_id}" if turn.kept_person_id else None,
        standard=service.desk_minutes,
        timings=Timings(**{part: round(spent / 60, 3) for part, spent in turn.spent(now).items()}),
    )


def route(reading: Reading, ticket_id: int) -> list[StopRow]:
    """The stops of a ticket, in the order of the way."""
    turns = reading.session.scalars(select(Turn).where(Turn.ticket_id == ticket_id)).all()
    return [_stop(reading.mall, turn) for turn in on_the_way(turns)]


def _current(reading: Reading, turn: Turn) -> CurrentRow:
    ticket = reading.session.get_one(Ticket, turn.ticket_id)
    mall, rules = reading.mall, reading.mall.how
    may_miss = MayMiss(
        max(0, rules.missed_after_calls - turn.nth),
        turn.may_be_missed_from(rules).astimezone(mall.timezone),
    )
    return extended(
        turn_row(reading, turn),
        CurrentRow,
        needs=list(ticket.needs),
        runs_from=_runs_from(turn).astimezone(mall.timezone),
        route=route(reading, turn.ticket_id),
        notes=_notes(reading, turn.ticket_id, mall.queue_ids[turn.queue_id]),
        may_miss=may_miss if turn.state == State.CALLED else None,
    )


def _runs_from(turn: Turn) -> datetime:
    """When the walk or the service would have begun if nothing had come between."""
    return turn.state_since - timedelta(microseconds=getattr(turn, SPENT_IN[State(turn.state)]))


def _parked(reading: Reading, turn: Turn, row: TurnRow) -> ParkedRow:
    counter = reading.mall.counter_ids.get(turn.counter_id or 0)
    return extended(
        row,
        ParkedRow,
        parked_by=turn.parked_by,
        parked_at=counter.name if counter else None,
        since=turn.state_since.astimezone(reading.mall.timezone),
        reason=turn.parked_reason,
        was_serving=turn.parked_from == State.SERVING,
    )


def _missed(reading: Reading, turns: Iterable[Turn], rows: dict[int, TurnRow]) -> list[MissedRow]:
    """Who was missed here and may still return."""
    until = {turn.id: turn.may_return_until(reading.mall.how) for turn in turns if turn.state == State.MISSED}
    zone = reading.mall.timezone
    return [
        extended(rows[each], MissedRow, return_until=at.astimezone(zone))
        for each, at in until.items()
        if reading.now <= at
    ]


def _stop(mall: Mall, turn: Turn) -> StopRow:
    service = mall.service_ids[turn.service_id]
    queue = service.queue
    return StopRow(turn.id, service.code, service.name, queue.code, queue.agency.short_name, turn.state)


def _turns(reading: Reading, counter: Counter) -> dict[int, Turn]:
    """Who waits in the counter's lines, who was missed there, and who is parked anywhere in the agency."""
    served = [queue.id for queue in counter.queues]
    agency = [queue.id for queue in reading.mall.queues.values() if queue.agency == counter.agency]
    lines = Turn.queue_id.in_({*served, *agency}), Turn.day == reading.day, Turn.state.in_(IN_SIGHT)
    here = Turn.queue_id.in_(served) | (Turn.state == State.PARKED)
    found = reading.session.scalars(select(Turn).where(*lines, here).order_by(Turn.state_since, Turn.id))
    return {turn.id: turn for turn in found}


def _line(reading: Reading, state: CounterState, turns: Iterable[Turn]) -> tuple[list[int], list[int]]:
    """Ids of those whom "next" would bring one after another, and of those whom it passes over."""
    connection, counter, now = reading.connection, reading.mall.counters[state.id], micros(reading.now)
    asking, staff = caller(counter, state.holder_id), staffed(connection, reading.mall.mall_id)
    lines, passed = [], list[int]()
    for queue in counter.queues:
        waiting = [_seen(queue, turn) for turn in turns if _waits_in(queue, turn)]
        free = [each for each in waiting if may_be_called(each, asking, staff.get(queue.id, {}), now)]
        lines.append(in_order(free, queue.policy, calls_of(connection, queue, reading.day)))
        passed += [each.turn for each in sorted(waiting, key=lambda each: each.rank) if each not in free]
    return [each.turn for each in upcoming(lines, asking, now)], passed


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


def _undo(reading: Reading, counter: CounterState, current: Turn | None) -> Undo | None:
    """What "undo" would take back, and until when."""
    try:
        last = undoable(reading, counter, current)
    except NothingToUndo:
        return None
    verb = "finish" if last.turn.state == State.DONE else "miss"
    return Undo(last.turn.id, last.turn.label, verb, last.until.astimezone(reading.mall.timezone))


def _notes(reading: Reading, ticket_id: int, queue: Queue) -> list[NoteRow]:
    """What people of the agency wrote about this ticket, as far as it is kept."""
    wanted = select(Note).where(
        Note.ticket_id == ticket_id, Note.agency_id == queue.agency.id, Note.text.is_not(None)
    )
    return [
        NoteRow(note.id, note.text or "", note.made_at.astimezone(reading.mall.timezone), note.made_by)
        for note in reading.session.scalars(wanted.order_by(Note.id))
    ]


def _appointments(reading: Reading, counter: Counter) -> list[Coming]:
    """The next three bookings of the counter's queues that nobody has checked in for yet."""
    mall = reading.mall
    wanted = select(APPOINTMENT).where(
        APPOINTMENT.c.mall_id == mall.mall_id,
        APPOINTMENT.c.queue_id.in_([queue.id for queue in counter.queues]),
        APPOINTMENT.c.day == reading.day,
        APPOINTMENT.c.state == Booked.BOOKED.value,
        APPOINTMENT.c.slot_at >= reading.now - timedelta(minutes=mall.how.checkin_tolerance_minutes),
    )
    return [
        Coming(mall.service_ids[row.service_id].name, row.slot_at.astimezone(mall.timezone))
        for row in reading.session.execute(wanted.order_by(APPOINTMENT.c.slot_at, APPOINTMENT.c.id).limit(3))
    ]
