"""Appointments: booked by staff, cancelled, and turned into a number when the visitor comes."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.days import miss_unclaimed
from mpp.actions.issuing import Request
from mpp.actions.tickets import give
from mpp.actions.work import Wish, Work, writing
from mpp.closing import settle
from mpp.db import Database
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
from mpp.domain.hours import openness
from mpp.domain.plan import Plan, QueuePlan, ServicePlan
from mpp.domain.ticket import Slip, token_hash
from mpp.queries.tickets import Taken

SLIP = table(Slip)
FARTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who books, cancels or checks in: an actor of the log, their agency (None: all), the kiosk."""

    actor: str
    agency_id: int | None
    device_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a visitor shows: the code, or the token; and the language of the number."""

    code: str = ""
    token: str = ""
    language: str = "id"


def book(
    db: Database, plan: Plan, clerk: Clerk, service: str, at: datetime, wish: Wish, token_key: bytes
) -> int:
    """Promise a service for a moment; gives the id. The token is derived from it, and kept nowhere.

    Raises `UnknownService` (also another agency's), `WrongSlot` (past, or too far) and `Closed` (with the
    next opening).
    """
    with writing(db, plan.mall_id, clerk.actor, wish) as work:
        if work.replayed is not None:
            return int(work.replayed["appointment"])
        wanted = work.plan.service(service)
        if clerk.agency_id not in (None, wanted.queue.agency.id):
            raise UnknownService(f"Layanan {service} tidak ada.")
        _require_slot(work, wanted, at)
        miss_unclaimed(work)
        booked = _new(work, wanted, at, token_key)
        booked.book(wanted.queue, work.log)
        work.session.add(booked)
        work.remember({"appointment": booked.id})
        return booked.id


def cancel(db: Database, plan: Plan, clerk: Clerk, appointment_id: int, wish: Wish) -> dict[str, Any]:
    """Nobody will come. Raises `UnknownAppointment` (also another agency's) and `AppointmentOver`."""
    with writing(db, plan.mall_id, clerk.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        booked = work.session.get(Appointment, appointment_id)
        if booked is None or not _theirs(work, clerk, booked):
            raise UnknownAppointment
        booked.cancel(_queue(work, booked), work.log)
        return work.remember({"id": booked.id, "state": booked.state})


def check_in(db: Database, plan: Plan, clerk: Clerk, claim: Claim, wish: Wish, token_key: bytes) -> Taken:
    """The visitor is here: a number, which enters its line at the booked time. Once; later the same number.

    Raises `UnknownAppointment`, `TooEarly` (with the moment from which one may come), `AppointmentOver`, and
    what taking a number raises.
    """
    with writing(db, plan.mall_id, clerk.actor, wish) as work:
        if work.replayed is not None:
            return Taken(work.replayed)
        booked = _claimed(work, clerk, claim)
        if booked.state == Booked.CHECKED_IN and booked.day == work.log.day:
            return Taken(work.remember(_number_of(work, booked), kept=True))
        _require_moment(work, booked)
        taken = give(work, _request(work, clerk, claim, booked), token_key)
        settle(work.session)
        booked.check_in(taken.ids["ticket"], _queue(work, booked), work.log)
        miss_unclaimed(work)
        return taken


def _new(work: Work, service: ServicePlan, at: datetime, token_key: bytes) -> Appointment:
    day, number = work.plan.day(at), work.log.new_id("appointment")
    return Appointment(
        id=number,
        mall_id=work.plan.mall_id,
        queue_id=service.queue.id,
        service_id=service.id,
        day=day,
        slot_at=at,
        state=Booked.BOOKED.value,
        state_since=work.now,
        code=_free_code(work, day),
        token_hash=token_hash(appointment_token(token_key, number)),
        booked_by=work.log.actor,
    )


def _free_code(work: Work, day: date) -> str:
    """A code that no other appointment of the day has."""
    wanted = select(Appointment.code).where(Appointment.mall_id == work.plan.mall_id, Appointment.day == day)
    taken = set(work.session.scalars(wanted))
    while (code := "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))) in taken:
        pass
    return code


def _require_slot(work: Work, service: ServicePlan, at: datetime) -> None:
    """The counters of the service work at that moment, which is still to come."""
    if at <= work.now:
        raise WrongSlot
    if at > work.now + FARTHEST:
        raise WrongSlot(f"Janji temu dapat dibuat paling lama {FARTHEST.days} hari ke depan.")
    plan, agency = work.plan, service.queue.agency
    hours = openness(
        at, plan.timezone, plan.schedule, agency.schedule, service.queue.schedule, service.schedule
    )
    resting = agency.closes_at_break and any(start <= at < end for start, end in hours.breaks)
    early = hours.opens is not None and at < hours.opens
    if hours.open and not resting and not early:
        return
    opening = hours.opens if hours.open and early else hours.next_opening
    again = f" Buka {moment_words(opening, work.now, plan.timezone)}." if opening else ""
    raise Closed(f"Layanan ini tutup pada waktu itu.{again}", reason=hours.reason, next_opening=opening)


def _claimed(work: Work, clerk: Clerk, claim: Claim) -> Appointment:
    """The appointment of a token or a code: today's, else the next with that code, else the last one."""
    wanted = select(Appointment).where(Appointment.mall_id == work.plan.mall_id)
    if claim.token:
        wanted = wanted.where(Appointment.token_hash == token_hash(claim.token))
    else:
        wanted = wanted.where(Appointment.code == plain_code(claim.code))
    found = [each for each in work.session.scalars(wanted) if _theirs(work, clerk, each)]
    if not found:
        raise UnknownAppointment
    today = work.log.day
    return min(found, key=lambda each: (each.day < today, abs(each.day - today), each.id))


def _theirs(work: Work, clerk: Clerk, booked: Appointment) -> bool:
    own = clerk.agency_id in (None, _queue(work, booked).agency.id)
    return own and booked.mall_id == work.plan.mall_id


def _require_moment(work: Work, booked: Appointment) -> None:
    """It is still open, and the visitor comes neither too early nor too late."""
    if booked.state != Booked.BOOKED:
        raise AppointmentOver(OVER[Booked(booked.state)], state=booked.state)
    opens, ends = window(booked.slot_at, work.plan.how, work.plan.timezone)
    if work.now < opens:
        when = moment_words(opens, work.now, work.plan.timezone)
        raise TooEarly(f"Terlalu awal. Kedatangan dapat dicatat mulai {when}.", next_opening=opens)
    if work.now > ends:
        when = moment_words(ends, work.now, work.plan.timezone)
        words = f"Janji temu ini berlaku sampai {when}. Silakan ambil nomor biasa."
        raise AppointmentOver(words, state=Booked.MISSED.value)


def _request(work: Work, clerk: Clerk, claim: Claim, booked: Appointment) -> Request:
    return Request(
        services=(work.plan.service_ids[booked.service_id].code,),
        priority=None,
        language=claim.language,
        channel="appointment",
        device_id=clerk.device_id,
        booked_at=booked.slot_at,
    )


def _number_of(work: Work, booked: Appointment) -> dict[str, Any]:
    """The number that was given at the first check-in, and its first paper."""
    first = select(SLIP.c.id).where(SLIP.c.ticket_id == booked.ticket_id).order_by(SLIP.c.id).limit(1)
    return {"ticket": booked.ticket_id, "slip": work.session.scalar(first)}


def _queue(work: Work, booked: Appointment) -> QueuePlan:
    return work.plan.queue_ids[booked.queue_id]
