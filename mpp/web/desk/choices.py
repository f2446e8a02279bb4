"""The counters that somebody may sit down at: those that were handed over first, then as the desks stand."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mpp.domain.mall import Agency, Mall
from mpp.domain.principal import Principal
from mpp.queries.counters import counters
from mpp.queries.desk_people import names, sittings

FIRST = ("mine", "handed_over")


def choices_of(session: Session, mall: Mall, who: Principal, day: date) -> list[dict[str, Any]]:
    """The counters by agency; each says whether it is free, and who holds it since when."""
    rows = counters(session, mall, who.agency_id, day)
    since = sittings(session, mall, day, [row["id"] for row in rows if row["state"] != "closed"])
    found = []
    for agency in mall.agencies.values():
        if who.agency_id in (None, agency.id):
            own = [{**row, "kind": _kind(row, who)} for row in rows if row["agency"] == agency.code]
            known = _names(session, mall, agency, own)
            for row in own:
                sitting = since.get(row["id"])
                row["holder_name"] = known.get(f"person:{row['holder_id']}")
                row["since"] = sitting.at.astimezone(mall.timezone) if sitting else None
            own.sort(key=lambda row: row["kind"] not in FIRST)
            found.append({"agency": agency, "counters": own})
    return found


def _kind(row: dict[str, Any], who: Principal) -> str:
    if row["state"] == "closed":
        return "free"
    if row["holder_id"] is None:
        return "handed_over"
    return "mine" if row["holder_id"] == who.id else "held"


def _names(session: Session, mall: Mall, agency: Agency, rows: list[dict[str, Any]]) -> dict[str, str]:
    holders = [f"person:{row['holder_id']}" for row in rows if row["holder_id"] is not None]
    return names(session, mall, agency, holders)
