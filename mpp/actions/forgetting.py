"""What is forgotten when its time has come: notes, remembered intents, runs of jobs. Nothing of the log."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions.change import writing
from mpp.actions.notes import take_away
from mpp.actions.transaction import Command
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.job import JobRun
from mpp.domain.mall import Mall
from mpp.domain.note import Note
from mpp.domain.people import RememberedIntent
from mpp.domain.principal import Principal
from mpp.queries.malls import mall

INTENT, RUN = table(RememberedIntent), table(JobRun)
INTENTS_KEPT, RUNS_KEPT = timedelta(days=7), timedelta(days=14)


def forget_notes(db: Database, mall_id: int) -> int:
    """Erase what officers wrote longer ago than the mall keeps it; how many notes were erased."""
    with db.reading() as session:
        if not _outlived(session, mall(session, mall_id), clock.now()):
            return 0
    with writing(Command(db, Principal.scheduler(mall_id))) as tx:
        old = _outlived(tx.session, tx.mall, tx.now)
        for note in old:
            take_away(tx, note)
        return len(old)


def forget_intents(db: Database) -> int:
    """Forget the answers that are remembered for seven days; how many were forgotten."""
    old = delete(INTENT).where(INTENT.c.kept.is_(False), INTENT.c.at < clock.now() - INTENTS_KEPT)
    with db.jotting() as session:
        return session.connection().execute(old).rowcount


def forget_runs(db: Database) -> int:
    """Forget the runs of jobs from before the last 14 days; how many were forgotten."""
    with db.jotting() as session:
        old = delete(RUN).where(RUN.c.started < clock.now() - RUNS_KEPT)
        return session.connection().execute(old).rowcount


def _outlived(session: Session, mall: Mall, now: datetime) -> Sequence[Note]:
    last = now - timedelta(days=mall.how.notes_kept_days)
    old = select(Note).where(Note.mall_id == mall.mall_id, Note.erased_at.is_(None), Note.made_at < last)
    return session.scalars(old.order_by(Note.id)).all()
