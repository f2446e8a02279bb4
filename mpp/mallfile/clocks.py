"""Hours that contradict themselves: closing before opening, breaks outside, periods that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mpp.mallfile.json_lines import Json
from mpp.mallfile.references import Found, Row, rows, texts
from mpp.mallfile.values import CLOCK, DATE

WEEKDAYS = {
    "mon": "Senin", "tue": "Selasa", "wed": "Rabu", "thu": "Kamis", "fri": "Jumat",
    "sat": "Sabtu", "sun": "Minggu",
}  # fmt: skip


def hours_mistakes(document: Json) -> Found:
    """Each mistake as its place and its sentence; skips what the schema refuses anyway."""
    mall = document.get("mall") if isinstance(document, dict) else None
    if isinstance(mall, dict):
        yield from level_mistakes(mall, "/mall")
    for place, agency in rows(document, "", "agencies"):
        yield from level_mistakes(agency, place)
        for key in ("queues", "services"):
            for at, row in rows(agency, place, key):
                yield from level_mistakes(row, at)


def level_mistakes(level: Row, place: str = "") -> Found:
    """The mistakes in the hours of one noun."""
    for at, hours in _all_hours(level, place):
        yield from _day(hours, at)
    yield from _periods(level, place)
    yield from _special_dates(level, place)
    yield from _days(level, place)


def _all_hours(level: Row, place: str) -> Iterator[tuple[str, Row]]:
    for at, special in rows(level, place, "open_dates"):
        if isinstance(hours := special.get("hours"), dict):
            yield f"{at}/hours", hours
    for at, owner in [(place, level), *rows(level, place, "periods")]:
        week = owner.get("hours")
        for day, hours in week.items() if isinstance(week, dict) else ():
            if isinstance(hours, dict) and day in WEEKDAYS:
                yield f"{at}/hours/{day}", hours


def _day(hours: Row, place: str) -> Found:
    opens, closes = _clock(hours.get("opens")), _clock(hours.get("closes"))
    if opens and closes and closes <= opens:
        yield f"{place}/closes", f"tutup pukul {closes} tidak sesudah buka pukul {opens}"
        return
    last = ""
    pauses = hours.get("breaks")
    for number, pause in enumerate(pauses if isinstance(pauses, list) else ()):
        start, end = (
            (_clock(edge) for edge in pause) if isinstance(pause, list) and len(pause) == 2 else (None, None)
        )
        if not start or not end:
            continue
        at, shown = f"{place}/breaks/{number}", f"istirahat {start}–{end}"
        if end <= start:
            yield at, f"{shown}: selesai tidak sesudah mulai"
        elif (opens and start < opens) or (closes and end > closes):
            yield at, f"{shown} berada di luar jam buka {opens}–{closes}"
        elif start < last:
            yield at, f"{shown} mulai sebelum istirahat yang disebut lebih dulu selesai"
        last = max(last, end)


def _periods(level: Row, place: str) -> Found:
    spans: list[tuple[str, str, str]] = []
    for at, period in rows(level, place, "periods"):
        first, last = _date(period.get("first")), _date(period.get("last"))
        if not first or not last:
            continue
        if last < first:
            yield f"{at}/last", f"tanggal akhir {last} mendahului tanggal awal {first}"
        spans.append((first, last, at))
    latest, other = "", ""
    for first, last, at in sorted(spans, key=lambda span: span[0]):
        if first <= latest:
            yield f"{at}/first", f"masa ini bertumpuk dengan {other}"
        if last > latest:
            latest, other = last, at


def _special_dates(level: Row, place: str) -> Found:
    seen: set[str] = set()
    for at, special in rows(level, place, "open_dates"):
        day = _date(special.get("date"))
        if day and day in seen:
            yield f"{at}/date", f"tanggal {day} disebut dua kali"
        seen.add(day or "")


def _days(level: Row, place: str) -> Found:
    """A day is named once, and one with its own hours is a service day."""
    if not isinstance(level.get("days"), list):
        return
    week = level.get("hours")
    days: set[str] = set()
    for number, day in texts(level, "days"):
        if day in WEEKDAYS and day in days:
            yield f"{place}/days/{number}", f"hari {WEEKDAYS[day]} disebut dua kali"
        days.add(day)
    for day, hours in week.items() if isinstance(week, dict) else ():
        if day in WEEKDAYS and hours is not None and day not in days:
            yield f"{place}/hours/{day}", f"{WEEKDAYS[day]} punya jam, tetapi tidak ada dalam days"


def _clock(value: Json) -> str | None:
    return value if isinstance(value, str) and CLOCK.fullmatch(value) else None


def _date(value: Json) -> str | None:
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None
