"""The officer's desk: choose a counter, see the visitor and the line; the verbs go through the JSON API."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from mpp import VERSION, clock
from mpp.access import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.domain.life import State
from mpp.domain.plan import CounterPlan, Plan
from mpp.queries.counters import counters, held_by
from mpp.queries.desks import desk
from mpp.queries.head import head
from mpp.web.page import house, names_itself, page, part_of, plan, principal

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
names_itself(bp)

# The verb that is most likely next, by what is at the desk.
LIKELY = {State.CALLED: "start", State.SERVING: "finish"}
ALLOWED = {
    State.CALLED: {"start", "recall", "miss", "put-back"},
    State.SERVING: {"finish"},
}


@page(bp, "GET", "", OFFICERS)
def choose() -> Response:
    """Choose a counter; whoever holds one already goes to it."""
    with house().db.reading() as session:
        held = held_by(session, principal().mall_id, principal().id)
    if held is not None:
        return make_response(redirect(url_for(".show", counter_id=held), 303))
    return make_response(render_template("desk/choose.html", **_frame(), agencies=_agencies()))


@page(bp, "GET", "/counters", OFFICERS, part=True)
def choices() -> Response:
    """The counters to choose from, as they are now."""
    return part_of(render_template("desk/_choices.html", **_frame(), agencies=_agencies()))


@page(bp, "GET", "/<int:counter_id>", OFFICERS)
def show(counter_id: int) -> str:
    """The desk of one counter."""
    return render_template("desk/show.html", **_frame(), **_desk(counter_id))


@page(bp, "GET", "/<int:counter_id>/live", OFFICERS, part=True)
def live(counter_id: int) -> Response:
    """What changes on the desk, as it is now."""
    return part_of(render_template("desk/_live.html", **_frame(), **_desk(counter_id)))


def _frame() -> dict[str, Any]:
    """What every page of staff shows."""
    here, who = plan(), principal()
    now = clock.now().astimezone(here.timezone)
    return {"mall": here, "who": who, "now": now, "version": VERSION}


def _desk(counter_id: int) -> dict[str, Any]:
    here, now = plan(), clock.now()
    place = _own(here, counter_id)
    with house().db.reading() as session:
        seq, day = head(session, here, now)
        rows = desk(session, here, counter_id, day, now, seq)
        others = counters(session, here, place.agency.id, day)
    turn = rows["turn"]
    state = State(turn["state"]) if turn else None
    mine = rows["counter"]["holder"] == principal().actor
    return {
        "place": place,
        "counter": rows["counter"],
        "mine": mine,
        "taken": rows["counter"]["open"] and not mine,
        "turn": turn,
        "standard": here.services[turn["service"]].standard if turn else {},
        "line": rows["line"],
        "next_turn": rows["next"],
        "others": [other for other in others if other["id"] != counter_id],
        "likely": LIKELY.get(state, "call-next") if state else "call-next",
        "allowed": ALLOWED.get(state, set()) if state else {"call-next", "close"},
        "policies": {queue.code: queue.policy for queue in place.queues},
    }


def _own(here: Plan, counter_id: int) -> CounterPlan:
    place = here.counter(counter_id)
    if principal().agency_id not in (None, place.agency.id):
        raise UnknownCounter
    return place


def _agencies() -> list[dict[str, Any]]:
    """The counters that one may open, by agency."""
    here = plan()
    with house().db.reading() as session:
        _, day = head(session, here, clock.now())
        rows = counters(session, here, principal().agency_id, day)
    return [
        {"agency": agency, "counters": [row for row in rows if row["agency"] == agency.code]}
        for agency in here.agencies.values()
        if principal().agency_id in (None, agency.id)
    ]
