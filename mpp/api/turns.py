"""Turns over the API: why one of them waits where it waits."""

from flask import Blueprint, Response

from mpp import clock
from mpp.actions.bodies import LARGEST_ID
from mpp.api.route import Answers, answered
from mpp.auth import STAFF
from mpp.domain.errors import NotFound
from mpp.queries.reading import Reading
from mpp.queries.why import Why
from mpp.queries.why import why as why_of
from mpp.routes import container, mall, principal, route

bp = Blueprint("turns", __name__, url_prefix="/api/v1/turns/<int:turn_id>")


@route(bp, "GET /why", STAFF, Answers(Why, refusals=(404, 409)))
def why(turn_id: int) -> Response:
    """Who is ahead of a waiting turn and by which rule, for staff and, shorter, for the visitor."""
    if turn_id > LARGEST_ID:
        raise NotFound("Giliran ini tidak ada.")
    with container().db.reading() as session:
        reading = Reading.of(session, mall(), clock.now())
        return answered(why_of(reading, turn_id, principal().agency_id))
