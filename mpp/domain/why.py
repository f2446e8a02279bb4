"""Why not me yet: who is ahead of a turn in its line, and which rule of the order put them there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from mpp.domain.calendar import time_words
from mpp.domain.order import MINUTE_US, STRICT_US, Caller, Place, Waiting, in_order, micros, order_key

Policy = Mapping[str, Any]


class Rule(StrEnum):
    """What put one turn of a line before another."""

    CAME_EARLIER = "came_earlier"
    BY_ARRIVAL = "by_arrival"  # transferred, returned or gone on: it counts by its first arrival
    APPOINTMENT = "appointment"  # it counts by the booked time
    JOURNEY = "journey"  # the head start of a next stop
    HEAD_START = "head_start"  # the head start of priority
    STRICT = "strict"  # priority always first
    FRONT = "front"  # placed before everybody
    END = "end"  # the other one was placed behind everybody
    RATIO = "ratio"  # its class is due


class Choice(StrEnum):
    """Why a counter takes from another of its lines first."""

    PREFERENCE = "preference"
    LONGEST_WAIT = "longest_wait"
    RELATIVE_WAIT = "relative_wait"
    PREFERS_PRIORITY = "prefers_priority"


@dataclass(frozen=True, slots=True)
class Standing:
    """A turn as it waits, and how it came to its place: `came` is when the visitor counts as having come.

    `head_start` are the minutes of a next stop; `moved` is "returned", "transferred", or None.
    """

    seen: Waiting
    label: str
    came: datetime
    place: Place
    head_start: int = 0
    moved: str | None = None


def ahead_of(
    turn: int, line: Sequence[Standing], policy: Policy, calls: Iterable[bool]
) -> list[tuple[Standing, Rule]]:
    """Everybody of the line who would be called before this turn, in that order, each with the rule."""
    standing = {each.seen.turn: each for each in line}
    order = [each.turn for each in in_order([each.seen for each in line], policy, calls)]
    before = [standing[each] for each in order[: order.index(turn)]]
    return [(each, rule_between(each, standing[turn], policy)) for each in before]


def rule_between(first: Standing, other: Standing, policy: Policy) -> Rule:
    """Why `first` is before `other`, of whom it is known.

    The order is built up step by step: who joined first, when each came, the head start of a next stop, that
    of priority, a place at the front or the end, and the turn of a class. The last step that brought `first`
    before `other` is the reason; but a place at the front, which somebody gave, is named in any case.
    """
    steps, others = _steps(first, policy), _steps(other, policy)
    behind = [number for number, own in enumerate(steps) if own > others[number]]
    step = behind[-1] + 1 if behind else 0
    if step < len(steps) and steps[-1] < steps[-2]:
        return Rule.FRONT
    came = Rule.APPOINTMENT if Place.APPOINTMENT in (first.place, other.place) else Rule.BY_ARRIVAL
    strict = _head_start_us(first, policy) >= STRICT_US
    placed = Rule.FRONT if first.place == Place.FRONT else Rule.END
    favoured = Rule.STRICT if strict else Rule.HEAD_START
    return (Rule.CAME_EARLIER, came, Rule.JOURNEY, favoured, placed, Rule.RATIO)[step]


def choice_of(chosen: Waiting, own: Waiting, caller: Caller) -> Choice:
    """Why a counter calls the head of another line before the head of this one."""
    if caller.prefers_priority and chosen.priority and not own.priority:
        return Choice.PREFERS_PRIORITY
    return Choice(caller.picks)


def sentence(first: Standing, other: Standing, rule: Rule, policy: Policy, zone: ZoneInfo) -> str:
    """Why somebody is ahead, for staff: "AA-003 di depan: datang lebih dahulu, pukul 08.50 WIB." """
    return f"{first.label} di depan: {_reason(first, other, rule, policy, zone)}."


def mark(turn: Standing, policy: Policy, zone: ZoneInfo) -> str | None:
    """What is special about a turn's place in its line, in a few words for staff; None for an arrival."""
    if turn.place in (Place.FRONT, Place.END):
        return _placed(turn)
    words = []
    if turn.place == Place.APPOINTMENT:
        words.append(f"janji temu {time_words(turn.came, zone)}")
    if turn.place == Place.BY_ARRIVAL:
        words.append(f"menurut kedatangan pertama, {time_words(turn.came, zone)}")
    if turn.head_start:
        words.append(_journey(turn))
    if turn.seen.priority:
        words.append(_priority(turn, policy))
    return "; ".join(words) or None


