"""Taking a number, and giving it up."""

from sqlalchemy import select, update

from mpp.actions.change import writing
from mpp.actions.issuing import TicketRequest, issue
from mpp.actions.journeys import stops
from mpp.actions.transaction import Command, Transaction
from mpp.domain.base import table
from mpp.domain.errors import (
    Closed,
    Invalid,
    NotFound,
    QuotaReached,
    UnknownService,
)
from mpp.domain.hours import Openness, closed_sentence
from mpp.domain.life import State
from mpp.domain.mall import Mall, Service
from mpp.domain.ticket import ONLINE, QueueDay, Ticket
from mpp.domain.turn import Turn
from mpp.queries.tickets import Taken
from mpp.queries.way import on_the_way, present_of

# A number gives its place in the quota back while all of its turns stand here.
NOT_SERVED = (State.PLANNED, State.WAITING, State.CALLED)
QUEUE_DAY = table(QueueDay)


def take(command: Command, request: TicketRequest) -> Taken:
    """Give a number. The same intent gets the same number again.

    Raises `UnknownService`, `Closed`, `QuotaReached` (both with the next opening) and `IntentReused`.
    """
    with writing(command) as tx:
        return give(tx, request) if tx.replayed is None else Taken(tx.replayed, tx.now)


def give(tx: Transaction, request: TicketRequest) -> Taken:
    """The number itself, inside a change: for each service that is open, on a route of stops."""
    services = [tx.mall.service(code) for code in request.services]
    if len(set(request.services)) < len(services):
        raise Invalid("Satu layanan dipilih dua kali.")
    if request.agency_id not in (None, *(service.queue.agency.id for service in services)):
        raise UnknownService("Rute ini tidak memuat layanan instansi Anda.")
    priority = priority_of(tx.mall, request.priority)
    states = [open_or_refuse(tx, service) for service in services]
    queue = services[0].queue
    taken = issue(tx, stops(services), priority, request)
    if taken is None:
        raise QuotaReached(next_opening=queue.opens_after(states[0]))
    tx.remember(taken.ids, kept=True)
    return taken


def give_up(tx: Transaction, ticket: Ticket) -> None:
    """Cancel what is still to come of a number. Raises `WrongMoment` when nothing is: it says where it is."""
    turns = tx.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id)).all()
    unused = all(turn.state in NOT_SERVED for turn in turns)
    _cancel_turns(tx, on_the_way(turns))
    if ticket.series == ONLINE and unused:
        _free_place(tx, ticket)


def priority_of(mall: Mall, code: str | None) -> bool:
    """Whether the law gives a class priority; none is given without one. Raises `NotFound`."""
    if code is None:
        return False
    if code not in mall.priorities:
        raise NotFound("Golongan prioritas ini tidak ada.")
    return mall.priorities[code].priority


def open_or_refuse(tx: Transaction, service: Service) -> Openness:
    """The hours of a service that gives numbers now. Raises `Closed` with the next opening."""
    state = service.openness(tx.now)
    if not state.open:
        sentence = closed_sentence(state, tx.now, tx.mall.timezone)
        raise Closed(sentence, reason=state.reason, next_opening=state.next_opening)
    return state


def _cancel_turns(tx: Transaction, way: list[Turn]) -> None:
    open_turns = [turn for turn in way if turn.state in NOT_SERVED]
    if not open_turns:
        raise present_of(way).elsewhere()
    for turn in open_turns:
        counter = tx.mall.counters.get(turn.counter_id) if turn.counter_id else None
        turn.cancel(tx.log, counter)


def _free_place(tx: Transaction, ticket: Ticket) -> None:
    tx.session.execute(
        update(QUEUE_DAY)
        .where(
            QUEUE_DAY.c.queue_id == ticket.queue_id,
            QUEUE_DAY.c.day == ticket.day,
            QUEUE_DAY.c.series == ONLINE,
        )
        .values(quota_used=QUEUE_DAY.c.quota_used - 1)
    )
