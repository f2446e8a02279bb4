"""How long the lines are, and what a visitor may be told about the wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.hours import after_breaks
from mpp.domain.life import State
from mpp.domain.mall import CounterQueue, Queue
from mpp.domain.order import Waiting, in_order, micros
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.domain.wait import WaitRange, wait_range
from mpp.queries.order import calls_of, line
from mpp.queries.reading import Reading

TURN, COUNTER, SERVES = table(Turn), table(CounterState), table(CounterQueue)
WAITS = TURN.c.state == State.WAITING.value
COUNTS = (
    select(TURN.c.queue_id, func.count())
    .where(TURN.c.mall_id == bindparam("mall"), TURN.c.day == bindparam("day"), WAITS)
    .group_by(TURN.c.queue_id)
)
EARLIER = (TURN.c.order_key < bindparam("key")) | and_(
    TURN.c.order_key == bindparam("key"), TURN.c.joined_seq < bindparam("joined")
)
HERE = TURN.c.out_until.is_(None) | (TURN.c.out_until <= bindparam("now", type_=TURN.c.out_until.type))
AHEAD = select(func.count()).where(
    TURN.c.queue_id == bindparam("queue"), TURN.c.day == bindparam("today"), WAITS, HERE, EARLIER
)
BUSY = select(TURN.c.counter_id).where(TURN.c.counter_id == COUNTER.c.id, IS_ACTIVE)
UNTIL = COUNTER.c.paused_until
AT_WORK = COUNTER.c.open & COUNTER.c.paused_at.is_(None)
STAFF: Any = select(
    SERVES.c.queue_id,
    func.count(),
    func.sum(case((AT_WORK, 1), else_=0)),
    func.sum(case((AT_WORK & BUSY.exists(), 1), else_=0)),
    func.min(case((COUNTER.c.open & COUNTER.c.paused_at.is_not(None), UNTIL)), type_=UNTIL.type),
).join(COUNTER, COUNTER.c.id == SERVES.c.counter_id)
STAFF_OF_QUEUE = STAFF.where(SERVES.c.queue_id == bindparam("queue")).group_by(SERVES.c.queue_id)
STAFF_OF_MALL = STAFF.where(COUNTER.c.mall_id == bindparam("mall")).group_by(SERVES.c.queue_id)


Bound = Mapping[str, int | date | datetime]


class Place(Protocol):
    """Where a turn stands in its line; it may not be written yet."""

    @property
    def id(self) -> int: ...
    @property
    def order_key(self) -> int: ...
    @property
    def joined_seq(self) -> int: ...
    @property
    def priority(self) -> bool: ...


class NewPlace(NamedTuple):
    """Where a turn will stand that has no number yet."""

    order_key: int
    joined_seq: int
    priority: bool
    id: int = 0


@dataclass(frozen=True, slots=True)
class Staffing:
    """Of a queue: how many counters serve it at all, how many are open, how many of those are occupied.

    `back`: when the first of those that pause will be back, as planned; None while none says when.
    """

    counters: int = 0
    open: int = 0
    busy: int = 0
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """No counter of a queue is open; `opens` is when one is expected to, where that is known."""

    opens: datetime | None


def waiting_counts(session: Session, mall_id: int, day: date) -> dict[int, int]:
    """How many wait, by queue id; a queue where nobody waits is absent."""
    rows = session.connection().execute(COUNTS, {"mall": mall_id, "day": day})
    return {row[0]: row[1] for row in rows}


def ahead(reading: Reading, queue: Queue, turn: Place) -> int:
    """How many waiting turns of the line would be called earlier now; `turn` may not be written yet.

    Whoever stepped out is not among them until they are back, or their time is over.
    """
    if queue.policy["kind"] == "ratio":
        return _ahead_by_ratio(reading, queue, turn)
    return int(reading.connection.execute(AHEAD, standing(reading, queue, turn)).scalar_one())


def standing(reading: Reading, queue: Queue, turn: Place) -> Bound:
    """The values of `AHEAD` for a turn with this key."""
    key, joined = turn.order_key, turn.joined_seq
    return {"queue": queue.id, "today": reading.day, "key": key, "joined": joined, "now": reading.now}


def _ahead_by_ratio(reading: Reading, queue: Queue, turn: Place) -> int:
    connection, day = reading.connection, reading.day
    others = [each for each in line(connection, queue, day) if each.turn != turn.id]
    waiting = [each for each in others if each.is_here(micros(reading.now))]
    own = Waiting(turn.id, queue.code, turn.order_key, turn.joined_seq, turn.priority)
    calls = calls_of(connection, queue, day)
    return in_order([*waiting, own], queue.policy, calls).index(own)


def staffing(session: Session, mall_id: int) -> Mapping[int, Staffing]:
    """The counters of every queue of a mall, by queue id."""
    rows = session.connection().execute(STAFF_OF_MALL, {"mall": mall_id})
    return {row[0]: Staffing(*row[1:]) for row in rows}


def staffing_of(connection: Connection, queue_id: int) -> Staffing:
    """The counters of one queue."""
    row = connection.execute(STAFF_OF_QUEUE, {"queue": queue_id}).first()
    return Staffing(*row[1:]) if row else Staffing()


def recent_staffing(db: Database, mall_id: int, queue_id: int) -> Staffing:
    """The counters of a queue as of at most a second ago: near enough for a range of minutes."""
    staff = db.recent.of(("staffing", mall_id), lambda session: staffing(session, mall_id))
    return staff.get(queue_id, Staffing())


def expected_wait(queue: Queue, count: int, staff: Staffing, now: datetime) -> WaitRange | None:
    """The range for somebody with `count` people ahead; None while no counter of the queue is open.

    A counter that pauses until a known moment is open from then on, one that does not say until when is
    closed. Breaks and the time to opening are added.
    """
    start = now if staff.open else staff.back
    if start is None:
        return None
    start = max(now, start)
    plain = wait_range(count, queue.minutes, max(1, staff.open), staff.busy)
    hours, absent = queue.openness(now), (start - now).total_seconds() / 60
    breaks = hours.breaks if queue.agency.closes_at_break else ()
    low, high = (
        round(absent + after_breaks(start, part, breaks, hours.opens)) for part in (plain.p50, plain.p90)
    )
    return WaitRange(low, high)


def unstaffed(reading: Reading, queue: Queue) -> Unstaffed | None:
    """That no counter of a queue is open now; None while one is."""
    staff, now, zone = staffing_of(reading.connection, queue.id), reading.now, reading.mall.timezone
    if staff.open:
        return None
    opens = staff.back or queue.openness(now).opens
    return Unstaffed(opens.astimezone(zone) if opens and opens > now else None)
