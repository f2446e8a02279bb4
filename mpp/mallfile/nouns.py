"""The nouns of a mall and the parts of its file: one written into the other, either way, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast
from zoneinfo import ZoneInfo

from mpp.domain.mall import Agency, Counter, Mall, Noun, PriorityClass, Queue, Service, Zone
from mpp.domain.mall_words import MallRules, Policy, PriorityFacts, Remarks, ServiceFacts, Standard
from mpp.domain.schedule_json import WEEKDAYS
from mpp.mallfile import model
from mpp.mallfile.schedules import (
    agency_schedule,
    building_schedule,
    queue_schedule,
    said_of,
    service_schedule,
)

Said = dict[str, object]  # a part of the file as plain JSON
STYLES: Mapping[str, Literal["number", "digits"]] = {"words": "number", "digits": "digits"}
SPOKEN = {"number": "words", "digits": "digits"}
OF_SERVICE = {"mode", "desk_minutes_level", "note_level", "sources", "words"}
OF_PRIORITY = {"proof", "options", "by_appointment", "level"}


class Building(model.Mall):
    """The building with its days of rest, which the file lists beside it."""

    holidays: list[model.Holiday] = []


def put_mall(mall: Mall, part: Building) -> None:
    """What the file says of the building. A mall that is always open stays so."""
    always = bool(mall.schedule and mall.schedule.always)
    mall.code, mall.name, mall.city = part.code, part.name, part.city
    mall.timezone = ZoneInfo(part.timezone)
    mall.schedule = replace(building_schedule(part, part.holidays), always=always)
    rules = part.rules.model_dump(mode="json", exclude={"level"})
    own = {"numbers_style": STYLES[part.announcement.numbers], "emergency": part.emergency}
    mall.rules = cast(MallRules, {**rules, **own, "languages": list(part.languages)})
    holidays = {each.date.isoformat(): {"kind": each.kind, "level": each.level} for each in part.holidays}
    spoken = {"chime": part.announcement.chime, "times": part.announcement.times}
    _remark(mall, level=part.rules.level, holidays=holidays, **spoken)


def put_file(mall: Mall, file: model.MallFile) -> None:
    """What the file says of the building, and of itself."""
    put_mall(mall, Building.model_construct(**dict(file.mall), holidays=file.holidays))
    _remark(
        mall,
        description=file.description,
        levels=dict(file.levels) or None,
        explained=dict(file.sources) or None,
        notes=[each.model_dump(mode="json") for each in file.notes],
    )


def file_said(mall: Mall) -> Said:
    """The whole mall as a file: what stands, without what is retired."""
    building = mall_said(mall)
    remarks = mall.remarks
    return {
        "format": "mpp-mall-1",
        **_of(remarks, "description", "levels", "notes"),
        "sources": dict(remarks.get("explained", {})),
        "holidays": building.pop("holidays"),
        "mall": building,
        "zones": [zone_said(each) for each in mall.zones.values()],
        "priorities": [priority_said(each) for each in mall.priorities.values()],
        "agencies": [_whole_agency(mall, each) for each in mall.agencies.values()],
    }


def _whole_agency(mall: Mall, agency: Agency) -> Said:
    return {
        **agency_said(agency),
        "queues": [queue_said(each) for each in mall.queues.values() if each.agency is agency],
        "counters": [counter_said(each) for each in mall.counters.values() if each.agency is agency],
        "services": [service_said(each) for each in mall.services.values() if each.queue.agency is agency],
    }


def mall_said(mall: Mall) -> Said:
    """The building as the file says it, with its days of rest."""
    rules, remarks = dict(mall.rules), mall.remarks
    announcement = {"numbers": SPOKEN[str(rules.pop("numbers_style", "number"))]}
    languages, emergency = rules.pop("languages", ["id"]), rules.pop("emergency", "119")
    known = {"code": mall.code, "name": mall.name, "city": mall.city, "timezone": mall.timezone.key}
    kinds = remarks.get("holidays", {})
    hours = said_of(mall.schedule)
    hours["hours"] = hours["hours"] or dict.fromkeys(WEEKDAYS)
    hours.pop("active", None)
    return {
        **known,
        **hours,
        "numbers_stop_at_break": mall.schedule.stops_at_break,
        "languages": languages,
        "emergency": emergency,
        "rules": {**rules, "level": remarks.get("level", "I")},
        "announcement": {**announcement, **_of(remarks, "chime", "times")},
        "holidays": [
            {"date": day.isoformat(), "name": name, "kind": "libur_daerah", "level": "I"}
            | dict(kinds.get(day.isoformat(), {}))
            for day, name in mall.schedule.closed_dates.items()
        ],
    }


def put_zone(zone: Zone, part: model.Zone) -> None:
    zone.code, zone.name, zone.floor = part.code, part.name, part.floor


def zone_said(zone: Zone) -> Said:
    return {"code": zone.code, "name": zone.name, "floor": zone.floor}


def put_agency(agency: Agency, part: model.Agency) -> None:
    """All but its zone, its queues, counters and services."""
    agency.code, agency.name, agency.short_name = part.code, part.name, part.short_name
    agency.kind, agency.floor, agency.icon = part.kind, part.floor, part.icon
    agency.break_mode = part.break_mode
    agency.schedule = agency_schedule(part)
    _remark(agency, days=part.days, level=part.level, sources=part.sources)


def agency_said(agency: Agency) -> Said:
    return {
        "code": agency.code,
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": str(agency.kind),
        "floor": agency.floor,
        "zone": agency.zone.code,
        "icon": agency.icon,
        "break_mode": str(agency.break_mode),
        "numbers_stop_at_break": agency.schedule.stops_at_break,
        **said_of(agency.schedule, agency.remarks.get("days")),
        **_of(agency.remarks, "level", "sources"),
    }


def put_queue(queue: Queue, part: model.Queue) -> None:
    """All but its agency."""
    queue.code, queue.name, queue.lane = part.code, part.name, part.lane
    queue.minutes, queue.quota, queue.target_min = part.minutes, part.quota, part.target_min
    queue.policy = cast(Policy, part.policy.model_dump(mode="json"))
    queue.schedule = queue_schedule(part)
    _remark(queue, days=part.days, online_quota=part.online_quota)


def queue_said(queue: Queue) -> Said:
    return {
        "code": queue.code,
        "name": queue.name,
        "lane": str(queue.lane),
        "quota": queue.quota,
        "minutes": queue.minutes,
        **({"target_min": queue.target_min} if queue.target_min else {}),
        "policy": dict(queue.policy),
        **said_of(queue.schedule, queue.remarks.get("days")),
        **_of(queue.remarks, "online_quota"),
    }


def put_service(service: Service, part: model.Service) -> None:
    """All but its queue."""
    service.code, service.name, service.kind = part.code, part.name, part.kind
    service.desk_minutes, service.note = part.desk_minutes, part.note
    service.languages = list(part.languages)
    service.standard = cast(Standard, part.standard.model_dump(mode="json", exclude_none=True))
    service.facts = cast(ServiceFacts, part.model_dump(mode="json", include=OF_SERVICE))
    service.schedule = service_schedule(part)
    _remark(service, days=part.days, remark=part.remark)


def service_said(service: Service) -> Said:
    standard = {name: _with_nulls(name, dict(part)) for name, part in _items(service.standard)}
    return {
        "code": service.code,
        "name": service.name,
        "queue": service.queue.code,
        "kind": str(service.kind),
        "desk_minutes": service.desk_minutes,
        "languages": list(service.languages),
        "note": service.note,
        "standard": standard,
        **dict(service.facts),
        **said_of(service.schedule, service.remarks.get("days")),
        **_of(service.remarks, "remark"),
    }


def put_counter(counter: Counter, part: model.Counter) -> None:
    """All but its agency, its zone and its queues."""
    counter.name, counter.picks, counter.prefers_priority = part.name, part.picks, part.prefers_priority
    _remark(counter, number=part.number)


def counter_said(counter: Counter) -> Said:
    """A counter in the zone of its agency does not name it; one of before has no number but its place's."""
    elsewhere = None if counter.zone is counter.agency.zone else counter.zone.code
    return {
        "number": counter.remarks.get("number", counter.id),
        "name": counter.name,
        "queues": [queue.code for queue in counter.queues],
        "zone": elsewhere,
        "picks": str(counter.picks),
        "prefers_priority": counter.prefers_priority,
    }


