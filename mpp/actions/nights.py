"""What the time itself does: the day before ends at 04:00, unclaimed appointments are missed."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions import days
from mpp.actions.change import writing
from mpp.actions.transaction import Command
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import Busy, RuleBroken
from mpp.domain.log import MallLog
from mpp.domain.principal import Principal
from mpp.queries.malls import mall, mall_codes

LOG = table(MallLog)
AGAIN_AFTER = timedelta(seconds=5)


def end_days(db: Database, mall_id: int) -> bool:
    """End what the days before left, if their 04:00 has passed; whether there was a day to end.

    Raises `DayNotConfirmed` when the date cannot be believed.
    """
    with db.reading() as session:
        if not _left_open(session, mall_id):
            return False
    with writing(Command(db, Principal.scheduler(mall_id))):
        return True


def miss_appointments(db: Database, mall_id: int) -> int:
    """Miss the appointments for which nobody came in time; how many there were."""
    with db.reading() as session:
        if not days.unclaimed(session, mall(session, mall_id), clock.now()):
            return 0
    with writing(Command(db, Principal.scheduler(mall_id))) as tx:
        return days.miss_unclaimed(tx)


class Nights:
    """Lets nobody look at a day that is over: what it left open ends before the first look after 04:00."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._next = datetime.min.replace(tzinfo=UTC)

    def end(self) -> None:
        """End the days of every mall that are over; costs nothing until the next 04:00.

        A mall that cannot write now, or whose date cannot be believed, stays as it is, and is tried again.
        """
        if self._rests():
            return
        with self._lock:
            if not self._rests():
                self._next = clock.now() + AGAIN_AFTER
                with suppress(Busy):
                    self._next = self._end_all()

    def _rests(self) -> bool:
        """Whether the next time lies ahead; if by over a day, a clock that ran ahead has been set right."""
        return timedelta(0) < self._next - clock.now() <= timedelta(days=1)

    def _end_all(self) -> datetime:
        """End what is over; gives the time of the next look, soon when a mall could not be ended."""
        with self._db.reading() as session:
            malls = [mall(session, mall_id) for mall_id, _ in mall_codes(session)]
        soon = clock.now() + AGAIN_AFTER
        times = [days.next_end(here, clock.now()) for here in malls] or [soon]
        for here in malls:
            try:
                end_days(self._db, here.mall_id)
            except RuleBroken:
                times.append(soon)
        return min(times)


def _left_open(session: Session, mall_id: int) -> bool:
    row = session.execute(select(LOG.c.day, LOG.c.day_ended).where(LOG.c.mall_id == mall_id)).one()
    ended = days.last_ended(mall(session, mall_id), clock.now())
    return row.day is not None and (row.day < ended or (row.day == ended and not row.day_ended))
