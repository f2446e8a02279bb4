"""Counters over the API: the desk, and every verb of it, as the verbs are registered."""

from flask import Blueprint, Response

from mpp import clock
from mpp.actions.bodies import Body
from mpp.actions.desk import DESK
from mpp.actions.verbs import Verb
from mpp.api.route import Answers, answered, command
from mpp.auth import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.queries.desks import desk as desk_of
from mpp.queries.head import head
from mpp.routes import container, mall, principal, route

bp = Blueprint("counters", __name__, url_prefix="/api/v1/counters/<int:counter_id>")


@route(bp, "GET", OFFICERS, Answers("Desk", refusals=(404,)))
def show(counter_id: int) -> Response:
    """The desk: the counter, the visitor at it, and the line."""
    here, now = mall(), clock.now()
    counter = here.counter(counter_id)
    if not principal().serves(counter.agency.id):
        raise UnknownCounter
    with container().db.reading() as session:
        seq, day = head(session, here, now)
        return answered(desk_of(session, here, counter_id, day, now, seq))


def _declare(verb: Verb) -> None:
    """One verb of the desk: one address, one answer."""

    def view(counter_id: int, body: Body) -> Response:
        return answered(DESK.do(command(), verb, counter_id, body))

    view.__name__, view.__doc__ = verb.run.__name__, verb.summary
    route(bp, f"POST /{verb.name}", OFFICERS, Answers("DeskAnswer", verb.body, refusals=(404, 409)))(view)


for each in DESK:
    _declare(each)
