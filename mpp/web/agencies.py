"""The agencies that somebody may see, with what belongs to each, as pages list them."""

from typing import NamedTuple

from mpp.domain.mall import Agency, Counter, Mall, Queue, Service
from mpp.domain.principal import Principal


class Parts(NamedTuple):
    """One agency and what is its own."""

    agency: Agency
    queues: list[Queue]
    services: list[Service]
    counters: list[Counter]


def agencies(mall: Mall, who: Principal) -> list[Parts]:
    """All of the mall's, or the one that somebody belongs to."""
    return [_parts(mall, one) for one in mall.agencies.values() if who.agency_id in (None, one.id)]


def own_agency(mall: Mall, who: Principal) -> Agency | None:
    """The agency that somebody belongs to; None is all of the mall."""
    return next((one for one in mall.agencies.values() if one.id == who.agency_id), None)


def _parts(mall: Mall, agency: Agency) -> Parts:
    return Parts(
        agency,
        [one for one in mall.queues.values() if one.agency == agency],
        [one for one in mall.services.values() if one.queue.agency == agency],
        [one for one in mall.counters.values() if one.agency == agency],
    )
