"""The supervisor's first page: every line against its own target, worst first."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from mpp import clock
from mpp.actions import days
from mpp.auth import SUPERVISORS
from mpp.domain.lateness import NOBODY, Level, verdict
from mpp.domain.mall import Agency, Mall, Zone
from mpp.queries.counters import counters
from mpp.queries.notices import notices
from mpp.queries.queues import QueueRow, queues
from mpp.queries.reading import Reading
from mpp.queries.rows import extended
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import own_agency
from mpp.web.page import PAGE, PART, Page, command, names_itself, part_of
from mpp.web.problems import notice, said
from mpp.web.supervisor.notices import PauseRow, Raised, choices, pauses, pausing, raised

bp = Blueprint("supervisor", __name__, url_prefix="/supervisor", template_folder="templates")
names_itself(bp)

# A zone's name takes as much room as so many of its lines.
HEAD_ROWS = 1.7


@dataclass(frozen=True, slots=True)
class JudgedRow(QueueRow):
    """A line with how it stands: the higher `ratio`, the worse; `pausing` counters of it pause."""

    level: Level
    ratio: float
    why: str
    pausing: int


@dataclass(frozen=True, slots=True)
class Band:
    """A zone with its lines, the worst first, and how many people wait in it."""

    zone: Zone
    rows: list[JudgedRow]
    waiting: int


class Hall(TypedDict):
    """What the page shows: `waiting` and `served` people; how many counters are open, pause, or are there.

    `most` is the longest line; in `to_act` and in `to_look` lines somebody should do something.
    """

    agency: Agency | None
    strange_day: date | None
    notices: list[Raised]
    pauses: list[PauseRow]
    paused: int
    columns: list[list[Band]]
    most: int
    waiting: int
    served: int
    open: int
    counters: int
    to_act: int
    to_look: int


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


def _hall() -> Hall:
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        reading = Reading.of(session, here, now)
        lines = queues(reading, principal().agency_id).queues
        desks = counters(reading, principal().agency_id)
        strange = days.is_strange(session, here, now)
        told = raised(notices(session, here, now), here, principal())
    pausing_at = pausing(desks)
    rows = [judged(row, pausing_at[row.code]) for row in lines]
    levels = Tally(row.level for row in rows)
    return {
        "agency": own_agency(here, principal()),
        "strange_day": now.astimezone(here.timezone).date() if strange else None,
        "notices": told,
        "pauses": pauses(desks, now),
        "paused": sum(desk.state == "paused" for desk in desks),
        "columns": columns(_bands(here, rows)),
        "most": max((row.waiting for row in rows), default=0),
        "waiting": sum(row.waiting for row in rows),
        "served": sum(row.served for row in rows),
        "open": sum(desk.state == "open" for desk in desks),
        "counters": len(desks),
        "to_act": levels[Level.ACT],
        "to_look": levels[Level.LOOK],
    }


def judged(row: QueueRow, pausing: int) -> JudgedRow:
    """A line with how it stands against its own target, and how many of its counters pause."""
    longest = row.longest_wait or 0.0
    found = verdict(longest, row.target_min, row.open_counters) if row.waiting else NOBODY
    return extended(row, JudgedRow, level=found.level, ratio=found.ratio, why=found.why, pausing=pausing)


def _bands(here: Mall, rows: list[JudgedRow]) -> list[Band]:
    """Zones with their lines, worst first; the zone of the worst line comes first."""
    bands = []
    for zone in here.zones.values():
        inside = sorted(
            (row for row in rows if row.zone == zone.code), key=lambda row: (-row.ratio, row.code)
        )
        if inside:
            bands.append(Band(zone, inside, sum(row.waiting for row in inside)))
    return sorted(bands, key=lambda band: -band.rows[0].ratio)


def columns(bands: Sequence[Band]) -> list[list[Band]]:
    """The bands in two columns that end about evenly, the one with the worst line first; none is empty."""
    sides: list[list[int]] = [[], []]
    sizes = [len(band.rows) + HEAD_ROWS for band in bands]
    for at in sorted(range(len(bands)), key=lambda at: (-sizes[at], bands[at].zone.code)):
        min(sides, key=lambda side: sum(sizes[each] for each in side)).append(at)
    filled = sorted((side for side in sides if side), key=min)
    return [[bands[at] for at in sorted(side)] for side in filled]
