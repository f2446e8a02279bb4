"""What a supervisor has to know before any line: emergencies, disturbances, and counters that pause."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypedDict

from mpp.domain.mall import Agency, Mall, Zone
from mpp.domain.notice import NoticeKind
from mpp.domain.principal import Principal
from mpp.domain.reasons import reason_words, reasons
from mpp.queries.counters import Pause, StaffedCounter
from mpp.queries.notices import NoticeRow
from mpp.queries.rows import extended
from mpp.web.agencies import own_agency

EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Raised(NoticeRow):
    """An open notice: the `place` it is about, its reason in words, the address where it is lifted."""

    place: str
    why: str
    lift: str


@dataclass(frozen=True, slots=True)
class PauseRow(Pause):
    """Counters of an agency that pause alike; `over` says by how many minutes, None while in time."""

    counters: list[str]
    agency_name: str
    words: str
    over: int | None


class Choices(TypedDict):
    """What the two questions offer: the agencies and zones that somebody may speak for, and reasons."""

    agencies: list[Agency]
    all_zones: list[Zone]
    disturbance_reasons: Mapping[str, str]
    emergency_reasons: Mapping[str, str]


def raised(rows: Iterable[NoticeRow], here: Mall, who: Principal) -> list[Raised]:
    """The open notices that concern somebody."""
    own = own_agency(here, who)
    return [_raised(row, here) for row in rows if own is None or row.agency in (None, own.code)]


def _raised(row: NoticeRow, here: Mall) -> Raised:
    zone, why = here.zones[row.zone], reason_words(row.kind, row.reason)
    if row.kind == NoticeKind.EMERGENCY:
        lift = f"/api/v1/zones/{row.zone}/emergency/lift"
        return extended(row, Raised, place=zone.name, why=why, lift=lift)
    lift = f"/api/v1/agencies/{row.agency}/disturbance/lift"
    return extended(row, Raised, place=row.agency_name, why=why, lift=lift)


def pauses(desks: Iterable[StaffedCounter], now: datetime) -> list[PauseRow]:
    """Who pauses, why and until when; counters of an agency that pause alike share a row.

    The longest overdue comes first, then whoever ends first.
    """
    alike: dict[tuple[str, Pause], list[str]] = {}
    for desk in desks:
        if pause := desk.pause:
            same_minute = replace(pause, since=pause.since.replace(second=0))
            alike.setdefault((desk.counter.agency.short_name, same_minute), []).append(desk.counter.name)
    rows = [_pause(agency, pause, names, now) for (agency, pause), names in alike.items()]
    return sorted(rows, key=lambda row: (row.over is None, row.until or EPOCH, row.counters))


def _pause(agency: str, pause: Pause, counters: list[str], now: datetime) -> PauseRow:
    late = (now - pause.until).total_seconds() if pause.until else -1.0
    return extended(
        pause,
        PauseRow,
        counters=counters,
        agency_name=agency,
        words=reason_words("pause", pause.reason),
        over=int(late // 60) if late >= 0 else None,
    )


def pausing(desks: Iterable[StaffedCounter]) -> Tally[str]:
    """How many counters of each line pause, by its code."""
    return Tally(queue.code for desk in desks if desk.pause for queue in desk.counter.queues)


def choices(here: Mall, who: Principal) -> Choices:
    """What the two questions offer: the agencies and zones that somebody may speak for, and reasons."""
    own = own_agency(here, who)
    agencies = [own] if own else sorted(here.agencies.values(), key=lambda one: one.short_name)
    return {
        "agencies": agencies,
        "all_zones": [*here.zones.values()],
        "disturbance_reasons": reasons("disturbance"),
        "emergency_reasons": reasons("emergency"),
    }
