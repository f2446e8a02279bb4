"""The catalogue: what the mall offers now, as the server says it; every value is frozen."""

from datetime import timedelta, timezone
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kiosk import service_search

INFORMATION_DESK = "pengelola"
WESTERN_TIME = timezone(timedelta(hours=7))


class Value(BaseModel):
    """What the server sent; fields that this kiosk does not know are left out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Wait(Value):
    """An expected wait in minutes: half of the visitors wait less than `p50`, nine of ten less than `p90`."""

    p50: float
    p90: float


class Mall(Value):
    """The building. `timezone` is an IANA name, `timezone_label` its Indonesian letters (WIB, WITA, WIT)."""

    name: str
    timezone: str
    timezone_label: str
    languages: tuple[str, ...] = ("id", "en")
    emergency: str = "119"


class Zone(Value):
    """A part of the building."""

    code: str
    name: str
    floor: int | None = None


class Closure(Value):
    """Why something gives no numbers now: a code, the Indonesian sentence, and when it opens again."""

    reason: str = ""
    text: str | None = None
    next_opening: AwareDatetime | None = None


class Disturbance(Value):
    """What is wrong at an agency: the Indonesian sentence, since when, and until when it may last."""

    since: AwareDatetime
    until: AwareDatetime | None = None
    text: str | None = None


class Emergency(Value):
    """A zone where people need help now, and the telephone number to call."""

    zone: str
    since: AwareDatetime
    number: str


class Agency(Value):
    """An institution with a stand in the mall."""

    code: str
    name: str
    short_name: str
    zone: str
    open: bool
    kind: str = ""
    icon: str | None = None
    closed: Closure | None = None
    disturbance: Disturbance | None = None


class Window(Value):
    """Today's hours of a queue: numbers from `opens` to `cutoff`, visitors are served until `closes`."""

    opens: AwareDatetime | None = Field(default=None, alias="from")
    cutoff: AwareDatetime | None = None
    closes: AwareDatetime | None = None


class Queue(Value):
    """A line of an agency, with how many wait in it and how long the next one would wait."""

    code: str
    name: str
    agency: str = ""
    zone: str | None = None
    waiting: int = 0
    wait: Wait | None = None
    window: Window | None = None


class Statement(Value):
    """A published fact as a sentence."""

    text: str


class Requirements(Value):
    """What the visitor brings."""

    items: tuple[str, ...] = ()


class TimeLimit(Value):
    """When the product is ready at the latest; `unit` is minutes, days or working_days."""

    text: str | None = None
    amount: int | None = None
    unit: str | None = None


class Standard(Value):
    """The published standard of a service, as far as it is shown at a kiosk (UU 25/2009 article 21)."""

    requirements: Requirements | None = None
    time_limit: TimeLimit | None = None
    fee: Statement | None = None
    product: Statement | None = None


class Service(Value):
    """One thing an agency does for visitors.

    `desk_minutes` is the usual time at the counter, `words` are what visitors call the service.
    """

    code: str
    name: str
    agency: str
    queue: str
    open: bool
    closed: Closure | None = None
    desk_minutes: int | None = None
    languages: tuple[str, ...] = ()
    note: str | None = None
    words: tuple[str, ...] = ()
    standard: Standard = Standard()

    @property
    def requirements(self) -> tuple[str, ...]:
        """What the visitor brings; empty where nothing is published."""
        return self.standard.requirements.items if self.standard.requirements else ()


class Priority(Value):
    """A group of visitors; `priority` when the law lets them go first (UU 25/2009 article 29)."""

    code: str
    name: str
    priority: bool = True


class Catalogue(Value):
    """One version of the catalogue, with look-ups by code."""

    version: str = Field(coerce_numbers_to_str=True)
    at: AwareDatetime
    mall: Mall
    zones: tuple[Zone, ...]
    agencies: tuple[Agency, ...]
    queues: tuple[Queue, ...]
    services: tuple[Service, ...]
    emergency: tuple[Emergency, ...] = ()
    priorities: tuple[Priority, ...] = ()

    def zone(self, code: str) -> Zone:
        """The zone; one that is not in the catalogue goes by its code."""
        return self._zones.get(code) or Zone(code=code, name=code)

    def agency(self, code: str) -> Agency | None:
        return self._agencies.get(code)

    def queue(self, code: str) -> Queue:
        """The queue; one that is not in the catalogue goes by its code, with nobody waiting."""
        return self._queues.get(code) or Queue(code=code, name=code)

    def service(self, code: str) -> Service | None:
        return self._services.get(code)

    def services_of(self, agency: str) -> list[Service]:
        return [service for service in self.services if service.agency == agency]

    def zone_of(self, service: Service) -> Zone:
        """Where the queue of a service waits, else where its agency stands."""
        agency = self.agency(service.agency)
        return self.zone(self.queue(service.queue).zone or (agency.zone if agency else ""))

    def waiting_at(self, agency: str) -> int:
        """How many visitors wait in all queues of an agency."""
        return sum(queue.waiting for queue in self.queues if queue.agency == agency)

    @cached_property
    def priority_groups(self) -> tuple[Priority, ...]:
        """The groups that go first by law."""
        return tuple(row for row in self.priorities if row.priority)

    @cached_property
    def information_desk(self) -> Agency | None:
        """The agency of the mall's manager, where people ask."""
        return next((agency for agency in self.agencies if agency.kind == INFORMATION_DESK), None)

    def find(self, query: str) -> list[Service]:
        """The services that fit a visitor's words, the best first; empty when nothing does."""
        return [self._services[code] for code in self._search_index.find(query)]

    @cached_property
    def _search_index(self) -> service_search.ServiceIndex:
        return service_search.ServiceIndex(self._searchable(service) for service in self.services)

    def _searchable(self, service: Service) -> service_search.Searchable:
        agency, product = self.agency(service.agency), service.standard.product
        texts = [
            (service_search.NAME, service.name),
            (service_search.EVERYDAY, " ".join(service.words)),
            (service_search.AGENCY_SHORT, agency.short_name if agency else ""),
            (service_search.AGENCY, agency.name if agency else ""),
            (service_search.PRODUCT, product.text if product else ""),
            (service_search.QUEUE, self.queue(service.queue).name),
        ]
        return service_search.Searchable(service.code, service.open, texts)

    @cached_property
    def tzinfo(self) -> ZoneInfo | timezone:
        """The mall's time zone; western time where this box does not know its name."""
        try:
            return ZoneInfo(self.mall.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return WESTERN_TIME

    @cached_property
    def _zones(self) -> dict[str, Zone]:
        return {zone.code: zone for zone in self.zones}

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def _queues(self) -> dict[str, Queue]:
        return {queue.code: queue for queue in self.queues}

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {service.code: service for service in self.services}
