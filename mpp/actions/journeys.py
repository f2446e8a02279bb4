"""The stops of a ticket: planned, entered one after another, transferred, corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, update

from mpp.actions.transaction import Transaction
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.errors import Invalid, WithoutNumber
from mpp.domain.life import OVER, State
from mpp.domain.mall import Counter, Mall, Service
from mpp.domain.order import Entrance, Place, key_at, order_key
from mpp.domain.ticket import DESK, Ticket
from mpp.domain.turn import Stop, Turn, Why
from mpp.queries.order import keys

TURN, COUNTER = table(Turn), table(CounterState)


def stops(services: Sequence[Service]) -> list[list[Service]]:
    """The services of a route as stops: neighbours of one queue are several matters of one turn."""
    found: list[list[Service]] = []
    for service in services:
        if found and found[-1][0].queue == service.queue:
            found[-1].append(service)
        else:
            found.append([service])
    return found


def new_turn(tx: Transaction, ticket: Ticket, services: Sequence[Service], priority: bool) -> Turn:
    """One more planned turn of a ticket, behind all others it has."""
    last = select(func.max(TURN.c.position)).where(TURN.c.ticket_id == ticket.id)
    position = (tx.session.scalar(last) or 0) + 1
    turn = Turn.planned(ticket, Stop(services, position, priority), tx.log)
    tx.session.add(turn)
    tx.session.flush()
    return turn


def plan_stops(tx: Transaction, ticket: Ticket, services: Sequence[Service], priority: bool) -> list[Turn]:
    """Add stops to the end of a ticket's route."""
    turns = []
    for stop in stops(services):
        turn = new_turn(tx, ticket, stop, priority)
        turn.wait_for_its_time(tx.log)
        turns.append(turn)
    return turns


def go_on(tx: Transaction, ended: Turn, chosen: Turn | None = None) -> Turn | None:
    """Let the ticket's next stop enter its line, now that one has ended; `chosen` before the planned ones."""
    following = chosen or tx.session.scalar(
        select(Turn)
        .where(Turn.ticket_id == ended.ticket_id, Turn.state == State.PLANNED.value)
        .order_by(Turn.position)
        .limit(1)
    )
    if following is not None:
        _enter_ready(tx, following, ended)
    return following


def enter(tx: Transaction, turn: Turn, entrance: Entrance) -> None:
    """Let a planned turn enter its line at a place."""
    turn.join(_with_key(tx, turn, entrance), tx.log)


def take_back(tx: Transaction, turn: Turn) -> None:
    """Let a missed visitor into the line again, where the mall's rule says; the miss is undone no more.

    Raises `TooLate` and `WrongMoment`.
    """
    turn.return_to_line(_with_key(tx, turn, Entrance(tx.mall.how.return_place, turn.arrived_at)), tx.log)
    tx.session.execute(update(COUNTER).where(COUNTER.c.undo_turn_id == turn.id).values(undo_turn_id=None))


def set_right(tx: Transaction, turn: Turn, right: Service, counter: Counter | None) -> None:
    """Let a turn go on for the service that was meant, in its own line or in another.

    In its own line nothing moves. In another one the visitor stands by the first arrival, with the head start
    of a next stop, and stays out for as long as they were. Other matters of the turn are not lost: where the
    line changes they become the next stop.
    """
    if right.queue.id == turn.queue_id:
        turn.correct(right, counter, tx.log)
        return
    rest = [tx.mall.services[code] for code in (turn.matters or [])[1:] if code in tx.mall.services]
    waits = turn.state == State.WAITING
    entrance = Entrance(
        Place.READY if turn.place == Place.READY else Place.BY_ARRIVAL,
        turn.arrived_at,
        head_start=turn.head_start,
        from_turn=turn.id,
        out_until=turn.out_until if waits else None,
        outs=turn.outs if waits else 0,
    )
    turn.transfer(right.queue, counter, tx.log, Why("wrong_service"))
    ticket = tx.session.get_one(Ticket, turn.ticket_id)
    enter(tx, new_turn(tx, ticket, [right], turn.priority), entrance)
    plan_stops(tx, ticket, rest, turn.priority)


def require_new(mall: Mall, turns: Iterable[Turn], services: Sequence[str]) -> None:
    """Refuse what is asked for twice, or stands on the route of these turns already and is still to come."""
    coming = {
        code
        for turn in turns
        if turn.state not in OVER
        for code in (turn.matters or [mall.service_ids[turn.service_id].code])
    }
    if len(set(services)) < len(services) or coming & set(services):
        raise Invalid("Layanan ini sudah ada di rute nomor ini.")


def require_number(ticket: Ticket) -> None:
    """Refuse to let somebody go on who took no number: nobody could be called by a label they never got."""
    if ticket.series == DESK:
        raise WithoutNumber


def unfinished(tx: Transaction, ticket_id: int) -> bool:
    """Whether a turn of the ticket is neither over nor only planned."""
    gone = [*OVER, State.PLANNED]
    wanted = select(TURN.c.id).where(TURN.c.ticket_id == ticket_id, TURN.c.state.not_in(gone))
    return tx.session.scalar(wanted.limit(1)) is not None


def _enter_ready(tx: Transaction, turn: Turn, ended: Turn) -> None:
    rules = tx.mall.how
    ticket = tx.session.get_one(Ticket, turn.ticket_id)
    place = rules.journey_place
    came = ticket.issued_at if place == Place.BY_ARRIVAL else tx.now
    head_start = rules.journey_head_start_minutes if place == Place.READY else 0
    enter(tx, turn, Entrance(place, came, head_start=head_start, ended_before=ended.ended_at))


def _with_key(tx: Transaction, turn: Turn, entrance: Entrance) -> Entrance:
    """The entrance with the order key that its place gives in the line as it is now."""
    queue = tx.mall.queue_ids[turn.queue_id]
    own = order_key(entrance.came - timedelta(minutes=entrance.head_start), turn.priority, queue.policy)
    line = keys(tx.connection, queue, tx.log.day) if entrance.place in (Place.FRONT, Place.END) else ()
    return replace(entrance, order_key=key_at(entrance.place, own, tx.now, line))
