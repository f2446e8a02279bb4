"""The one follower of the log: each process reads what was committed, and hands it to its subscribers."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.entry import Entry
from mpp.domain.errors import Busy
from mpp.domain.log import Event, MallLog
from mpp.domain.mall import Mall
from mpp.queries.malls import mall

EVENT, LOG = table(Event), table(MallLog)
LOOK_S = 1.0
# After a look, what is committed within this time is read in the next one; a single change is told at once.
APART_S = 0.05
MOST_AT_ONCE = 500
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Committed:
    """One committed entry of a mall's log; `sealed` holds its exact bytes."""

    seq: int
    sealed: bytes

    def read(self) -> Entry:
        """What it says. Raises `LookupError`, `TypeError` or `ValueError` when its bytes are no entry."""
        return Entry.read(self.sealed)


class Head(NamedTuple):
    """Where a mall's log stood at a look: its newest entry, and the newest of each zone."""

    seq: int
    zone_seqs: dict[str, int]


class Subscriber:
    """Somebody who hears of every entry once in this process, in the order of the log.

    Each has a thread of its own: one that is slow or fails holds up nobody else. Entries wait in memory for
    one that is slow (about 1 kB each).
    """

    def heard(self, mall: Mall, entries: Sequence[Committed]) -> None:
        """The next entries of a mall's log, at least one; an error is logged, and the next batch comes."""

    def looked(self, mall: Mall, head: Head) -> None:
        """After each look, at least once a second: where the log stands. All entries up to it were heard."""


class Follower:
    """Follows the log of every mall, without a gap, from where it stood when this process started."""

    def __init__(self, db: Database, redis_url: str = "") -> None:
        self._db = db
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._told: dict[int, int] = {}
        self._looked_at = 0.0
        self._hearers: list[_Hearer] = []
        db.listeners.append(lambda mall_id, seq: self._woken.set())
        if redis_url:
            from mpp.live.wake import Wake  # brings the Redis client, which a server alone does without

            Wake(redis_url, self._woken.set).start(db)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Hand this one everything that is committed from the start on; before `start`."""
        self._hearers.append(_Hearer(subscriber))

    def start(self) -> None:
        with self._db.reading() as session:
            self._told = {row.mall_id: row.seq for row in session.execute(select(LOG.c.mall_id, LOG.c.seq))}
        for hearer in self._hearers:
            hearer.start()
        threading.Thread(target=self._follow, name="follower", daemon=True).start()

    def stop(self) -> None:
        """Follow no further; what was read already is still handed over."""
        self._stopped.set()
        self._woken.set()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._woken.wait(LOOK_S)
            self._stopped.wait(self._looked_at + APART_S - time.monotonic())
            self._woken.clear()
            self._looked_at = time.monotonic()
            try:
                self._look()
            except (Busy, SQLAlchemyError) as error:
                log.warning("follower_waits", cause=repr(error.__cause__ or error))

    def _look(self) -> None:
        with self._db.reading() as session:
            heads = session.execute(
                select(LOG.c.mall_id, LOG.c.seq, LOG.c.zone_seqs, LOG.c.plan_version)
            ).all()
            for head in heads:
                here = mall(session, head.mall_id, head.plan_version)
                self._tell_new(session, here, head.seq)
                for hearer in self._hearers:
                    hearer.tell(partial(hearer.subscriber.looked, here, Head(head.seq, head.zone_seqs)))

    def _tell_new(self, session: Session, here: Mall, seq: int) -> None:
        # An older log may have been restored in place of the one that was told.
        told = self._told[here.mall_id] = min(self._told.get(here.mall_id, 0), seq)
        while told < seq:
            rows = session.execute(
                select(EVENT.c.seq, EVENT.c.sealed)
                .where(EVENT.c.mall_id == here.mall_id, EVENT.c.seq > told)
                .order_by(EVENT.c.seq)
                .limit(MOST_AT_ONCE)
            ).all()
            told = rows[-1].seq if rows else seq
            self._told[here.mall_id] = told
            if rows:
                entries = [Committed(*row) for row in rows]
                for hearer in self._hearers:
                    hearer.tell(partial(hearer.subscriber.heard, here, entries))


class _Hearer:
    """One subscriber, what waits for it, and the thread in which it hears."""

    def __init__(self, subscriber: Subscriber) -> None:
        self.subscriber = subscriber
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def start(self) -> None:
        name = type(self.subscriber).__name__.lower()
        threading.Thread(target=self._hear, name=f"hears-{name}", daemon=True).start()

    def tell(self, news: Callable[[], None]) -> None:
        self._waiting.put(news)

    def _hear(self) -> None:
        while True:
            news = self._waiting.get()
            try:
                news()
            except Exception as error:  # the outer edge of this thread: the next news must be heard
                log.error("subscriber_failed", who=type(self.subscriber).__name__, exc_info=error)
