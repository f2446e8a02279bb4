"""Appointments as staff read them: one, and those of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mpp.domain.appointment import Appointment, Booked, window
from mpp.domain.errors import UnknownAppointment
from mpp.domain.ticket import Ticket
from mpp.queries.reading import Reading
from mpp.queries.rows import to_second

ROWS = select(Appointment, Ticket.label).outerjoin(Ticket, Ticket.id == Appointment.ticket_id)


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """`state` is booked, checked_in, cancelled or missed; `ticket` and `label`: the number it became.

    One whose time is over counts as missed, also where nobody has noted it yet.
    """

    id: int
    code: str
    service: str
    service_name: str
    queue: str
    agency: str
    agency_name: str
    day: date
    at: datetime
    check_in_from: datetime
    check_in_until: datetime
    may_check_in: bool
    ticket: int | None
    label: str | None
    state: str


@dataclass(frozen=True, slots=True)
class AppointmentBooked(AppointmentRow):
    """An appointment with its token, which is told only to whoever booked it."""

    token: str


@dataclass(frozen=True, slots=True)
class Appointments:
    day: date
    appointments: Sequence[AppointmentRow]


def appointments(reading: Reading, day: date, agency_id: int | None) -> Appointments:
    """The appointments of a day in the order of their times, of one agency or of all."""
    mall = reading.mall
    mine = [queue.id for queue in mall.queues.values() if agency_id in (None, queue.agency.id)]
    here = Appointment.mall_id == mall.mall_id, Appointment.day == day, Appointment.queue_id.in_(mine)
    rows = reading.session.execute(ROWS.where(*here).order_by(Appointment.slot_at, Appointment.id))
    return Appointments(day, [_row(reading, booked, label) for booked, label in rows])


def appointment(reading: Reading, appointment_id: int) -> AppointmentRow:
    """One appointment. Raises `UnknownAppointment`."""
    row = reading.session.execute(ROWS.where(Appointment.id == appointment_id)).first()
    if row is None or row[0].mall_id != reading.mall.mall_id:
        raise UnknownAppointment
    return _row(reading, *row)


def _row(reading: Reading, booked: Appointment, label: str | None) -> AppointmentRow:
    mall, now = reading.mall, reading.now
    service = mall.service_ids[booked.service_id]
    opens, ends = window(booked.slot_at, mall.how, mall.timezone)
    over = booked.state == Booked.BOOKED and now > ends
    return AppointmentRow(
        id=booked.id,
        code=booked.code,
        service=service.code,
        service_name=service.name,
        queue=service.queue.code,
        agency=service.queue.agency.code,
        agency_name=service.queue.agency.short_name,
        day=booked.day,
        at=to_second(mall, booked.slot_at),
        check_in_from=to_second(mall, opens),
        check_in_until=to_second(mall, ends),
        may_check_in=booked.state == Booked.BOOKED and opens <= now <= ends,
        ticket=booked.ticket_id,
        label=label,
        state=(Booked.MISSED if over else Booked(booked.state)).value,
    )
