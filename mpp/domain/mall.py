"""The structure of a mall: read whole once per version, then detached, read-only and shared by everybody."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mpp.domain.base import Base, Document, Moment, TimeZoneName, one_of
from mpp.domain.errors import UnknownCounter, UnknownService, UnknownZone
from mpp.domain.hours import Openness, openness
from mpp.domain.mall_words import (
    AgencyKind,
    BreakMode,
    Lane,
    MallRules,
    Picks,
    Policy,
    PriorityFacts,
    Remarks,
    ServiceFacts,
    ServiceKind,
    Standard,
)
from mpp.domain.rules import Rules
from mpp.domain.schedule import Schedule
from mpp.domain.schedule_json import ScheduleText


class Noun(Base):
    """A part of the structure. Once it is `shared` nothing of it can be set."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    remarks: Mapped[Remarks] = mapped_column(Document, default=dict)

    def share(self) -> None:
        """From now on every thread may read this."""
        self.__dict__["shared"] = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "shared" in self.__dict__:
            raise AttributeError(f"{type(self).__name__} is shared by all threads; change it by arranging")
        super().__setattr__(name, value)


class PartOfMall(Noun):
    """A noun of one mall, in its order; `retired_at` is when it left the structure, None while it stands."""

    __abstract__ = True

    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class Around(Protocol):
    """Whose hours hold for what is within."""

    @property
    def levels(self) -> tuple[Schedule, ...]: ...

    @property
    def timezone(self) -> ZoneInfo: ...


class WithHours(PartOfMall):
    """A noun that has hours of its own, within those of what is around it."""

    __abstract__ = True

    schedule: Mapped[Schedule] = mapped_column(ScheduleText)

    @property
    def around(self) -> Around:
        raise NotImplementedError

    @cached_property
    def levels(self) -> tuple[Schedule, ...]:
        """The schedules that hold here, from the widest to the narrowest."""
        return *self.around.levels, self.schedule

    @cached_property
    def timezone(self) -> ZoneInfo:
        return self.around.timezone

    def openness(self, now: datetime) -> Openness:
        """Whether numbers are given here now, and the hours of the day."""
        return openness(now, self.timezone, *self.levels)

    def opens_after(self, today: Openness) -> datetime | None:
        """When numbers are given again once those of today are used up; None when that is not known."""
        return None if today.closes is None else self.openness(today.closes).next_opening


class Zone(PartOfMall):
    """A part of the mall that sees the same screens and hears the same loudspeaker."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    floor: Mapped[int] = mapped_column(Integer)


class Agency(WithHours):
    """An institution with a stand in the mall."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[AgencyKind] = mapped_column(one_of(AgencyKind, 40))
    floor: Mapped[int] = mapped_column(Integer)
    icon: Mapped[str] = mapped_column(String(60))
    break_mode: Mapped[BreakMode] = mapped_column(one_of(BreakMode))

    mall: Mapped["Mall"] = relationship()
    zone: Mapped[Zone] = relationship()

    @property
    def around(self) -> "Mall":
        return self.mall

    @property
    def closes_at_break(self) -> bool:
        return self.break_mode == BreakMode.CLOSED


class Queue(WithHours):
    """A line of one agency, with its letters and its own numbers each day.

    `minutes` is its standard desk time, `quota` numbers a day or None, `policy` its order; `target_min` says
    within how many minutes somebody should be called, None for the usual target (mpp/domain/lateness.py).
    """

    __tablename__ = "queue"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120))
    lane: Mapped[Lane] = mapped_column(one_of(Lane))
    minutes: Mapped[int] = mapped_column(Integer)
    quota: Mapped[int | None] = mapped_column(Integer)
    target_min: Mapped[int | None] = mapped_column(Integer)
    policy: Mapped[Policy] = mapped_column(Document)

    agency: Mapped[Agency] = relationship()

    @property
    def around(self) -> Agency:
        return self.agency


class Service(WithHours):
    """One thing an agency does for visitors, with its published standard."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ServiceKind] = mapped_column(one_of(ServiceKind))
    desk_minutes: Mapped[int] = mapped_column(Integer)
    languages: Mapped[list[str]] = mapped_column(Document)
    note: Mapped[str | None] = mapped_column(String(500))
    standard: Mapped[Standard] = mapped_column(Document)
    facts: Mapped[ServiceFacts] = mapped_column(Document)

    queue: Mapped[Queue] = relationship()

    @property
    def around(self) -> Queue:
        return self.queue


class Counter(PartOfMall):
    """A desk where an officer serves: `queues` in its order of preference, `picks` how it chooses."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("mall_id", "name"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    name: Mapped[str] = mapped_column(String(60))
    picks: Mapped[Picks] = mapped_column(one_of(Picks))
    prefers_priority: Mapped[bool]

    agency: Mapped[Agency] = relationship()
    zone: Mapped[Zone] = relationship()
    queues: Mapped[list[Queue]] = relationship(
        secondary="counter_queue", order_by="CounterQueue.position", viewonly=True
    )


class CounterQueue(Base):
    """Which queues a counter serves, in its order of preference."""

    __tablename__ = "counter_queue"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class PriorityClass(PartOfMall):
    """A group of visitors that the law gives special treatment, free of charge."""

    __tablename__ = "priority_class"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    priority: Mapped[bool]
    facts: Mapped[PriorityFacts] = mapped_column(Document)


class Mall(Noun):
    """One building under one manager, in one time zone, with all that is in it.

    Codes and ids lead to the same nouns. `zones` to `priorities` hold what stands, each in its order;
    `zone_codes` to `counter_ids` also hold what was retired, for what happened before.
    `left_out` says in Indonesian what could not be read.
    """

    __tablename__ = "mall"
    __allow_unmapped__ = True  # what is below `rules` is filled when the mall is read whole

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[ZoneInfo] = mapped_column(TimeZoneName)
    schedule: Mapped[Schedule] = mapped_column(ScheduleText)
    rules: Mapped[MallRules] = mapped_column(Document)

    version: int
    left_out: tuple[str, ...]
    zones: Mapping[str, Zone]
    agencies: Mapping[str, Agency]
    queues: Mapping[str, Queue]
    services: Mapping[str, Service]
    counters: Mapping[int, Counter]
    priorities: Mapping[str, PriorityClass]
    zone_codes: Mapping[str, Zone]
    agency_codes: Mapping[str, Agency]
    queue_ids: Mapping[int, Queue]
    service_ids: Mapping[int, Service]
    counter_ids: Mapping[int, Counter]

    @property
    def mall_id(self) -> int:
        return self.id

    def day(self, now: datetime) -> date:
        """The mall's local date at a moment."""
        return now.astimezone(self.timezone).date()

    def service_day(self, now: datetime, opened: date | None) -> date:
        """The day whose lines are shown: today, and never earlier than the day that the log has opened."""
        return max(self.day(now), opened or date.min)

    @property
    def levels(self) -> tuple[Schedule, ...]:
        return (self.schedule,)

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
