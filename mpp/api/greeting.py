"""What staff do for a visitor with a number, over the API: find it, set it right, and catch up with paper."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, request
from pydantic import Field, StringConstraints

from mpp import clock
from mpp.actions import greeting, paper
from mpp.actions.greeting import Helper
from mpp.api.fields import ONE_LINE, Code, Name, Number, Reason
from mpp.api.route import Body, answered, container, intent, mall, principal, route
from mpp.api.tickets import Nothing
from mpp.auth import HELPERS
from mpp.domain.errors import Invalid
from mpp.queries import greeter

bp = Blueprint("greeting", __name__, url_prefix="/api/v1")

LONGEST_WISH = 300
WISH = {"type": "string", "maxLength": LONGEST_WISH, "default": ""}
Need = Literal["kursi_roda", "juru_bahasa_isyarat", "panggil_ke_kursi", "pendamping_netra"]
Label = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=ONE_LINE)]


class MarkNeeds(Body):
    needs: Annotated[list[Need], Field(max_length=4)]


class SetPriority(Body):
    priority: Code | None
    reason: Reason


class AddStops(Body):
    services: Annotated[list[Code], Field(min_length=1, max_length=5)]


class CorrectService(Body):
    service: Code


class PaperLine(Body):
    label: Label
    counter: Number | Name
    result: Literal["served", "missed"]


class RecordPaper(Body):
    entries: Annotated[list[PaperLine], Field(min_length=1, max_length=200)]


@route(bp, "GET", "/tickets", HELPERS, answer="StaffTickets", query=(("q", WISH),))
def find() -> Response:
    """Find tickets of today by label, token or scanned address."""
    sought = request.args.get("q", "")
    if len(sought) > LONGEST_WISH:
        raise Invalid("Parameter q terlalu panjang.")
    with container().db.reading() as session:
        here, who = mall(), principal()
        return answered({"tickets": greeter.find(session, here, who.agency_id, sought, clock.now())})


def deed(name: str, body: type[Body] = Nothing) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A deed for one ticket: one address, one answer."""
    path = f"/staff/tickets/<int:ticket_id>/{name}"
    return route(bp, "POST", path, HELPERS, body=body, answer="StaffTicket", refusals=(404, 409))


@deed("needs", MarkNeeds)
def needs(ticket_id: int, body: MarkNeeds) -> Response:
    """Mark what the visitor needs at the counter."""
    greeting.mark_needs(container().db, mall(), _helper(), ticket_id, intent(), body.needs)
    return _now(ticket_id)


@deed("priority", SetPriority)
def priority(ticket_id: int, body: SetPriority) -> Response:
    """Set right whether the law gives the visitor priority, with a reason."""
    greeting.set_priority(container().db, mall(), _helper(), ticket_id, intent(), body.priority, body.reason)
    return _now(ticket_id)


@deed("return")
def return_missed(ticket_id: int, body: Nothing) -> Response:
    """A missed visitor is back within the grace."""
    greeting.return_missed(container().db, mall(), _helper(), ticket_id, intent())
    return _now(ticket_id)


@deed("step-out")
def step_out(ticket_id: int, body: Nothing) -> Response:
    """The visitor goes out for a while and keeps the place."""
    greeting.step_out(container().db, mall(), _helper(), ticket_id, intent())
    return _now(ticket_id)


@deed("come-back")
def come_back(ticket_id: int, body: Nothing) -> Response:
    """The visitor who went out is here again."""
    greeting.come_back(container().db, mall(), _helper(), ticket_id, intent())
    return _now(ticket_id)


@deed("stops", AddStops)
def stops(ticket_id: int, body: AddStops) -> Response:
    """Add stops to the end of the route."""
    greeting.add_stops(container().db, mall(), _helper(), ticket_id, intent(), body.services)
    return _now(ticket_id)


@deed("correct", CorrectService)
def correct(ticket_id: int, body: CorrectService) -> Response:
    """Set a wrongly chosen service right without losing the place."""
    greeting.correct(container().db, mall(), _helper(), ticket_id, intent(), body.service)
    return _now(ticket_id)


@deed("cancel")
def cancel(ticket_id: int, body: Nothing) -> Response:
    """Give the number up for its visitor."""
    greeting.cancel(container().db, mall(), _helper(), ticket_id, intent())
    return _now(ticket_id)


@route(bp, "POST", "/paper", HELPERS, body=RecordPaper, answer="PaperRecorded", refusals=(409,))
def record_paper(body: RecordPaper) -> Response:
    """Enter what was called from paper: all lines, or none and what is wrong with which."""
    lines = [paper.Line(each.label, each.counter, each.result == "missed") for each in body.entries]
    return answered(paper.record(container().db, mall(), _helper(), lines, intent()))


def _helper() -> Helper:
    return Helper(principal().actor, principal().agency_id)


def _now(ticket_id: int) -> Response:
    """The ticket as it stands now. Raises `UnknownTicket` when one may not see it."""
    with container().db.reading() as session:
        return answered(greeter.ticket(session, mall(), principal().agency_id, ticket_id, clock.now()))
