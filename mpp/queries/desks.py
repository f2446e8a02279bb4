"""What an officer sees: the counter, the visitor at it, and the line."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.counter import Counter
from mpp.domain.plan import Plan
from mpp.domain.turn import ACTIVE, State, Turn

LONGEST_LINE = 200


def answer(
    session: Session, plan: Plan, counter: Counter, turn: Turn | None, seq: int, now: datetime
) -> dict[str, Any]:
    """The one answer of every verb: the turn it moved, the counter as it is now, and the log's seq."""
    return {
        "turn": turn_row(plan, turn, now) if turn else None,
        "counter": counter_row(counter),
        "seq": seq,
    }


def desk(session: Session, plan: Plan, counter_id: int, day: date, now: datetime, seq: int) -> dict[str, Any]:
    """The whole desk: counter, current turn, and the line in the order of arrival with head starts."""
    counter = session.get_one(Counter, counter_id)
    place = plan.counters[counter_id]
    current = at_desk(session, counter_id, day)
    line = session.scalars(
        select(Turn)
        .where(
            Turn.queue_id.in_([queue.id for queue in place.queues]),
            Turn.day == day,
            Turn.state == State.WAITING.value,
        )
        .order_by(Turn.order_key, Turn.joined_seq)
        .limit(LONGEST_LINE)
    ).all()
    return {
        "turn": turn_row(plan, current, now) if current else None,
        "counter": counter_row(counter),
        "queues": [{"code": queue.code, "name": queue.name} for queue in place.queues],
        "line": [turn_row(plan, turn, now) for turn in line],
        "agency": place.agency.code,
        "zone": place.zone.code,
        "seq": seq,
    }


def at_desk(session: Session, counter_id: int, day: date) -> Turn | None:
    """The turn at a counter: yesterday's while it is still being served, else today's."""
    here = (Turn.day == day) & Turn.state.in_(ACTIVE) | (Turn.state == State.SERVING)
    return session.scalar(select(Turn).where(Turn.counter_id == counter_id, here).order_by(Turn.day).limit(1))


def counter_row(counter: Counter) -> dict[str, Any]:
    holder = f"person:{counter.holder_id}" if counter.holder_id else None
    return {"id": counter.id, "name": counter.name, "open": counter.open, "holder": holder}


def turn_row(plan: Plan, turn: Turn, now: datetime) -> dict[str, Any]:
    """A turn as staff see it; timings in minutes."""
    service = plan.service_ids[turn.service_id]
    return {
        "id": turn.id,
        "ticket": turn.ticket_id,
        "label": turn.label,
        "queue": plan.queue_ids[turn.queue_id].code,
        "service": service.code,
        "service_name": service.name,
        "state": turn.state,
        "nth": turn.nth,
        "calls": turn.calls,
        "priority": turn.priority,
        "arrived_at": _local(plan, turn.arrived_at),
        "called_at": _local(plan, turn.called_at),
        "started_at": _local(plan, turn.started_at),
        "standard": service.desk_minutes,
        "timings": {part: round(spent / 60, 3) for part, spent in turn.spent(now).items()},
    }


def _local(plan: Plan, at: datetime | None) -> str | None:
    return at.astimezone(plan.timezone).isoformat() if at else None
