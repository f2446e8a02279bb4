"""How a day, a moment and a time zone of Indonesia are said, in Indonesian and in English."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
NEAR_DAYS = {"id": ("hari ini", "besok"), "en": ("today", "tomorrow")}


def zone_label(zone: ZoneInfo) -> str:
    """WIB, WITA or WIT; another zone (a test mall abroad) is called by its own name."""
    return ZONE_LABELS.get(zone.key, zone.key)


def date_words(day: date, language: str = "id") -> str:
    """The date in full: "22 November 2026"."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def day_words(day: date, today: date, language: str = "id") -> str:
    """The day as one says it today: hari ini, besok, the weekday within a week, else with its date."""
    away = (day - today).days
    if 0 <= away <= 1:
        return NEAR_DAYS[language][away]
    weekday = WEEKDAYS[language][day.weekday()]
    return weekday if 1 < away < 7 else f"{weekday}, {date_words(day, language)}"


def time_words(moment: datetime, zone: ZoneInfo, language: str = "id") -> str:
    """The time of day with its zone: "pukul 07.30 WIB", "at 07:30 WIB"."""
    local = moment.astimezone(zone)
    shown = f"pukul {local:%H.%M}" if language == "id" else f"at {local:%H:%M}"
    return f"{shown} {zone_label(zone)}"


def moment_words(moment: datetime, now: datetime, zone: ZoneInfo, language: str = "id") -> str:
    """When something happens, seen from now: "besok pukul 07.30 WIB"."""
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    return f"{day_words(day, today, language)} {time_words(moment, zone, language)}"
