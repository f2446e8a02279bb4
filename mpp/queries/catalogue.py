"""The catalogue: everything a kiosk asks, shows and refuses by; read often, so built in two halves."""

import json
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp import VERSION
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.hours import Openness, closed_sentence, zone_label
from mpp.domain.log import MallLog
from mpp.domain.mall import Agency, Mall, Queue, Service
from mpp.domain.notice import NoticeKind
from mpp.domain.ticket import ONLINE, QueueDay
from mpp.queries.lines import AT_WORK, Staffing, expected_wait, staffing, waiting_counts
from mpp.queries.notices import emergency_number, notices

COUNTER, QUEUE_DAY, LOG = table(CounterState), table(QueueDay), table(MallLog)


def catalogue(session: Session, mall: Mall, now: datetime) -> tuple[str, str]:
    """The JSON text and its ETag. The tag changes when anything but the time does."""
    moving = _moving(session, mall, now)
    parts = {"day": mall.day(now).isoformat(), **moving}
    changing = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    tag = sha256(f"{VERSION}|{mall.version}|{changing}".encode()).hexdigest()[:32]
    at = now.astimezone(mall.timezone).isoformat(timespec="seconds")
    services = _joined_services(mall, moving.pop("service_states"))
    head = json.dumps({"version": tag, "at": at, "day": parts["day"], **moving}, ensure_ascii=False)
    return f"{head[:-1]},{_still(mall)},{services}}}", tag


@lru_cache(maxsize=8)
def _still(mall: Mall) -> str:
    """What only a change of the structure changes, as the inside of a JSON object."""
    return json.dumps(
        {
            "mall": {
                "code": mall.code,
                "name": mall.name,
                "city": mall.city,
                "timezone": mall.timezone.key,
                "timezone_label": zone_label(mall.timezone),
                "languages": ["id", "en"],
                "emergency": emergency_number(mall),
            },
            "zones": [{"code": z.code, "name": z.name, "floor": z.floor} for z in mall.zones.values()],
            "priorities": [
                {"code": p.code, "name": p.name, "priority": p.priority, **p.facts}
                for p in mall.priorities.values()
            ],
        },
        ensure_ascii=False,
    )[1:-1]


@lru_cache(maxsize=8)
def _service_texts(mall: Mall) -> dict[str, str]:
    """Each service without its state of the hour, as an unfinished JSON object."""
    return {
        code: json.dumps(_service(service), ensure_ascii=False)[:-1]
        for code, service in mall.services.items()
    }


def _joined_services(mall: Mall, states: dict[str, dict[str, Any]]) -> str:
    texts = _service_texts(mall)
    joined = ",".join(
        f"{texts[code]},{json.dumps(state, ensure_ascii=False)[1:]}" for code, state in states.items()
    )
    return f'"services":[{joined}]'


def _service(service: Service) -> dict[str, Any]:
    return {
        "code": service.code,
        "name": service.name,
        "agency": service.queue.agency.code,
        "queue": service.queue.code,
        "kind": service.kind,
        "desk_minutes": service.desk_minutes,
        "languages": list(service.languages),
        "note": service.note,
        "standard": service.standard,
        **service.facts,
    }


