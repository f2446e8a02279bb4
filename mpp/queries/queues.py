"""What a supervisor sees of every line: who waits, how long, how it went today, and who serves."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import ColumnElement, func, select

from mpp.domain.lateness import target_minutes
from mpp.domain.life import State
from mpp.domain.mall import Queue
from mpp.domain.turn import Turn
from mpp.queries.lines import Staffing, expected_wait, staffing
from mpp.queries.reading import Reading
from mpp.queries.waits import Wait


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line as it is now; times in minutes. `longest_wait` and `median_wait` are None where nobody waited.

    `standard` is the published time at a desk, `target_min` that within which somebody should be called.
    """

    code: str
    name: str
    agency: str
    agency_name: str
    zone: str
    zone_name: str
    standard: int
    target_min: int
    waiting: int
    longest_wait: float | None
    median_wait: float | None
    served: int
    missed: int
    parked: int
    counters: int
    open_counters: int
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class Queues:
    """Every queue of the mall, or of one agency, at a moment of its service day."""

    seq: int
    at: datetime
    day: date
    queues: list[QueueRow]


@dataclass(frozen=True, slots=True)
class Line:
    """How many turns of a queue are in which state today; `oldest` is since when the first one waits."""

    waiting: int = 0
    served: int = 0
    missed: int = 0
    parked: int = 0
    oldest: datetime | None = None
    median_wait: float | None = None


def queues(reading: Reading, agency_id: int | None) -> Queues:
    """How all lines stand, or those of an agency."""
    mall = reading.mall
    lines, staff = _lines(reading), staffing(reading.session, mall.mall_id)
    rows = [
        _row(queue, lines.get(queue.id, Line()), staff.get(queue.id, Staffing()), reading.now)
        for queue in mall.queues.values()
        if agency_id in (None, queue.agency.id)
    ]
    return Queues(reading.seq, reading.now.astimezone(mall.timezone), reading.day, rows)


def _row(queue: Queue, line: Line, staff: Staffing, now: datetime) -> QueueRow:
    longest = round(max(0.0, (now - line.oldest).total_seconds() / 60), 1) if line.oldest else None
    return QueueRow(
        code=queue.code,
        name=queue.name,
        agency=queue.agency.code,
        agency_name=queue.agency.short_name,
        zone=queue.agency.zone.code,
        zone_name=queue.agency.zone.name,
        standard=queue.minutes,
        target_min=target_minutes(queue),
        waiting=line.waiting,
        longest_wait=longest,
        median_wait=line.median_wait,
        served=line.served,
        missed=line.missed,
        parked=line.parked,
        counters=staff.counters,
        open_counters=staff.open,
        wait=Wait.of(expected_wait(queue, line.waiting, staff, now)),
    )


def _lines(reading: Reading) -> dict[int, Line]:
    """How each queue stands today, by its id; a queue without turns is absent."""

    def of(state: State) -> ColumnElement[int]:
        return func.count().filter(Turn.state == state.value)

    medians = _medians(reading)
    rows = reading.session.execute(
        select(
            Turn.queue_id,
            of(State.WAITING),
            of(State.DONE),
            of(State.MISSED),
            of(State.PARKED),
            func.min(Turn.joined_at).filter(Turn.state == State.WAITING.value),
        )
        .where(Turn.mall_id == reading.mall.mall_id, Turn.day == reading.day)
        .group_by(Turn.queue_id)
    )
    return {
        queue: Line(waiting, served, missed, parked, oldest, medians.get(queue))
        for queue, waiting, served, missed, parked, oldest in rows
    }


def _medians(reading: Reading) -> dict[int, float]:
    """The median in minutes from joining to the first call, of today's calls, by queue id."""
    waits: dict[int, list[float]] = defaultdict(list)
    rows = reading.session.execute(
        select(Turn.queue_id, Turn.joined_at, Turn.first_called_at).where(
            Turn.mall_id == reading.mall.mall_id, Turn.day == reading.day, Turn.first_called_at.is_not(None)
        )
    )
    for queue_id, joined, called in rows:
        if joined and called:
            waits[queue_id].append((called - joined).total_seconds() / 60)
    return {queue_id: round(median(each), 1) for queue_id, each in waits.items()}
