"""The runs of the scheduled jobs as the database keeps them: begun, ended, and the last of each."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.job import MOST_WORDS, JobRun, Outcome
from mpp.jobs.lease import Holder
from mpp.jobs.register import Job

RUN = table(JobRun)
WAS_DONE = case((RUN.c.outcome == Outcome.DONE.value, RUN.c.started))
Key = tuple[str, int | None]


class Due(NamedTuple):
    """A job that is due, of which mall, and since when."""

    job: Job
    mall_id: int | None
    at: datetime

    @property
    def key(self) -> Key:
        return self.job.name, self.mall_id


class Last(NamedTuple):
    """When a job was last begun, and when it was last begun and done."""

    begun: datetime
    done: datetime | None


def last_runs(session: Session) -> dict[Key, Last]:
    """The last runs by job and mall; a job that never ran is absent."""
    rows = session.execute(
        select(RUN.c.job, RUN.c.mall_id, func.max(RUN.c.started), func.max(WAS_DONE)).group_by(
            RUN.c.job, RUN.c.mall_id
        )
    )
    return {(name, mall_id): Last(begun, done) for name, mall_id, begun, done in rows}


def begin(db: Database, lease: Holder, due: Due) -> int | None:
    """Note that a run begins, and give its id; None when another process took the lease."""
    with db.jotting() as session:
        if not lease.still_holds(session):
            return None
        run = JobRun(job=due.job.name, mall_id=due.mall_id, due=due.at, started=clock.now())
        session.add(run)
        session.flush()
        return run.id


def end(db: Database, run_id: int, outcome: Outcome, words: str) -> None:
    """Note how a run ended."""
    with db.jotting() as session:
        if run := session.get(JobRun, run_id):
            run.finished, run.outcome, run.words = clock.now(), outcome.value, words[:MOST_WORDS]
