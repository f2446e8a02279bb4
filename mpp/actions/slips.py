"""Paper on request: a greeter's number printed at a kiosk, and copies of what was printed before."""

from typing import Any

from sqlalchemy import select

from mpp.actions.greeting import Helper, seen
from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.errors import NotFound, WrongMoment
from mpp.domain.life import State
from mpp.domain.people import Device
from mpp.domain.plan import Plan
from mpp.domain.ticket import DESK, Slip, Ticket
from mpp.domain.turn import Turn


def ask_for(
    db: Database, plan: Plan, helper: Helper, ticket_id: int, kiosk: int | str, copy: bool, wish: Wish
) -> dict[str, Any]:
    """Let a kiosk, by id or name, print a ticket. Gives `{id, state}` of the paper.

    The first paper of a number is never a copy; whenever one was printed, or may have been, the next says
    so on its face. Raises `UnknownTicket`, `NotFound` (no such kiosk) and `WrongMoment` (a number that was
    given up, or never had a paper).
    """
    with writing(db, plan.mall_id, helper.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        ticket = seen(work, helper, ticket_id)
        _require_printable(work, ticket)
        slip = _paper(work, ticket, _kiosk(work, kiosk), copy)
        _record(work, ticket, slip)
        return work.remember({"id": slip.id, "state": slip.state})


def _paper(work: Work, ticket: Ticket, device: Device, copy: bool) -> Slip:
    """The paper that a greeter's number still has to get, else one more."""
    papers = work.session.scalars(select(Slip).where(Slip.ticket_id == ticket.id)).all()
    first = next((each for each in papers if each.device_id is None and each.state == "wanted"), None)
    if first is not None:
        first.device_id, first.asked, first.changed_at = device.id, True, work.now
        return first
    slip = Slip(
        id=work.log.new_id("slip"),
        ticket_id=ticket.id,
        device_id=device.id,
        state="wanted",
        asked=True,
        copy=copy or any(each.state != "failed" for each in papers),
        changed_at=work.now,
    )
    work.session.add(slip)
    return slip


def _kiosk(work: Work, named: int | str) -> Device:
    column = Device.id if isinstance(named, int) else Device.name
    wanted = select(Device).where(
        Device.mall_id == work.plan.mall_id, Device.kind == "kiosk", Device.active, column == named
    )
    if (device := work.session.scalar(wanted)) is None:
        raise NotFound("Anjungan ini tidak ada.")
    return device


def _require_printable(work: Work, ticket: Ticket) -> None:
    if ticket.series == DESK:
        raise WrongMoment("Nomor yang dilayani tanpa antre tidak mempunyai struk.")
    left = select(Turn.id).where(Turn.ticket_id == ticket.id, Turn.state != State.CANCELLED.value)
    if work.session.scalar(left.limit(1)) is None:
        raise WrongMoment("Nomor ini sudah dibatalkan.", state=State.CANCELLED.value)


def _record(work: Work, ticket: Ticket, slip: Slip) -> None:
    queue = work.plan.queue_ids[ticket.queue_id]
    work.log.record(
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
