"""The scheduled jobs: each is declared once, with its name and its times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from mpp.db import Database

When = Callable[[tzinfo], BaseTrigger]
MallTask = Callable[[Database, int], str]
Task = Callable[[Database], str]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at certain times: of each mall, by the mall's own clock, or of the whole installation.

    A task gives one line that says what it did. It must bear to be done twice.
    """

    name: str
    when: When
    of_mall: MallTask | None = None
    of_all: Task | None = None

    def due_after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The first time after a moment at which it is due."""
        trigger = self.when(zone)
        due: datetime = trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
        return due

    def run(self, db: Database, mall_id: int | None) -> str:
        """Do it now, for a mall if it is of malls; whatever the task raises, rises."""
        if mall_id is not None and self.of_mall:
            return self.of_mall(db, mall_id)
        return self.of_all(db) if self.of_all else ""


JOBS: dict[str, Job] = {}


def daily(at: time) -> When:
    """Every day at this time of the mall."""
    return lambda zone: CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)


def every(interval: timedelta) -> When:
    """Again and again, with this long between."""
    return lambda zone: IntervalTrigger(
        seconds=int(interval.total_seconds()), start_date=EPOCH, timezone=zone
    )


def mall_job(name: str, when: When) -> Callable[[MallTask], MallTask]:
    """Declare a job of each mall: its function takes the database and the mall's id."""

    def declare(task: MallTask) -> MallTask:
        JOBS[name] = Job(name, when, of_mall=task)
        return task

    return declare


def job(name: str, when: When) -> Callable[[Task], Task]:
    """Declare a job of the whole installation, timed in UTC."""

    def declare(task: Task) -> Task:
        JOBS[name] = Job(name, when, of_all=task)
        return task

    return declare
