"""The stops of a ticket: planned, entered one after another, transferred, corrected."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from mpp.actions.transaction import Transaction
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.errors import Invalid, WithoutNumber
from mpp.domain.life import OVER, State
from mpp.domain.mall import Counter, Queue, Service
from mpp.domain.order import Entrance, Place, key_at
from mpp.domain.ticket import DESK, Ticket
from mpp.domain.turn import Turn
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


def matters_of(stop: Sequence[Service]) -> list[str] | None:
    """The codes of a turn with several matters; None for one with a single service."""
    return [service.code for service in stop] if len(stop) > 1 else None


def new_turn(tx: Transaction, ticket: Ticket, stop: Sequence[Service], priority: bool) -> Turn:
    """One more planned turn of a ticket, behind all others it has."""
    last = select(func.max(TURN.c.position)).where(TURN.c.ticket_id == ticket.id)
    turn = Turn(
        id=tx.log.new_id("turn"),
        mall_id=ticket.mall_id,
        ticket_id=ticket.id,
        position=(tx.session.scalar(last) or 0) + 1,
        queue_id=stop[0].queue.id,
        service_id=stop[0].id,
        matters=matters_of(stop),
        day=ticket.day,
        label=ticket.label,
        priority=priority,
        state=State.PLANNED.value,
        state_since=tx.now,
        arrived_at=tx.now,
        order_key=0,
        head_start=0,
        joined_seq=0,
        outs=0,
        calls=0,
        nth=0,
        wait_us=0,
        walk_us=0,
        service_us=0,
        away_us=0,
        between_us=0,
    )
    tx.session.add(turn)
    tx.session.flush()
    return turn


def plan_stops(tx: Transaction, ticket: Ticket, services: Sequence[Service], priority: bool) -> list[Turn]:
    """Add stops to the end of a ticket's route."""
    turns = []
    for stop in stops(services):
        turn = new_turn(tx, ticket, stop, priority)
        turn.be_planned(stop[0].code, stop[0].queue, tx.log)
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


def enter(
    tx: Transaction,
    turn: Turn,
    place: Place,
    came: datetime,
    *,
    kept_counter: int | None = None,
    kept_person: int | None = None,
    head_start: int = 0,
    ended_before: datetime | None = None,
    from_turn: int | None = None,
    out_until: datetime | None = None,
    outs: int = 0,
) -> None:
    """Let a planned turn enter its line at a place."""
    queue, service = tx.mall.queue_ids[turn.queue_id], tx.mall.service_ids[turn.service_id]
    entrance = Entrance(
        place,
        came,
        _key(tx, queue, turn.priority, place, came - timedelta(minutes=head_start)),
        kept_counter=kept_counter,
        kept_person=kept_person,
        head_start=head_start,
        ended_before=ended_before,
        from_turn=from_turn,
        out_until=out_until,
        outs=outs,
    )
    turn.join(entrance, service.code, queue, tx.log)


def take_back(tx: Transaction, turn: Turn) -> None:
    """Let a missed visitor into the line again, where the mall's rule says; the miss is undone no more.

    Raises `TooLate` and `WrongMoment`.
    """
    rules, queue = tx.mall.how, tx.mall.queue_ids[turn.queue_id]
    key = _key(tx, queue, turn.priority, rules.return_place, turn.arrived_at)
    turn.return_to_line(Entrance(rules.return_place, turn.arrived_at, key), queue, None, tx.log, rules)
    tx.session.execute(update(COUNTER).where(COUNTER.c.undo_turn_id == turn.id).values(undo_turn_id=None))


def set_right(tx: Transaction, ticket: Ticket, turn: Turn, right: Service, counter: Counter | None) -> None:
    """Let a turn go on for the service that was meant, in its own line or in another.

    In its own line nothing moves. In another one the visitor stands by the first arrival, with the head start
    of a next stop, and stays out for as long as they were. Other matters of the turn are not lost: where the
    line changes they become the next stop.
    """
    if right.queue.id == turn.queue_id:
        turn.correct(right.id, right.code, right.queue, counter, tx.log)
        return
    rest = [tx.mall.services[code] for code in (turn.matters or [])[1:] if code in tx.mall.services]
    waits = turn.state == State.WAITING
    turn.transfer(right.queue, tx.mall.queue_ids[turn.queue_id], counter, tx.log, "wrong_service")
    moved = new_turn(tx, ticket, [right], turn.priority)
    enter(
        tx,
        moved,
        Place.READY if turn.place == Place.READY else Place.BY_ARRIVAL,
        turn.arrived_at,
        head_start=turn.head_start,
        from_turn=turn.id,
        out_until=turn.out_until if waits else None,
        outs=turn.outs if waits else 0,
    )
    plan_stops(tx, ticket, rest, turn.priority)


def require_new(tx: Transaction, turns: Iterable[Turn], services: Sequence[str]) -> None:
    """Refuse what is asked for twice, or stands on the route of these turns already and is still to come."""
    coming = {
        code
        for turn in turns
        if turn.state not in OVER
        for code in (turn.matters or [tx.mall.service_ids[turn.service_id].code])
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
    enter(tx, turn, place, came, head_start=head_start, ended_before=ended.ended_at)


def _key(tx: Transaction, queue: Queue, priority: bool, place: Place, came: datetime) -> int:
    waiting = keys(tx.connection, queue, tx.log.day) if place in (Place.FRONT, Place.END) else ()
    return key_at(place, came, tx.now, priority, queue.policy, waiting)
