"""A schedule as the plain document that the database keeps and the mall file writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from mpp.domain.schedule import DayHours, Period, Schedule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FLAGS = ("stops_at_break", "rotating_breaks", "always")
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


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    """Only what the schedule says: a level that inherits everything is {}."""
    document: dict[str, Any] = {}
    if schedule.week is not None:
        document["week"] = _week_to_json(schedule.week)
    if schedule.periods:
        document["periods"] = [_period_to_json(period) for period in schedule.periods]
    if schedule.numbers_from is not None:
        document["numbers_from"] = _clock(schedule.numbers_from)
    if schedule.last_number_minutes is not None:
        document["last_number_minutes"] = schedule.last_number_minutes
    if schedule.closed_dates:
        document["closed_dates"] = {
            day.isoformat(): name for day, name in sorted(schedule.closed_dates.items())
        }
    if schedule.open_dates:
        document["open_dates"] = {
            day.isoformat(): _day_to_json(hours) for day, hours in schedule.open_dates.items()
        }
    document |= {flag: True for flag in FLAGS if getattr(schedule, flag)}
    return document if schedule.active else document | {"active": False}


def schedule_from_json(document: Mapping[str, Any]) -> Schedule:
    """The schedule of such a document, the same object for the same document; ValueError for any other."""
    return _read(json.dumps(document, sort_keys=True)) if document else NOTHING_SAID


@lru_cache(maxsize=2048)
def _read(text: str) -> Schedule:
    document: dict[str, Any] = json.loads(text)
    try:
        parts = {key: _PARTS.get(key, _as_it_is)(value) for key, value in document.items()}
        return Schedule(**parts)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a schedule: {error}") from error


def _day_to_json(hours: DayHours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    document: dict[str, Any] = {"opens": _clock(hours.opens), "closes": _clock(hours.closes)}
    if hours.breaks:
        document["breaks"] = [[_clock(start), _clock(end)] for start, end in hours.breaks]
    return document


def _week_to_json(week: Mapping[int, DayHours | None]) -> dict[str, Any]:
    return {WEEKDAYS[number]: _day_to_json(hours) for number, hours in sorted(week.items())}


def _period_to_json(period: Period) -> dict[str, Any]:
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"name": period.name, "first": first, "last": last, "week": _week_to_json(period.week)}


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"


def _as_it_is(value: Any) -> Any:
    return value


def _day(document: dict[str, Any] | None) -> DayHours | None:
    return None if document is None else _hours(document)


def _hours(document: dict[str, Any]) -> DayHours:
    breaks = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in document.get("breaks", ()))
    return DayHours(time.fromisoformat(document["opens"]), time.fromisoformat(document["closes"]), breaks)


def _week(document: dict[str, Any]) -> dict[int, DayHours | None]:
    return {WEEKDAYS.index(name): _day(hours) for name, hours in document.items()}


def _periods(documents: list[dict[str, Any]]) -> tuple[Period, ...]:
    return tuple(
        Period(
            each["name"],
            date.fromisoformat(each["first"]),
            date.fromisoformat(each["last"]),
            _week(each["week"]),
        )
        for each in documents
    )


_PARTS: dict[str, Callable[[Any], Any]] = {
    "week": _week,
    "periods": _periods,
    "numbers_from": time.fromisoformat,
    "closed_dates": lambda days: {date.fromisoformat(day): name for day, name in days.items()},
    "open_dates": lambda days: {date.fromisoformat(day): _hours(hours) for day, hours in days.items()},
}
