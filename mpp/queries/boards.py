"""What a lobby display shows: the calls of its zone, its counters, its lines, and what is to be known now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.announcement import announcement
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.hours import zone_label
from mpp.domain.log import MallLog
from mpp.domain.mall import Counter, Mall, Zone
from mpp.domain.notice import pause_sentence
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.counters import Pause, pause_of
from mpp.queries.lines import waiting_counts
from mpp.queries.notices import notices

TURN, COUNTER, LOG = table(Turn), table(CounterState), table(MallLog)
SHOWN_CALLS = 12


def board(session: Session, mall: Mall, code: str, now: datetime) -> dict[str, Any]:
    """The zone as it is: calls newest first, at most 12. `seq` is the zone's newest."""
    zone = mall.zone(code)
    log = session.execute(select(LOG.c.zone_seqs, LOG.c.day).where(LOG.c.mall_id == mall.mall_id)).one()
    day = mall.service_day(now, log.day)
    calls = _calls(session, mall, zone, day)
    counters = _counters(session, mall, zone, calls, now)
    return {
        "seq": log.zone_seqs.get(code, 0),
        "at": now.astimezone(mall.timezone).isoformat(),
        "mall": {
            "name": mall.name,
            "timezone": mall.timezone.key,
            "timezone_label": zone_label(mall.timezone),
        },
        "zone": {"code": zone.code, "name": zone.name, "floor": zone.floor},
        "calls": calls[:SHOWN_CALLS],
        "counters": counters,
        "queues": _queues(session, mall, zone, day),
        "notices": [
            *(shown_notice(row, code) for row in notices(session, mall, now) if code in row["zones"]),
            *_pauses(counters, code),
        ],
    }


def call_row(
    mall: Mall, place: Counter, label: str, call: int, seq: int, nth: int, at: datetime, state: str
) -> dict[str, Any]:
    """One call as displays show and speak it; never anything about the person."""
    spoken = announcement(
        label, place.name, place.agency.short_name, nth, mall.rules.get("numbers_style", "number")
    )
    return {
        "call": call,
        "seq": seq,
        "label": label,
        "counter": place.name,
        "counter_id": place.id,
        "agency": place.agency.short_name,
        "zone": place.zone.code,
        "at": at.astimezone(mall.timezone).isoformat(),
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


def shown_pause(mall: Mall, counter: Any, now: datetime) -> dict[str, Any] | None:
    """Why a counter calls nobody, as displays show it; None while it works."""
    if (pause := pause_of(mall, counter)) is None:
        return None
    why = (counter.pause_reason, counter.paused_until, now, mall.timezone)
    return {**plain_pause(pause), "text": pause_sentence(mall.counters[counter.id].name, *why)}


def plain_pause(pause: Pause) -> dict[str, Any]:
    return {
        "reason": pause.reason,
        "since": pause.since.isoformat(),
        "until": pause.until.isoformat() if pause.until else None,
    }


def _calls(session: Session, mall: Mall, zone: Zone, day: date) -> list[dict[str, Any]]:
    here = [place.id for place in mall.counters.values() if place.zone == zone]
    rows = session.execute(
        select(TURN)
        .where(TURN.c.counter_id.in_(here), TURN.c.day == day, IS_ACTIVE)
        .where(TURN.c.call_seq.is_not(None))  # whoever is served without a number was never called
        .order_by(TURN.c.spoken_seq.desc())
    )
    return [
        call_row(
            mall,
            mall.counters[row.counter_id],
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
    session: Session, mall: Mall, zone: Zone, calls: list[dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    is_open = select(COUNTER).where(COUNTER.c.mall_id == mall.mall_id, COUNTER.c.open)
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
            "pause": shown_pause(mall, opened[place.id], now) if place.id in opened else None,
            "label": labels.get(place.id),
        }
        for place in mall.counters.values()
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


def _queues(session: Session, mall: Mall, zone: Zone, day: date) -> list[dict[str, Any]]:
    counts = waiting_counts(session, mall.mall_id, day)
    return [
        {
            "code": queue.code,
            "name": queue.name,
            "agency": queue.agency.short_name,
            "waiting": counts.get(queue.id, 0),
        }
        for queue in mall.queues.values()
        if queue.agency.zone == zone
    ]
