"""The mall file as a whole: mall, zones, holidays, agencies with queues, counters and services."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from mpp.domain.mall_words import AgencyKind, BreakMode, Lane, Picks, ServiceKind
from mpp.mallfile.standard import Standard
from mpp.mallfile.values import (
    AgencyCode,
    Day,
    Fact,
    Floor,
    Icon,
    Language,
    Letters,
    Level,
    LongName,
    MallCode,
    Minutes,
    Name,
    Part,
    Quota,
    ServiceCode,
    Text,
    TimeZone,
    Word,
    ZoneCode,
)
from mpp.mallfile.week import Opening, Times, Week

W = TypeVar("W", bound=StrEnum)
Chosen = Annotated[W, Field(strict=False)]  # one of these words, as text in the file
Sources = list[Word]
Languages = Annotated[list[Language], Field(min_length=1)]


class Rules(Fact):
    """How turns are treated in this mall."""

    missed_after_calls: Annotated[int, Field(ge=1, le=20)] = 3
    return_within_minutes: Annotated[int, Field(ge=0, le=600)] = 30
    checkin_tolerance_minutes: Annotated[int, Field(ge=0, le=600)] = 15
    missed_after_seconds: Annotated[int, Field(ge=0, le=600)] = 20
    return_place: Literal["front", "end", "by_arrival"] = "by_arrival"
    journey_place: Literal["ready", "end", "by_arrival"] = "ready"
    journey_head_start_minutes: Annotated[int, Field(ge=0, le=600)] = 10
    step_out_minutes: Annotated[int, Field(ge=1, le=120)] = 15
    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    notes_kept_days: Annotated[int, Field(ge=0, le=30)] = 1


class Announcement(Part):
    """How a call is spoken: the number as words ("dua belas") or digit by digit ("nol satu dua")."""

    numbers: Literal["words", "digits"] = "words"
    chime: bool = True
    times: Annotated[int, Field(ge=1, le=3)] = 2


class Mall(Times):
    """The building."""

    code: MallCode
    name: LongName
    city: Name
    timezone: TimeZone
    languages: Languages = ["id"]
    emergency: Word = "119"
    hours: Week
    numbers_stop_at_break: bool = False
    rules: Rules = Rules(level="I")
    announcement: Announcement = Announcement()


class Zone(Part):
    """A part of the mall that sees the same screens and hears the same loudspeaker."""

    code: ZoneCode
    name: Name
    floor: Floor


class Priority(Fact):
    """A group of visitors; `priority` when the law gives them special treatment."""

    code: ServiceCode
    name: Name
    priority: bool
    by_appointment: bool = False
    proof: Text | None = None
    options: list[Name] = []
    sources: Sources = []


class Holiday(Fact):
    """A confirmed day on which the mall is closed."""

    date: Day
    name: LongName
    kind: Literal["libur_nasional", "cuti_bersama", "libur_daerah"]


class HeadStart(Part):
    """A priority visitor counts as having come so many minutes earlier."""

    kind: Literal["head_start"] = "head_start"
    minutes: Annotated[int, Field(ge=0, le=600)] = 15


class Ratio(Part):
    """So many regular visitors, then so many priority visitors."""

    kind: Literal["ratio"]
    regular: Annotated[int, Field(ge=1, le=20)]
    priority: Annotated[int, Field(ge=1, le=20)]


class Strict(Part):
    """Priority visitors always come first."""

    kind: Literal["strict"]


class Queue(Opening):
    """A line of an agency, with its letters and its own numbers each day."""

    code: Letters
    name: Name
    lane: Chosen[Lane] = Lane.REGULAR
    quota: Quota | None = None
    online_quota: Annotated[int, Field(ge=0, le=9999)] | None = None
    minutes: Minutes
    target_min: Minutes | None = None
    policy: Annotated[HeadStart | Ratio | Strict, Field(discriminator="kind")] = HeadStart()


class Counter(Part):
    """A desk; it serves its queues in this order of preference, or whoever has waited longest."""

    number: Annotated[int, Field(ge=1, le=9999)]
    name: Word
    queues: Annotated[list[Letters], Field(min_length=1)]
    zone: ZoneCode | None = None
    picks: Chosen[Picks] = Picks.PREFERENCE
    prefers_priority: bool = False


class Service(Opening):
    """One thing the agency does for visitors, with its published standard."""

    code: ServiceCode
    name: LongName
    queue: Letters
    kind: Chosen[ServiceKind]
    mode: Literal["satu_atap", "satu_pintu", "virtual"] = "satu_atap"
    desk_minutes: Minutes
    desk_minutes_level: Level = "I"
    languages: Languages = ["id"]
    words: list[Word] = []  # what visitors call it, for the search
    note: Text | None = None  # for visitors
    note_level: Level | None = None
    remark: Text | None = None  # for staff
    standard: Standard = Standard()
    sources: Sources = []


class Agency(Opening):
    """An institution with a stand in the mall."""

    code: AgencyCode
    name: LongName
    short_name: Word
    kind: Chosen[AgencyKind]
    floor: Floor
    zone: ZoneCode
    icon: Icon = "building-2"
    break_mode: Chosen[BreakMode] = BreakMode.CLOSED
    numbers_stop_at_break: bool = False
    level: Level = "I"
    sources: Sources = []
    queues: list[Queue] = []
    counters: list[Counter] = []
    services: list[Service] = []


class Note(Fact):
    """Something worth knowing that no part of the program reads."""

    about: Name
    text: Text
    sources: Sources = []


class MallFile(Part):
    """One mall, ready to be set up."""

    format: Literal["mpp-mall-1"]
    description: Text | None = None
    levels: dict[Level, Text] = {}
    sources: dict[Word, Text] = {}
    notes: list[Note] = []
    mall: Mall
    zones: Annotated[list[Zone], Field(min_length=1)]
    priorities: list[Priority] = []
    holidays: list[Holiday] = []
    agencies: Annotated[list[Agency], Field(min_length=1)]

    @property
    def queues(self) -> Iterator[tuple[Agency, Queue]]:
        """Every queue with its agency, in the order of the file."""
        return ((agency, queue) for agency in self.agencies for queue in agency.queues)

    @property
    def counters(self) -> Iterator[tuple[Agency, Counter]]:
        """Every counter with its agency, in the order of the file."""
        return ((agency, counter) for agency in self.agencies for counter in agency.counters)

    @property
    def services(self) -> Iterator[tuple[Agency, Service]]:
        """Every service with its agency, in the order of the file."""
        return ((agency, service) for agency in self.agencies for service in agency.services)
