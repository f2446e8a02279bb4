"""The half of the catalogue that only a change of the structure changes, made once for each version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpp.domain.calendar import zone_label
from mpp.domain.mall import Agency, Counter, Mall, Queue, Service
from mpp.queries.notices import emergency_number

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
Row = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Parts:
    """Each noun with the part of its row that stays; that of a service is an unfinished JSON object.

    `inside` is the inside of a JSON object: the mall, its zones and its priority classes.
    """

    inside: str
    agencies: Sequence[tuple[Agency, Row]]
    queues: Sequence[tuple[Queue, Row]]
    counters: Sequence[tuple[Counter, Row]]
    services: Sequence[tuple[Service, str]]


@lru_cache(maxsize=8)
def parts(mall: Mall) -> Parts:
    """The parts of this version of the structure."""
    return Parts(
        inside=_inside(mall),
        agencies=[(each, _agency(mall, each)) for each in mall.agencies.values()],
        queues=[(each, _queue(each)) for each in mall.queues.values()],
        counters=[(each, _counter(each)) for each in mall.counters.values()],
        services=[(each, _service(each)) for each in mall.services.values()],
    )


def _inside(mall: Mall) -> str:
    building = {
        "code": mall.code,
        "name": mall.name,
        "city": mall.city,
        "timezone": mall.timezone.key,
        "timezone_label": zone_label(mall.timezone),
        "languages": ["id", "en"],
        "emergency": emergency_number(mall),
    }
    zones = [{"code": each.code, "name": each.name, "floor": each.floor} for each in mall.zones.values()]
    priorities = [
        {"code": each.code, "name": each.name, "priority": each.priority, **each.facts}
        for each in mall.priorities.values()
    ]
    whole = {"mall": building, "zones": zones, "priorities": priorities}
    return json.dumps(whole, ensure_ascii=False)[1:-1]


def _agency(mall: Mall, agency: Agency) -> Row:
    return {
        "code": agency.code,
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": agency.kind,
        "icon": agency.icon,
        "floor": agency.floor,
        "zone": agency.zone.code,
        "queues": [queue.code for queue in mall.queues.values() if queue.agency is agency],
    }


def _queue(queue: Queue) -> Row:
    return {
        "code": queue.code,
        "name": queue.name,
        "agency": queue.agency.code,
        "zone": queue.agency.zone.code,
        "lane": queue.lane,
        "quota": queue.quota,
    }


def _counter(counter: Counter) -> Row:
    return {
        "id": counter.id,
        "name": counter.name,
        "agency": counter.agency.code,
        "zone": counter.zone.code,
        "queues": [queue.code for queue in counter.queues],
    }


def _service(service: Service) -> str:
    row = {
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
    return json.dumps(row, ensure_ascii=False)[:-1]
