"""The hours of a mall file: a day, a week, a period and special dates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mpp.mallfile.values import Clock, Day, LongName, Part, Weekday

Pause = Annotated[list[Clock], Field(min_length=2, max_length=2)]
Days = Annotated[list[Weekday], Field(min_length=1)]


class Hours(Part):
    """One day: counters open, counters close, breaks between."""

    opens: Clock
    closes: Clock
    breaks: list[Pause] = []


class Week(Part):
    """All seven days of the mall; null is a closed day."""

    mon: Hours | None
    tue: Hours | None
    wed: Hours | None
    thu: Hours | None
    fri: Hours | None
    sat: Hours | None
    sun: Hours | None


class SomeDays(Part):
    """Days that differ; a day left out stays as it is."""

    mon: Hours | None = None
    tue: Hours | None = None
    wed: Hours | None = None
    thu: Hours | None = None
    fri: Hours | None = None
    sat: Hours | None = None
    sun: Hours | None = None


class OtherHours(Part):
    """Other hours from one date to another, both included, such as Ramadan."""

    name: LongName
    first: Day
    last: Day
    hours: SomeDays


class SpecialDate(Part):
    """A date on which it opens with these hours, even on a holiday."""

    date: Day
    hours: Hours


class Times(Part):
    """What every level may say of its hours besides its week."""

    periods: list[OtherHours] = []
    open_dates: list[SpecialDate] = []
    numbers_from: Clock | None = None
    last_number_minutes: Annotated[int, Field(ge=0, le=600)] | None = None


class Opening(Times):
    """What agency, queue and service may say of their hours; what is left out comes from above."""

    days: Days | None = None
    hours: SomeDays | None = None
    active: bool = True
