"""Paper on request: a greeter's number printed at a kiosk, and copies of what was printed before."""

from typing import Any

from sqlalchemy import select

from mpp.actions.greeting import Helper, seen
from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.errors import NotFound, WrongMoment
from mpp.domain.life import State
from mpp.domain.mall import Mall
from mpp.domain.people import Device
from mpp.domain.ticket import DESK, Slip, Ticket
from mpp.domain.turn import Turn


def ask_for(
    db: Database, mall: Mall, helper: Helper, ticket_id: int, kiosk: int | str, copy: bool, intent: Intent
) -> dict[str, Any]:
    """Let a kiosk, by id or name, print a ticket. Gives `{id, state}` of the paper.

    The first paper of a number is never a copy; whenever one was printed, or may have been, the next says
    so on its face. Raises `UnknownTicket`, `NotFound` (no such kiosk) and `WrongMoment` (a number that was
    given up, or never had a paper).
    """
    with writing(db, mall.mall_id, helper.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        ticket = seen(tx, helper, ticket_id)
        _require_printable(tx, ticket)
        slip = _paper(tx, ticket, _kiosk(tx, kiosk), copy)
        _record(tx, ticket, slip)
        return tx.remember({"id": slip.id, "state": slip.state})


def _paper(tx: Transaction, ticket: Ticket, device: Device, copy: bool) -> Slip:
    """The paper that a greeter's number still has to get, else one more."""
    papers = tx.session.scalars(select(Slip).where(Slip.ticket_id == ticket.id)).all()
    first = next((each for each in papers if each.device_id is None and each.state == "wanted"), None)
    if first is not None:
        first.device_id, first.asked, first.changed_at = device.id, True, tx.now
        return first
    slip = Slip(
        id=tx.log.new_id("slip"),
        ticket_id=ticket.id,
        device_id=device.id,
        state="wanted",
        asked=True,
        copy=copy or any(each.state != "failed" for each in papers),
        changed_at=tx.now,
    )
    tx.session.add(slip)
    return slip


def _kiosk(tx: Transaction, named: int | str) -> Device:
    column = Device.id if isinstance(named, int) else Device.name
    wanted = select(Device).where(
        Device.mall_id == tx.mall.mall_id, Device.kind == "kiosk", Device.active, column == named
    )
    if (device := tx.session.scalar(wanted)) is None:
        raise NotFound("Anjungan ini tidak ada.")
    return device


def _require_printable(tx: Transaction, ticket: Ticket) -> None:
    if ticket.series == DESK:
        raise WrongMoment("Nomor yang dilayani tanpa antre tidak mempunyai struk.")
    left = select(Turn.id).where(Turn.ticket_id == ticket.id, Turn.state != State.CANCELLED.value)
    if tx.session.scalar(left.limit(1)) is None:
        raise WrongMoment("Nomor ini sudah dibatalkan.", state=State.CANCELLED.value)


def _record(tx: Transaction, ticket: Ticket, slip: Slip) -> None:
    queue = tx.mall.queue_ids[ticket.queue_id]
    tx.log.record(
        "slip_wanted",
        agency=queue.agency.code,
        ticket=ticket.id,
        label=ticket.label,
        queue=queue.code,
        after=slip.state,
        slip=slip.id,
        device=slip.device_id,
        copy=slip.copy,
    )
