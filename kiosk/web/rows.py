"""What screens show, as frozen rows in the visitor's language; made by the presenter, read by templates."""

from dataclasses import dataclass

from kiosk.catalogue import Zone


@dataclass(frozen=True)
class DisturbanceRow:
    """What is wrong at an agency, and since when."""

    sentence: str
    since: str


@dataclass(frozen=True)
class EmergencyRow:
    """A zone with its floor where people need help, and whom to call."""

    zone: str
    number: str


@dataclass(frozen=True)
class PriorityRow:
    code: str
    name: str
    icon: str


@dataclass(frozen=True)
class AgencyRow:
    """An agency; `closed` is why it gives no numbers, in few words, None while it is open."""

    code: str
    name: str
    full_name: str
    icon: str
    zone: Zone
    waiting: int
    line: str
    closed: str | None
    disturbance: DisturbanceRow | None

    @property
    def open(self) -> bool:
        return self.closed is None


@dataclass(frozen=True)
class ServiceCard:
    """A service in a list; `closed` is why it gives no numbers, in few words, None while it is open."""

    code: str
    name: str
    agency: str
    closed: str | None
    line: str
    wait: str | None
    fee: str | None
    disturbance: DisturbanceRow | None

    @property
    def open(self) -> bool:
        return self.closed is None


@dataclass(frozen=True)
class ServiceSheet:
    """Everything a visitor is told about a service before taking a number."""

    card: ServiceCard
    agency_name: str
    zone: Zone
    requirements: tuple[str, ...]
    time_limit: str | None
    desk_minutes: int | None
    note: str | None
    closed_sentence: str | None


@dataclass(frozen=True)
class MatterRow:
    """One service of a stop, with the first of its requirements and how many there are besides."""

    card: ServiceCard
    closed_sentence: str | None
    requirements: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class StopRow:
    """One stop of a journey that is being chosen.

    `same_queue_as` is the number (from 1) of an earlier stop in the same queue, if there is one.
    """

    agency: str
    zone: Zone
    open: bool
    disturbance: DisturbanceRow | None
    matters: tuple[MatterRow, ...]
    same_queue_as: int | None


@dataclass(frozen=True)
class TurnRow:
    """One stop of a number that was given: where it is, and what is done there."""

    agency: str
    zone: Zone
    services: tuple[str, ...]


@dataclass(frozen=True)
class TicketRow:
    """A number that was given. `waiting` and `wait` are sentences; `print` is the word for its slip."""

    intent: str
    label: str
    qr: bool
    here: TurnRow
    later: tuple[TurnRow, ...]
    waiting: str | None
    wait: str | None
    state: str
    print: str


@dataclass(frozen=True)
class RefusalRow:
    """Why no number was given, and where the visitor may go on; `final` when asking again has no use."""

    code: str
    sentence: str
    opening: str | None
    service: ServiceCard | None
    agency_code: str | None
    is_journey: bool
    closed: tuple[ServiceCard, ...]
    final: bool


@dataclass(frozen=True)
class Frame:
    """What the frame of every screen shows; `away` while the server does not answer."""

    mall_name: str
    clock: str
    clock_zone: str
    clock_minutes: int
    clock_seconds: int
    language: str
    languages: tuple[str, ...]
    large: bool
    away: bool
    printer_trouble: bool
    virtual_printer: bool
    journey_length: int
    emergency_number: str
    emergencies: tuple[EmergencyRow, ...]
    changed: bool
