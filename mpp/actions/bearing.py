"""What whoever holds a ticket's token does with it: give it up, go out for a while, come back."""

from dataclasses import dataclass

from sqlalchemy import select

from mpp.actions.bodies import Body
from mpp.actions.tickets import give_up
from mpp.actions.transaction import Answer, Transaction
from mpp.actions.verbs import Verb, Verbs
from mpp.domain.errors import UnknownTicket
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.way import on_the_way, present_of


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A ticket of today while its bearer acts."""

    tx: Transaction
    ticket: Ticket

    def present(self) -> Turn:
        """Where the visitor is."""
        turns = select(Turn).where(Turn.ticket_id == self.ticket.id)
        turn: Turn = present_of(on_the_way(self.tx.session.scalars(turns)))
        return turn


def _find(tx: Transaction, _verb: Verb, ticket_id: int, _body: Body) -> OwnTicket:
    ticket = tx.session.get(Ticket, ticket_id)
    if ticket is None or ticket.mall_id != tx.mall.mall_id or ticket.day != tx.log.day:
        raise UnknownTicket
    return OwnTicket(tx, ticket)


def _answer(own: OwnTicket, turn: Turn | None) -> Answer:
    return {"ticket": own.ticket.id, **({"turn": turn.id} if turn else {})}


BEARERS = Verbs(_find, _answer)


@BEARERS.verb("cancel")
def cancel(own: OwnTicket) -> None:
    """Give the number up; the place in the quota is free again. Raises `WrongMoment`."""
    give_up(own.tx, own.ticket)


@BEARERS.verb("step-out")
def step_out(own: OwnTicket) -> Turn:
    """Go out for a while; the place in the line is kept. Raises `AlreadyOut`, `OutOnce`, `WrongMoment`."""
    turn = own.present()
    turn.step_out(own.tx.log)
    return turn


@BEARERS.verb("come-back")
def come_back(own: OwnTicket) -> Turn:
    """Be here again, before the time is over. Raises `WrongMoment` (is not out)."""
    turn = own.present()
    turn.come_back(own.tx.log)
    return turn
