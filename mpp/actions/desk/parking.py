"""Putting a visitor aside, and going on with them."""

from mpp.actions import journeys
from mpp.actions.bodies import AtDesk, Chosen, Note, Reason
from mpp.actions.desk.desk import DESK, Desk
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn


class ParkTurn(AtDesk):
    reason: Reason | None = None
    note: Note | None = None


class ResumeTurn(Chosen):
    call: bool = False


def _parked(desk: Desk, body: Chosen) -> Turn:
    return desk.chosen(body.turn)


@DESK.verb("park", ParkTurn)
def park(desk: Desk, reason: str | None = None, note: str | None = None) -> Turn:
    """Put the visitor aside; the counter is free for the next. Raises `WrongMoment`."""
    turn = desk.visitor()
    turn.park(desk.counter, desk.log, reason, desk.keep(turn, note))
    return turn


@DESK.verb("resume", ResumeTurn, about=_parked)
def resume(desk: Desk, turn: int, call: bool = False) -> Turn:
    """Go on with a parked visitor at any counter of the agency; `call` asks them there first."""
    desk.require_free()
    parked = desk.chosen(turn)
    if call:
        journeys.require_number(desk.tx.session.get_one(Ticket, parked.ticket_id))
    parked.resume(desk.counter, desk.log, call)
    return parked
