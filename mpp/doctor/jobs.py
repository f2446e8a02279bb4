"""The scheduled jobs: when each was last done, whether it failed, and whether it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db import Database
from mpp.doctor.finding import Finding, Findings, good, notice
from mpp.domain.calendar import date_words, time_words
from mpp.domain.job import JobRun
from mpp.domain.mall import Mall
from mpp.jobs.runs import Due, Last, last_runs
from mpp.jobs.scheduler import planned
from mpp.queries.malls import mall, mall_codes

LATE_AFTER = timedelta(hours=1)


def examined(db: Database) -> Findings:
    """Each job of each mall; times are those of the mall, or of the first one for the whole installation."""
    with db.reading() as session:
        malls = {mall_id: mall(session, mall_id) for mall_id, _ in mall_codes(session)}
        last = last_runs(session)
        if malls and not last:
            yield notice("Pekerjaan terjadwal belum pernah berjalan; dimulai sendiri oleh mpp serve.")
            return
        for due in planned(session, clock.now(), last) if malls else ():
            here = malls.get(due.mall_id or 0) or next(iter(malls.values()))
            yield _finding(session, due, last.get(due.key), here)


def _finding(session: Session, due: Due, last: Last | None, here: Mall) -> Finding:
    name = f"Pekerjaan {due.job.name}{f' di {here.code}' if due.mall_id else ''}"
    if last is None:
        return notice(f"{name} belum pernah berjalan; dimulai sendiri oleh mpp serve.")
    done = f"terakhir berhasil {_when(last.done, here)}" if last.done else "belum pernah berhasil"
    run = _newest(session, due)
    if last.done != last.begun:
        how = f"gagal ({run.words})" if run.finished else "belum selesai atau terputus"
        return notice(f"{name} {how} pada {_when(last.begun, here)}; {done}.")
    if clock.now() - due.at > LATE_AFTER:
        return notice(f"{name} terlambat sejak {_when(due.at, here)}; {done}. Apakah server berjalan?")
    return good(f"{name} {done}: {run.words}.")


def _newest(session: Session, due: Due) -> JobRun:
    runs = select(JobRun).where(JobRun.job == due.job.name, JobRun.mall_id.is_not_distinct_from(due.mall_id))
    return session.scalars(runs.order_by(JobRun.started.desc(), JobRun.id.desc()).limit(1)).one()


def _when(moment: datetime, here: Mall) -> str:
    return f"{date_words(moment.astimezone(here.timezone).date())}, {time_words(moment, here.timezone)}"
