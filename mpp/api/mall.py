"""The mall over the API: catalogue, boards, queues, and the log."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as WsgiResponse

from mpp import clock
from mpp.api.route import Answers, answered
from mpp.auth import DISPLAYS, EVERYBODY_KNOWN, LOG_READERS, SUPERVISORS
from mpp.domain.errors import Invalid, UnknownZone
from mpp.queries.boards import Board
from mpp.queries.boards import board as board_of
from mpp.queries.catalogue import catalogue as catalogue_of
from mpp.queries.events import MOST, USUAL, Events
from mpp.queries.events import events as events_of
from mpp.queries.queues import Queues
from mpp.queries.queues import queues as queues_of
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route

bp = Blueprint("mall", __name__, url_prefix="/api/v1")

SEQ = {"type": "integer", "minimum": 0, "maximum": 2**53, "default": 0}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 2**31, "default": USUAL}


@route(bp, "GET /catalogue", EVERYBODY_KNOWN, Answers("Catalogue"))
def catalogue() -> WsgiResponse:
    """Agencies, queues, services with their standard, counters, and what is open now."""
    with container().db.reading() as session:
        text, tag = catalogue_of(session, mall(), clock.now())
    response = Response(text, mimetype="application/json")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@route(bp, "GET /zones/<code>/board", (*DISPLAYS, *SUPERVISORS), Answers(Board, refusals=(404,)))
def board(code: str) -> Response:
    """What the displays of a zone show: the calls of all its agencies, so nothing for people of one."""
    who = principal()
    if who.agency_id is not None or (who.kind == "display" and code not in who.zones):
        raise UnknownZone
    with container().db.reading() as session:
        return answered(board_of(Reading.of(session, mall(), clock.now()), code))


@route(bp, "GET /queues", LOG_READERS, Answers(Queues))
def queues() -> Response:
    """Every line: who waits, the longest wait, the median of today, open counters."""
    with container().db.reading() as session:
        return answered(queues_of(Reading.of(session, mall(), clock.now()), principal().agency_id))


@route(bp, "GET /events", LOG_READERS, Answers(Events, query=(("after", SEQ), ("limit", LIMIT))))
def events() -> Response:
    """The log from a seq on; people of one agency see gaps."""
    after, limit = _number("after", 0, 0), _number("limit", USUAL, 1)
    here, agency_id = mall(), principal().agency_id
    agency = next((code for code, place in here.agencies.items() if place.id == agency_id), None)
    with container().db.reading() as session:
        reading = Reading.of(session, here, clock.now())
        return answered(events_of(reading, min(after, 2**53), min(limit, MOST), agency))


def _number(name: str, usual: int, least: int) -> int:
    text = request.args.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) >= least):
        raise Invalid(f"Parameter {name} harus bilangan bulat paling kecil {least}.")
    return int(text)
