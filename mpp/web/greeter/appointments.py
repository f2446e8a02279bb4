"""Appointments on the greeter's tablet: note who has come, book, and see the day."""

import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.actions import appointments as appointing
from mpp.actions.appointments import FARTHEST, BookAppointment, CheckIn
from mpp.actions.transaction import Command
from mpp.auth import HELPERS
from mpp.domain.errors import Invalid, NotFound, RuleBroken, UnknownAppointment
from mpp.limits import STRANGE_TOKENS
from mpp.queries.appointments import AppointmentRow, appointment, appointments
from mpp.queries.reading import Reading
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import agencies
from mpp.web.greeter.pages import frame
from mpp.web.i18n import LANGUAGES
from mpp.web.page import PAGE, PART, command, names_itself, part_of
from mpp.web.problems import CORRECTABLE, leave_notice, notice, said

bp = Blueprint("appointments_page", __name__, url_prefix="/greeter/appointments")
names_itself(bp)

LONGEST = 64
# What stays in the forms when something was refused.
KEPT = ("kode", "layanan", "tanggal", "jam")


@route(bp, "GET", HELPERS, PAGE)
def show() -> Response:
    """The day, and both forms as they were left."""
    kept, made = {name: request.args.get(name, "") for name in KEPT}, _made()
    return said(
        render_template(
            "appointments/show.html",
            **frame(),
            **_day(),
            groups=agencies(mall(), principal()),
            kept=kept,
            made=made,
            intent=lambda: secrets.token_urlsafe(12),
            notice=notice(),
        )
    )


@route(bp, "GET /live", HELPERS, PART)
def live() -> Response:
    """What changes of the day."""
    return part_of(render_template("appointments/_day.html", **frame(), **_day()))


@route(bp, "POST /book", HELPERS, PAGE)
def book() -> Response:
    """Promise a service for a moment."""
    try:
        asked = BookAppointment.model_construct(service=_said("layanan"), at=_slot())
        number = appointing.book(_command(*KEPT[1:]), asked)
    except RuleBroken as error:
        return _refused(error)
    return _on(".show", hari=_said("tanggal"), dibuat=number)


@route(bp, "POST /check-in", HELPERS, PAGE)
def check_in() -> Response:
    """The visitor is here: on to the number."""
    limits, who = container().limits, principal()
    limits.check(STRANGE_TOKENS, "appointment", who.actor)
    language = _said("bahasa")
    claim = CheckIn.model_construct(code=_said("kode"), language=language if language in LANGUAGES else "id")
    try:
        taken = appointing.check_in(_command("kode", "bahasa"), claim)
    except UnknownAppointment:
        limits.count(STRANGE_TOKENS, "appointment", who.actor)
        return _refused(Invalid("Tidak ada janji temu dengan kode ini. Periksa lagi kodenya."))
    except RuleBroken as error:
        return _refused(error)
    return _on("greeter_tickets.taken", ticket_id=taken.ids["ticket"])


def _day() -> dict[str, object]:
    """The appointments of the day that was asked for, today's unless another is named."""
    with container().db.reading() as session:
        reading = Reading.of(session, mall(), clock.now())
        day, today = _date(request.args.get("hari", "")) or reading.day, reading.day
        rows = appointments(reading, day, principal().agency_id).appointments
    return {
        "day": day,
        "today": today,
        "last_day": today + FARTHEST,
        "day_before": _beside(day, -1),
        "day_after": _beside(day, 1),
        "rows": rows,
    }


def _made() -> AppointmentRow | None:
    """The appointment that was booked just now, whose code is to be told."""
    number = request.args.get("dibuat", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    with container().db.reading() as session:
        try:
            row = appointment(Reading.of(session, mall(), clock.now()), int(number))
        except UnknownAppointment:
            return None
    return row if any(own.agency.code == row.agency for own in agencies(mall(), principal())) else None


def _slot() -> datetime:
    """The moment that the form says, in the mall's time. Raises `Invalid`."""
    day = _date(_said("tanggal"))
    try:
        at = time.fromisoformat(_said("jam"))
    except ValueError:
        at = None
    if day is None or at is None or at.tzinfo is not None:
        raise Invalid("Pilih tanggal dan jam janji temu.")
    return datetime.combine(day, at, mall().timezone)


def _beside(day: date, days: int) -> str:
    """The day before or after, as an address says it; the calendar has a first and a last one."""
    near = date.min < day < date.max
    return (day + timedelta(days=days) if near else day).isoformat()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refused(error: RuleBroken) -> Response:
    """Back to the page with the forms as they were, and with a sentence."""
    if error.status not in CORRECTABLE and not isinstance(error, NotFound):
        raise error
    kept = {name: request.form[name][:LONGEST] for name in KEPT if name in request.form}
    response = _on(".show", hari=kept.get("tanggal") or None, **kept)
    leave_notice(response, error.detail)
    return response


def _on(endpoint: str, **named: Any) -> Response:
    return make_response(redirect(url_for(endpoint, **named), 303))


def _command(*fields: str) -> Command:
    intent = _said("intent")
    if not intent or not intent.isascii() or not intent.isprintable():
        raise Invalid("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi.")
    body = {name: _said(name) for name in fields}
    return command(f"page-{intent}", body)


def _said(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]
