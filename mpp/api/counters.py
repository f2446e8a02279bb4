"""Counters over the API: the desk, and every verb of it, as the verbs are registered."""

from flask import Blueprint, Response

from mpp import clock
from mpp.actions.bodies import Body
from mpp.actions.desk import DESK
from mpp.actions.verbs import Verb
from mpp.api.route import Answers, answered, command
from mpp.auth import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.queries.desks import Desk, DeskAnswer, desk
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route

bp = Blueprint("counters", __name__, url_prefix="/api/v1/counters/<int:counter_id>")


@route(bp, "GET", OFFICERS, Answers(Desk, refusals=(404,)))
def show(counter_id: int) -> Response:
    """The desk: the counter, the visitor at it, and the line."""
    if not principal().serves(mall().counter(counter_id).agency.id):
        raise UnknownCounter
    with container().db.reading() as session:
        return answered(desk(Reading.of(session, mall(), clock.now()), counter_id))


def _declare(verb: Verb) -> None:
    """One verb of the desk: one address, one answer."""

    def view(counter_id: int, body: Body) -> Response:
        return answered(DESK.do(command(), verb, counter_id, body))

    view.__name__, view.__doc__ = verb.run.__name__, verb.summary
    route(bp, f"POST /{verb.name}", OFFICERS, Answers(DeskAnswer, verb.body, refusals=(404, 409)))(view)


for each in DESK:
    _declare(each)
