"""The plan of a mall: its structure as plain values, read once and shared by everybody until it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from mpp.domain.errors import UnknownCounter, UnknownService, UnknownZone
from mpp.domain.hours import Schedule
from mpp.domain.rules import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    id: int
    code: str
    name: str
    floor: int


@dataclass(frozen=True, slots=True, eq=False)
class Agency:
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    floor: int
    icon: str
    zone: Zone
    closes_at_break: bool
    schedule: Schedule


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """A line: `minutes` is its standard desk time, `quota` numbers a day or None, `policy` its order."""

    id: int
    code: str
    name: str
    lane: str
    minutes: int
    quota: int | None
    policy: Mapping[str, Any]
    agency: Agency
    schedule: Schedule


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    id: int
    code: str
    name: str
    kind: str
    desk_minutes: int
    languages: tuple[str, ...]
    note: str | None
    standard: Mapping[str, Any]
    facts: Mapping[str, Any]
    queue: Queue
    schedule: Schedule


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A desk: `queues` in its order of preference, `picks` how it chooses among them."""

    id: int
    name: str
    agency: Agency
    zone: Zone
    queues: tuple[Queue, ...]
    picks: str
    prefers_priority: bool


@dataclass(frozen=True, slots=True, eq=False)
class PriorityClass:
    code: str
    name: str
    priority: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Mall:
    """All of one mall. Codes and ids lead to the same plain values."""

    version: int
    mall_id: int
    code: str
    name: str
    city: str
    timezone: ZoneInfo
    schedule: Schedule
    rules: Mapping[str, Any]
    zones: Mapping[str, Zone]
    agencies: Mapping[str, Agency]
    queues: Mapping[str, Queue]
    services: Mapping[str, Service]
    counters: Mapping[int, Counter]
    priorities: Mapping[str, PriorityClass]
    queue_ids: Mapping[int, Queue]
    service_ids: Mapping[int, Service]

    def day(self, now: datetime) -> date:
        """The mall's local date at a moment."""
        return now.astimezone(self.timezone).date()

    def service_day(self, now: datetime, opened: date | None) -> date:
        """The day whose lines are shown: today, and never earlier than the day that the log has opened."""
        return max(self.day(now), opened or date.min)

    @cached_property
    def how(self) -> Rules:
        """The mall's rules as values."""
        return Rules.of(self.rules)

    def service(self, code: str) -> Service:
        if (service := self.services.get(code)) is None:
            raise UnknownService(f"Layanan {code} tidak ada.")
        return service

    def counter(self, counter_id: int) -> Counter:
        if (counter := self.counters.get(counter_id)) is None:
            raise UnknownCounter
        return counter

    def zone(self, code: str) -> Zone:
        if (zone := self.zones.get(code)) is None:
            raise UnknownZone
        return zone
