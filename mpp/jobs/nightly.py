"""The jobs of an installation: the end of the day, and what is forgotten when its time has come."""

from datetime import time, timedelta

from mpp.actions import forgetting, nights
from mpp.actions.days import LAST_SERVICE
from mpp.db import Database
from mpp.jobs.register import JOBS, daily, every, job, mall_job
from mpp.soundness import Unsound, flaws

__all__ = ["JOBS"]


@mall_job("end-day", daily(LAST_SERVICE))
def end_day(db: Database, mall_id: int) -> str:
    """What was left of the days before ends at 04:00, also when nobody comes in the morning."""
    return "hari ditutup" if nights.end_days(db, mall_id) else "tidak ada hari yang perlu ditutup"


@mall_job("miss-appointments", every(timedelta(minutes=5)))
def miss_appointments(db: Database, mall_id: int) -> str:
    """Appointments for which nobody came in time are missed."""
    return f"{nights.miss_appointments(db, mall_id)} janji temu terlewat"


@mall_job("forget-notes", daily(time(4, 10)))
def forget_notes(db: Database, mall_id: int) -> str:
    """What officers wrote longer ago than the mall keeps it is erased."""
    return f"{forgetting.forget_notes(db, mall_id)} catatan dihapus"


@job("forget-intents", every(timedelta(hours=6)))
def forget_intents(db: Database) -> str:
    """Answers that nobody will ask for again are forgotten after seven days."""
    return f"{forgetting.forget_intents(db)} jawaban dilupakan"


@job("forget-runs", every(timedelta(hours=24)))
def forget_runs(db: Database) -> str:
    """Runs of these jobs are kept for 14 days."""
    return f"{forgetting.forget_runs(db)} catatan pekerjaan dihapus"


@job("look-at-database", daily(time(19, 30)))
def look_at_database(db: Database) -> str:
    """Damage is found at night, half past two to half past four in Indonesia. Raises `Unsound`."""
    if found := [flaw.sentence for flaw in flaws(db)]:
        raise Unsound(" ".join(found))
    return "basis data utuh"
