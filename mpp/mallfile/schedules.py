"""The hours in a mall file as the schedules that the rules of opening read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mpp.domain.mall_words import BreakMode
from mpp.domain.schedule import DayHours, Period, Schedule
from mpp.domain.schedule_json import WEEKDAYS, schedule_to_json
from mpp.mallfile.model import Agency, Holiday, Mall, MallFile, Queue, Service
from mpp.mallfile.week import Hours, Opening, SomeDays, SpecialDate, Times, Week

PLAIN = ("numbers_from", "last_number_minutes", "active")


def mall_schedule(file: MallFile) -> Schedule:
    """The hours of the building of a file, with its confirmed holidays."""
    return building_schedule(file.mall, file.holidays)


def building_schedule(mall: Mall, holidays: Iterable[Holiday]) -> Schedule:
    """The hours of a building, with its confirmed holidays."""
    return Schedule(
        week=_week(mall.hours),
        periods=_periods(mall),
        numbers_from=mall.numbers_from,
        last_number_minutes=mall.last_number_minutes,
        stops_at_break=mall.numbers_stop_at_break,
        closed_dates={holiday.date: holiday.name for holiday in holidays},
        open_dates=_dates(mall.open_dates),
    )


def agency_schedule(agency: Agency) -> Schedule:
    """The hours of an agency, and what its breaks mean."""
    rotating = agency.break_mode == BreakMode.ROTATING
    return _schedule(agency, stops_at_break=agency.numbers_stop_at_break, rotating_breaks=rotating)


def queue_schedule(queue: Queue) -> Schedule:
    """The hours of a queue."""
    return _schedule(queue)


def service_schedule(service: Service) -> Schedule:
    """The hours of a service."""
    return _schedule(service)


def said_of(schedule: Schedule, days: Sequence[str] | None = None) -> dict[str, object]:
    """The hours as the file says them; `days` are the service days that it listed, if it did."""
    said = schedule_to_json(schedule)
    week = said.get("week", {})
    own = {day: hours for day, hours in week.items() if days is None or day in days}
    periods = [
        {"name": each["name"], "first": each["first"], "last": each["last"], "hours": each["week"]}
        for each in said.get("periods", ())
    ]
    dates = [{"date": day, "hours": hours} for day, hours in said.get("open_dates", {}).items()]
    plain: dict[str, object] = {"hours": own or None, "periods": periods, "open_dates": dates}
    if days is not None:
        plain["days"] = list(days)
    return plain | {name: value for name, value in said.items() if name in PLAIN}


def _schedule(level: Opening, stops_at_break: bool = False, rotating_breaks: bool = False) -> Schedule:
    return Schedule(
        week=_days_and_hours(level),
        periods=_periods(level),
        numbers_from=level.numbers_from,
        last_number_minutes=level.last_number_minutes,
        stops_at_break=stops_at_break,
        rotating_breaks=rotating_breaks,
        active=level.active,
        open_dates=_dates(level.open_dates),
    )


def _days_and_hours(level: Opening) -> dict[int, DayHours | None] | None:
    """Days that are not service days are closed; a service day without its own hours inherits them."""
    week = _week(level.hours) if level.hours else {}
    if level.days is not None:
        week |= {number: None for number, day in enumerate(WEEKDAYS) if day not in level.days}
    return week or None


def _week(week: Week | SomeDays) -> dict[int, DayHours | None]:
    named = ((number, day) for number, day in enumerate(WEEKDAYS) if day in week.model_fields_set)
    return {number: _day(getattr(week, day)) for number, day in named}


def _day(hours: Hours | None) -> DayHours | None:
    return None if hours is None else _hours(hours)


def _hours(hours: Hours) -> DayHours:
    breaks = sorted((start, end) for start, end in hours.breaks)
    return DayHours(hours.opens, hours.closes, tuple(breaks))


def _periods(level: Times) -> tuple[Period, ...]:
    return tuple(Period(each.name, each.first, each.last, _week(each.hours)) for each in level.periods)


def _dates(dates: Iterable[SpecialDate]) -> dict[date, DayHours]:
    return {each.date: _hours(each.hours) for each in dates}
