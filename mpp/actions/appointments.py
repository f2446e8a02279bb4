"""Appointments: booked by staff, cancelled, and turned into a number when the visitor comes."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, StringConstraints, model_validator
from sqlalchemy import select

from mpp.actions.bodies import Body, Code, Language
from mpp.actions.change import change, writing
from mpp.actions.days import miss_unclaimed
from mpp.actions.issuing import TicketRequest
from mpp.actions.tickets import give
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.db.batch import settle
from mpp.domain.appointment import (
    CODE_LENGTH,
    LETTERS,
    OVER,
    Appointment,
    Booked,
    appointment_token,
    plain_code,
    window,
)
from mpp.domain.base import table
from mpp.domain.calendar import moment_words
from mpp.domain.errors import AppointmentOver, Closed, TooEarly, UnknownAppointment, UnknownService, WrongSlot
from mpp.domain.mall import Service
from mpp.domain.ticket import Slip, token_hash
from mpp.encoding import plain_row
from mpp.queries.tickets import Taken

SLIP = table(Slip)
FARTHEST = timedelta(days=60)


Written = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9 -]+$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class BookAppointment(Body):
    service: Code
    at: AwareDatetime


class CheckIn(Body):
    """What a visitor shows: the code as people write it, or the token; and the language of the number."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["code"]}, {"required": ["token"]}]})

    code: Written = ""
    token: Secret = ""
    language: Language = "id"

    @model_validator(mode="after")
    def _one_of_them(self) -> "CheckIn":
        if bool(self.code) == bool(self.token):
            raise ValueError
        return self


@dataclass(frozen=True, slots=True)
class AppointmentState:
    """An appointment: booked, checked_in, cancelled or missed."""

    id: int
    state: str


def book(command: Command, asked: BookAppointment) -> int:
    """Promise a service for a moment; gives the id. The token is derived from it, and kept nowhere.

    Raises `UnknownService` (also another agency's), `WrongSlot` (past, or too far) and `Closed` (with the
    next opening).
    """

    def done(tx: Transaction) -> Answer:
        wanted = tx.mall.service(asked.service)
        if not tx.principal.serves(wanted.queue.agency.id):
            raise UnknownService(f"Layanan {asked.service} tidak ada.")
        _require_slot(tx, wanted, asked.at)
        miss_unclaimed(tx)
        booked = _new(tx, wanted, asked.at)
        booked.book(tx.log)
        tx.session.add(booked)
        return {"appointment": booked.id}

    return int(change(command, done)["appointment"])


def cancel(command: Command, appointment_id: int) -> Answer:
    """Nobody will come. Gives the `AppointmentState`.

    Raises `UnknownAppointment` (also another agency's) and `AppointmentOver`.
    """

    def done(tx: Transaction) -> Answer:
        booked = tx.session.get(Appointment, appointment_id)
        if booked is None or not _theirs(tx, booked):
            raise UnknownAppointment
        booked.cancel(tx.log)
        return plain_row(AppointmentState(booked.id, booked.state))

    return change(command, done)


def check_in(command: Command, claim: CheckIn) -> Taken:
    """The visitor is here: a number, which enters its line at the booked time. Once; later the same number.

    Raises `UnknownAppointment`, `TooEarly` (with the moment from which one may come), `AppointmentOver`, and
    what taking a number raises.
    """
    with writing(command) as tx:
        if tx.replayed is not None:
            return Taken(tx.replayed, tx.now)
        booked = _claimed(tx, claim)
        if booked.state == Booked.CHECKED_IN and booked.day == tx.log.day:
            return Taken(tx.remember(_number_of(tx, booked), kept=True), tx.now)
        _require_moment(tx, booked)
        taken = give(tx, _request(tx, claim, booked))
        settle(tx.session)
        booked.check_in(taken.ids["ticket"], tx.log)
        miss_unclaimed(tx)
        return taken


