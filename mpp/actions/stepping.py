"""Going out for a while ("keluar sebentar") while the place in the line is kept, and coming back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.errors import UnknownTicket
from mpp.domain.mall import Mall, Queue
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.way import on_the_way, present_of


def step_out(db: Database, mall: Mall, actor: str, ticket_id: int, intent: Intent) -> dict[str, Any]:
    """Let the visitor go out for as long as the mall allows, once for each turn; the place is kept.

    Gives `{ticket, turn}`. Raises `UnknownTicket` (none of today), `AlreadyOut`, `OutOnce` and
    `WrongMoment` (names the state and the counter, when the turn does not wait).
    """
    with writing(db, mall.mall_id, actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        turn, queue = _present(tx, ticket_id)
        turn.step_out(tx.now + timedelta(minutes=tx.mall.how.step_out_minutes), queue, tx.log)
        return tx.remember({"ticket": ticket_id, "turn": turn.id})


def come_back(db: Database, mall: Mall, actor: str, ticket_id: int, intent: Intent) -> dict[str, Any]:
    """The visitor who went out is here again, before the time is over.

    Gives `{ticket, turn}`. Raises `UnknownTicket` and `WrongMoment` (is not out).
    """
    with writing(db, mall.mall_id, actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        turn, queue = _present(tx, ticket_id)
        turn.come_back(queue, tx.log)
        return tx.remember({"ticket": ticket_id, "turn": turn.id})


def _present(tx: Transaction, ticket_id: int) -> tuple[Turn, Queue]:
    """Where the visitor of a ticket of today is."""
    ticket = tx.session.get(Ticket, ticket_id)
    if ticket is None or ticket.mall_id != tx.mall.mall_id or ticket.day != tx.log.day:
        raise UnknownTicket
    turn = present_of(on_the_way(tx.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id))))
    return turn, tx.mall.queue_ids[turn.queue_id]
