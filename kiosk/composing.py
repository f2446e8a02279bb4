"""Composing a slip: the answer of the server in the words of the catalogue."""

from datetime import datetime
from typing import Any

from kiosk.slip import Slip, Stop

# A turn that is done stays on the route; these have left it.
DONE, LEFT = "done", ("transferred", "cancelled", "expired")
Row = dict[str, Any]


def compose(answer: Row, catalogue: Row) -> Slip:
    """The slip of a ticket, in the words of the catalogue it was chosen from.

    The large part is the stop where the visitor goes now: the first that is not done.
    """
    route = [turn for turn in answer["turns"] if turn.get("state") not in LEFT] or answer["turns"]
    now = next((turn for turn in route if turn.get("state") != DONE), route[-1])
    first, *others = _services(now, catalogue)
    stop, wait = _stop(now, catalogue), now.get("wait")
    return Slip(
        language=answer["language"],
        mall=catalogue["mall"]["name"],
        agency=_by_code(catalogue["agencies"], now["agency"])["name"],
        service=first["name"],
        label=answer["label"],
        zone=stop.zone,
        floor=stop.floor,
        ahead=now.get("ahead"),
        wait=(round(wait["p50"]), round(wait["p90"])) if wait else None,
        taken_at=datetime.fromisoformat(answer["issued_at"]),
        timezone=catalogue["mall"]["timezone_label"],
        url=answer["url"] if answer["slip"].get("qr") else None,
        bring=_bring(route, catalogue),
        head=answer["slip"]["head"],
        matters=tuple(service["name"] for service in others),
        route=tuple(_stop(turn, catalogue) for turn in route) if len(route) > 1 else (),
    )


def _bring(route: list[Row], catalogue: Row) -> tuple[str, ...]:
    """What to bring on the whole way, each thing once."""
    services = [service for turn in route for service in _services(turn, catalogue)]
    standards = [service.get("standard") or {} for service in services]
    items = [item for one in standards for item in (one.get("requirements") or {}).get("items") or ()]
    return tuple(dict.fromkeys(items))


def _stop(turn: Row, catalogue: Row) -> Stop:
    zone = _by_code(catalogue["zones"], turn["zone"])
    agency = _by_code(catalogue["agencies"], turn["agency"])
    names = tuple(service["name"] for service in _services(turn, catalogue))
    short = agency.get("short_name") or agency["name"]
    return Stop(short, zone["name"], zone.get("floor"), names, turn.get("state") == DONE)


def _services(turn: Row, catalogue: Row) -> list[Row]:
    """The services of one turn; one that left the catalogue goes by the name that the answer gave it."""
    codes = turn.get("matters") or [turn["service"]]
    known = [_by_code(catalogue["services"], code) for code in codes]
    if known[0]["name"] == codes[0]:
        known[0] = {**known[0], "name": turn.get("service_name") or codes[0]}
    return known


def _by_code(rows: list[Row], code: str) -> Row:
    return next((row for row in rows if row["code"] == code), {"code": code, "name": code})
