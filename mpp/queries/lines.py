"""How long the lines are, and what a visitor may be told about the wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import Counter
from mpp.domain.hours import after_breaks, openness
from mpp.domain.mall import CounterQueue
from mpp.domain.plan import Plan, QueuePlan
from mpp.domain.turn import ACTIVE, State, Turn
from mpp.domain.wait import WaitRange, wait_range

TURN, COUNTER, SERVES = table(Turn), table(Counter), table(CounterQueue)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Of a queue: how many counters serve it at all, how many are open, how many of those are occupied."""

    counters: int = 0
    open: int = 0
    busy: int = 0


def waiting_counts(session: Session, mall_id: int, day: date) -> dict[int, int]:
    """How many wait, by queue id; a queue where nobody waits is absent."""
    rows = session.execute(
        select(TURN.c.queue_id, func.count())
        .where(TURN.c.mall_id == mall_id, TURN.c.day == day, TURN.c.state == State.WAITING.value)
        .group_by(TURN.c.queue_id)
    )
    return dict(rows.tuples().all())


def ahead(session: Session, queue_id: int, day: date, order_key: int, joined_seq: int) -> int:
    """How many waiting turns of the line would be called earlier, as of now."""
    earlier = (TURN.c.order_key < order_key) | and_(
        TURN.c.order_key == order_key, TURN.c.joined_seq < joined_seq
    )
    return session.execute(
        select(func.count()).where(
            TURN.c.queue_id == queue_id, TURN.c.day == day, TURN.c.state == State.WAITING.value, earlier
        )
    ).scalar_one()


def staffing(session: Session, mall_id: int, queue_id: int | None = None) -> Mapping[int, Staffing]:
    """Counters by queue id, of one queue or of all."""
    busy = select(TURN.c.counter_id).where(
        TURN.c.counter_id == COUNTER.c.id, TURN.c.state.in_([state.value for state in ACTIVE])
    )
    wanted = (
        select(
            SERVES.c.queue_id,
            func.count(),
            func.sum(case((COUNTER.c.open, 1), else_=0)),
            func.sum(case((COUNTER.c.open & busy.exists(), 1), else_=0)),
        )
        .join(COUNTER, COUNTER.c.id == SERVES.c.counter_id)
        .where(COUNTER.c.mall_id == mall_id)
        .group_by(SERVES.c.queue_id)
    )
    if queue_id is not None:
        wanted = wanted.where(SERVES.c.queue_id == queue_id)
    return {row[0]: Staffing(row[1], row[2] or 0, row[3] or 0) for row in session.execute(wanted)}


def expected_wait(
    plan: Plan, queue: QueuePlan, count: int, staff: Staffing, now: datetime
) -> WaitRange | None:
    """The range for somebody with `count` people ahead; None when no counter serves the queue.

    While no counter is open yet, those that could open are counted; breaks and the time to opening are added.
    """
    if staff.counters == 0:
        return None
    plain = wait_range(count, queue.minutes, staff.open or staff.counters, staff.busy)
    hours = openness(now, plan.timezone, plan.schedule, queue.agency.schedule, queue.schedule)
    breaks = hours.breaks if queue.agency.closes_at_break else ()
    low, high = (round(after_breaks(now, part, breaks, hours.opens)) for part in (plain.p50, plain.p90))
    return WaitRange(low, high)