def place_sentence(label: str, queue: str, place: int, served: bool = True) -> str:
    """Where a turn stands, for staff; 1 is the next of its line, if a counter serves it.

    `queue` is the name that people know.
    """
    if place == 1 and not served:
        return f"{label} di urutan pertama antrean {queue}."
    if place == 1:
        return f"{label} berikutnya di antrean {queue}."
    return f"{label} di urutan {place} antrean {queue}: {place - 1} giliran di depan."


def choice_sentence(counter: str, label: str, queue: str, choice: Choice) -> str:
    """Whom a counter calls before this line, and why."""
    why = {
        Choice.PREFERS_PRIORITY: "mendahulukan prioritas di antara antreannya",
        Choice.PREFERENCE: f"mengutamakan antrean {queue}",
        Choice.LONGEST_WAIT: "mengambil dari antrean yang paling lama menunggu",
        Choice.RELATIVE_WAIT: "mengambil yang paling lama menunggu dibanding waktu standar antreannya",
    }
    return f"{counter} memanggil {label} lebih dahulu: {why[choice]}."


def visitor_sentence(ahead: int, language: str = "id") -> str:
    """What the visitor is told: how many, and by which kind of rule; nothing about anybody else."""
    if language == "en":
        if ahead == 0:
            return "Nobody is ahead of you in this queue. Please wait for your call."
        people = "1 person is" if ahead == 1 else f"{ahead} people are"
        return f"{people} ahead of you, by order of arrival and the rules of the queue."
    if ahead == 0:
        return "Tidak ada orang di depan Anda dalam antrean ini. Silakan tunggu panggilan."
    return f"{ahead} orang di depan Anda menurut urutan kedatangan dan aturan antrean."


def _steps(turn: Standing, policy: Policy) -> list[tuple[int, int]]:
    """The turn's rank after each part of the order: joining, coming, both head starts, a place."""
    key, came = turn.seen.order_key, micros(turn.came)
    ready = came - turn.head_start * MINUTE_US
    own = key
    if turn.place in (Place.FRONT, Place.END):
        start = turn.came - timedelta(minutes=turn.head_start)
        natural = order_key(start, turn.seen.priority, policy)
        own = max(natural, key) if turn.place == Place.FRONT else min(natural, key)
    else:
        ready = min(max(ready, key), came)
    joined = turn.seen.joined_seq
    return [(0, joined), (came, joined), (ready, joined), (own, joined), (key, joined)]


def _head_start_us(turn: Standing, policy: Policy) -> int:
    """What priority gave this turn, in µs: as its key shows, or as the policy says where it was placed."""
    if turn.place in (Place.FRONT, Place.END):
        return micros(turn.came) - order_key(turn.came, turn.seen.priority, policy)
    return micros(turn.came) - turn.head_start * MINUTE_US - turn.seen.order_key


def _reason(first: Standing, other: Standing, rule: Rule, policy: Policy, zone: ZoneInfo) -> str:
    match rule:
        case Rule.CAME_EARLIER:
            return f"datang lebih dahulu, {time_words(first.came, zone)}"
        case Rule.BY_ARRIVAL:
            return f"dihitung menurut kedatangan pertama, {time_words(first.came, zone)}"
        case Rule.APPOINTMENT if first.place == Place.APPOINTMENT:
            return f"janji temu {time_words(first.came, zone)}"
        case Rule.APPOINTMENT:
            return f"datang sebelum janji temu {other.label}, {time_words(other.came, zone)}"
        case Rule.JOURNEY:
            return _journey(first)
        case Rule.HEAD_START | Rule.STRICT:
            return _priority(first, policy)
        case Rule.FRONT:
            return _placed(first)
        case Rule.END:
            return f"{other.label} {_placed(other)}"
    return f"giliran {_class(first.seen.priority)} {_class_due(policy)}"


def _journey(turn: Standing) -> str:
    return f"lanjutan dari layanan lain, dihitung datang {turn.head_start} menit lebih awal"


def _priority(turn: Standing, policy: Policy) -> str:
    start = _head_start_us(turn, policy)
    if start >= STRICT_US:
        return "prioritas, selalu didahulukan di antrean ini"
    if start > 0:
        return f"prioritas, dihitung datang {round(start / MINUTE_US)} menit lebih awal"
    return f"prioritas, {_class_due(policy)}" if policy["kind"] == "ratio" else "prioritas"


def _placed(turn: Standing) -> str:
    where = "di depan" if turn.place == Place.FRONT else "di akhir antrean"
    when = {"returned": " saat kembali", "transferred": " saat dialihkan"}.get(turn.moved or "", "")
    return f"ditempatkan {where}{when}"


def _class(priority: bool) -> str:
    return "pengunjung prioritas" if priority else "pengunjung umum"


def _class_due(policy: Policy) -> str:
    return f"menurut perbandingan {policy['regular']} umum : {policy['priority']} prioritas"
