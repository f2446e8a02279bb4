"""A visitor's journey: several services on one number, and the stops that they make."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.catalogue import Catalogue, Service

# The server takes no more services on one number.
MOST_SERVICES = 8


@dataclass(frozen=True)
class Stop:
    """Neighbouring services in one queue: several matters of one turn."""

    services: tuple[Service, ...]

    @property
    def queue(self) -> str:
        return self.services[0].queue

    @property
    def open(self) -> bool:
        return all(service.open for service in self.services)


def stops(catalogue: Catalogue, codes: Sequence[str]) -> list[Stop]:
    """The services as stops, in their order; codes that the mall no longer knows are left out."""
    found: list[Stop] = []
    for service in filter(None, map(catalogue.service, codes)):
        if found and found[-1].queue == service.queue:
            found[-1] = Stop((*found[-1].services, service))
        else:
            found.append(Stop((service,)))
    return found


def codes(journey: Sequence[Stop]) -> list[str]:
    return [service.code for stop in journey for service in stop.services]


def exchanged(journey: Sequence[Stop], first: int) -> list[Stop]:
    """The journey with stop `first` and the one behind it exchanged, counted from 0; else as it was."""
    changed = list(journey)
    if 0 <= first < len(changed) - 1:
        changed[first], changed[first + 1] = changed[first + 1], changed[first]
    return changed
