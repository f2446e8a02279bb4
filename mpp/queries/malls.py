"""The plan of a mall, read from the database once per version and then shared."""

import time
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.counter import CounterState
from mpp.domain.log import MallLog
from mpp.domain.mall import Agency, Counter, Mall, PriorityClass, Queue, Service, Zone
from mpp.domain.mall_tables import (
    AgencyTable,
    CounterQueue,
    MallTable,
    PriorityClassTable,
    QueueTable,
    ServiceTable,
    ZoneTable,
)
from mpp.domain.schedule_json import schedule_from_json

RECENT_S = 1.0

_kept: dict[tuple[str, int], Mall] = {}


def mall(session: Session, mall_id: int, version: int | None = None) -> Mall:
    """The mall's structure as it is now, or as of a version that the caller has just read."""
    if version is None:
        version = session.execute(select(MallLog.plan_version).where(MallLog.mall_id == mall_id)).scalar_one()
    place = str(session.get_bind().engine.url)
    kept = _kept.get((place, mall_id))
    if kept is None or kept.version != version:
        kept = _kept[place, mall_id] = _read(session, mall_id, version)
    return kept


class Malls:
    """Recent structures for answering questions: at most a second old. Writing actions always look again."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: dict[int, tuple[float, Mall]] = {}

    def of(self, mall_id: int) -> Mall:
        found = self._recent.get(mall_id)
        if found is None or time.monotonic() - found[0] > RECENT_S:
            with self._db.reading() as session:
                found = self._recent[mall_id] = (time.monotonic(), mall(session, mall_id))
        return found[1]

    def forget(self) -> None:
        """Look again at the next question."""
        self._recent.clear()


def mall_codes(session: Session) -> list[tuple[int, str]]:
    """Id and code of every mall of this installation."""
    return [
        (row.id, row.code)
        for row in session.execute(select(MallTable.id, MallTable.code).order_by(MallTable.id))
    ]


def _read(session: Session, mall_id: int, version: int) -> Mall:
    mall = session.get_one(MallTable, mall_id)
    zones = {
        row.id: Zone(row.id, row.code, row.name, row.floor) for row in _rows(session, ZoneTable, mall_id)
    }
    agencies = {row.id: _agency(row, zones) for row in _rows(session, AgencyTable, mall_id)}
    queues = {row.id: _queue(row, agencies) for row in _rows(session, QueueTable, mall_id)}
    services = {row.id: _service(row, queues) for row in _rows(session, ServiceTable, mall_id)}
    counters = _counters(session, mall_id, agencies, zones, queues)
    return Mall(
        version=version,
        mall_id=mall.id,
        code=mall.code,
        name=mall.name,
        city=mall.city,
        timezone=ZoneInfo(mall.timezone),
        schedule=schedule_from_json(mall.schedule),
        rules=mall.rules,
        zones={zone.code: zone for zone in zones.values()},
        agencies={agency.code: agency for agency in agencies.values()},
        queues={queue.code: queue for queue in queues.values()},
        services={service.code: service for service in services.values()},
        counters=counters,
        priorities={
            row.code: PriorityClass(row.code, row.name, row.priority, row.facts)
            for row in _rows(session, PriorityClassTable, mall_id)
        },
        queue_ids=queues,
        service_ids=services,
    )


def _rows(session: Session, noun: Any, mall_id: int) -> Any:
    order = (noun.position, noun.id) if hasattr(noun, "position") else (noun.id,)
    return session.scalars(select(noun).where(noun.mall_id == mall_id).order_by(*order))


def _agency(row: AgencyTable, zones: dict[int, Zone]) -> Agency:
    return Agency(
        id=row.id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        floor=row.floor,
        icon=row.icon,
        zone=zones[row.zone_id],
        closes_at_break=row.break_mode == "closed",
        schedule=schedule_from_json(row.schedule),
    )


def _queue(row: QueueTable, agencies: dict[int, Agency]) -> Queue:
    return Queue(
        id=row.id,
        code=row.code,
        name=row.name,
        lane=row.lane,
        minutes=row.minutes,
        quota=row.quota,
        policy=row.policy,
        agency=agencies[row.agency_id],
        schedule=schedule_from_json(row.schedule),
    )


def _service(row: ServiceTable, queues: dict[int, Queue]) -> Service:
    return Service(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        desk_minutes=row.desk_minutes,
        languages=tuple(row.languages),
        note=row.note,
        standard=row.standard,
        facts=row.facts,
        queue=queues[row.queue_id],
        schedule=schedule_from_json(row.schedule),
    )


def _counters(
    session: Session,
    mall_id: int,
    agencies: dict[int, Agency],
    zones: dict[int, Zone],
    queues: dict[int, Queue],
) -> dict[int, Counter]:
    served: dict[int, list[Queue]] = defaultdict(list)
    for row in session.scalars(select(CounterQueue).order_by(CounterQueue.counter_id, CounterQueue.position)):
        if row.queue_id in queues:
            served[row.counter_id].append(queues[row.queue_id])
    return {
        row.id: Counter(
            id=row.id,
            name=row.name,
            agency=agencies[row.agency_id],
            zone=zones[row.zone_id],
            queues=tuple(served[row.id]),
            picks=row.picks,
            prefers_priority=row.prefers_priority,
        )
        for row in _rows(session, CounterState, mall_id)
    }
