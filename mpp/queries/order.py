"""The lines as the order sees them: who waits, who was called, who sits where."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, or_, select

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.life import State
from mpp.domain.mall import Counter, CounterQueue, Queue
from mpp.domain.order import Caller, Staffed, Waiting, in_order, micros, next_in_line
from mpp.domain.turn import Turn
from mpp.queries.reading import Reading

TURN, COUNTER, SERVES = table(Turn), table(CounterState), table(CounterQueue)
SEEN = (
    TURN.c.id, TURN.c.queue_id, TURN.c.order_key, TURN.c.joined_seq, TURN.c.priority,
    TURN.c.kept_counter_id, TURN.c.kept_person_id, TURN.c.out_until,
)  # fmt: skip
IN_ORDER = (TURN.c.order_key, TURN.c.joined_seq)


def staffed(connection: Connection, mall_id: int) -> dict[int, dict[int, int]]:
    """By queue id: the open counters that serve it and at which somebody sits, each with that person."""
    sits = COUNTER.c.open & COUNTER.c.holder_id.is_not(None) & (COUNTER.c.mall_id == mall_id)
    serving = select(SERVES.c.queue_id, COUNTER.c.id, COUNTER.c.holder_id)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in connection.execute(serving.join(COUNTER, COUNTER.c.id == SERVES.c.counter_id).where(sits)):
        found[row.queue_id][row.id] = row.holder_id
    return found


def caller(place: Counter, holder: int | None) -> Caller:
    """A counter as it chooses among its lines; the settings are the logged ones."""
    return Caller(
        counter=place.id,
        holder=holder,
        queues=tuple(queue.code for queue in place.queues),
        picks=place.picks,
        prefers_priority=place.prefers_priority,
        minutes={queue.code: queue.minutes for queue in place.queues},
    )


def line(connection: Connection, queue: Queue, day: date) -> list[Waiting]:
    """Everybody who waits in a line, by key."""
    wanted = _waiting(queue, day).order_by(*IN_ORDER)
    return [_seen(queue, row) for row in connection.execute(wanted).mappings()]


def ordered(connection: Connection, queue: Queue, day: date) -> list[Waiting]:
    """Everybody who waits in a line, in the order in which they would be called."""
    return in_order(line(connection, queue, day), queue.policy, calls_of(connection, queue, day))


def keys(connection: Connection, queue: Queue, day: date) -> list[int]:
    """The order keys of a line."""
    return [turn.order_key for turn in line(connection, queue, day)]


def calls_of(connection: Connection, queue: Queue, day: date) -> Sequence[bool]:
    """The day's calls of a line in their order, each with whether it was a priority visitor.

    Only "ratio" asks; a call that was put back, and one whose turn was called again since, is not among them.
    """
    if queue.policy["kind"] != "ratio":
        return ()
    wanted = (
        select(TURN.c.priority)
        .where(TURN.c.queue_id == queue.id, TURN.c.day == day, TURN.c.call_seq.is_not(None))
        .order_by(TURN.c.call_seq)
    )
    return connection.execute(wanted).scalars().all()


def heads(reading: Reading, asking: Caller) -> list[Waiting]:
    """The next turn of each line that a counter serves: those who may be called, the first found by index."""
    found, staff = [], staffed(reading.connection, reading.mall.mall_id)
    for queue in reading.mall.counters[asking.counter].queues:
        free = _waiting(queue, reading.day).where(
            _here(reading.now), _kept_for_no_other(asking, staff.get(queue.id, {}))
        )
        if candidates := _first(reading.connection, queue, free):
            calls = calls_of(reading.connection, queue, reading.day)
            found.append(next_in_line(candidates, queue.policy, calls))
    return found


def _first(connection: Connection, queue: Queue, free: Select[Any]) -> list[Waiting]:
    """The first of those who are free; under "ratio" the first of each class."""
    first = free.order_by(*IN_ORDER).limit(1)
    classes: Iterable[Any] = (
        [first.where(TURN.c.priority.is_(flag)) for flag in (True, False)]
        if queue.policy["kind"] == "ratio"
        else [first]
    )
    rows = [connection.execute(each).mappings().first() for each in classes]
    return [_seen(queue, row) for row in rows if row is not None]


def _waiting(queue: Queue, day: date) -> Select[Any]:
    return select(*SEEN).where(
        TURN.c.queue_id == queue.id, TURN.c.day == day, TURN.c.state == State.WAITING.value
    )


def _here(now: datetime) -> Any:
    return or_(TURN.c.out_until.is_(None), TURN.c.out_until <= now)


def _kept_for_no_other(asking: Caller, at_line: Staffed) -> Any:
    """The question that `may_be_called` answers, for the database."""
    counter = or_(
        TURN.c.kept_counter_id.is_(None),
        TURN.c.kept_counter_id == asking.counter,
        TURN.c.kept_counter_id.not_in(list(at_line)),
    )
    person = or_(
        TURN.c.kept_person_id.is_(None),
        TURN.c.kept_person_id == asking.holder,
        TURN.c.kept_person_id.not_in(list(at_line.values())),
    )
    return counter & person


def _seen(queue: Queue, row: RowMapping) -> Waiting:
    return Waiting(
        turn=row[TURN.c.id],
        queue=queue.code,
        order_key=row[TURN.c.order_key],
        joined_seq=row[TURN.c.joined_seq],
        priority=row[TURN.c.priority],
        counter=row[TURN.c.kept_counter_id],
        person=row[TURN.c.kept_person_id],
        out_until=micros(row[TURN.c.out_until]) if row[TURN.c.out_until] else None,
    )
