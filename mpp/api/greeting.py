"""What staff do for a visitor with a number, over the API: find it, set it right, and catch up with paper."""

from flask import Blueprint, Response, request

from mpp import clock
from mpp.actions import paper
from mpp.actions.bodies import Body
from mpp.actions.greeting import HELP
from mpp.actions.paper import PaperRecorded, RecordPaper
from mpp.actions.verbs import Verb
from mpp.api.route import Answers, answered, command
from mpp.auth import HELPERS
from mpp.domain.errors import Invalid
from mpp.queries import greeter
from mpp.queries.greeter import StaffTicket, StaffTickets
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route

bp = Blueprint("greeting", __name__, url_prefix="/api/v1")

LONGEST_QUERY = 300
QUERY = {"type": "string", "maxLength": LONGEST_QUERY, "default": ""}


@route(bp, "GET /tickets", HELPERS, Answers(StaffTickets, query=(("q", QUERY),)))
def find() -> Response:
    """Find tickets of today by label, token or scanned address."""
    sought = request.args.get("q", "")
    if len(sought) > LONGEST_QUERY:
        raise Invalid("Parameter q terlalu panjang.")
    with container().db.reading() as session:
        reading = Reading.of(session, mall(), clock.now())
        return answered(greeter.find(reading, principal().agency_id, sought))


def _declare(verb: Verb) -> None:
    """One verb for a ticket of today: one address, one answer."""

    def view(ticket_id: int, body: Body) -> Response:
        HELP.do(command(), verb, ticket_id, body)
        with container().db.reading() as session:
            reading = Reading.of(session, mall(), clock.now())
            return answered(greeter.ticket(reading, principal().agency_id, ticket_id))

    view.__name__, view.__doc__ = verb.run.__name__, verb.summary
    path = f"/staff/tickets/<int:ticket_id>/{verb.name}"
    route(bp, f"POST {path}", HELPERS, Answers(StaffTicket, verb.body, refusals=(404, 409)))(view)


for each in HELP:
    _declare(each)


@route(bp, "POST /paper", HELPERS, Answers(PaperRecorded, RecordPaper, refusals=(409,)))
def record_paper(body: RecordPaper) -> Response:
    """Enter what was called from paper: all lines, or none and what is wrong with which."""
    return answered(paper.record(command(), body))