def _moving(session: Session, mall: Mall, now: datetime) -> dict[str, Any]:
    opened = session.execute(select(LOG.c.day).where(LOG.c.mall_id == mall.mall_id)).scalar()
    day = mall.service_day(now, opened)
    counts = waiting_counts(session, mall.mall_id, day)
    staff = staffing(session, mall.mall_id)
    limited = [queue.id for queue in mall.queues.values() if queue.quota is not None]
    taken = select(QUEUE_DAY.c.queue_id, QUEUE_DAY.c.quota_used).where(
        QUEUE_DAY.c.queue_id.in_(limited), QUEUE_DAY.c.day == day, QUEUE_DAY.c.series == ONLINE
    )
    used = {row.queue_id: row.quota_used for row in session.execute(taken)}
    queues = [
        _queue(
            mall, queue, counts.get(queue.id, 0), used.get(queue.id, 0), staff.get(queue.id, Staffing()), now
        )
        for queue in mall.queues.values()
    ]
    full = {row["code"] for row in queues if row["quota_left"] == 0}
    opened_counters = set(
        session.scalars(select(COUNTER.c.id).where(COUNTER.c.mall_id == mall.mall_id, AT_WORK))
    )
    raised = notices(session, mall, now)
    disturbed = {row["agency"]: row for row in raised if row["kind"] == NoticeKind.DISTURBANCE}
    return {
        "emergency": [
            {name: row[name] for name in ("zone", "since", "number")}
            for row in raised
            if row["kind"] == NoticeKind.EMERGENCY
        ],
        "agencies": [
            _agency(mall, agency, disturbed.get(agency.code), now) for agency in mall.agencies.values()
        ],
        "queues": queues,
        "counters": _counters(mall, opened_counters),
        "service_states": {code: _state(mall, service, full, now) for code, service in mall.services.items()},
    }


def _agency(mall: Mall, agency: Agency, disturbed: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": agency.kind,
        "icon": agency.icon,
        "floor": agency.floor,
        "zone": agency.zone.code,
        "queues": [queue.code for queue in mall.queues.values() if queue.agency == agency],
        "disturbance": {name: disturbed[name] for name in ("since", "until", "text")} if disturbed else None,
        **_closed(mall, agency.openness(now), now),
    }


def _queue(
    mall: Mall, queue: Queue, waiting: int, used: int, staff: Staffing, now: datetime
) -> dict[str, Any]:
    state = queue.openness(now)
    left = None if queue.quota is None else max(0, queue.quota - used)
    wait = expected_wait(queue, waiting, staff, now)
    row = {
        "code": queue.code,
        "name": queue.name,
        "agency": queue.agency.code,
        "zone": queue.agency.zone.code,
        "lane": queue.lane,
        "quota": queue.quota,
        "quota_left": left,
        "waiting": waiting,
        "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text()} if wait else None,
        "window": _window(mall, state),
        **_closed(mall, state, now),
    }
    return row if left != 0 or not row["open"] else {**row, **_full(mall, queue, state)}


def _state(mall: Mall, service: Service, full: set[str], now: datetime) -> dict[str, Any]:
    state = service.openness(now)
    if state.open and service.queue.code in full:
        return _full(mall, service.queue, service.queue.openness(now))
    return _closed(mall, state, now)


def _counters(mall: Mall, opened: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "id": place.id,
            "name": place.name,
            "agency": place.agency.code,
            "zone": place.zone.code,
            "queues": [queue.code for queue in place.queues],
            "open": place.id in opened,
        }
        for place in mall.counters.values()
    ]


def _closed(mall: Mall, state: Openness, now: datetime) -> dict[str, Any]:
    if state.open:
        return {"open": True, "closed": None}
    text = closed_sentence(state, now, mall.timezone)
    closed = {"reason": state.reason, "text": text, "next_opening": _local(mall, state.next_opening)}
    return {"open": False, "closed": closed}


def _full(mall: Mall, queue: Queue, today: Openness) -> dict[str, Any]:
    again = _local(mall, queue.opens_after(today))
    text = "Kuota hari ini sudah habis."
    return {"open": False, "closed": {"reason": "quota_reached", "text": text, "next_opening": again}}


def _window(mall: Mall, state: Openness) -> dict[str, Any] | None:
    if state.opens is None:
        return None
    return {
        "from": _local(mall, state.numbers_from or state.opens),
        "cutoff": _local(mall, state.cutoff),
        "closes": _local(mall, state.closes),
    }


def _local(mall: Mall, at: datetime | None) -> str | None:
    return at.astimezone(mall.timezone).isoformat(timespec="seconds") if at else None
