"""What an officer does at a counter: open, close, call, recall, start, finish, miss, put back."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.counter import Counter
from mpp.domain.errors import CounterBusy, HoldsAnother, UnknownCounter, WrongMoment
from mpp.domain.order import Waiting, next_for_counter
from mpp.domain.plan import CounterPlan, Plan, QueuePlan
from mpp.domain.turn import State, Turn
from mpp.queries.desks import answer, at_desk

TURN = table(Turn)

Deed = Callable[[Work, Counter, CounterPlan], Turn | None]


class Officer:
    """Who acts: a person, their agency (None is all), and whether they may hold several counters."""

    def __init__(self, actor: str, person_id: int, agency_id: int | None, several: bool) -> None:
        self.actor, self.person_id, self.agency_id, self.several = actor, person_id, agency_id, several


def open_counter(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """Take a counter and open it. Raises `CounterHeld` and `HoldsAnother`."""

    def deed(work: Work, counter: Counter, place: CounterPlan) -> Turn | None:
        if not officer.several:
            _holds_no_other(work, officer, counter)
        counter.take(officer.person_id, place, work.log)
        return _at_desk(work, counter)

    return _perform(db, plan, officer, counter_id, wish, deed, holding=False)


def close_counter(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, reason: str | None = None
) -> dict[str, Any]:
    """Close one's counter; a visitor at the desk must be finished, missed or put back first."""

    def deed(work: Work, counter: Counter, place: CounterPlan) -> None:
        counter.close(place, work.log, reason, busy=_at_desk(work, counter) is not None)

    return _perform(db, plan, officer, counter_id, wish, deed)


def call_next(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """Call the visitor whose turn it is. Never finishes the one at the desk by itself: `CounterBusy`."""

    def deed(work: Work, counter: Counter, place: CounterPlan) -> Turn:
        if _at_desk(work, counter) is not None:
            raise CounterBusy
        chosen = next_for_counter(_heads(work, place), _codes(place), counter.picks, counter.prefers_priority)
        turn = work.session.get_one(Turn, chosen.turn)
        turn.call(place, work.plan.queue_ids[turn.queue_id], work.log)
        return turn

    return _perform(db, plan, officer, counter_id, wish, deed)


def recall(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """Let the displays speak the call again."""
    return _move(db, plan, officer, counter_id, wish, Turn.recall)


def start(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """The visitor is here."""
    return _move(db, plan, officer, counter_id, wish, Turn.start)


def finish(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, outcome: dict[str, Any]
) -> dict[str, Any]:
    """The service is over; `outcome` is `{outcome: code, services: [code…]}`, both optional."""

    def step(turn: Turn, place: CounterPlan, queue: QueuePlan, log: Any) -> None:
        for code in outcome.get("services", ()):
            plan.service(code)
        turn.finish(place, queue, log, outcome)

    return _move(db, plan, officer, counter_id, wish, step)


def miss(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """The visitor did not come."""
    return _move(db, plan, officer, counter_id, wish, Turn.miss)


def put_back(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """The call was a mistake; the visitor stands where they stood."""
    return _move(db, plan, officer, counter_id, wish, Turn.put_back)


def _move(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, step: Callable[..., None]
) -> dict[str, Any]:
    def deed(work: Work, counter: Counter, place: CounterPlan) -> Turn:
        turn = _at_desk(work, counter)
        if turn is None:
            raise WrongMoment("Tidak ada pengunjung di loket ini.")
        step(turn, place, work.plan.queue_ids[turn.queue_id], work.log)
        return turn

    return _perform(db, plan, officer, counter_id, wish, deed)


def _perform(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, deed: Deed, holding: bool = True
) -> dict[str, Any]:
    with writing(db, plan.mall_id, officer.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        place = work.plan.counter(counter_id)
        if officer.agency_id not in (None, place.agency.id):
            raise UnknownCounter
        counter = work.session.get_one(Counter, counter_id)
        if holding:
            counter.held_by(officer.person_id)
        turn = deed(work, counter, place)
        work.session.flush()
        return work.remember(answer(work.session, work.plan, counter, turn, work.log.seq, work.now))


def _holds_no_other(work: Work, officer: Officer, counter: Counter) -> None:
    other = select(Counter.id).where(
        Counter.holder_id == officer.person_id, Counter.open, Counter.id != counter.id
    )
    if (held := work.session.scalar(other)) is not None:
        name = work.plan.counters[held].name
        raise HoldsAnother(f"Anda masih memegang {name}. Tutup {name} dahulu.")


def _at_desk(work: Work, counter: Counter) -> Turn | None:
    return at_desk(work.session, counter.id, work.log.day)


def _heads(work: Work, place: CounterPlan) -> list[Waiting]:
    """The first turn of each line that the counter serves, each found by index."""
    heads = []
    for queue in place.queues:
        head = work.session.execute(
            select(TURN.c.id, TURN.c.order_key, TURN.c.joined_seq, TURN.c.priority)
            .where(
                TURN.c.queue_id == queue.id, TURN.c.day == work.log.day, TURN.c.state == State.WAITING.value
            )
            .order_by(TURN.c.order_key, TURN.c.joined_seq)
            .limit(1)
        ).first()
        if head:
            heads.append(Waiting(head.id, queue.code, head.order_key, head.joined_seq, head.priority))
    return heads


def _codes(place: CounterPlan) -> list[str]:
    return [queue.code for queue in place.queues]
