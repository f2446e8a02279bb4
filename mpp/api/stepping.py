"""Going out for a while over the API, for whoever holds the ticket's token."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from mpp import clock
from mpp.actions import stepping
from mpp.api.route import answered, container, intent, route
from mpp.api.tickets import Nothing, bearer
from mpp.auth import BEARER
from mpp.queries import tickets

bp = Blueprint("stepping", __name__, url_prefix="/api/v1/tickets/<token>")


@route(bp, "POST", "/step-out", BEARER, body=Nothing, answer="TicketView", refusals=(404, 409))
def step_out(token: str, body: Nothing) -> Response:
    """Go out for a while; the place in the line is kept."""
    return _deed(stepping.step_out, token)


@route(bp, "POST", "/come-back", BEARER, body=Nothing, answer="TicketView", refusals=(404, 409))
def come_back(token: str, body: Nothing) -> Response:
    """Be here again."""
    return _deed(stepping.come_back, token)


def _deed(deed: Callable[..., dict[str, Any]], token: str) -> Response:
    here, ticket_id = bearer(token)
    actor = f"ticket:{ticket_id}"
    deed(container().db, here, actor, ticket_id, intent(actor))
    with container().db.reading() as session:
        return answered(tickets.view(session, here, token, clock.now()))
