"""The supervisor's first page: every line against its own promise, worst first."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from mpp import clock
from mpp.actions import days
from mpp.auth import SUPERVISORS
from mpp.domain.mall import Mall
from mpp.queries.counters import counters
from mpp.queries.notices import notices
from mpp.queries.queues import queues
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import own_agency
from mpp.web.page import PAGE, PART, Page, command, names_itself, part_of
from mpp.web.problems import notice, said
from mpp.web.supervisor.notices import choices, pauses, pausing, raised

bp = Blueprint("supervisor", __name__, url_prefix="/supervisor", template_folder="templates")
names_itself(bp)

# Where somebody should act, and where somebody should look. The rest is fine, and grey.
ACT, LOOK, FINE, EMPTY = "act", "look", "fine", "empty"
MUCH_LATER = 1.5
PATIENCE_MINUTES = 5
# A zone's name takes as much room as so many of its lines.
HEAD_ROWS = 1.7


@route(bp, "GET", SUPERVISORS, PAGE)
def show() -> Response:
    """The hall as it is."""
    return said(
        render_template("supervisor/show.html", **_hall(), **choices(mall(), principal()), notice=notice())
    )


@route(bp, "GET /live", SUPERVISORS, PART)
def live() -> Response:
    """What changes of it."""
    return part_of(render_template("supervisor/_live.html", **_hall()))


@route(bp, "POST /day", SUPERVISORS, Page(back="supervisor.show"))
def confirm_day() -> Response:
    """The date is right after all."""
    days.confirm(command(), mall())
    return make_response(redirect(url_for(".show"), 303))


def _hall() -> dict[str, Any]:
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        lines = queues(session, here, principal().agency_id, now)["queues"]
        desks = counters(Reading.of(session, here, now), principal().agency_id)
        strange = days.is_strange(session, here, now)
        told = raised(notices(session, here, now), here, principal())
    pausing_at = pausing(desks)
    rows = [{**row, **judged(row), "pausing": pausing_at[row["code"]]} for row in lines]
    return {
        "agency": own_agency(here, principal()),
        "strange_day": now.astimezone(here.timezone).date() if strange else None,
        "notices": told,
        "pauses": pauses(desks, now),
        "paused": sum(desk.state == "paused" for desk in desks),
        "columns": columns(_bands(here, rows)),
        "most": max((row["waiting"] for row in rows), default=0),
        "waiting": sum(row["waiting"] for row in rows),
        "served": sum(row["served"] for row in rows),
        "open": sum(desk.state == "open" for desk in desks),
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


def _bands(here: Mall, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Zones with their lines, worst first; the zone of the worst line comes first."""
    bands = []
    for zone in here.zones.values():
        inside = sorted(
            (row for row in rows if row["zone"] == zone.code), key=lambda row: (-row["ratio"], row["code"])
        )
        if inside:
            bands.append({"zone": zone, "rows": inside, "waiting": sum(row["waiting"] for row in inside)})
    return sorted(bands, key=lambda band: -max(row["ratio"] for row in band["rows"]))


def columns(bands: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The bands in two columns that end about evenly, the one with the worst line first; none is empty."""
    sides: list[list[int]] = [[], []]
    sizes = [len(band["rows"]) + HEAD_ROWS for band in bands]
    for at in sorted(range(len(bands)), key=lambda at: (-sizes[at], bands[at]["zone"].code)):
        min(sides, key=lambda side: sum(sizes[each] for each in side)).append(at)
    filled = sorted((side for side in sides if side), key=min)
    return [[bands[at] for at in sorted(side)] for side in filled]