def _new(tx: Transaction, service: Service, at: datetime) -> Appointment:
    day, number = tx.mall.day(at), tx.log.new_id("appointment")
    return Appointment(
        id=number,
        mall_id=tx.mall.mall_id,
        queue_id=service.queue.id,
        service_id=service.id,
        day=day,
        slot_at=at,
        state=Booked.BOOKED.value,
        state_since=tx.now,
        code=_free_code(tx, day),
        token_hash=token_hash(appointment_token(tx.token_key, number)),
        booked_by=tx.log.actor,
    )


def _free_code(tx: Transaction, day: date) -> str:
    """A code that no other appointment of the day has."""
    wanted = select(Appointment.code).where(Appointment.mall_id == tx.mall.mall_id, Appointment.day == day)
    taken = set(tx.session.scalars(wanted))
    while (code := "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))) in taken:
        pass
    return code


def _require_slot(tx: Transaction, service: Service, at: datetime) -> None:
    """The counters of the service work at that moment, which is still to come."""
    if at <= tx.now:
        raise WrongSlot
    if at > tx.now + FARTHEST:
        raise WrongSlot(f"Janji temu dapat dibuat paling lama {FARTHEST.days} hari ke depan.")
    hours = service.openness(at)
    resting = service.queue.agency.closes_at_break and any(start <= at < end for start, end in hours.breaks)
    early = hours.opens is not None and at < hours.opens
    if hours.open and not resting and not early:
        return
    opening = hours.opens if hours.open and early else hours.next_opening
    again = f" Buka {moment_words(opening, tx.now, tx.mall.timezone)}." if opening else ""
    raise Closed(f"Layanan ini tutup pada waktu itu.{again}", reason=hours.reason, next_opening=opening)


def _claimed(tx: Transaction, claim: CheckIn) -> Appointment:
    """The appointment of a token or a code: today's, else the next with that code, else the last one."""
    by_token = Appointment.token_hash == token_hash(claim.token)
    meant = by_token if claim.token else Appointment.code == plain_code(claim.code)
    rows = tx.session.scalars(select(Appointment).where(meant))
    found = [each for each in rows if _theirs(tx, each)]
    if not found:
        raise UnknownAppointment
    today = tx.log.day
    return min(found, key=lambda each: (each.day < today, abs(each.day - today), each.id))


def _theirs(tx: Transaction, booked: Appointment) -> bool:
    agency = tx.mall.queue_ids[booked.queue_id].agency if booked.mall_id == tx.mall.mall_id else None
    return agency is not None and tx.principal.serves(agency.id)


def _require_moment(tx: Transaction, booked: Appointment) -> None:
    """It is still open, and the visitor comes neither too early nor too late."""
    if booked.state != Booked.BOOKED:
        raise AppointmentOver(OVER[Booked(booked.state)], state=booked.state)
    opens, ends = window(booked.slot_at, tx.mall.how, tx.mall.timezone)
    if tx.now < opens:
        when = moment_words(opens, tx.now, tx.mall.timezone)
        raise TooEarly(f"Terlalu awal. Kedatangan dapat dicatat mulai {when}.", next_opening=opens)
    if tx.now > ends:
        when = moment_words(ends, tx.now, tx.mall.timezone)
        words = f"Janji temu ini berlaku sampai {when}. Silakan ambil nomor biasa."
        raise AppointmentOver(words, state=Booked.MISSED.value)


def _request(tx: Transaction, claim: CheckIn, booked: Appointment) -> TicketRequest:
    return TicketRequest(
        services=(tx.mall.service_ids[booked.service_id].code,),
        priority=None,
        language=claim.language,
        channel="appointment",
        device_id=tx.principal.kiosk_id,
        booked_at=booked.slot_at,
    )


def _number_of(tx: Transaction, booked: Appointment) -> Answer:
    """The number that was given at the first check-in, and its first paper."""
    papers = tx.session.scalars(select(SLIP.c.id).where(SLIP.c.ticket_id == booked.ticket_id))
    return {"ticket": booked.ticket_id, "slip": min(papers, default=None)}
