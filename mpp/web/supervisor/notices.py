"""What a supervisor has to know before any line: emergencies, disturbances, and counters that pause."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from mpp.domain.mall import Agency, Mall, Zone
from mpp.domain.notice import NoticeKind
from mpp.domain.principal import Principal
from mpp.domain.reasons import reason_words, reasons
from mpp.queries.counters import StaffedCounter
from mpp.web.agencies import own_agency

NEVER = datetime.max.replace(tzinfo=UTC)


class Choices(TypedDict):
    """What the questions of the page offer."""

    agencies: list[Agency]
    all_zones: list[Zone]
    disturbance_reasons: Mapping[str, str]
    emergency_reasons: Mapping[str, str]


def raised(rows: Iterable[dict[str, Any]], here: Mall, who: Principal) -> list[dict[str, Any]]:
    """The open notices that concern somebody, each with the address where it is lifted."""
    own = own_agency(here, who)
    return [
        {
            **row,
            "place": here.zones[row["zone"]].name
            if row["kind"] == NoticeKind.EMERGENCY
            else row["agency_name"],
            "why": reason_words(row["kind"], row["reason"]),
            "lift": f"{_address(row)}/lift",
        }
        for row in rows
        if own is None or row["agency"] in (None, own.code)
    ]


def pauses(desks: Iterable[StaffedCounter], now: datetime) -> list[dict[str, Any]]:
    """Who pauses, why and until when; counters of an agency that pause alike share a row.

    The longest overdue comes first, then whoever ends first; `over` is in minutes, None while in time.
    """
    alike: dict[tuple[Any, ...], list[str]] = {}
    for desk in desks:
        if pause := desk.pause:
            since = pause.since.replace(second=0)
            row = (desk.counter.agency.short_name, pause.reason, pause.until, since)
            alike.setdefault(row, []).append(desk.counter.name)
    rows = [
        {
            "counters": names,
            "agency_name": agency,
            "words": reason_words("pause", reason),
            "until": until,
            "since": since,
            "over": _over(until, now),
        }
        for (agency, reason, until, since), names in alike.items()
    ]
    return sorted(rows, key=lambda row: (row["over"] is None, row["until"] or NEVER, row["counters"]))


def pausing(desks: Iterable[StaffedCounter]) -> Tally[str]:
    """How many counters of each line pause, by its code."""
    return Tally(queue.code for desk in desks if desk.pause for queue in desk.counter.queues)


def choices(here: Mall, who: Principal) -> Choices:
    """What the two questions offer: the agencies and zones that somebody may speak for, and reasons."""
    own = own_agency(here, who)
    agencies: list[Agency] = [own] if own else sorted(here.agencies.values(), key=lambda one: one.short_name)
    zones: list[Zone] = list(here.zones.values())
    return {
        "agencies": agencies,
        "all_zones": zones,
        "disturbance_reasons": reasons("disturbance"),
        "emergency_reasons": reasons("emergency"),
    }


def _address(row: dict[str, Any]) -> str:
    if row["kind"] == NoticeKind.EMERGENCY:
        return f"/api/v1/zones/{row['zone']}/emergency"
    return f"/api/v1/agencies/{row['agency']}/disturbance"


def _over(until: datetime | None, now: datetime) -> int | None:
    late = (now - until).total_seconds() if until else -1.0
    return int(late // 60) if late >= 0 else None
