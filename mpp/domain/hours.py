"""When numbers are given: whether it is open now, why not, and when it opens again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mpp.domain.calendar import moment_words, zone_label
from mpp.domain.day_plan import CLOSED_TODAY, HOLIDAY, INACTIVE, DayPlan, day_plan, opening_after
from mpp.domain.schedule import DayHours, Period, Schedule

__all__ = [
    "DayHours", "Openness", "Period", "Schedule", "after_breaks", "closed_sentence", "openness", "zone_label",
]  # fmt: skip

BEFORE_OPENING = "before_opening"
AFTER_CUTOFF = "after_cutoff"
DAY_ENDED = "day_ended"
BREAK = "break"


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether numbers are given now, and the day's window: counters open at `opens`, numbers end at `cutoff`.

    `numbers_from` is when the first number is given; these instants are None on a closed day and when always
    open. `next_opening` is None while open and when no opening is known within 60 days.
    """

    open: bool
    reason: str | None
    next_opening: datetime | None
    opens: datetime | None
    cutoff: datetime | None
    closes: datetime | None
    breaks: tuple[tuple[datetime, datetime], ...]
    numbers_from: datetime | None = None
    holiday: str | None = None


def openness(now: datetime, zone: ZoneInfo, *levels: Schedule) -> Openness:
    """Whether numbers are given at `now`; the levels go from the widest (mall) to the narrowest (service).

    Open is open on all levels. Numbers are given from `numbers_from` until just before the cutoff, and during
    breaks too unless a level stops at its breaks.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    local = now.astimezone(zone)
    mall = day_plan(levels, local.date(), zone)
    if mall.always or any(start <= local < end for start, end in mall.slots):
        return _answer(mall, None, None)
    if mall.reason == INACTIVE:
        return _answer(mall, INACTIVE, None)
    later_today = next((start for start, _ in mall.slots if start > local), None)
    next_opening = later_today or opening_after(levels, local.date(), zone)
    return _answer(mall, mall.reason or _reason_within(mall, local), next_opening)


def after_breaks(
    now: datetime,
    minutes: float,
    breaks: Iterable[tuple[datetime, datetime]],
    opens: datetime | None = None,
) -> float:
    """Minutes on the clock until counters that rest before `opens` and in breaks have worked `minutes`."""
    worked, at = timedelta(minutes=minutes), max(now, opens or now)
    for start, end in sorted(breaks):
        if end <= at:
            continue
        if at + worked <= start:
            break
        worked -= max(start - at, timedelta())
        at = end
    return (at + worked - now).total_seconds() / 60


SENTENCES = {
    "id": {
        BEFORE_OPENING: "Belum buka.",
        AFTER_CUTOFF: "Tutup, sudah lewat batas pengambilan nomor.",
        DAY_ENDED: "Sudah tutup.",
        CLOSED_TODAY: "Tutup hari ini.",
        HOLIDAY: "Tutup, {holiday}.",
        BREAK: "Sedang istirahat.",
        INACTIVE: "Sedang tidak tersedia.",
        "again": "Buka lagi {when}.",
        "first": "Buka {when}.",
        "day_off": "hari libur",
        "unknown": "Jadwal buka berikutnya belum ditetapkan.",
    },
    "en": {
        BEFORE_OPENING: "Not open yet.",
        AFTER_CUTOFF: "Closed, the last number of the day has been given.",
        DAY_ENDED: "Closed for the day.",
        CLOSED_TODAY: "Closed today.",
        HOLIDAY: "Closed, {holiday}.",
        BREAK: "On a break.",
        INACTIVE: "Not available at the moment.",
        "again": "Opens again {when}.",
        "first": "Opens {when}.",
        "day_off": "public holiday",
        "unknown": "The next opening has not been set.",
    },
}


def closed_sentence(state: Openness, now: datetime, zone: ZoneInfo, language: str = "id") -> str:
    """Why it is closed and when it opens again, as a visitor reads it; empty while it is open."""
    if state.open or state.reason is None:
        return ""
    words = SENTENCES[language]
    why = words[state.reason].format(holiday=_holiday_words(state.holiday or "", words["day_off"]))
    if state.reason == INACTIVE:
        return why
    if state.next_opening is None:
        return f"{why} {words['unknown']}"
    when = moment_words(state.next_opening, now, zone, language)
    return f"{why} {words['first' if state.reason == BEFORE_OPENING else 'again'].format(when=when)}"


def _holiday_words(name: str, holiday: str) -> str:
    """A joint leave day bears what it is in its name; a holiday is introduced as one."""
    return name if name.startswith("Cuti Bersama") else f"{holiday} {name}".strip()


def _answer(mall: DayPlan, reason: str | None, next_opening: datetime | None) -> Openness:
    return Openness(
        reason is None, reason, next_opening,
        mall.opens, mall.cutoff, mall.closes, mall.breaks, mall.numbers_from, mall.holiday,
    )  # fmt: skip


def _reason_within(mall: DayPlan, local: datetime) -> str:
    """Why no number is given at this moment of a day that has hours."""
    if local < mall.slots[0][0]:
        return BEFORE_OPENING
    if mall.closes is not None and local >= mall.closes:
        return DAY_ENDED
    if mall.cutoff is not None and local >= mall.cutoff:
        return AFTER_CUTOFF
    return BREAK
