"""Papers that were asked for: which kiosk prints which, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import written
from mpp.domain.mall import Mall
from mpp.domain.people import Device
from mpp.domain.ticket import Slip, Ticket
from mpp.queries.reading import Reading
from mpp.queries.rows import to_second

MOST = 20


@dataclass(frozen=True, slots=True)
class KioskRow:
    """A kiosk that is in use."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that some kiosk had or has to print: wanted, printed, failed or unknown `since` then."""

    id: int
    kiosk: str
    state: str
    copy: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class AskedSlip:
    """A paper that a kiosk is asked for; a copy says so on its face."""

    id: int
    ticket_id: int
    copy: bool
    asked_at: datetime


def kiosks(session: Session, mall: Mall) -> list[KioskRow]:
    """The kiosks of the mall that are in use, by name."""
    wanted = select(Device.id, Device.name).where(
        Device.mall_id == mall.mall_id, Device.kind == "kiosk", Device.active
    )
    return [KioskRow(*row) for row in session.execute(wanted.order_by(Device.name))]


def wanted_slips(reading: Reading, device_id: int) -> list[AskedSlip]:
    """What a kiosk is asked to print and has not reported on yet, the oldest first.

    Only tickets of the day: nobody waits for a paper of yesterday.
    """
    asked = (
        select(Slip.id, Slip.ticket_id, Slip.copy, Slip.changed_at)
        .join(Ticket, Ticket.id == Slip.ticket_id)
        .where(Slip.device_id == device_id, Slip.asked, Slip.state == written("wanted"))
        .where(Ticket.day == reading.day)
    )
    rows = reading.session.execute(asked.order_by(Slip.changed_at, Slip.id).limit(MOST))
    return [AskedSlip(slip, ticket, copy, to_second(reading.mall, at)) for slip, ticket, copy, at in rows]


def slips_of(session: Session, mall: Mall, ticket_ids: Sequence[int]) -> dict[int, list[PaperRow]]:
    """The papers of each ticket, the oldest first."""
    rows = session.execute(
        select(Slip, Device.name)
        .join(Device, Device.id == Slip.device_id)
        .where(Slip.ticket_id.in_(ticket_ids))
        .order_by(Slip.id)
    )
    found: dict[int, list[PaperRow]] = {ticket: [] for ticket in ticket_ids}
    for slip, kiosk in rows:
        since = to_second(mall, slip.changed_at)
        found[slip.ticket_id].append(PaperRow(slip.id, kiosk, slip.state, slip.copy, since))
    return found
