"""Numbers over the API: take, look, cancel, and what became of the paper."""

from typing import Annotated, Literal

from flask import Blueprint, Response, request
from pydantic import Field
from werkzeug.wrappers import Response as WsgiResponse

from mpp import clock
from mpp.actions import slips
from mpp.actions import tickets as taking
from mpp.actions.bearing import BEARERS
from mpp.actions.bodies import LARGEST_ID, Body, Code, Language
from mpp.actions.issuing import TicketRequest
from mpp.actions.slips import SlipState
from mpp.actions.verbs import Verb
from mpp.api.route import Answers, answered, command
from mpp.auth import ANYONE, BEARER, KIOSK, TAKERS
from mpp.domain.errors import NotFound, UnknownTicket
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal
from mpp.limits import NUMBER_BURST, NUMBERS, STRANGE_TOKENS, TOKEN_VIEWS
from mpp.queries import tickets
from mpp.queries.reading import Reading
from mpp.queries.tickets import TicketTaken, TicketView
from mpp.routes import Kind, container, mall, principal, route

bp = Blueprint("tickets", __name__, url_prefix="/api/v1")


class TakeTicket(Body):
    services: Annotated[list[Code], Field(min_length=1, max_length=8)]
    priority: Code | None = None
    language: Language = "id"


class SlipResult(Body):
    result: Literal["printed", "failed", "unknown"]


@route(bp, "POST /tickets", TAKERS, Answers(TicketTaken, TakeTicket, status=201, refusals=(404, 409)))
def take(body: TakeTicket) -> Response:
    """Give a number for a service; the same intent gets the same number."""
    who = principal()
    container().limits.count(NUMBERS, who.actor)
    container().limits.count(NUMBER_BURST, who.actor)
    asked = TicketRequest(
        services=tuple(body.services),
        priority=body.priority,
        language=body.language,
        channel="kiosk" if who.kind == "kiosk" else "greeter",
        device_id=who.kiosk_id,
        agency_id=who.agency_id,
    )
    taken = taking.take(command(), asked)
    return answered(tickets.answer(container().db, mall(), taken, container().paper), 201)


@route(bp, "GET /tickets/<token>", BEARER, Answers(TicketView, refusals=(404,)))
def show(token: str) -> WsgiResponse:
    """Where a ticket stands, for whoever holds its token."""
    here, _ = bearer(token)
    with container().db.reading() as session:
        found = tickets.view(Reading.of(session, here, clock.now()), token)
    response = answered(found)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


def _declare(verb: Verb) -> None:
    """One verb of whoever holds the ticket's token."""

    def view(token: str, body: Body) -> Response:
        here, ticket_id = bearer(token)
        BEARERS.do(command(Principal.bearer(ticket_id, here.mall_id)), verb, ticket_id, body)
        with container().db.reading() as session:
            return answered(tickets.view(Reading.of(session, here, clock.now()), token))

    view.__name__, view.__doc__ = verb.run.__name__, verb.summary
    path = f"/tickets/<token>/{verb.name}"
    route(bp, f"POST {path}", BEARER, Answers(TicketView, verb.body, refusals=(404, 409)))(view)


for each in BEARERS:
    _declare(each)


@route(bp, "POST /slips/<int:slip_id>", KIOSK, Answers(SlipState, SlipResult, refusals=(404,)))
def slip_result(slip_id: int, body: SlipResult) -> Response:
    """What the kiosk knows of a paper."""
    if slip_id > LARGEST_ID:
        raise NotFound("Struk ini tidak ada.")
    return answered({"id": slip_id, **slips.report(command(), slip_id, body.result)})


@route(bp, "POST /tickets/offline", ANYONE, Kind())
def merge() -> Response:
    """Numbers that a kiosk gave by itself are not taken yet: this is no address, and no token either."""
    raise NotFound


def bearer(token: str) -> tuple[Mall, int]:
    """The mall that gave this token, and the ticket's id; guesses are counted per address."""
    limits, address = container().limits, request.remote_addr or "?"
    limits.count(TOKEN_VIEWS, "token", token[:40])
    try:
        with container().db.reading() as session:
            mall_id, ticket_id = tickets.bearer(session, token)
    except UnknownTicket:
        limits.count(STRANGE_TOKENS, "address", address)
        raise
    return container().mall(mall_id), ticket_id
