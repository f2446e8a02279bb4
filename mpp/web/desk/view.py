"""What the desk page shows, made of the desk's document: names for people, words for reasons, one mood."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mpp.domain.mall import Counter, Mall
from mpp.domain.needs import NEEDS
from mpp.domain.people import Right
from mpp.domain.principal import Principal
from mpp.domain.reasons import reason_words
from mpp.domain.turn import RECALL_PAUSE_S
from mpp.queries.counters import counters
from mpp.queries.desk_people import Sitting, last_parked, names, sittings
from mpp.queries.desks import desk
from mpp.queries.notices import notices
from mpp.queries.why import why_of_line

SOMEBODY = "petugas lain"


def desk_view(
    session: Session, mall: Mall, place: Counter, who: Principal, day: date, now: datetime, seq: int
) -> dict[str, Any]:
    """Everything that the desk's template shows. Nothing in it changes by time alone: the page counts."""
    rows = desk(session, mall, place.id, day, now, seq)
    counter, turn = rows["counter"], rows["turn"]
    mood = _mood(counter, turn, who)
    sitting = sittings(session, mall, day, [place.id]).get(place.id) if mood in ("taken", "left") else None
    aside = _aside(session, mall, turn) if turn else None
    known = names(session, mall, place.agency, _actors(rows, sitting, aside))
    others = counters(session, mall, place.agency.id, day)
    return {
        "place": place,
        "counter": {**counter, "pause": _pause(counter["pause"])},
        "mood": mood,
        "mine": mood not in ("taken", "left", "closed"),
        "sitting": _sitting(mall, sitting, counter, who, known),
        "turn": _visitor(mall, turn, aside, known) if turn else None,
        "line": _line(session, mall, place, rows, day),
        "passed_over": set(rows["passed_over"]),
        "next_three": rows["next_three"],
        "parked": [_parked(row, known) for row in rows["parked"]],
        "missed": rows["missed"],
        "appointment": next(iter(rows["appointments"]), None),
        "others": _others([row for row in others if row["id"] != place.id]),
        "may_choose": Right.CALL_CHOSEN in who.rights,
        **_told(session, mall, place, now),
    }


def _mood(counter: dict[str, Any], turn: dict[str, Any] | None, who: Principal) -> str:
    """closed, left (open, held by nobody), taken (by somebody else), paused, ready, called or serving."""
    if counter["state"] == "closed":
        return "closed"
    if counter["holder"] is None:
        return "left"
    if counter["holder"] != who.actor:
        return "taken"
    if counter["state"] == "paused":
        return "paused"
    return str(turn["state"]) if turn else "ready"


def _actors(rows: dict[str, Any], sitting: Sitting | None, aside: dict[str, Any] | None) -> Iterable[str]:
    """Everybody whose name the page shows."""
    yield rows["counter"]["holder"] or ""
    yield from (row["parked_by"] or "" for row in rows["parked"])
    yield from (note["by"] for note in (rows["turn"] or {"notes": []})["notes"])
    yield from (known["by"] for known in (aside,) if known)
    yield from (known.actor for known in (sitting,) if known)


def _sitting(
    mall: Mall, sitting: Sitting | None, counter: dict[str, Any], who: Principal, known: dict[str, str]
) -> dict[str, Any]:
    """Who sits at a counter that is not ours, since when, and whether it was taken from us."""
    name = known.get(counter["holder"] or (sitting.actor if sitting else ""), SOMEBODY)
    if sitting is None:
        return {"name": name, "since": None, "from_me": False}
    return {
        "name": name,
        "since": sitting.at.astimezone(mall.timezone),
        "from_me": sitting.event == "counter_taken_over" and sitting.before == who.actor,
    }


def _visitor(
    mall: Mall, turn: dict[str, Any], aside: dict[str, Any] | None, known: dict[str, str]
) -> dict[str, Any]:
    """The visitor at the desk, with words for codes."""
    service = mall.services[turn["service"]]
    requirements = service.standard.get("requirements")
    others = [code for code in turn["matters"] if code != turn["service"] and code in mall.services]
    called_at = datetime.fromisoformat(turn["called_at"]) if turn["called_at"] else None
    again = called_at + timedelta(seconds=RECALL_PAUSE_S) if called_at and turn["nth"] > 1 else None
    return {
        **turn,
        "also": [mall.services[code].name for code in others],
        "requirements": requirements.get("items", []) if requirements else [],
        "needs": [(code, NEEDS.get(code, code)) for code in turn["needs"]],
        "route": turn["route"] if len(turn["route"]) > 1 else [],
        "notes": [{**note, "by": known.get(note["by"], SOMEBODY)} for note in reversed(turn["notes"])],
        "miss_from": turn["may_miss"]["at"] if turn["may_miss"] and mall.how.missed_after_seconds else None,
        "recall_from": again.isoformat() if again else None,
        "aside": {**aside, "by": known.get(aside["by"], SOMEBODY)} if aside else None,
    }


def _aside(session: Session, mall: Mall, turn: dict[str, Any]) -> dict[str, Any] | None:
    """When this visitor was put aside last, by whom, where and why."""
    if (row := last_parked(session, turn["id"])) is None:
        return None
    place = mall.counters.get(row.counter_id)
    return {
        "at": row.at.astimezone(mall.timezone),
        "by": row.actor,
        "where": place.name if place else "",
        "reason": reason_words("park", row.reason),
    }


def _line(
    session: Session, mall: Mall, place: Counter, rows: dict[str, Any], day: date
) -> list[dict[str, Any]]:
    if not rows["line"]:
        return []
    marks: dict[int, str | None] = {}
    for queue in place.queues:
        marks |= why_of_line(session, mall, queue, day)
    return [{**row, "why": marks.get(row["id"])} for row in rows["line"]]


def _parked(row: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    by = known.get(row["parked_by"] or "", SOMEBODY)
    return {**row, "by": by, "reason": reason_words("park", row["reason"])}


def _pause(pause: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**pause, "words": reason_words("pause", pause["reason"]) or "jeda"} if pause else None


def _others(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The agency's other counters: those that are open one by one, the closed ones together."""
    staffed = [{**row, "pause": _pause(row["pause"])} for row in rows if row["state"] != "closed"]
    return {"open": staffed, "closed": [row["name"] for row in rows if row["state"] == "closed"]}


def _told(session: Session, mall: Mall, place: Counter, now: datetime) -> dict[str, Any]:
    """What is raised now: the disturbance of this agency, the emergency of this zone."""
    told = notices(session, mall, now)
    own = [row for row in told if row["kind"] == "disturbance" and row["agency"] == place.agency.code]
    near = [row for row in told if row["kind"] == "emergency" and place.zone.code in row["zones"]]
    return {"disturbance": next(iter(own), None), "emergency": next(iter(near), None)}
