"""What an officer does with a counter: open it, pause, hand it over, take it over, close it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.counter import Counter
from mpp.domain.errors import HoldsAnother, Invalid, UnknownCounter, WrongMoment
from mpp.domain.people import Right
from mpp.domain.plan import CounterPlan, Plan, QueuePlan
from mpp.domain.turn import Turn
from mpp.queries.desks import answer, at_desk, last_here

LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: a person, their agency (None is all), and whether they may hold several counters."""

    actor: str
    person_id: int
    agency_id: int | None
    several: bool
    rights: frozenset[Right] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Desk:
    """One counter inside one action: who acts, and on what."""

    work: Work
    officer: Officer
    counter: Counter
    place: CounterPlan

    def turn(self) -> Turn | None:
        """The visitor at the counter."""
        return at_desk(self.work.session, self.counter.id, self.work.log.day)

    def visitor(self, of_yesterday: bool = False) -> Turn:
        """The visitor at the counter. Raises `WrongMoment` when there is none; it says where they are now.

        Somebody who is still being served after midnight may only be finished.
        """
        if (turn := self.turn()) is None:
            left = last_here(self.work.session, self.work.plan, self.counter.id, self.work.log.day)
            raise left.elsewhere() if left else WrongMoment("Tidak ada pengunjung di loket ini.")
        if turn.day != self.work.log.day and not of_yesterday:
            raise WrongMoment(f"{turn.label} dari hari sebelumnya hanya dapat diselesaikan.")
        return turn

    def queue(self, turn: Turn) -> QueuePlan:
        return self.work.plan.queue_ids[turn.queue_id]


Deed = Callable[[Desk], Turn | None]


def open_counter(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, take_over: bool = False
) -> dict[str, Any]:
    """Take a counter and open it, or end its pause. Raises `CounterHeld` and `HoldsAnother`."""

    def deed(desk: Desk) -> Turn | None:
        if not officer.several:
            _holds_no_other(desk)
        desk.counter.take(officer.person_id, desk.place, desk.work.log, take_over)
        return desk.turn()

    return perform(db, plan, officer, counter_id, wish, deed, holding=False)


def close_counter(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, reason: str | None = None
) -> dict[str, Any]:
    """Close one's counter; a visitor at the desk must be finished, missed or put back first."""

    def deed(desk: Desk) -> None:
        desk.counter.close(desk.place, desk.work.log, reason, busy=desk.turn() is not None)

    return perform(db, plan, officer, counter_id, wish, deed)


def pause(
    db: Database,
    plan: Plan,
    officer: Officer,
    counter_id: int,
    wish: Wish,
    reason: str | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """Pause one's counter with a reason and a planned end. Raises `CounterBusy` and `Invalid` (the end)."""

    def deed(desk: Desk) -> None:
        if until is not None and not desk.work.now < until <= desk.work.now + LONGEST_PAUSE:
            raise Invalid("Akhir jeda harus di masa depan, paling lama satu hari lagi.")
        desk.counter.pause(desk.place, desk.work.log, reason, until, busy=desk.turn() is not None)

    return perform(db, plan, officer, counter_id, wish, deed)


def hand_over(db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish) -> dict[str, Any]:
    """Leave the counter to the next officer, open as it is, with whoever is at it."""

    def deed(desk: Desk) -> Turn | None:
        desk.counter.hand_over(desk.place, desk.work.log)
        return desk.turn()

    return perform(db, plan, officer, counter_id, wish, deed)


def perform(
    db: Database, plan: Plan, officer: Officer, counter_id: int, wish: Wish, deed: Deed, holding: bool = True
) -> dict[str, Any]:
    """One verb of the desk, and its one answer. Raises `UnknownCounter`, `CounterClosed`, `CounterHeld`."""
    with writing(db, plan.mall_id, officer.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        place = work.plan.counter(counter_id)
        if officer.agency_id not in (None, place.agency.id):
            raise UnknownCounter
        counter = work.session.get_one(Counter, counter_id)
        if holding:
            counter.held_by(officer.person_id)
        turn = deed(Desk(work, officer, counter, place))
        work.session.flush()
        return work.remember(answer(work.session, work.plan, counter, turn, work.log.seq, work.now))


def _holds_no_other(desk: Desk) -> None:
    other = select(Counter.id).where(
        Counter.holder_id == desk.officer.person_id, Counter.open, Counter.id != desk.counter.id
    )
    if (held := desk.work.session.scalar(other)) is not None:
        name = desk.work.plan.counters[held].name
        raise HoldsAnother(f"Anda masih memegang {name}. Tutup {name} dahulu.")
