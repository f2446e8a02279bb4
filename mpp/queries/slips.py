"""Papers that were asked for: which kiosk prints which, and what became of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table, written
from mpp.domain.mall import Mall
from mpp.domain.people import Device
from mpp.domain.ticket import Slip, Ticket

SLIP, TICKET, DEVICE = table(Slip), table(Ticket), table(Device)
MOST = 20


def kiosks(session: Session, mall: Mall) -> list[dict[str, Any]]:
    """The kiosks of the mall that are in use, by name."""
    wanted = select(DEVICE.c.id, DEVICE.c.name).where(
        DEVICE.c.mall_id == mall.mall_id, DEVICE.c.kind == "kiosk", DEVICE.c.active
    )
    return [{"id": row.id, "name": row.name} for row in session.execute(wanted.order_by(DEVICE.c.name))]


def wanted_slips(session: Session, device_id: int, day: date) -> Sequence[Any]:
    """What a kiosk is asked to print and has not reported on yet: id, ticket and copy, the oldest first.

    Only tickets of the day: nobody waits for a paper of yesterday.
    """
    asked = (
        select(SLIP.c.id, SLIP.c.ticket_id, SLIP.c.copy, SLIP.c.changed_at)
        .join(TICKET, TICKET.c.id == SLIP.c.ticket_id)
        .where(SLIP.c.device_id == device_id, SLIP.c.asked, SLIP.c.state == written("wanted"))
        .where(TICKET.c.day == day)
    )
    return session.execute(asked.order_by(SLIP.c.changed_at, SLIP.c.id).limit(MOST)).all()


def slips_of(session: Session, mall: Mall, ticket_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The papers of each ticket that some kiosk had or has to print, the oldest first."""
    rows = session.execute(
        select(SLIP, DEVICE.c.name)
        .join(DEVICE, DEVICE.c.id == SLIP.c.device_id)
        .where(SLIP.c.ticket_id.in_(ticket_ids))
        .order_by(SLIP.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {ticket: [] for ticket in ticket_ids}
    for row in rows:
        found[row.ticket_id].append(
            {
                "id": row.id,
                "kiosk": row.name,
                "state": row.state,
                "copy": row.copy,
                "since": row.changed_at.astimezone(mall.timezone).isoformat(timespec="seconds"),
            }
        )
    return found
