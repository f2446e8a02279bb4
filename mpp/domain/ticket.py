"""What a visitor takes: a label for the day and a secret token in the QR."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from hmac import new as hmac

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Document, Moment
from mpp.domain.event import About
from mpp.domain.events import SlipEvent, SlipFailed, SlipPrinted, SlipUnknown, SlipWanted
from mpp.domain.log import Log

ONLINE, DESK = "", "0"
TOKEN_LENGTH = 22


class QueueDay(Base):
    """One series of one queue on one service day: its last number, and the quota used."""

    __tablename__ = "queue_day"

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    series: Mapped[str] = mapped_column(String(4), primary_key=True)
    last_number: Mapped[int] = mapped_column(Integer)
    quota_used: Mapped[int] = mapped_column(Integer)


class Ticket(Base):
    """A number given. Its printed label never changes; its token is stored as a hash only."""

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("queue_id", "day", "series", "number"), UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    day: Mapped[date] = mapped_column(Date)
    series: Mapped[str] = mapped_column(String(4))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    priority_code: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    channel: Mapped[str] = mapped_column(String(20))
    issued_by: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    head: Mapped[str] = mapped_column(String(6))
    needs: Mapped[list[str]] = mapped_column(Document, default=list)


class Printing(StrEnum):
    """What is known of the printing of a paper."""

    WANTED = "wanted"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


# What a kiosk may report of a paper, from what was known of it. One that was printed stays printed.
SLIP_MOVES: Mapping[Printing, frozenset[Printing]] = {
    Printing.PRINTED: frozenset({Printing.WANTED, Printing.FAILED, Printing.UNKNOWN}),
    Printing.FAILED: frozenset({Printing.WANTED, Printing.UNKNOWN}),
    Printing.UNKNOWN: frozenset({Printing.WANTED, Printing.FAILED}),
}


class Slip(Base):
    """A paper of a ticket, and what is known of it: wanted, printed, failed or unknown.

    `asked` papers are fetched by their kiosk; the first paper of a number taken there is not, the kiosk has
    it already. A `copy` says so on its face.
    """

    __tablename__ = "slip"
    __table_args__ = (
        Index(
            "ix_slip_asked",
            "device_id",
            "ticket_id",
            sqlite_where=text("asked = 1 AND state = 'wanted'"),
            postgresql_where=text("asked AND state = 'wanted'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    state: Mapped[str] = mapped_column(String(10))
    asked: Mapped[bool] = mapped_column(default=False)
    copy: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Moment)

    def ask(self, ticket: Ticket, log: Log) -> None:
        """A kiosk is asked for this paper, which nobody has printed yet."""
        wanted = SlipWanted(slip=self.id, device=self.device_id or 0, copy=self.copy)
        self._record(wanted, ticket, log, None)

    def report(self, to: Printing, ticket: Ticket, log: Log) -> None:
        """What its kiosk knows now; nothing changes when that was known, or when it was printed before."""
        if self.state not in SLIP_MOVES[to]:
            return
        before, self.state, self.changed_at = self.state, to.value, log.now
        self._record(REPORTS[to](slip=self.id), ticket, log, before)

    def _record(self, event: SlipEvent, ticket: Ticket, log: Log, before: str | None) -> None:
        queue = log.mall.queue_ids[ticket.queue_id]
        about = About(agency=queue.agency.code, ticket=ticket.id, label=ticket.label, queue=queue.code)
        log.record(event, about._replace(before=before, after=self.state))


REPORTS: Mapping[Printing, type[SlipEvent]] = {
    Printing.PRINTED: SlipPrinted,
    Printing.FAILED: SlipFailed,
    Printing.UNKNOWN: SlipUnknown,
}


def label(letters: str, series: str, number: int) -> str:
    """AA-012, growing without padding past 999; a series of its own stands before the dash: AA2-001."""
    return f"{letters}{series}-{number:03d}"


def token(key: bytes, ticket_id: int) -> str:
    """The secret of a ticket: 22 characters of base64url(HMAC-SHA256(key, id)), 132 bits."""
    digest = hmac(key, str(ticket_id).encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]


def token_hash(value: str) -> bytes:
    return sha256(value.encode()).digest()
