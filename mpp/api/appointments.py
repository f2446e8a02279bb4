"""Appointments over the API: book, list, cancel, and check in at a kiosk or with staff."""

from datetime import date

from flask import Blueprint, Response, request

from mpp import clock
from mpp.actions import appointments as appointing
from mpp.actions.appointments import AppointmentState, BookAppointment, CheckIn
from mpp.actions.bodies import LARGEST_ID, Nothing
from mpp.api.route import Answers, answered, command
from mpp.auth import CHECKERS, HELPERS
from mpp.domain.appointment import appointment_token
from mpp.domain.errors import Invalid, UnknownAppointment
from mpp.limits import NUMBER_BURST, NUMBERS, STRANGE_TOKENS
from mpp.queries import tickets
from mpp.queries.appointments import AppointmentBooked, Appointments, appointment, appointments
from mpp.queries.reading import Reading
from mpp.queries.rows import extended
from mpp.queries.tickets import TicketTaken
from mpp.routes import container, mall, principal, route

bp = Blueprint("appointments", __name__, url_prefix="/api/v1/appointments")

DAY = {"type": "string", "format": "date"}


@route(bp, "POST", HELPERS, Answers(AppointmentBooked, BookAppointment, refusals=(404, 409)))
def book(body: BookAppointment) -> Response:
    """Promise a service for a moment; the token is told here alone."""
    number = appointing.book(command(), body)
    with container().db.reading() as session:
        row = appointment(Reading.of(session, mall(), clock.now()), number)
    token = appointment_token(container().paper.token_key, number)
    return answered(extended(row, AppointmentBooked, token=token))


@route(bp, "GET", HELPERS, Answers(Appointments, query=(("day", DAY),)))
def show() -> Response:
    """The appointments of a day, today unless another is named; an agency's people see its own."""
    asked = _day()
    with container().db.reading() as session:
        reading = Reading.of(session, mall(), clock.now())
        return answered(appointments(reading, asked or reading.day, principal().agency_id))


@route(bp, "POST /<int:appointment_id>/cancel", HELPERS, Answers(AppointmentState, Nothing, refusals=(404,)))
def cancel(appointment_id: int, body: Nothing) -> Response:
    """Nobody will come."""
    if appointment_id > LARGEST_ID:
        raise UnknownAppointment
    return answered(appointing.cancel(command(), appointment_id))


@route(bp, "POST /check-in", CHECKERS, Answers(TicketTaken, CheckIn, status=201, refusals=(404, 409)))
def check_in(body: CheckIn) -> Response:
    """The visitor is here: a number that enters its line at the booked time; once, later the same."""
    limits, here, who = container().limits, mall(), principal()
    limits.check(STRANGE_TOKENS, "appointment", who.actor)
    limits.count(NUMBERS, who.actor)
    limits.count(NUMBER_BURST, who.actor)
    try:
        taken = appointing.check_in(command(), body)
    except UnknownAppointment:
        limits.count(STRANGE_TOKENS, "appointment", who.actor)
        raise
    return answered(tickets.answer(container().db, here, taken, container().paper), 201)


def _day() -> date | None:
    text = request.args.get("day")
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise Invalid("Parameter day harus tanggal, misalnya 2026-11-23.") from error
