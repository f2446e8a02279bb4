"""The officer's desk: choose a counter, see the visitor and the line; the verbs go through the JSON API."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.auth import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.domain.mall import Counter, Mall
from mpp.domain.reasons import REASONS
from mpp.queries.counters import held_by
from mpp.queries.desk_people import colleagues
from mpp.queries.head import head
from mpp.routes import container, mall, principal, route
from mpp.web.desk.choices import choices_of
from mpp.web.desk.destinations import destinations
from mpp.web.desk.view import desk_view
from mpp.web.page import PAGE, PART, names_itself, part_of

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
names_itself(bp)


@route(bp, "GET", OFFICERS, PAGE)
def choose() -> Response:
    """Choose a counter; whoever holds one goes to it, unless they ask for another."""
    with container().db.reading() as session:
        held = held_by(session, principal().mall_id, principal().id)
    if held is not None and "other" not in request.args:
        return make_response(redirect(url_for(".show", counter_id=held), 303))
    return make_response(render_template("desk/choose.html", **_choices()))


@route(bp, "GET /counters", OFFICERS, PART)
def choices() -> Response:
    """The counters to choose from, as they are now."""
    return part_of(render_template("desk/_choices.html", **_choices()))


@route(bp, "GET /<int:counter_id>", OFFICERS, PAGE)
def show(counter_id: int) -> str:
    """The desk of one counter."""
    here, place = mall(), _own(mall(), counter_id)
    with container().db.reading() as session:
        people = colleagues(session, here, place.agency)
    others = [name for name in people if name != principal().name]
    forms = {"reasons": REASONS, "destinations": destinations(here, place, others)}
    return render_template("desk/show.html", **forms, **_desk(place))


@route(bp, "GET /<int:counter_id>/live", OFFICERS, PART)
def live(counter_id: int) -> Response:
    """What changes on the desk, as it is now."""
    place = _own(mall(), counter_id)
    return part_of(render_template("desk/_live.html", **_desk(place)))


def _desk(place: Counter) -> dict[str, Any]:
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        seq, day = head(session, here, now)
        return desk_view(session, here, place, principal(), day, now, seq)


def _choices() -> dict[str, Any]:
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        _, day = head(session, here, now)
        return {"agencies": choices_of(session, here, principal(), day)}


def _own(here: Mall, counter_id: int) -> Counter:
    place = here.counter(counter_id)
    if principal().agency_id not in (None, place.agency.id):
        raise UnknownCounter
    return place
