"""A schedule as the plain document that the database keeps and the mall file writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from sqlalchemy import Dialect, Text, TypeDecorator

from mpp.domain.schedule import DayHours, Period, Schedule


class HoursJson(TypedDict):
    """The hours of a day as clock times "HH:MM"."""

    opens: str
    closes: str
    breaks: NotRequired[list[list[str]]]


WeekJson = dict[str, HoursJson | None]


class PeriodJson(TypedDict):
    """Other hours between two dates."""

    name: str
    first: str
    last: str
    week: WeekJson


class ScheduleJson(TypedDict, total=False):
    """A schedule; what is absent is not said."""

    week: WeekJson
    periods: list[PeriodJson]
    numbers_from: str
    last_number_minutes: int
    closed_dates: dict[str, str]
    open_dates: dict[str, HoursJson]
    stops_at_break: bool
    rotating_breaks: bool
    always: bool
    active: bool


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOTHING_SAID = Schedule()
UNREADABLE = Schedule(active=False)  # stands where a document is no schedule: nobody gets a number by it


class ScheduleText(TypeDecorator[Schedule]):
    """A schedule, kept as the text of its JSON document; a text that is none is read as `UNREADABLE`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Schedule | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(schedule_to_json(value), ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Schedule:
        try:
            return schedule_from_json(json.loads(value or "{}"))
        except ValueError:
            return UNREADABLE


def schedule_to_json(schedule: Schedule) -> ScheduleJson:
    """Only what the schedule says: a level that inherits everything is {}."""
    said: ScheduleJson = {}
    if schedule.week is not None:
        said["week"] = _week_to_json(schedule.week)
    if schedule.periods:
        said["periods"] = [_period_to_json(period) for period in schedule.periods]
    if schedule.numbers_from is not None:
        said["numbers_from"] = _clock(schedule.numbers_from)
    if schedule.last_number_minutes is not None:
        said["last_number_minutes"] = schedule.last_number_minutes
    if schedule.closed_dates:
        said["closed_dates"] = {day.isoformat(): name for day, name in sorted(schedule.closed_dates.items())}
    if schedule.open_dates:
        said["open_dates"] = {
            day.isoformat(): _day_to_json(hours) for day, hours in schedule.open_dates.items()
        }
    return said | _flags(schedule)


def schedule_from_json(document: ScheduleJson) -> Schedule:
    """The schedule of such a document, the same object for the same document; ValueError for any other."""
    return _read(json.dumps(document, sort_keys=True)) if document else NOTHING_SAID


@lru_cache(maxsize=2048)
def _read(text: str) -> Schedule:
    document: dict[str, Any] = json.loads(text)
    try:
        parts = {key: _PARTS[key](value) if key in _PARTS else value for key, value in document.items()}
        return Schedule(**parts)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a schedule: {error}") from error


def _flags(schedule: Schedule) -> ScheduleJson:
    said: ScheduleJson = {}
    if schedule.stops_at_break:
        said["stops_at_break"] = True
    if schedule.rotating_breaks:
        said["rotating_breaks"] = True
    if schedule.always:
        said["always"] = True
    if not schedule.active:
        said["active"] = False
    return said


def _day_to_json(hours: DayHours) -> HoursJson:
    said: HoursJson = {"opens": _clock(hours.opens), "closes": _clock(hours.closes)}
    if hours.breaks:
        said["breaks"] = [[_clock(start), _clock(end)] for start, end in hours.breaks]
    return said


def _week_to_json(week: Mapping[int, DayHours | None]) -> WeekJson:
    return {
        WEEKDAYS[number]: None if hours is None else _day_to_json(hours)
        for number, hours in sorted(week.items())
    }


def _period_to_json(period: Period) -> PeriodJson:
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"name": period.name, "first": first, "last": last, "week": _week_to_json(period.week)}


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"


def _hours(said: HoursJson) -> DayHours:
    breaks = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in said.get("breaks", ()))
    return DayHours(time.fromisoformat(said["opens"]), time.fromisoformat(said["closes"]), breaks)


def _week(said: WeekJson) -> dict[int, DayHours | None]:
    return {WEEKDAYS.index(name): None if day is None else _hours(day) for name, day in said.items()}


def _period(said: PeriodJson) -> Period:
    first, last = date.fromisoformat(said["first"]), date.fromisoformat(said["last"])
    return Period(said["name"], first, last, _week(said["week"]))


_PARTS: dict[str, Callable[[Any], Any]] = {
    "week": _week,
    "periods": lambda periods: tuple(_period(each) for each in periods),
    "numbers_from": time.fromisoformat,
    "closed_dates": lambda days: {date.fromisoformat(day): name for day, name in days.items()},
    "open_dates": lambda days: {date.fromisoformat(day): _hours(hours) for day, hours in days.items()},
}
