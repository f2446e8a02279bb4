"""Numbers over the API: take, look, cancel, and what became of the paper."""

from typing import Annotated, Literal

from flask import Blueprint, Response, request
from pydantic import Field
from werkzeug.wrappers import Response as WsgiResponse

from mpp import clock, routes
from mpp.actions import tickets as taking
from mpp.actions.issuing import Request
from mpp.api.fields import Code
from mpp.api.route import LARGEST_ID, Body, answered, container, intent, mall, principal, route
from mpp.auth import ANYONE, BEARER, KIOSK, TAKERS
from mpp.domain.errors import NotFound, UnknownTicket
from mpp.domain.mall import Mall
from mpp.limits import NUMBER_BURST, NUMBERS, STRANGE_TOKENS, TOKEN_VIEWS
from mpp.queries import tickets
from mpp.routes import Kind

bp = Blueprint("tickets", __name__, url_prefix="/api/v1")

Language = Literal["id", "en"]


class TakeTicket(Body):
    services: Annotated[list[Code], Field(min_length=1, max_length=8)]
    priority: Code | None = None
    language: Language = "id"


class Nothing(Body):
    pass


class SlipResult(Body):
    result: Literal["printed", "failed", "unknown"]


@route(bp, "POST", "/tickets", TAKERS, body=TakeTicket, answer="TicketTaken", status=201, refusals=(404, 409))
def take(body: TakeTicket) -> Response:
    """Give a number for a service; the same intent gets the same number."""
    who = principal()
    container().limits.count(NUMBERS, who.actor)
    container().limits.count(NUMBER_BURST, who.actor)
    here = mall()
    asked = Request(
        services=tuple(body.services),
        priority=body.priority,
        language=body.language,
        channel="kiosk" if who.kind == "kiosk" else "greeter",
        device_id=who.id if who.kind == "kiosk" else None,
        agency_id=who.agency_id,
    )
    taken = taking.take(container().db, here, who.actor, asked, intent(), container().paper.token_key)
    return answered(tickets.answer(container().db, here, taken, container().paper, clock.now()), 201)


@route(bp, "GET", "/tickets/<token>", BEARER, answer="TicketView", refusals=(404,))
def show(token: str) -> WsgiResponse:
    """Where a ticket stands, for whoever holds its token."""
    here, _ = bearer(token)
    with container().db.reading() as session:
        document = tickets.view(session, here, token, clock.now())
    response = answered(document)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@route(bp, "POST", "/tickets/<token>/cancel", BEARER, body=Nothing, answer="TicketView", refusals=(404, 409))
def cancel(token: str, body: Nothing) -> Response:
    """Give the number up."""
    here, ticket_id = bearer(token)
    taking.cancel(container().db, here, token, intent(f"ticket:{ticket_id}"))
    with container().db.reading() as session:
        return answered(tickets.view(session, here, token, clock.now()))


@route(bp, "POST", "/slips/<int:slip_id>", KIOSK, body=SlipResult, answer="SlipState", refusals=(404,))
def slip_result(slip_id: int, body: SlipResult) -> Response:
    """What the kiosk knows of a paper."""
    who = principal()
    if slip_id > LARGEST_ID:
        raise NotFound("Struk ini tidak ada.")
    state = taking.report_slip(container().db, mall(), who.actor, who.id, slip_id, body.result, intent())
    return answered({"id": slip_id, "state": state})


@routes.route(bp, "POST /tickets/offline", ANYONE, Kind())
def merge() -> Response:
    """Numbers that a kiosk gave by itself are not taken yet: this is no address, and no token either."""
    raise NotFound


def bearer(token: str) -> tuple[Mall, int]:
    """The plan of the mall that gave this token, and the ticket's id; guesses are counted per address."""
    limits, address = container().limits, request.remote_addr or "?"
    limits.count(TOKEN_VIEWS, "token", token[:40])
    try:
        with container().db.reading() as session:
            mall_id, ticket_id = tickets.bearer(session, token)
    except UnknownTicket:
        limits.count(STRANGE_TOKENS, "address", address)
        raise
    return container().malls.of(mall_id), ticket_id