def put_priority(priority: PriorityClass, part: model.Priority) -> None:
    priority.code, priority.name, priority.priority = part.code, part.name, part.priority
    priority.facts = cast(PriorityFacts, part.model_dump(mode="json", include=OF_PRIORITY))
    _remark(priority, sources=part.sources)


def priority_said(priority: PriorityClass) -> Said:
    known: Said = {"code": priority.code, "name": priority.name, "priority": priority.priority}
    return {**known, **dict(priority.facts), **_of(priority.remarks, "sources")}


def _remark(noun: Noun, **said: object) -> None:
    """Keep what no column has; what is not said is not kept."""
    kept = {**(noun.remarks or {}), **said}
    noun.remarks = cast(Remarks, {name: value for name, value in kept.items() if value not in (None, [])})


def _of(remarks: Remarks, *names: str) -> Said:
    return {name: value for name, value in remarks.items() if name in names}


def _items(standard: Standard) -> list[tuple[str, Mapping[str, object]]]:
    return [(name, cast(Mapping[str, object], part)) for name, part in standard.items()]


def _with_nulls(name: str, part: Said) -> Said:
    """What depends on the case is null in the file, and absent in the table."""
    missing = {"time_limit": ("amount", "unit"), "fee": ("rupiah",)}.get(name, ())
    return dict.fromkeys(missing) | part
