"""What a counter may take back: the last finish or miss of whoever holds it, for some seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.errors import NothingToUndo
from mpp.domain.life import State, Verb
from mpp.domain.log import Event
from mpp.domain.turn import Turn
from mpp.queries.reading import Reading

EVENT = table(Event)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A turn that was finished or missed, until when that may be undone, and the stop that joined by it."""

    turn: Turn
    until: datetime
    joined: Turn | None


def undoable(reading: Reading, counter: CounterState, current: Turn | None) -> Undoable:
    """What "undo" takes back at a counter where `current` is. Raises `NothingToUndo`.

    Once the time is over, or the counter or the ticket's next stop has moved on, nothing is.
    """
    turn = reading.session.get(Turn, counter.undo_turn_id) if counter.undo_turn_id is not None else None
    if turn is None or turn.state not in (State.DONE, State.MISSED) or turn.counter_id != counter.id:
        raise NothingToUndo
    until = turn.state_since + timedelta(seconds=reading.mall.how.undo_seconds)
    if reading.now > until:
        raise NothingToUndo("Waktu untuk mengurungkan sudah lewat.")
    if current is not None or turn.day != reading.day:
        raise NothingToUndo
    joined = _joined_by(reading.session, turn) if turn.state == State.DONE else None
    if joined is not None and not _untouched(joined, turn):
        raise NothingToUndo("Giliran berikutnya dari nomor ini sudah berjalan.")
    return Undoable(turn, until, joined)


def _untouched(joined: Turn, ended: Turn) -> bool:
    """Whether nothing has happened to the next stop: no call, no going out, no other class."""
    happened = joined.calls or joined.outs or joined.priority != ended.priority
    return joined.state == State.WAITING and not happened


def moved_on(reading: Reading, counter: CounterState) -> NothingToUndo:
    """Why there is nothing to undo here: where the visitor who was last finished or missed is by now."""
    ended = (Verb.FINISHED.value, Verb.MISSED.value)
    newest = select(EVENT.c.turn_id, EVENT.c.to_state).where(
        EVENT.c.mall_id == reading.mall.mall_id,
        EVENT.c.day == reading.day,
        EVENT.c.counter_id == counter.id,
        EVENT.c.event.in_(ended),
    )
    last = reading.session.execute(newest.order_by(EVENT.c.seq.desc()).limit(1)).first()
    turn = reading.session.get(Turn, last.turn_id) if last is not None else None
    if turn is None or last is None or (turn.state, turn.counter_id) == (last.to_state, counter.id):
        return NothingToUndo()
    late = turn.elsewhere()
    return NothingToUndo(late.detail, state=late.state, counter=late.counter)


def _joined_by(session: Session, ended: Turn) -> Turn | None:
    """The stop that entered its line when this one ended, by the log's count: times may be equal."""
    return session.scalar(
        select(Turn)
        .where(
            Turn.ticket_id == ended.ticket_id,
            Turn.joined_seq > ended.joined_seq,
            Turn.state != State.PLANNED.value,
        )
        .order_by(Turn.joined_seq)
        .limit(1)
    )
