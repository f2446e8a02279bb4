"""The counters as staff see them: who holds which, who is called where, and who would be called next."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import Counter
from mpp.domain.errors import NobodyWaiting
from mpp.domain.order import Waiting, next_for_counter
from mpp.domain.plan import CounterPlan, Plan
from mpp.domain.turn import ACTIVE, Turn
from mpp.queries.lines import waiting_counts

COUNTER, TURN = table(Counter), table(Turn)


def counters(session: Session, plan: Plan, agency_id: int | None, day: date) -> list[dict[str, Any]]:
    """Every counter of the mall, or of one agency, in the order of the desks."""
    opened = {
        row.id: row.holder_id
        for row in session.execute(
            select(COUNTER.c.id, COUNTER.c.holder_id).where(COUNTER.c.mall_id == plan.mall_id, COUNTER.c.open)
        )
    }
    shown = {
        row.counter_id: row
        for row in session.execute(
            select(TURN.c.counter_id, TURN.c.label, TURN.c.state).where(
                TURN.c.mall_id == plan.mall_id, TURN.c.day == day, TURN.c.state.in_(ACTIVE)
            )
        )
    }
    waiting = waiting_counts(session, plan.mall_id, day)
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
            "holder_id": opened.get(place.id),
            "label": shown[place.id].label if place.id in shown else None,
            "state": shown[place.id].state if place.id in shown else None,
        }
        for place in plan.counters.values()
        if agency_id in (None, place.agency.id)
    ]


def held_by(session: Session, mall_id: int, person_id: int) -> int | None:
    """The open counter that a person holds."""
    return session.scalar(
        select(COUNTER.c.id)
        .where(COUNTER.c.mall_id == mall_id, COUNTER.c.holder_id == person_id, COUNTER.c.open)
        .order_by(COUNTER.c.id)
        .limit(1)
    )


def next_turn(place: CounterPlan, line: list[dict[str, Any]]) -> int | None:
    """Which turn of a line (each queue's turns in their order) the counter would call now."""
    heads: dict[str, Waiting] = {}
    for rank, row in enumerate(line):
        heads.setdefault(row["queue"], Waiting(row["id"], row["queue"], rank, rank, row["priority"]))
    codes = [queue.code for queue in place.queues]
    try:
        return next_for_counter(list(heads.values()), codes, place.picks, place.prefers_priority).turn
    except NobodyWaiting:
        return None
