"""Counters over the API: the desk, and every verb of it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Blueprint, Response
from pydantic import Field

from mpp import clock
from mpp.access import OFFICERS
from mpp.actions import desk
from mpp.actions.desk import Officer
from mpp.api.route import Body, answered, house, plan, principal, route, wish
from mpp.api.tickets import Code, Nothing
from mpp.domain.errors import UnknownCounter
from mpp.domain.plan import Plan
from mpp.queries.desks import desk as desk_of
from mpp.queries.head import head

bp = Blueprint("counters", __name__, url_prefix="/api/v1/counters/<int:counter_id>")


class CloseCounter(Body):
    reason: Code | None = None


class FinishTurn(Body):
    outcome: Literal["served", "incomplete", "refused", "referred"] | None = None
    services: Annotated[list[Code], Field(max_length=10)] | None = None
    next: Annotated[list[Code], Field(max_length=0)] | None = None


@route(bp, "GET", "", OFFICERS, answer="Desk", refusals=(404,))
def show(counter_id: int) -> Response:
    """The desk: the counter, the visitor at it, and the line."""
    here, now = plan(), clock.now()
    place = here.counter(counter_id)
    if principal().agency_id not in (None, place.agency.id):
        raise UnknownCounter
    with house().db.reading() as session:
        seq, day = head(session, here, now)
        return answered(desk_of(session, here, counter_id, day, now, seq))


@route(bp, "POST", "/open", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def open_counter(counter_id: int, body: Nothing) -> Response:
    """Take the counter and open it."""
    return _deed(desk.open_counter, counter_id)


@route(bp, "POST", "/close", OFFICERS, body=CloseCounter, answer="DeskAnswer", refusals=(404, 409))
def close_counter(counter_id: int, body: CloseCounter) -> Response:
    """Close the counter."""
    return _deed(desk.close_counter, counter_id, reason=body.reason)


@route(bp, "POST", "/call-next", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def call_next(counter_id: int, body: Nothing) -> Response:
    """Call the visitor whose turn it is."""
    return _deed(desk.call_next, counter_id)


@route(bp, "POST", "/recall", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def recall(counter_id: int, body: Nothing) -> Response:
    """Let the displays speak the call again."""
    return _deed(desk.recall, counter_id)


@route(bp, "POST", "/start", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def start(counter_id: int, body: Nothing) -> Response:
    """The visitor is here."""
    return _deed(desk.start, counter_id)


@route(bp, "POST", "/finish", OFFICERS, body=FinishTurn, answer="DeskAnswer", refusals=(404, 409))
def finish(counter_id: int, body: FinishTurn) -> Response:
    """The service is over."""
    outcome = body.model_dump(include={"outcome", "services"}, exclude_none=True)
    return _deed(desk.finish, counter_id, outcome=outcome)


@route(bp, "POST", "/miss", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def miss(counter_id: int, body: Nothing) -> Response:
    """The visitor did not come."""
    return _deed(desk.miss, counter_id)


@route(bp, "POST", "/put-back", OFFICERS, body=Nothing, answer="DeskAnswer", refusals=(404, 409))
def put_back(counter_id: int, body: Nothing) -> Response:
    """The call was a mistake; the visitor keeps the place."""
    return _deed(desk.put_back, counter_id)


Deed = Callable[..., dict[str, Any]]


def _deed(deed: Deed, counter_id: int, **named: Any) -> Response:
    here: Plan = plan()
    return answered(deed(house().db, here, _officer(), counter_id, wish(), **named))


def _officer() -> Officer:
    who = principal()
    return Officer(who.actor, who.id, who.agency_id, several=not who.by_session)
