"""The national holidays and joint leave days that a library suggests and an administrator confirms."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from holidays import country_holidays

KINDS = {"public": "libur_nasional", "government": "cuti_bersama"}


class SuggestedHoliday(NamedTuple):
    """A day off in Indonesia; a name that ends in "(perkiraan)" waits for the government's decision."""

    date: date
    name: str
    kind: str  # libur_nasional or cuti_bersama


def suggested_holidays(year: int) -> list[SuggestedHoliday]:
    """The days off of a year, in order; a year that is not decreed yet has no joint leave."""
    days = []
    for category, kind in KINDS.items():
        found = country_holidays("ID", years=year, categories=(category,), language="id")
        days += [SuggestedHoliday(day, name, kind) for day, name in found.items()]
    return sorted(days)
