"""Where a visitor may be sent from a desk: services, queues, counters and colleagues, to search in."""

from typing import Any

from mpp.domain.mall import Counter, Mall, Queue, Service


def places(mall: Mall, place: Counter, colleagues: list[str]) -> dict[str, Any]:
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


def _service(service: Service, place: Counter) -> dict[str, Any]:
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


def _queue(mall: Mall, queue: Queue) -> dict[str, Any]:
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
