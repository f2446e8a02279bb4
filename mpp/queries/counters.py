"""The counters as staff see them: who holds which, and who is called where."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.mall import Mall
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.lines import waiting_counts

COUNTER, TURN = table(CounterState), table(Turn)


def counters(session: Session, mall: Mall, agency_id: int | None, day: date) -> list[dict[str, Any]]:
    """Every counter of the mall, or of one agency, in the order of the desks."""
    is_open = select(COUNTER).where(COUNTER.c.mall_id == mall.mall_id, COUNTER.c.open)
    opened = {row.id: row for row in session.execute(is_open)}
    shown = {
        row.counter_id: row
        for row in session.execute(
            select(TURN.c.counter_id, TURN.c.label, TURN.c.state).where(
                TURN.c.mall_id == mall.mall_id, TURN.c.day == day, IS_ACTIVE
            )
        )
    }
    waiting = waiting_counts(session, mall.mall_id, day)
    return [
        {
            "id": place.id,
            "name": place.name,
            "agency": place.agency.code,
            "agency_name": place.agency.short_name,
            "zone": place.zone.code,
            "zone_name": place.zone.name,
            "floor": place.zone.floor,
            "serves": [queue.name for queue in place.queues],
            "waiting": sum(waiting.get(queue.id, 0) for queue in place.queues),
            "open": place.id in opened,
            "state": _state(opened.get(place.id)),
            "holder_id": opened[place.id].holder_id if place.id in opened else None,
            "pause": pause_row(mall, opened[place.id]) if place.id in opened else None,
            "label": shown[place.id].label if place.id in shown else None,
            "turn_state": shown[place.id].state if place.id in shown else None,
        }
        for place in mall.counters.values()
        if agency_id in (None, place.agency.id)
    ]


def pause_row(mall: Mall, counter: Any) -> dict[str, Any] | None:
    """Why a counter pauses, since when, and until when as planned; None while it works."""
    if counter.paused_at is None:
        return None
    until = counter.paused_until
    return {
        "reason": counter.pause_reason,
        "since": counter.paused_at.astimezone(mall.timezone).isoformat(timespec="seconds"),
        "until": until.astimezone(mall.timezone).isoformat(timespec="seconds") if until else None,
    }


def _state(counter: Any) -> str:
    return "closed" if counter is None else "paused" if counter.paused_at else "open"


def held_by(session: Session, mall_id: int, person_id: int) -> int | None:
    """The open counter that a person holds."""
    return session.scalar(
        select(COUNTER.c.id)
        .where(COUNTER.c.mall_id == mall_id, COUNTER.c.holder_id == person_id, COUNTER.c.open)
        .order_by(COUNTER.c.id)
        .limit(1)
    )
