"""What a lobby display shows: the calls of its zone, its counters, its lines, and what is to be known now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.announcement import announcement
from mpp.domain.base import table
from mpp.domain.counter import Counter
from mpp.domain.hours import zone_label
from mpp.domain.log import MallLog
from mpp.domain.notice import pause_sentence
from mpp.domain.plan import CounterPlan, Plan, ZonePlan
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.counters import pause_row
from mpp.queries.lines import waiting_counts
from mpp.queries.notices import notices

TURN, COUNTER, LOG = table(Turn), table(Counter), table(MallLog)
SHOWN_CALLS = 12


def board(session: Session, plan: Plan, code: str, now: datetime) -> dict[str, Any]:
    """The zone as it is: calls newest first, at most 12. `seq` is the zone's newest."""
    zone = plan.zone(code)
    log = session.execute(select(LOG.c.zone_seqs, LOG.c.day).where(LOG.c.mall_id == plan.mall_id)).one()
    day = plan.service_day(now, log.day)
    calls = _calls(session, plan, zone, day)
    counters = _counters(session, plan, zone, calls, now)
    return {
        "seq": log.zone_seqs.get(code, 0),
        "at": now.astimezone(plan.timezone).isoformat(),
        "mall": {
            "name": plan.name,
            "timezone": plan.timezone.key,
            "timezone_label": zone_label(plan.timezone),
        },
        "zone": {"code": zone.code, "name": zone.name, "floor": zone.floor},
        "calls": calls[:SHOWN_CALLS],
        "counters": counters,
        "queues": _queues(session, plan, zone, day),
        "notices": [
            *(shown_notice(row, code) for row in notices(session, plan, now) if code in row["zones"]),
            *_pauses(counters, code),
        ],
    }


def call_row(
    plan: Plan, place: CounterPlan, label: str, call: int, seq: int, nth: int, at: datetime, state: str
) -> dict[str, Any]:
    """One call as displays show and speak it; never anything about the person."""
    spoken = announcement(
        label, place.name, place.agency.short_name, nth, plan.rules.get("numbers_style", "number")
    )
    return {
        "call": call,
        "seq": seq,
        "label": label,
        "counter": place.name,
        "counter_id": place.id,
        "agency": place.agency.short_name,
        "zone": place.zone.code,
        "at": at.astimezone(plan.timezone).isoformat(),
        "nth": nth,
        "state": state,
        "sentence": spoken.sentence,
        "clips": list(spoken.clips),
    }


def shown_notice(row: dict[str, Any], zone: str) -> dict[str, Any]:
    """A notice as the displays of a zone show it."""
    names = ("kind", "since", "until", "text", "number")
    shown: dict[str, Any] = {name: row[name] for name in names if name in row}
    return {**shown, "agency": row["agency_name"], "counter": None, "zone": zone}


def shown_pause(plan: Plan, counter: Any, now: datetime) -> dict[str, Any] | None:
    """Why a counter calls nobody, as displays show it; None while it works."""
    if (pause := pause_row(plan, counter)) is None:
        return None
    why = (counter.pause_reason, counter.paused_until, now, plan.timezone)
    return {**pause, "text": pause_sentence(counter.name, *why)}


def _calls(session: Session, plan: Plan, zone: ZonePlan, day: date) -> list[dict[str, Any]]:
    here = [place.id for place in plan.counters.values() if place.zone == zone]
    rows = session.execute(
        select(TURN)
        .where(TURN.c.counter_id.in_(here), TURN.c.day == day, IS_ACTIVE)
        .where(TURN.c.call_seq.is_not(None))  # whoever is served without a number was never called
        .order_by(TURN.c.spoken_seq.desc())
    )
    return [
        call_row(
            plan,
            plan.counters[row.counter_id],
            row.label,
            row.call_seq,
            row.spoken_seq,
            row.nth,
            row.called_at,
            row.state,
        )
        for row in rows
    ]


def _counters(
    session: Session, plan: Plan, zone: ZonePlan, calls: list[dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    is_open = select(COUNTER).where(COUNTER.c.mall_id == plan.mall_id, COUNTER.c.open)
    opened = {row.id: row for row in session.execute(is_open)}
    labels = {call["counter_id"]: call["label"] for call in calls}
    return [
        {
            "id": place.id,
            "name": place.name,
            "agency": place.agency.short_name,
            "queues": [queue.code for queue in place.queues],
            "serves": [queue.name for queue in place.queues],
            "open": place.id in opened and opened[place.id].paused_at is None,
            "pause": shown_pause(plan, opened[place.id], now) if place.id in opened else None,
            "label": labels.get(place.id),
        }
        for place in plan.counters.values()
        if place.zone == zone
    ]


def _pauses(counters: list[dict[str, Any]], zone: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "pause",
            **{name: counter["pause"][name] for name in ("since", "until", "text")},
            "agency": counter["agency"],
            "counter": counter["name"],
            "zone": zone,
        }
        for counter in counters
        if counter["pause"]
    ]


def _queues(session: Session, plan: Plan, zone: ZonePlan, day: date) -> list[dict[str, Any]]:
    counts = waiting_counts(session, plan.mall_id, day)
    return [
        {
            "code": queue.code,
            "name": queue.name,
            "agency": queue.agency.short_name,
            "waiting": counts.get(queue.id, 0),
        }
        for queue in plan.queues.values()
        if queue.agency.zone == zone
    ]
