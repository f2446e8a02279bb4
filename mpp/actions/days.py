"""The service day: opened by the first writing action of a new local date; nothing resets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions.transaction import Command, Transaction
from mpp.db.batch import HEAD, LOG
from mpp.domain.appointment import Appointment, Booked
from mpp.domain.base import written
from mpp.domain.counter import CounterState
from mpp.domain.errors import DayNotConfirmed
from mpp.domain.event import About
from mpp.domain.events import DayConfirmed, DayOpened
from mpp.domain.life import LEFT_OVER, State
from mpp.domain.log import LogHead
from mpp.domain.mall import Mall
from mpp.domain.notice import LAST_HOURS, Notice, is_over
from mpp.domain.turn import IS_ACTIVE, Turn

LAST_SERVICE = time(4, 0)
UNFINISHED = tuple(state for state in LEFT_OVER if state != State.SERVING)


def is_due(tx: Transaction) -> bool:
    """Whether the log is still of an earlier day, or what yesterday left has not ended at 04:00."""
    return _is_another(tx) or _ends_yesterday(tx, tx.log.was.day_ended)


def roll(tx: Transaction) -> None:
    """Bring the log to today.

    The day never goes back. A clock that leapt ahead, or stands before this program was built, opens no
    day: `DayNotConfirmed`. What yesterday left expires; a turn being served may still finish until 04:00.
    """
    today, another = tx.mall.day(tx.now), _is_another(tx)
    if another:
        _refuse_strange_clock(tx.log.was)
        _open_day(tx, today)
        _expire_line(tx, tx.log.was.day)
        _mark(tx, today, ended=False)
    _end_days_before(tx, last_ended(tx.mall, tx.now))
    if _ends_yesterday(tx, tx.log.was.day_ended and not another):
        _mark(tx, tx.log.day, ended=True)
    if another:
        miss_unclaimed(tx)


def last_ended(mall: Mall, now: datetime) -> date:
    """The day that began after the last 04:00: all days before it have ended."""
    return mall.day(now - LAST_HOURS)


def next_end(mall: Mall, now: datetime) -> datetime:
    """The next 04:00 of the mall."""
    tomorrow = last_ended(mall, now) + timedelta(days=1)
    return datetime.combine(tomorrow, LAST_SERVICE, mall.timezone)


def confirm(command: Command, mall: Mall) -> None:
    """A supervisor says that the date is right after all; the next writing action opens the day."""
    with command.db.transaction(mall.mall_id, command.principal.actor) as (_, log):
        log.record(DayConfirmed(), About(after=mall.day(clock.now()).isoformat()))


def is_strange(session: Session, mall: Mall, now: datetime) -> bool:
    """Whether the next writing action would be refused until somebody confirms the date."""
    head = LogHead._make(session.execute(select(*HEAD).where(LOG.c.mall_id == mall.mall_id)).one())
    if head.day is not None and mall.day(now) <= head.day:
        return False
    try:
        _refuse_strange_clock(head)
    except DayNotConfirmed:
        return True
    return False


def _is_another(tx: Transaction) -> bool:
    day = tx.log.was.day
    return day is None or tx.mall.day(tx.now) > day


def _ends_yesterday(tx: Transaction, ended: bool) -> bool:
    return not ended and tx.now.astimezone(tx.mall.timezone).time() >= LAST_SERVICE


def _refuse_strange_clock(head: LogHead) -> None:
    if clock.now() < clock.BUILT:
        raise DayNotConfirmed
    if head.last_at and clock.leapt(head.last_at, head.last_uptime or 0.0, head.last_boot or ""):
        raise DayNotConfirmed


def _open_day(tx: Transaction, today: date) -> None:
    tx.log.day = today
    tx.log.record(DayOpened(), About(zones=tx.mall.zones, after=today.isoformat()))


def _end_days_before(tx: Transaction, today: date) -> None:
    """At 04:00 what was still being served expires, and counters that nobody closed are closed."""
    _expire_served(tx, today)
    busy = set(tx.session.scalars(select(Turn.counter_id).where(*_at_counters(tx), Turn.day >= today)))
    left_open = select(CounterState).where(
        CounterState.mall_id == tx.mall.mall_id, CounterState.open, CounterState.opened_at.is_not(None)
    )
    for counter in tx.session.scalars(left_open):
        if counter.opened_at and tx.mall.day(counter.opened_at) < today and counter.id not in busy:
            counter.close(tx.log, "day_ended", busy=False)
    _lift_notices(tx)


def _expire_line(tx: Transaction, day: date | None) -> None:
    """End what was left unfinished on the day that the log leaves; the days before ended in the same way."""
    _expire(tx, Turn.mall_id == tx.mall.mall_id, Turn.day == day, Turn.state.in_(UNFINISHED))


def _expire_served(tx: Transaction, today: date) -> None:
    """End the turns from before this day that are still being served."""
    _expire(tx, *_at_counters(tx), Turn.state == State.SERVING, Turn.day < today)


def _expire(tx: Transaction, *left: ColumnElement[bool]) -> None:
    for turn in tx.session.scalars(select(Turn).where(*left).order_by(Turn.joined_seq, Turn.id)):
        counter = tx.mall.counters.get(turn.counter_id) if turn.counter_id else None
        turn.expire(tx.log, counter)


def _at_counters(tx: Transaction) -> tuple[ColumnElement[bool], ...]:
    """The turns that are at a counter of the mall now."""
    return Turn.counter_id.in_(list(tx.mall.counters)), IS_ACTIVE


def _lift_notices(tx: Transaction) -> None:
    """A disturbance ends with its day; an emergency never by itself."""
    raised = select(Notice).where(Notice.mall_id == tx.mall.mall_id, Notice.ended_at.is_(None))
    for notice in tx.session.scalars(raised.order_by(Notice.id)):
        if is_over(notice.kind, notice.raised_at, tx.mall, tx.now):
            notice.lift(tx.log, "day_ended")


def miss_unclaimed(tx: Transaction) -> int:
    """Appointments for which nobody came in time are missed; how many there were."""
    left = unclaimed(tx.session, tx.mall, tx.now)
    for appointment in left:
        appointment.miss(tx.log)
    return len(left)


def unclaimed(session: Session, mall: Mall, now: datetime) -> Sequence[Appointment]:
    """The appointments for which nobody came within the mall's tolerance, in the order of their booking."""
    last = now - timedelta(minutes=mall.how.checkin_tolerance_minutes)
    left = select(Appointment).where(
        Appointment.mall_id == mall.mall_id,
        Appointment.state == written(Booked.BOOKED),
        Appointment.slot_at < last,
    )
    return session.scalars(left.order_by(Appointment.id)).all()


def _mark(tx: Transaction, day: date, ended: bool) -> None:
    """Keep which day the log is of, and whether the day before has ended."""
    mine = update(LOG).where(LOG.c.mall_id == tx.mall.mall_id)
    tx.session.execute(mine.values(day=day, day_ended=ended))
