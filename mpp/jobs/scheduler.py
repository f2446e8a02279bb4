"""The scheduler: one of all server processes runs the jobs that are due, also those that were missed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db import Database
from mpp.domain.errors import Busy, RuleBroken
from mpp.domain.job import Outcome
from mpp.jobs import runs
from mpp.jobs.lease import Holder
from mpp.jobs.nightly import JOBS
from mpp.jobs.runs import Due, Key, Last
from mpp.queries.malls import mall, mall_codes

LEASE = "scheduler"
LOOK_S = 5.0
AT_A_TIME = 2
# What failed is tried again after this time.
AGAIN_AFTER = timedelta(minutes=5)
log = structlog.get_logger()


class Scheduler:
    """Looks every 5 s, by a clock that nobody can set, for what is due by the clock on the wall.

    A job that was missed, however often, is run once. Two run at a time, each in a thread.
    """

    def __init__(self, db: Database) -> None:
        self._db, self._lease = db, Holder(db, LEASE)
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(AT_A_TIME, "job")
        self._running: set[Key] = set()

    def start(self) -> None:
        threading.Thread(target=self._look_again_and_again, name="scheduler", daemon=True).start()

    def stop(self) -> None:
        """Begin no further job."""
        self._stopped.set()

    def due(self) -> list[Due]:
        """What is due now, in the order in which it is declared."""
        with self._db.reading() as session:
            return due_now(session, clock.now())

    def run(self, due: Due) -> None:
        """Run one job now and note how it went; nothing, when another process is the one that runs them."""
        run_id = runs.begin(self._db, self._lease, due) if self._lease.hold() else None
        if run_id is None:
            return
        try:
            outcome, words = Outcome.DONE, due.job.run(self._db, due.mall_id)
        except RuleBroken as error:
            outcome, words = Outcome.FAILED, error.detail
        except Exception as error:  # the outer edge of this thread: a job that fails is tried again
            outcome, words = Outcome.FAILED, repr(error)
            log.error("job_failed", job=due.job.name, mall=due.mall_id, exc_info=error)
        runs.end(self._db, run_id, outcome, words)

    def _look_again_and_again(self) -> None:
        while True:
            try:
                self._look()
            except (Busy, SQLAlchemyError) as error:
                log.warning("scheduler_waits", cause=repr(error.__cause__ or error))
            if self._stopped.wait(LOOK_S):
                return

    def _look(self) -> None:
        if not self._lease.hold():
            return
        for each in self.due():
            if each.key not in self._running:
                self._running.add(each.key)
                self._pool.submit(self._run, each)

    def _run(self, due: Due) -> None:
        try:
            self.run(due)
        except (Busy, SQLAlchemyError) as error:
            log.warning("scheduler_waits", cause=repr(error.__cause__ or error))
        finally:
            self._running.discard(due.key)


def due_now(session: Session, now: datetime) -> list[Due]:
    """The jobs that are due, whoever runs them; what failed a moment ago is not due yet."""
    last = runs.last_runs(session)
    return [
        Due(job, mall_id, at)
        for job, mall_id, at in planned(session, now, last)
        if at <= now and not _rests(last.get((job.name, mall_id)), now)
    ]


def planned(session: Session, now: datetime, last: dict[Key, Last]) -> Iterator[Due]:
    """Every job of every mall with the time at which it is due next; at once, when it was never done."""
    zones = {mall_id: mall(session, mall_id).timezone for mall_id, _ in mall_codes(session)}
    for job in JOBS.values():
        for mall_id in zones if job.of_mall else (None,):
            found = last.get((job.name, mall_id))
            # A run that seems to lie ahead was noted by a clock that has been set right since.
            done = min(found.done, now) if found and found.done else None
            zone = zones[mall_id] if mall_id is not None else UTC
            yield Due(job, mall_id, job.due_after(done, zone) if done else now)


def _rests(last: Last | None, now: datetime) -> bool:
    if last is None or (last.done and last.done >= last.begun):
        return False
    return timedelta(0) <= now - last.begun < AGAIN_AFTER
