"""The officer's desk: choose a counter, see the visitor and the line; the verbs go through the JSON API."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.auth import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.domain.mall import Counter, Mall
from mpp.domain.reasons import REASONS
from mpp.queries.counters import held_by
from mpp.queries.desk_people import colleagues
from mpp.queries.notices import notices
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route
from mpp.web.desk.choices import choices_of
from mpp.web.desk.destinations import destinations
from mpp.web.desk.view import desk_view, pause_words
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


def _desk(place: Counter) -> dict[str, object]:
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        reading = Reading.of(session, here, now)
        view = desk_view(reading, place, principal())
        raised = notices(session, here, now)
    own = (row for row in raised if row.kind == "disturbance" and row.agency == place.agency.code)
    near = (row for row in raised if row.kind == "emergency" and place.zone.code in row.zones)
    return {
        "place": place,
        "view": view,
        "desk": view.desk,
        "turn": view.desk.turn,
        "mood": view.mood,
        "mine": view.mine,
        "counter": view.desk.counter,
        "pause_words": pause_words,
        "disturbance": next(own, None),
        "emergency": next(near, None),
    }


def _choices() -> dict[str, object]:
    with container().db.reading() as session:
        return {"agencies": choices_of(Reading.of(session, mall(), clock.now()), principal())}


def _own(here: Mall, counter_id: int) -> Counter:
    place = here.counter(counter_id)
    if not principal().serves(place.agency.id):
        raise UnknownCounter
    return place
