"""Appointments as staff read them: one, and those of a day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.appointment import Appointment, Booked, window
from mpp.domain.base import table
from mpp.domain.errors import UnknownAppointment
from mpp.domain.mall import Mall
from mpp.domain.ticket import Ticket

APPOINTMENT, TICKET = table(Appointment), table(Ticket)
ROWS = select(APPOINTMENT, TICKET.c.label).outerjoin(TICKET, TICKET.c.id == APPOINTMENT.c.ticket_id)


def appointments(
    session: Session, mall: Mall, day: date, agency_id: int | None, now: datetime
) -> list[dict[str, Any]]:
    """The appointments of a day in the order of their times, of one agency or of all."""
    mine = [queue.id for queue in mall.queues.values() if agency_id in (None, queue.agency.id)]
    here = APPOINTMENT.c.mall_id == mall.mall_id, APPOINTMENT.c.day == day, APPOINTMENT.c.queue_id.in_(mine)
    rows = session.execute(ROWS.where(*here).order_by(APPOINTMENT.c.slot_at, APPOINTMENT.c.id))
    return [appointment_row(mall, row, now) for row in rows]


def appointment(session: Session, mall: Mall, appointment_id: int, now: datetime) -> dict[str, Any]:
    """One appointment. Raises `UnknownAppointment`."""
    row = session.execute(ROWS.where(APPOINTMENT.c.id == appointment_id)).first()
    if row is None or row.mall_id != mall.mall_id:
        raise UnknownAppointment
    return appointment_row(mall, row, now)


def appointment_row(mall: Mall, booked: Any, now: datetime) -> dict[str, Any]:
    """An appointment; one whose time is over counts as missed, also where nobody has noted it yet.

    `ticket` and `label` are of the number that it became.
    """
    service = mall.service_ids[booked.service_id]
    opens, ends = window(booked.slot_at, mall.how, mall.timezone)
    over = booked.state == Booked.BOOKED and now > ends
    return {
        "id": booked.id,
        "code": booked.code,
        "service": service.code,
        "service_name": service.name,
        "queue": service.queue.code,
        "agency": service.queue.agency.code,
        "agency_name": service.queue.agency.short_name,
        "day": booked.day.isoformat(),
        "at": _local(mall, booked.slot_at),
        "check_in_from": _local(mall, opens),
        "check_in_until": _local(mall, ends),
        "may_check_in": booked.state == Booked.BOOKED and opens <= now <= ends,
        "ticket": booked.ticket_id,
        "label": booked.label,
        "state": (Booked.MISSED if over else Booked(booked.state)).value,
    }


def _local(mall: Mall, at: datetime) -> str:
    return at.astimezone(mall.timezone).isoformat(timespec="seconds")
