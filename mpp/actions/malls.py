"""Setting up a mall from its file."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.counter import CounterState
from mpp.domain.errors import AlreadyThere
from mpp.domain.log import Log
from mpp.domain.mall import Agency, Counter, CounterQueue, Mall, PriorityClass, Queue, Service, Zone
from mpp.domain.schedule import Schedule
from mpp.mallfile import MallFile, agency_schedule, mall_schedule, queue_schedule, service_schedule
from mpp.mallfile.model import Agency as AgencyPart

# What visitors call a service, how sure its facts are, where they come from, through which channel it runs.
FACTS = {"mode", "desk_minutes_level", "note_level", "sources", "words"}
SETTINGS_KIND = {"words": "number", "digits": "digits"}


def found(db: Database, file: MallFile, actor: str, always: bool) -> int:
    """Write the whole mall, return its id. `always`: open at any time, no quota. Raises `AlreadyThere`."""
    with db.founding(actor) as (session, begin):
        if session.scalar(select(Mall.id).where(Mall.code == file.mall.code)) is not None:
            raise AlreadyThere(f"Mal {file.mall.code} sudah ada.")
        mall = _mall(file, always)
        session.add(mall)
        session.flush()
        log = begin(mall.id)
        log.day = mall.day(log.now)
        log.record("mall_founded", after=mall.code, always=always, timezone=mall.timezone.key)
        zones = _zones(session, file, mall.id)
        for position, part in enumerate(file.agencies):
            _agency(session, log, part, mall.id, zones, position, always)
        _priorities(session, file, mall.id)
        return mall.id


def _mall(file: MallFile, always: bool) -> Mall:
    part = file.mall
    rules = part.rules.model_dump(mode="json", exclude={"level"})
    style = SETTINGS_KIND[part.announcement.numbers]
    return Mall(
        code=part.code,
        name=part.name,
        city=part.city,
        timezone=ZoneInfo(part.timezone),
        schedule=Schedule(always=True) if always else mall_schedule(file),
        rules={
            **rules,
            "numbers_style": style,
            "emergency": part.emergency,
            "languages": list(part.languages),
        },
    )


def _zones(session: Session, file: MallFile, mall_id: int) -> dict[str, int]:
    zones = [
        Zone(mall_id=mall_id, code=part.code, name=part.name, floor=part.floor, position=position)
        for position, part in enumerate(file.zones)
    ]
    session.add_all(zones)
    session.flush()
    return {zone.code: zone.id for zone in zones}


def _agency(
    session: Session,
    log: Log,
    part: AgencyPart,
    mall_id: int,
    zones: dict[str, int],
    position: int,
    always: bool,
) -> None:
    agency = Agency(
        mall_id=mall_id,
        zone_id=zones[part.zone],
        code=part.code,
        name=part.name,
        short_name=part.short_name,
        kind=part.kind,
        floor=part.floor,
        icon=part.icon,
        break_mode=part.break_mode,
        schedule=agency_schedule(part),
        position=position,
    )
    session.add(agency)
    session.flush()
    queues = _queues(session, log, part, agency, always)
    _services(session, part, agency, queues)
    _counters(session, log, part, agency, zones, queues)


def _queues(session: Session, log: Log, part: AgencyPart, agency: Agency, always: bool) -> dict[str, int]:
    queues = [
        Queue(
            mall_id=agency.mall_id,
            agency_id=agency.id,
            code=each.code,
            name=each.name,
            lane=each.lane,
            minutes=each.minutes,
            quota=None if always else each.quota,
            policy=each.policy.model_dump(mode="json"),
            schedule=queue_schedule(each),
            position=agency.position * 100 + position,
        )
        for position, each in enumerate(part.queues)
    ]
    session.add_all(queues)
    session.flush()
    for queue in queues:
        settings: dict[str, Any] = {"policy": queue.policy, "quota": queue.quota, "minutes": queue.minutes}
        log.record("queue_set", agency=part.code, queue=queue.code, **settings)
    return {queue.code: queue.id for queue in queues}


def _services(session: Session, part: AgencyPart, agency: Agency, queues: dict[str, int]) -> None:
    session.add_all(
        Service(
            mall_id=agency.mall_id,
            queue_id=queues[each.queue],
            code=each.code,
            name=each.name,
            kind=each.kind,
            desk_minutes=each.desk_minutes,
            languages=list(each.languages),
            note=each.note,
            standard=each.standard.model_dump(mode="json", exclude_none=True),
            facts=each.model_dump(mode="json", include=FACTS),
            schedule=service_schedule(each),
            position=agency.position * 1000 + position,
        )
        for position, each in enumerate(part.services)
    )


def _counters(
    session: Session,
    log: Log,
    part: AgencyPart,
    agency: Agency,
    zones: dict[str, int],
    queues: dict[str, int],
) -> None:
    for position, each in enumerate(part.counters):
        counter = Counter(
            mall_id=agency.mall_id,
            agency_id=agency.id,
            zone_id=zones[each.zone] if each.zone else agency.zone_id,
            name=each.name,
            picks=each.picks,
            prefers_priority=each.prefers_priority,
            position=agency.position * 100 + position,
        )
        session.add(counter)
        session.flush()
        session.add(CounterState(id=counter.id, mall_id=counter.mall_id))
        session.add_all(
            CounterQueue(counter_id=counter.id, queue_id=queues[code], position=place)
            for place, code in enumerate(each.queues)
        )
        log.record(
            "counter_set",
            agency=part.code,
            counter=counter.id,
            queues=list(each.queues),
            picks=each.picks,
            prefers_priority=each.prefers_priority,
        )


def _priorities(session: Session, file: MallFile, mall_id: int) -> None:
    session.add_all(
        PriorityClass(
            mall_id=mall_id,
            code=each.code,
            name=each.name,
            priority=each.priority,
            facts=each.model_dump(mode="json", include={"proof", "options", "by_appointment", "level"}),
            position=position,
        )
        for position, each in enumerate(file.priorities)
    )
