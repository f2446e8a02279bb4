"""Going out for a while ("keluar sebentar") while the place in the line is kept, and coming back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.errors import UnknownTicket
from mpp.domain.plan import Plan, QueuePlan
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.way import on_the_way, present_of


def step_out(db: Database, plan: Plan, actor: str, ticket_id: int, wish: Wish) -> dict[str, Any]:
    """Let the visitor go out for as long as the mall allows, once for each turn; the place is kept.

    Gives `{ticket, turn}`. Raises `UnknownTicket` (none of today), `AlreadyOut`, `OutOnce` and
    `WrongMoment` (names the state and the counter, when the turn does not wait).
    """
    with writing(db, plan.mall_id, actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        turn, queue = _present(work, ticket_id)
        turn.step_out(work.now + timedelta(minutes=work.plan.how.step_out_minutes), queue, work.log)
        return work.remember({"ticket": ticket_id, "turn": turn.id})


def come_back(db: Database, plan: Plan, actor: str, ticket_id: int, wish: Wish) -> dict[str, Any]:
    """The visitor who went out is here again, before the time is over.

    Gives `{ticket, turn}`. Raises `UnknownTicket` and `WrongMoment` (is not out).
    """
    with writing(db, plan.mall_id, actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        turn, queue = _present(work, ticket_id)
        turn.come_back(queue, work.log)
        return work.remember({"ticket": ticket_id, "turn": turn.id})


def _present(work: Work, ticket_id: int) -> tuple[Turn, QueuePlan]:
    """Where the visitor of a ticket of today is."""
    ticket = work.session.get(Ticket, ticket_id)
    if ticket is None or ticket.mall_id != work.plan.mall_id or ticket.day != work.log.day:
        raise UnknownTicket
    turn = present_of(on_the_way(work.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id))))
    return turn, work.plan.queue_ids[turn.queue_id]
