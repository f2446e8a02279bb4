"""The end of a service, and a service without a number."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import select

from mpp.actions import issuing, journeys
from mpp.actions.bodies import AtCounter, AtDesk, Code, Note
from mpp.actions.desk.desk import DESK, Desk
from mpp.actions.tickets import open_or_refuse
from mpp.domain.errors import Invalid, NotServedHere
from mpp.domain.mall import Service
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Outcome, Turn


class FinishTurn(AtDesk):
    outcome: Literal["served", "incomplete", "refused", "referred"] | None = None
    services: Annotated[list[Code], Field(max_length=10)] | None = None
    next: Annotated[list[Code], Field(max_length=5)] = []
    note: Note | None = None

    def said(self) -> dict[str, object]:
        return {"outcome": Outcome(self.outcome, self.services), "following": self.next, "note": self.note}


class ServeService(AtCounter):
    service: Code


@DESK.verb("finish", FinishTurn)
def finish(desk: Desk, outcome: Outcome, following: Sequence[str] = (), note: str | None = None) -> Turn:
    """The service is over: what came of it, and where the visitor goes on to.

    `following` are services that the officer sends the visitor on to; the first of them comes before what was
    planned already. After midnight nobody is sent on: lines and numbers are those of the new day. Raises
    `Invalid` (twice on one route), `Closed` and `WithoutNumber`.
    """
    tx, turn = desk.tx, desk.visitor(of_yesterday=not following)
    _require_done_here(desk, outcome.services or ())
    ticket = tx.session.get_one(Ticket, turn.ticket_id)
    onward = _onward(desk, turn, ticket, following)
    planned = journeys.plan_stops(tx, ticket, onward, turn.priority)
    ended = Outcome(outcome.outcome, outcome.services, [each.id for each in planned])
    turn.finish(desk.counter, desk.log, ended, desk.keep(turn, note))
    desk.state.undo_turn_id = turn.id
    if turn.day == desk.log.day:
        journeys.go_on(tx, turn, planned[0] if planned else None)
    return turn


@DESK.verb("serve", ServeService)
def serve(desk: Desk, service: str) -> Turn:
    """Serve somebody who took no number: a number of the desk's own series, never announced."""
    desk.require_free()
    wanted = desk.mall.service(service)
    if wanted.queue not in desk.counter.queues:
        raise NotServedHere
    return issuing.issue_at_desk(desk.tx, wanted, desk.counter)


def _onward(desk: Desk, ending: Turn, ticket: Ticket, codes: Sequence[str]) -> list[Service]:
    """The services that a visitor is sent on to, if they may be."""
    services = [desk.mall.service(code) for code in codes]
    if services:
        journeys.require_number(ticket)
        others = select(Turn).where(Turn.ticket_id == ticket.id, Turn.id != ending.id)
        journeys.require_new(desk.mall, desk.tx.session.scalars(others), codes)
    for service in services:
        open_or_refuse(desk.tx, service)
    return services


def _require_done_here(desk: Desk, services: Sequence[str]) -> None:
    for code in services:
        if desk.mall.service(code).queue.agency != desk.counter.agency:
            raise Invalid(f"Layanan {code} bukan layanan instansi ini.")
