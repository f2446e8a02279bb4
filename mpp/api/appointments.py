"""Appointments over the API: book, list, cancel, and check in at a kiosk or with staff."""

from datetime import date
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import AwareDatetime, ConfigDict, StringConstraints, model_validator

from mpp import clock
from mpp.actions import appointments as deeds
from mpp.actions.appointments import Claim, Clerk
from mpp.api.fields import Code
from mpp.api.route import LARGEST_ID, Body, answered, container, intent, mall, principal, route
from mpp.api.tickets import Language, Nothing
from mpp.auth import CHECKERS, HELPERS
from mpp.domain.appointment import appointment_token
from mpp.domain.errors import Invalid, UnknownAppointment
from mpp.limits import NUMBER_BURST, NUMBERS, STRANGE_TOKENS
from mpp.queries import tickets
from mpp.queries.appointments import appointment, appointments
from mpp.queries.head import head

bp = Blueprint("appointments", __name__, url_prefix="/api/v1/appointments")

DAY = {"type": "string", "format": "date"}
Written = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9 -]+$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class BookAppointment(Body):
    service: Code
    at: AwareDatetime


class CheckIn(Body):
    """A code as people write it, or a token; one of them."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["code"]}, {"required": ["token"]}]})

    code: Written = ""
    token: Secret = ""
    language: Language = "id"

    @model_validator(mode="after")
    def _one_of_them(self) -> "CheckIn":
        if bool(self.code) == bool(self.token):
            raise ValueError
        return self


@route(bp, "POST", "", HELPERS, body=BookAppointment, answer="AppointmentBooked", refusals=(404, 409))
def book(body: BookAppointment) -> Response:
    """Promise a service for a moment; the token is told here alone."""
    here, key = mall(), container().paper.token_key
    number = deeds.book(container().db, here, _clerk(), body.service, body.at, intent(), key)
    with container().db.reading() as session:
        row = appointment(session, here, number, clock.now())
    return answered({**row, "token": appointment_token(key, number)})


@route(bp, "GET", "", HELPERS, answer="Appointments", query=(("day", DAY),))
def show() -> Response:
    """The appointments of a day, today unless another is named; an agency's people see its own."""
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        day = _day() or head(session, here, now)[1]
        rows = appointments(session, here, day, principal().agency_id, now)
    return answered({"day": day.isoformat(), "appointments": rows})


@route(
    bp,
    "POST",
    "/<int:appointment_id>/cancel",
    HELPERS,
    body=Nothing,
    answer="AppointmentState",
    refusals=(404,),
)
def cancel(appointment_id: int, body: Nothing) -> Response:
    """Nobody will come."""
    if appointment_id > LARGEST_ID:
        raise UnknownAppointment
    return answered(deeds.cancel(container().db, mall(), _clerk(), appointment_id, intent()))


@route(bp, "POST", "/check-in", CHECKERS, body=CheckIn, answer="TicketTaken", status=201, refusals=(404, 409))
def check_in(body: CheckIn) -> Response:
    """The visitor is here: a number that enters its line at the booked time; once, later the same."""
    limits, here, who = container().limits, mall(), principal()
    limits.check(STRANGE_TOKENS, "appointment", who.actor)
    limits.count(NUMBERS, who.actor)
    limits.count(NUMBER_BURST, who.actor)
    claim = Claim(body.code, body.token, body.language)
    try:
        taken = deeds.check_in(container().db, here, _clerk(), claim, intent(), container().paper.token_key)
    except UnknownAppointment:
        limits.count(STRANGE_TOKENS, "appointment", who.actor)
        raise
    return answered(tickets.answer(container().db, here, taken, container().paper, clock.now()), 201)


def _clerk() -> Clerk:
    who = principal()
    return Clerk(who.actor, who.agency_id, who.id if who.kind == "kiosk" else None)


def _day() -> date | None:
    text = request.args.get("day")
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise Invalid("Parameter day harus tanggal, misalnya 2026-11-23.") from error
