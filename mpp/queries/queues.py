"""What a supervisor sees of every line: who waits, how long, how it went today, and who serves."""

from collections import defaultdict
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.life import State
from mpp.domain.log import MallLog
from mpp.domain.mall import Mall
from mpp.domain.turn import Turn
from mpp.queries.lines import Staffing, expected_wait, staffing

TURN, LOG = table(Turn), table(MallLog)


def queues(session: Session, mall: Mall, agency_id: int | None, now: datetime) -> dict[str, Any]:
    """Every queue of the mall, or of one agency; waits in minutes, None where nobody waited."""
    log = session.execute(select(LOG.c.seq, LOG.c.day).where(LOG.c.mall_id == mall.mall_id)).one()
    day = mall.service_day(now, log.day)
    lines = _lines(session, mall, day)
    waits = _waits(session, mall, day)
    staff = staffing(session, mall.mall_id)
    return {
        "seq": log.seq,
        "at": now.astimezone(mall.timezone).isoformat(),
        "day": day.isoformat(),
        "queues": [
            _row(mall, queue, lines.get(queue.id), waits[queue.id], staff.get(queue.id, Staffing()), now)
            for queue in mall.queues.values()
            if agency_id in (None, queue.agency.id)
        ],
    }


def _row(
    mall: Mall, queue: Any, line: Any, waits: list[float], staff: Staffing, now: datetime
) -> dict[str, Any]:
    waiting = line.waiting if line else 0
    longest = (now - line.oldest).total_seconds() / 60 if line and line.oldest else None
    wait = expected_wait(queue, waiting, staff, now)
    return {
        "code": queue.code,
        "name": queue.name,
        "agency": queue.agency.code,
        "agency_name": queue.agency.short_name,
        "zone": queue.agency.zone.code,
        "zone_name": queue.agency.zone.name,
        "standard": queue.minutes,
        "waiting": waiting,
        "longest_wait": round(max(0.0, longest), 1) if longest is not None else None,
        "median_wait": round(median(waits), 1) if waits else None,
        "served": line.served if line else 0,
        "missed": line.missed if line else 0,
        "parked": line.parked if line else 0,
        "counters": staff.counters,
        "open_counters": staff.open,
        "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text()} if wait else None,
    }


def _lines(session: Session, mall: Mall, day: date) -> dict[int, Any]:
    def of(*states: State) -> Any:
        return func.count().filter(TURN.c.state.in_(states))

    rows = session.execute(
        select(
            TURN.c.queue_id,
            of(State.WAITING).label("waiting"),
            of(State.DONE).label("served"),
            of(State.MISSED).label("missed"),
            of(State.PARKED).label("parked"),
            func.min(TURN.c.joined_at).filter(TURN.c.state == State.WAITING).label("oldest"),
        )
        .where(TURN.c.mall_id == mall.mall_id, TURN.c.day == day)
        .group_by(TURN.c.queue_id)
    )
    return {row.queue_id: row for row in rows}


def _waits(session: Session, mall: Mall, day: date) -> dict[int, list[float]]:
    """The first waits of today in minutes, from joining to the first call, by queue id."""
    waits: dict[int, list[float]] = defaultdict(list)
    rows = session.execute(
        select(TURN.c.queue_id, TURN.c.joined_at, TURN.c.first_called_at).where(
            TURN.c.mall_id == mall.mall_id, TURN.c.day == day, TURN.c.first_called_at.is_not(None)
        )
    )
    for queue_id, joined, called in rows:
        waits[queue_id].append((called - joined).total_seconds() / 60)
    return waits
