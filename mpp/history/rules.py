"""What must hold of any entry: its form, its time, its day, and the thread of its zones.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mpp.domain.life import State, Verb
from mpp.history.entries import Entry
from mpp.history.replayed import TurnLife
from mpp.history.replayed_mall import Hall
from mpp.history.vocabulary import (
    ACTOR,
    ARRANGED,
    FACTS,
    NEEDED,
    SHOWN,
    SMALL,
    TYPES,
    is_code,
    is_plausible,
    texts,
)

Broken = Iterator[tuple[str, str]]

ROLLING = ("day_opened", "day_confirmed", "counter_closed", Verb.EXPIRED)


def form(entry: Entry) -> Broken:
    """Only known events by known actors, with their own facts, and no word about a person."""
    allowed = FACTS.get(entry.event)
    if allowed is None:
        yield "unknown_event", f"Peristiwa {entry.event!r} tidak dikenal."
        return
    if strange := sorted(set(entry.facts) - allowed):
        yield "unknown_fact", f"{entry.event} memuat keterangan yang tidak diizinkan: {', '.join(strange)}."
    if not entry.actor:
        yield "no_actor", f"{entry.event} tidak menyebut pelakunya."
    elif not ACTOR.fullmatch(entry.actor):
        yield "unknown_actor", f"{entry.event} menyebut pelaku dengan cara yang tidak dikenal."
    coded = {name: fact for name, fact in entry.facts.items() if name not in ARRANGED & allowed}
    said = [*texts(coded), *([entry.reason] if entry.reason is not None else [])]
    if not all(is_code(text) for text in said if text):
        yield "personal", f"{entry.event} memuat teks bebas atau nomor panjang; log hanya boleh memuat kode."


def complete(entry: Entry) -> bool:
    """Whether an entry says what is needed to follow it."""
    if entry.event not in FACTS:
        return False
    needed = NEEDED.get(entry.event, ())
    columns = all(getattr(entry, name) is not None for name in needed if name not in TYPES)
    facts = all(name in entry.facts for name in needed if name in TYPES)
    kinds = all(type(value) in TYPES.get(name, (type(value),)) for name, value in entry.facts.items())
    return columns and facts and kinds and is_plausible(entry) and _known_zone(entry)


def moment(hall: Hall, entry: Entry) -> Broken:
    """Time and day never go back, and the day is the mall's local date as the log has opened it."""
    if hall.at is not None and entry.at < hall.at:
        yield "time_back", f"Waktu mundur: {entry.at:%H:%M:%S.%f} sesudah {hall.at:%H:%M:%S.%f} (UTC)."
    if hall.day is not None and entry.day < hall.day:
        yield "day_back", f"Hari layanan mundur: {entry.day} sesudah {hall.day}."
        return
    today = hall.local_day(entry.at)
    if entry.event == "day_opened":
        if entry.day != today or entry.after != today.isoformat() or hall.opened == today:
            yield "day_wrong", f"Hari {entry.day} dibuka pada tanggal {today}."
    elif hall.opened is not None and today > hall.opened and entry.event != "day_confirmed":
        yield "day_not_opened", f"{entry.event} terjadi pada {today}, padahal hari itu belum dibuka."
    elif entry.day != (hall.opened or today):
        yield "day_wrong", f"{entry.event} dicatat pada hari {entry.day}, seharusnya {hall.opened or today}."


def thread(hall: Hall, entry: Entry) -> Broken:
    """What a screen must see names its zones, and each zone's previous entry."""
    if entry.event in SHOWN and not entry.zones:
        yield "no_zone", f"{entry.event} tidak sampai ke zona mana pun."
    for zone, previous in entry.zones.items():
        if previous != (last := hall.zone_seqs.get(zone, 0)):
            yield "zone_prev", f"Zona {zone}: entri sebelumnya {last}, tertulis {previous}."


def beginning(hall: Hall, entry: Entry) -> Broken:
    """A log begins with the founding of its mall, once."""
    if (entry.event == "mall_founded") != (entry.seq == 1):
        yield "beginning", "Log tidak dimulai dengan pendirian mal, atau mal didirikan dua kali."


def left_over(hall: Hall, entry: Entry) -> Broken:
    """Once a new day is open, nothing of another day waits or is called; by 04:00 nothing is served."""
    if entry.event in ROLLING:
        return
    for turn in [hall.turns[each] for each in sorted(hall.yesterdays)]:
        if _should_be_over(hall, turn, entry):
            hall.yesterdays.discard(turn.id)
            yield "left_over", f"{turn.label} dari {turn.day} masih {turn.state} pada {entry.day}."


def at_once(hall: Hall, entry: Entry) -> Broken:
    """What one entry makes due is there with the very next one: a number's turn, a journey's next stop."""
    if hall.due and not hall.due[0].is_met(entry):
        yield hall.due[0].code, hall.due[0].sentence
        hall.due.clear()


def _should_be_over(hall: Hall, turn: TurnLife, entry: Entry) -> bool:
    return turn.state != State.SERVING or entry.at >= hall.served_until(turn.day)


def _known_zone(entry: Entry) -> bool:
    """Whether one can reckon with the time zone and the days that an entry sets for the mall."""
    was, now = entry.facts.get("was", {}), entry.facts.get("now", {})
    said = entry.facts if entry.event == "mall_founded" else now
    parts = [each.get("rules", {"notes_kept_days": 1}) for each in (was, now)]
    if entry.event == "mall_set" and not all(isinstance(each, dict) and _keeps_days(each) for each in parts):
        return False
    try:
        ZoneInfo(said.get("timezone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError, AttributeError):
        return False
    return True


def _keeps_days(rules: Mapping[str, object]) -> bool:
    days = rules.get("notes_kept_days")
    return type(days) is int and 0 <= days < SMALL
