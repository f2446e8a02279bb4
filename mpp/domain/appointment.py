"""An appointment: a service promised for a moment, which becomes a ticket at check-in."""

from base64 import urlsafe_b64encode
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import new as hmac
from zoneinfo import ZoneInfo

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Moment
from mpp.domain.errors import AppointmentOver
from mpp.domain.event import About
from mpp.domain.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCheckedIn,
    AppointmentEvent,
    AppointmentMissed,
)
from mpp.domain.log import Log
from mpp.domain.rules import Rules
from mpp.domain.ticket import TOKEN_LENGTH

# For codes that are read aloud and written by hand: nothing that looks alike (0 O, 1 I, 2 Z, 5 S, 8 B), and
# of the letters that sound alike in Indonesian (be ce de ge pe te, ef es, em en, ha ka) at most one.
LETTERS = "AEJKLMRUWXY346789"
CODE_LENGTH = 6


class Booked(StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Appointment(Base):
    """Who holds its token may check in; nothing about the person is kept."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_appointment_day", "mall_id", "day", "state"),
        Index("ix_appointment_code", "code"),
        Index(
            "ix_appointment_booked",
            "mall_id",
            "slot_at",
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date] = mapped_column(Date)
    slot_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(20))
    state_since: Mapped[datetime] = mapped_column(Moment)
    code: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    booked_by: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))

    def book(self, log: Log) -> None:
        """It is promised from now on."""
        self._record(AppointmentBooked(appointment=self.id), None, log)

    def check_in(self, ticket_id: int, log: Log) -> None:
        """The visitor is here and holds a number now."""
        self.ticket_id = ticket_id
        self._move(Booked.CHECKED_IN, AppointmentCheckedIn(appointment=self.id), log)

    def cancel(self, log: Log) -> None:
        """Nobody will come."""
        self._move(Booked.CANCELLED, AppointmentCancelled(appointment=self.id), log)

    def miss(self, log: Log) -> None:
        """Nobody came in time."""
        self._move(Booked.MISSED, AppointmentMissed(appointment=self.id), log)

    def _move(self, to: Booked, event: AppointmentEvent, log: Log) -> None:
        if self.state != Booked.BOOKED:
            raise AppointmentOver(OVER[Booked(self.state)], state=self.state)
        before, self.state, self.state_since = self.state, to.value, log.now
        self._record(event, before, log)

    def _record(self, event: AppointmentEvent, before: str | None, log: Log) -> None:
        queue = log.mall.queue_ids[self.queue_id]
        where = About(agency=queue.agency.code, ticket=self.ticket_id, queue=queue.code)
        log.record(event, where._replace(before=before, after=self.state))


OVER = {
    Booked.CHECKED_IN: "Kedatangan untuk janji temu ini sudah dicatat.",
    Booked.CANCELLED: "Janji temu ini sudah dibatalkan.",
    Booked.MISSED: "Janji temu ini sudah lewat. Silakan ambil nomor biasa.",
}


def window(slot_at: datetime, rules: Rules, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when one may check in: around the slot, and on its day."""
    grace = timedelta(minutes=rules.checkin_tolerance_minutes)
    begins = datetime.combine(slot_at.astimezone(zone).date(), time(), zone)
    ends = begins + timedelta(days=1) - timedelta(microseconds=1)
    return max(slot_at - grace, begins), min(slot_at + grace, ends)


def plain_code(written: str) -> str:
    """A code as it is kept, from how people write it: in small letters, in groups."""
    return "".join(sign for sign in written.upper() if sign.isalnum())


def appointment_token(key: bytes, appointment_id: int) -> str:
    """The secret of an appointment; of the same kind as a ticket's, and never the same as one."""
    digest = hmac(key, f"appointment {appointment_id}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]
