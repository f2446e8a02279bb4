"""What can be arranged: each kind of noun with its part of the mall's file, its place, and its event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mpp.actions.arranging.ground import Ground
from mpp.domain.errors import Invalid
from mpp.domain.mall import Agency, Counter, Mall, Noun, PriorityClass, Queue, Service, Zone
from mpp.mallfile import model, nouns
from mpp.mallfile.nouns import Building, Said
from mpp.mallfile.values import Part

N = TypeVar("N", bound=Noun)
P = TypeVar("P", bound=Part)
OF_AGENCY, SERVICES_OF_AGENCY = 100, 1_000  # positions that the nouns of one agency have for themselves


@dataclass(frozen=True)
class Kind(Generic[N, P]):
    """One kind of noun. `place` sets what it hangs on; `told` says the facts that its event always has."""

    word: str
    event: str
    noun: type[N]
    part: type[P]
    said: Callable[[N], Said]
    put: Callable[[N, P], None]
    place: Callable[[Ground, N, P], None]
    told: Callable[[N], Mapping[str, object]]
    within: frozenset[str] = frozenset()  # lists of the file's part that are nouns of their own


def _nowhere(ground: Ground, noun: Noun, part: Part) -> None:
    """It hangs on the mall alone."""


def _coded(noun: Zone | Service | PriorityClass) -> Said:
    return {"code": noun.code}


def _place_agency(ground: Ground, agency: Agency, part: model.Agency) -> None:
    agency.zone = ground.named(Zone, part.zone, "zone")


def _place_service(ground: Ground, service: Service, part: model.Service) -> None:
    queue = ground.named(Queue, part.queue, "queue")
    if service.queue is not None and service.queue.agency_id != queue.agency_id:
        raise Invalid(f"queue: antrean {queue.code} milik instansi lain.", reason="queue")
    service.queue = queue


def _place_counter(ground: Ground, counter: Counter, part: model.Counter) -> None:
    counter.zone = ground.named(Zone, part.zone, "zone") if part.zone else counter.agency.zone
    if counter.id is None:
        ground.open(counter)
    queues = [ground.named(Queue, code, "queues") for code in part.queues]
    for queue in queues:
        if queue.agency_id != counter.agency.id:
            raise Invalid(f"queues: antrean {queue.code} milik instansi lain.", reason="queues")
        if queues.count(queue) > 1:
            raise Invalid(f"queues: antrean {queue.code} disebut dua kali.", reason="queues")
    ground.serve(counter, queues)


def _queue_told(queue: Queue) -> Said:
    return {"policy": dict(queue.policy), "quota": queue.quota, "minutes": queue.minutes}


def _counter_told(counter: Counter) -> Said:
    queues = [queue.code for queue in counter.queues]
    return {"queues": queues, "picks": str(counter.picks), "prefers_priority": counter.prefers_priority}


def _nothing(noun: Noun) -> Said:
    return {}


AnyKind = Kind[Any, Any]
MALL = Kind(
    word="Mal",
    event="mall_set",
    noun=Mall,
    part=Building,
    said=nouns.mall_said,
    put=nouns.put_mall,
    place=_nowhere,
    told=_nothing,
)
ZONE = Kind(
    word="Zona",
    event="zone_set",
    noun=Zone,
    part=model.Zone,
    said=nouns.zone_said,
    put=nouns.put_zone,
    place=_nowhere,
    told=_coded,
)
AGENCY = Kind(
    word="Instansi",
    event="agency_set",
    noun=Agency,
    part=model.Agency,
    said=nouns.agency_said,
    put=nouns.put_agency,
    place=_place_agency,
    told=_nothing,
    within=frozenset({"queues", "counters", "services"}),
)
QUEUE = Kind(
    word="Antrean",
    event="queue_set",
    noun=Queue,
    part=model.Queue,
    said=nouns.queue_said,
    put=nouns.put_queue,
    place=_nowhere,
    told=_queue_told,
)
SERVICE = Kind(
    word="Layanan",
    event="service_set",
    noun=Service,
    part=model.Service,
    said=nouns.service_said,
    put=nouns.put_service,
    place=_place_service,
    told=_coded,
)
COUNTER = Kind(
    word="Loket",
    event="counter_set",
    noun=Counter,
    part=model.Counter,
    said=nouns.counter_said,
    put=nouns.put_counter,
    place=_place_counter,
    told=_counter_told,
)
PRIORITY = Kind(
    word="Golongan prioritas",
    event="priority_set",
    noun=PriorityClass,
    part=model.Priority,
    said=nouns.priority_said,
    put=nouns.put_priority,
    place=_nowhere,
    told=_coded,
)

KINDS: Mapping[str, AnyKind] = {
    "mall": MALL,
    "zone": ZONE,
    "agency": AGENCY,
    "queue": QUEUE,
    "service": SERVICE,
    "counter": COUNTER,
    "priority": PRIORITY,
}
