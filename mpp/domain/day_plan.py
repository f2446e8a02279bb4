"""What the schedules of all levels together make of one date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mpp.domain.schedule import DayHours, Schedule

CLOSED_TODAY = "closed_today"
HOLIDAY = "holiday"
INACTIVE = "inactive"

DAYS_AHEAD = 60  # how far the next opening is looked for
ANY_DAY = date(2024, 1, 1)  # only to subtract times of day


class _Said(NamedTuple):
    """What one level says of one date."""

    hours: DayHours | None
    holiday: str | None = None
    forced: bool = False


class DayPlan(NamedTuple):
    """What all levels together make of one date; `slots` are the stretches in which numbers are given."""

    reason: str | None = None
    holiday: str | None = None
    always: bool = False
    opens: datetime | None = None
    numbers_from: datetime | None = None
    cutoff: datetime | None = None
    closes: datetime | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    slots: tuple[tuple[datetime, datetime], ...] = ()


@lru_cache(maxsize=2048)
def opening_after(levels: tuple[Schedule, ...], day: date, zone: ZoneInfo) -> datetime | None:
    """The first moment of a later date at which numbers are given; None when there is none in sight."""
    for ahead in range(1, DAYS_AHEAD + 1):
        mall = _make_plan(levels, day + timedelta(days=ahead), zone)
        if mall.slots:
            return mall.slots[0][0]
    return None


@lru_cache(maxsize=2048)
def day_plan(levels: tuple[Schedule, ...], day: date, zone: ZoneInfo) -> DayPlan:
    """The day of these levels, from the widest to the narrowest, in the time of the zone."""
    return _make_plan(levels, day, zone)


def _make_plan(levels: tuple[Schedule, ...], day: date, zone: ZoneInfo) -> DayPlan:
    if not all(level.active for level in levels):
        return DayPlan(INACTIVE)
    bound = next((levels[:place] for place, level in enumerate(levels) if level.always), levels)
    if levels and not bound:
        return DayPlan(always=True)
    said = _heard([_says(level, day) for level in bound])
    closed = [word for word in said if word is not None and word.hours is None]
    if closed:
        holiday = next((word.holiday for word in closed if word.holiday is not None), None)
        return DayPlan(CLOSED_TODAY if holiday is None else HOLIDAY, holiday)
    hours = [word.hours for word in said if word is not None and word.hours is not None]
    return _open_day(bound, hours, day, zone) if hours else DayPlan(CLOSED_TODAY)


def _says(level: Schedule, day: date) -> _Said | None:
    """The hours of this level on this date, or that it is closed; None when it says nothing."""
    if day in level.open_dates:
        return _Said(level.open_dates[day], forced=True)
    if day in level.closed_dates:
        return _Said(None, level.closed_dates[day])
    return _says_usually(level, day)


def _says_usually(level: Schedule, day: date) -> _Said | None:
    weeks = [period.week for period in level.periods if period.first <= day <= period.last]
    for week in (*weeks, level.week or {}):
        if day.weekday() in week:
            return _Said(week[day.weekday()])
    return None


def _heard(said: Sequence[_Said | None]) -> list[_Said | None]:
    """What counts: above a level that is forced open on this date, closures are set aside."""
    forced = max((place for place, word in enumerate(said) if word is not None and word.forced), default=-1)
    return [
        word for place, word in enumerate(said) if place >= forced or word is None or word.hours is not None
    ]


def _open_day(levels: tuple[Schedule, ...], hours: list[DayHours], day: date, zone: ZoneInfo) -> DayPlan:
    def at(moment: time) -> datetime:
        return datetime.combine(day, moment, zone)

    opens, closes = at(max(each.opens for each in hours)), at(min(each.closes for each in hours))
    start = max(opens - _lead(levels, day), at(time()))
    last = _narrowest(level.last_number_minutes for level in levels)
    cutoff = closes - timedelta(minutes=last or 0)
    if opens >= closes or start >= cutoff:
        return DayPlan(CLOSED_TODAY)
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    if not any(level.rotating_breaks for level in levels):
        named = next((each.breaks for each in reversed(hours) if each.breaks), ())
        inside = ((max(at(a), opens), min(at(b), closes)) for a, b in named)
        breaks = tuple((a, b) for a, b in inside if a < b)
    stops = breaks if any(level.stops_at_break for level in levels) else ()
    slots = tuple(_without(start, cutoff, stops))
    if not slots:
        return DayPlan(CLOSED_TODAY)
    return DayPlan(None, None, False, opens, start, cutoff, closes, breaks, slots)


def _lead(levels: tuple[Schedule, ...], day: date) -> timedelta:
    """How long before the counters open numbers are given; who opens later keeps the same lead."""
    place = max((n for n, level in enumerate(levels) if level.numbers_from is not None), default=None)
    if place is None or (numbers_from := levels[place].numbers_from) is None:
        return timedelta()
    stated = [word.hours for level in levels[: place + 1] if (word := _says_usually(level, day))]
    usual = max((hours.opens for hours in stated if hours is not None), default=None)
    usual = usual or _earliest_opening(levels[: place + 1]) or numbers_from
    return datetime.combine(ANY_DAY, usual) - datetime.combine(ANY_DAY, numbers_from)


def _earliest_opening(levels: tuple[Schedule, ...]) -> time | None:
    weeks = [level.week for level in levels if level.week]
    return min((hours.opens for week in weeks for hours in week.values() if hours is not None), default=None)


def _narrowest(values: Iterable[int | None]) -> int | None:
    return next((value for value in reversed(list(values)) if value is not None), None)


def _without(
    start: datetime, end: datetime, stops: Iterable[tuple[datetime, datetime]]
) -> Iterable[tuple[datetime, datetime]]:
    """The stretches of a time that lie outside its breaks, in order."""
    at = start
    for stop_from, stop_to in stops:
        if at < min(stop_from, end):
            yield at, min(stop_from, end)
        at = max(at, stop_to)
    if at < end:
        yield at, end
