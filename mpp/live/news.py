"""One entry of the log as screens hear it: a call whole, a notice ready to show, anything else small."""

from datetime import datetime
from typing import Any

from mpp.domain.life import State, Verb
from mpp.domain.mall import Mall
from mpp.domain.notice import LIFTED, RAISED, Notice, NoticeKind, pause_sentence
from mpp.queries.boards import call_row
from mpp.queries.notices import notice_row

SPOKEN = (Verb.CALLED, Verb.RECALLED, Verb.RESUMED)
NOTICES = {event: kind for deed in (RAISED, LIFTED) for kind, event in deed.items()}
# Help is everybody's business, whatever the agency.
EVERYWHERE = frozenset({RAISED[NoticeKind.EMERGENCY], LIFTED[NoticeKind.EMERGENCY]})
# What the screens of a zone hear by its name. Whatever else happens there (somebody went out for a while, was
# found to have priority, is served without a number) concerns nobody in the hall but the length of a line.
FOR_DISPLAYS = frozenset(
    {
        "ticket_taken",
        "day_opened",
        "counter_opened",
        "counter_closed",
        "counter_paused",
        *NOTICES,
        *(str(verb) for verb in SPOKEN),
        Verb.JOINED,
        Verb.STARTED,
        Verb.FINISHED,
        Verb.MISSED,
        Verb.PUT_BACK,
        Verb.PARKED,
        Verb.RETURNED,
        Verb.TRANSFERRED,
        Verb.UNDONE,
        Verb.CANCELLED,
        Verb.EXPIRED,
    }
)
# What a zone hears of all this, and of a call to a counter in another zone, which alone speaks it.
ELSEWHERE = "line_changed"


def news(here: Mall, at: datetime, entry: dict[str, Any]) -> dict[str, Any]:
    """What an entry says to whoever may hear its name: nothing about a person, nor why one was chosen."""
    event, facts = entry["event"], entry["facts"]
    place = here.counters.get(entry["counter"]) if entry["counter"] else None
    if place and event in SPOKEN and entry["to"] == State.CALLED:
        call = facts.get("call") or entry["seq"]
        return call_row(here, place, entry["label"], call, entry["seq"], facts["nth"], at, State.CALLED)
    small = {**changed(here, at, entry), "label": entry["label"], "queue": entry["queue"]}
    more = {"counter_id": entry["counter"], "call": facts.get("call"), "state": entry["to"]}
    small |= {name: value for name, value in more.items() if value is not None}
    if event in NOTICES:
        return small | {"notice": _notice(here, at, entry)}
    if place and event == "counter_paused":
        return small | {"pause": _pause(here, place.name, at, entry)}
    return small


def changed(here: Mall, at: datetime, entry: dict[str, Any]) -> dict[str, Any]:
    """That something happened, and when."""
    return {"seq": entry["seq"], "at": at.astimezone(here.timezone).isoformat()}


def _notice(here: Mall, at: datetime, entry: dict[str, Any]) -> dict[str, Any]:
    """The notice as the board has it; of one that was lifted, which it was."""
    agency, zones = here.agencies.get(entry["agency"]), [here.zones[code] for code in entry["zones"]]
    notice = Notice(
        id=entry["facts"]["notice"],
        kind=NOTICES[entry["event"]],
        agency_id=agency.id if agency else None,
        zone_id=None if agency else zones[0].id,
        reason=entry["reason"],
        until=_until(entry),
        raised_at=at,
    )
    row = notice_row(here, notice, at)
    told = {"kind": row["kind"], "agency": row["agency_name"], "counter": None}
    if entry["event"] in LIFTED.values():
        return told
    return told | {name: row[name] for name in ("since", "until", "text", "number") if name in row}


def _pause(here: Mall, counter: str, at: datetime, entry: dict[str, Any]) -> dict[str, Any]:
    until = _until(entry)
    return {
        "reason": entry["reason"],
        "since": _local(here, at),
        "until": _local(here, until) if until else None,
        "text": pause_sentence(counter, entry["reason"], until, at, here.timezone),
    }


def _until(entry: dict[str, Any]) -> datetime | None:
    until = entry["facts"].get("until")
    return datetime.fromisoformat(until) if until else None


def _local(here: Mall, at: datetime) -> str:
    return at.astimezone(here.timezone).isoformat(timespec="seconds")
