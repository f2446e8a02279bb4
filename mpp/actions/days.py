"""The service day: opened by the first writing action of a new local date; nothing resets it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.closing import LOG
from mpp.db import Database
from mpp.domain.appointment import Appointment, Booked
from mpp.domain.base import table, written
from mpp.domain.counter import Counter
from mpp.domain.errors import DayNotConfirmed
from mpp.domain.life import LEFT_OVER, State
from mpp.domain.note import Note
from mpp.domain.notice import Notice, is_over
from mpp.domain.plan import Plan
from mpp.domain.turn import IS_ACTIVE, Turn

if TYPE_CHECKING:
    from mpp.actions.work import Work

NOTE = table(Note)
LAST_SERVICE = time(4, 0)
UNFINISHED = tuple(state for state in LEFT_OVER if state != State.SERVING)


def is_due(work: Work, row: dict[str, Any]) -> bool:
    """Whether the log is still of an earlier day, or what yesterday left has not ended at 04:00."""
    return _is_another(work, row) or _ends_yesterday(work, row["day_ended"])


def roll(work: Work, row: dict[str, Any]) -> bool:
    """Bring the log to today; True when a new day was opened.

    The day never goes back. A clock that leapt ahead, or stands before this program was built, opens no
    day: `DayNotConfirmed`. What yesterday left expires; a turn being served may still finish until 04:00.
    """
    today, another = work.plan.day(work.now), _is_another(work, row)
    if another:
        _refuse_strange_clock(row)
        _open_day(work, today)
        _expire_line(work, row["day"])
        _expire_served(work, today - timedelta(days=1))
        _forget_notes(work)
        _mark(work, day=today, day_ended=False)
    if _ends_yesterday(work, row["day_ended"] and not another):
        _end_yesterday(work, work.log.day)
    if another:
        miss_unclaimed(work)
    return another


def confirm(db: Database, plan: Plan, actor: str) -> None:
    """A supervisor says that the date is right after all; the next writing action opens the day."""
    with db.transaction(plan.mall_id, actor) as (_, log, _row):
        log.record("day_confirmed", after=plan.day(clock.now()).isoformat())


def is_strange(session: Session, plan: Plan, now: datetime) -> bool:
    """Whether the next writing action would be refused until somebody confirms the date."""
    row = dict(session.execute(select(LOG).where(LOG.c.mall_id == plan.mall_id)).mappings().one())
    if row["day"] is not None and plan.day(now) <= row["day"]:
        return False
    try:
        _refuse_strange_clock(row)
    except DayNotConfirmed:
        return True
    return False


def _is_another(work: Work, row: dict[str, Any]) -> bool:
    return row["day"] is None or work.plan.day(work.now) > row["day"]


def _ends_yesterday(work: Work, ended: bool) -> bool:
    return not ended and work.now.astimezone(work.plan.timezone).time() >= LAST_SERVICE


def _refuse_strange_clock(row: dict[str, Any]) -> None:
    if clock.now() < clock.BUILT:
        raise DayNotConfirmed
    if row["last_at"] and clock.leapt(row["last_at"], row["last_uptime"], row["last_boot"] or ""):
        raise DayNotConfirmed


def _open_day(work: Work, today: date) -> None:
    work.log.day = today
    work.log.record("day_opened", zones=work.plan.zones, after=today.isoformat())


def _end_yesterday(work: Work, today: date) -> None:
    """At 04:00 what was still being served expires, and counters that nobody closed are closed."""
    _expire_served(work, today)
    busy = set(work.session.scalars(select(Turn.counter_id).where(*_at_counters(work), Turn.day == today)))
    left_open = select(Counter).where(
        Counter.mall_id == work.plan.mall_id, Counter.open, Counter.opened_at.is_not(None)
    )
    for counter in work.session.scalars(left_open):
        if counter.opened_at and work.plan.day(counter.opened_at) < today and counter.id not in busy:
            counter.close(work.plan.counters[counter.id], work.log, "day_ended", busy=False)
    _lift_notices(work)
    _mark(work, day_ended=True)


def _expire_line(work: Work, day: date | None) -> None:
    """End what was left unfinished on the day that the log leaves; the days before ended in the same way."""
    _expire(work, Turn.mall_id == work.plan.mall_id, Turn.day == day, Turn.state.in_(UNFINISHED))


def _expire_served(work: Work, today: date) -> None:
    """End the turns from before this day that are still being served."""
    _expire(work, *_at_counters(work), Turn.state == State.SERVING, Turn.day < today)


def _expire(work: Work, *left: ColumnElement[bool]) -> None:
    for turn in work.session.scalars(select(Turn).where(*left).order_by(Turn.joined_seq, Turn.id)):
        counter = work.plan.counters.get(turn.counter_id) if turn.counter_id else None
        turn.expire(work.plan.queue_ids[turn.queue_id], work.log, counter)


def _at_counters(work: Work) -> tuple[ColumnElement[bool], ...]:
    """The turns that are at a counter of the mall now."""
    return Turn.counter_id.in_(list(work.plan.counters)), IS_ACTIVE


def _lift_notices(work: Work) -> None:
    """A disturbance ends with its day; an emergency never by itself."""
    raised = select(Notice).where(Notice.mall_id == work.plan.mall_id, Notice.ended_at.is_(None))
    for notice in work.session.scalars(raised.order_by(Notice.id)):
        if is_over(notice.kind, notice.raised_at, work.plan, work.now):
            notice.lift(work.plan, work.log, "day_ended")


def miss_unclaimed(work: Work) -> None:
    """Appointments for which nobody came in time are missed; noted with the next one, or the next day."""
    last = work.now - timedelta(minutes=work.plan.how.checkin_tolerance_minutes)
    left = select(Appointment).where(
        Appointment.mall_id == work.plan.mall_id,
        Appointment.state == written(Booked.BOOKED),
        Appointment.slot_at < last,
    )
    for appointment in work.session.scalars(left.order_by(Appointment.id)):
        appointment.miss(work.plan.queue_ids[appointment.queue_id], work.log)


def _forget_notes(work: Work) -> None:
    """Erase what officers wrote longer ago than the mall keeps it."""
    last = work.now - timedelta(days=work.plan.how.notes_kept_days)
    old = update(NOTE).where(
        NOTE.c.mall_id == work.log.mall_id, NOTE.c.erased_at.is_(None), NOTE.c.made_at < last
    )
    work.session.execute(old.values(text=None, salt=None, erased_at=work.now))


def _mark(work: Work, **values: Any) -> None:
    work.session.execute(update(LOG).where(LOG.c.mall_id == work.plan.mall_id).values(**values))
