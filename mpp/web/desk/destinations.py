"""Where a visitor may be sent from a desk: services, queues, counters and colleagues, to search in."""

from typing import TypedDict

from mpp.domain.mall import Counter, Mall, Queue, Service


class Named(TypedDict):
    """Something to choose, as the page's script reads it."""

    code: str
    name: str


class CounterChoice(TypedDict):
    id: int
    name: str


class ServiceChoice(Named):
    """A service, with its queue and agency, and whether the counter itself serves it."""

    queue: str
    queue_name: str
    agency: str
    where: str
    words: str
    here: bool


class QueueChoice(Named):
    """A queue with its services and the counters that serve it."""

    agency: str
    where: str
    words: str
    services: list[Named]
    counters: list[CounterChoice]


class Destinations(TypedDict):
    """All that a form of the desk searches in; `people` are the names of colleagues."""

    services: list[ServiceChoice]
    queues: list[QueueChoice]
    people: list[str]
    agency: str


def destinations(mall: Mall, place: Counter, colleagues: list[str]) -> Destinations:
    """Every service and queue of the mall, those of this counter's agency first; its people by name."""
    own = place.agency
    services = sorted(mall.services.values(), key=lambda each: each.queue.agency != own)
    queues = sorted(mall.queues.values(), key=lambda each: each.agency != own)
    return {
        "services": [_service(each, place) for each in services],
        "queues": [_queue(mall, each) for each in queues],
        "people": colleagues,
        "agency": own.code,
    }


def _service(service: Service, place: Counter) -> ServiceChoice:
    return {
        "code": service.code,
        "name": service.name,
        "queue": service.queue.code,
        "queue_name": service.queue.name,
        "agency": service.queue.agency.code,
        "where": service.queue.agency.short_name,
        "words": service.queue.agency.name,
        "here": service.queue in place.queues,
    }


def _queue(mall: Mall, queue: Queue) -> QueueChoice:
    served_by = [each for each in mall.counters.values() if queue in each.queues]
    services = [each for each in mall.services.values() if each.queue == queue]
    return {
        "code": queue.code,
        "name": queue.name,
        "agency": queue.agency.code,
        "where": queue.agency.short_name,
        "words": f"{queue.agency.name} {queue.code} {' '.join(each.name for each in services)}",
        "services": [{"code": each.code, "name": each.name} for each in services],
        "counters": [{"id": each.id, "name": each.name} for each in served_by],
    }
