"""The supervisor's first page: every line against its own promise, worst first."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from mpp import VERSION, clock
from mpp.access import SUPERVISORS
from mpp.actions import days
from mpp.domain.plan import Plan
from mpp.queries.counters import counters
from mpp.queries.head import head
from mpp.queries.queues import queues
from mpp.web.page import house, names_itself, page, part_of, plan, principal
from mpp.web.problems import notice, said

bp = Blueprint("supervisor", __name__, url_prefix="/supervisor", template_folder="templates")
names_itself(bp)

# Where somebody should act, and where somebody should look. The rest is fine, and grey.
ACT, LOOK, FINE, EMPTY = "act", "look", "fine", "empty"
MUCH_LATER = 1.5
PATIENCE_MINUTES = 5


@page(bp, "GET", "", SUPERVISORS)
def show() -> Response:
    """The hall as it is."""
    return said(render_template("supervisor/show.html", **_hall(), notice=notice()))


@page(bp, "GET", "/live", SUPERVISORS, part=True)
def live() -> Response:
    """What changes of it."""
    return part_of(render_template("supervisor/_live.html", **_hall()))


@page(bp, "POST", "/day", SUPERVISORS, back="supervisor.show")
def confirm_day() -> Response:
    """The date is right after all."""
    days.confirm(house().db, plan(), principal().actor)
    return make_response(redirect(url_for(".show"), 303))


def _hall() -> dict[str, Any]:
    here, now = plan(), clock.now()
    with house().db.reading() as session:
        _, day = head(session, here, now)
        lines = queues(session, here, principal().agency_id, now)["queues"]
        desks = counters(session, here, principal().agency_id, day)
        strange = days.is_strange(session, here, now)
    rows = [{**row, **judged(row)} for row in lines]
    return {
        "mall": here,
        "who": principal(),
        "agency": next((one for one in here.agencies.values() if one.id == principal().agency_id), None),
        "now": now.astimezone(here.timezone),
        "version": VERSION,
        "strange_day": now.astimezone(here.timezone).date() if strange else None,
        "zones": _bands(here, rows),
        "most": max((row["waiting"] for row in rows), default=0),
        "waiting": sum(row["waiting"] for row in rows),
        "served": sum(row["served"] for row in rows),
        "open": sum(desk["open"] for desk in desks),
        "counters": len(desks),
        "to_act": sum(row["level"] == ACT for row in rows),
        "to_look": sum(row["level"] == LOOK for row in rows),
    }


def judged(row: dict[str, Any]) -> dict[str, Any]:
    """How a line stands against its own promise: its longest wait over what newcomers are told at most."""
    if not row["waiting"]:
        return {"level": EMPTY, "ratio": 0.0, "why": ""}
    if not row["open_counters"]:
        level = ACT if row["longest_wait"] > PATIENCE_MINUTES else LOOK
        return {"level": level, "ratio": 1_000.0 + row["longest_wait"], "why": "unserved"}
    promised = max(row["wait"]["p90"] if row["wait"] else 0, row["standard"])
    ratio = row["longest_wait"] / promised
    level = ACT if ratio > MUCH_LATER else LOOK if ratio > 1 else FINE
    return {"level": level, "ratio": ratio, "why": "" if level == FINE else "late"}


def _bands(here: Plan, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Zones with their lines, worst first; the zone of the worst line comes first."""
    bands = []
    for zone in here.zones.values():
        inside = sorted(
            (row for row in rows if row["zone"] == zone.code), key=lambda row: (-row["ratio"], row["code"])
        )
        if inside:
            bands.append({"zone": zone, "rows": inside, "waiting": sum(row["waiting"] for row in inside)})
    return sorted(bands, key=lambda band: -max(row["ratio"] for row in band["rows"]))
