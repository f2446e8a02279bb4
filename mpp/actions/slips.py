"""Paper on request: a greeter's number printed at a kiosk, and copies of what was printed before."""

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import select

from mpp.actions.bodies import Body, Id, Name, Number
from mpp.actions.change import change
from mpp.actions.greeting import seen
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.errors import NotFound, WrongMoment
from mpp.domain.life import State
from mpp.domain.people import Device
from mpp.domain.ticket import DESK, Printing, Slip, Ticket
from mpp.domain.turn import Turn
from mpp.encoding import plain_row


class AskForSlip(Body):
    ticket: Id
    kiosk: Number | Name
    as_copy: bool = Field(False, alias="copy")


@dataclass(frozen=True, slots=True)
class SlipState:
    """A paper: wanted, printed, failed or unknown."""

    id: int
    state: str


def ask_for(command: Command, asked: AskForSlip) -> Answer:
    """Let a kiosk, by id or name, print a ticket. Gives the `SlipState` of the paper.

    The first paper of a number is never a copy; whenever one was printed, or may have been, the next says
    so on its face. Raises `UnknownTicket`, `NotFound` (no such kiosk) and `WrongMoment` (a number that was
    given up, or never had a paper).
    """

    def done(tx: Transaction) -> Answer:
        ticket = seen(tx, asked.ticket)
        _require_printable(tx, ticket)
        slip = _paper(tx, ticket, _kiosk(tx, asked.kiosk), asked.as_copy)
        slip.ask(ticket, tx.log)
        return plain_row(SlipState(slip.id, slip.state))

    return change(command, done)


def report(command: Command, slip_id: int, result: str) -> Answer:
    """What the kiosk knows of a paper: printed, failed or unknown. A paper once printed stays printed.

    Gives `{state}`. Raises `NotFound` for the paper of another kiosk.
    """

    def done(tx: Transaction) -> Answer:
        slip = tx.session.get(Slip, slip_id)
        if slip is None or slip.device_id != tx.principal.id:
            raise NotFound("Struk ini tidak ada.")
        slip.report(Printing(result), tx.session.get_one(Ticket, slip.ticket_id), tx.log)
        return {"state": slip.state}

    return change(command, done)


def _paper(tx: Transaction, ticket: Ticket, device: Device, copy: bool) -> Slip:
    """The paper that a greeter's number still has to get, else one more."""
    papers = tx.session.scalars(select(Slip).where(Slip.ticket_id == ticket.id)).all()
    first = next((each for each in papers if each.device_id is None and each.state == Printing.WANTED), None)
    if first is not None:
        first.device_id, first.asked, first.changed_at = device.id, True, tx.now
        return first
    slip = Slip(
        id=tx.log.new_id("slip"),
        ticket_id=ticket.id,
        device_id=device.id,
        state=Printing.WANTED.value,
        asked=True,
        copy=copy or any(each.state != Printing.FAILED for each in papers),
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
