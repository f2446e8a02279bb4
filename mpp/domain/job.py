"""What is done at its time without anybody asking: who may do it, and each run of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, Moment

MOST_WORDS = 200
# Who the log names when nobody asked for what was done.


class Outcome(StrEnum):
    """How a run ended; one that was broken off has none."""

    DONE = "done"
    FAILED = "failed"


class Lease(Base):
    """The right of one process, on whatever machine, to do something alone until a moment.

    `fence` grows with each change of the holder: who holds an older one is the holder no more.
    """

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(Moment)
    fence: Mapped[int] = mapped_column(BigInteger)


class JobRun(Base):
    """One run of a scheduled job, of a mall or (None) of the whole installation.

    `due` is the moment for which it was planned, `words` one line about what it did or why it failed.
    """

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_job", "job", "mall_id", "started"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    mall_id: Mapped[int | None] = mapped_column(ForeignKey("mall.id"))
    due: Mapped[datetime] = mapped_column(Moment)
    started: Mapped[datetime] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(String(MOST_WORDS))
