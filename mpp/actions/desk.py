"""What an officer does with a counter: open it, pause, hand it over, take it over, close it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.counter import CounterState
from mpp.domain.errors import HoldsAnother, Invalid, UnknownCounter, WrongMoment
from mpp.domain.mall import Counter, Mall, Queue
from mpp.domain.people import Right
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

    tx: Transaction
    officer: Officer
    counter: CounterState
    place: Counter

    def turn(self) -> Turn | None:
        """The visitor at the counter."""
        return at_desk(self.tx.session, self.counter.id, self.tx.log.day)

    def visitor(self, of_yesterday: bool = False) -> Turn:
        """The visitor at the counter. Raises `WrongMoment` when there is none; it says where they are now.

        Somebody who is still being served after midnight may only be finished.
        """
        if (turn := self.turn()) is None:
            left = last_here(self.tx.session, self.tx.mall, self.counter.id, self.tx.log.day)
            raise left.elsewhere() if left else WrongMoment("Tidak ada pengunjung di loket ini.")
        if turn.day != self.tx.log.day and not of_yesterday:
            raise WrongMoment(f"{turn.label} dari hari sebelumnya hanya dapat diselesaikan.")
        return turn

    def queue(self, turn: Turn) -> Queue:
        return self.tx.mall.queue_ids[turn.queue_id]


Deed = Callable[[Desk], Turn | None]


def open_counter(
    db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent, take_over: bool = False
) -> dict[str, Any]:
    """Take a counter and open it, or end its pause. Raises `CounterHeld` and `HoldsAnother`."""

    def deed(desk: Desk) -> Turn | None:
        if not officer.several:
            _holds_no_other(desk)
        desk.counter.take(officer.person_id, desk.place, desk.tx.log, take_over)
        return desk.turn()

    return perform(db, mall, officer, counter_id, intent, deed, holding=False)


def close_counter(
    db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent, reason: str | None = None
) -> dict[str, Any]:
    """Close one's counter; a visitor at the desk must be finished, missed or put back first."""

    def deed(desk: Desk) -> None:
        desk.counter.close(desk.place, desk.tx.log, reason, busy=desk.turn() is not None)

    return perform(db, mall, officer, counter_id, intent, deed)


def pause(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    reason: str | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """Pause one's counter with a reason and a planned end. Raises `CounterBusy` and `Invalid` (the end)."""

    def deed(desk: Desk) -> None:
        if until is not None and not desk.tx.now < until <= desk.tx.now + LONGEST_PAUSE:
            raise Invalid("Akhir jeda harus di masa depan, paling lama satu hari lagi.")
        desk.counter.pause(desk.place, desk.tx.log, reason, until, busy=desk.turn() is not None)

    return perform(db, mall, officer, counter_id, intent, deed)


def hand_over(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """Leave the counter to the next officer, open as it is, with whoever is at it."""

    def deed(desk: Desk) -> Turn | None:
        desk.counter.hand_over(desk.place, desk.tx.log)
        return desk.turn()

    return perform(db, mall, officer, counter_id, intent, deed)


def perform(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    deed: Deed,
    holding: bool = True,
) -> dict[str, Any]:
    """One verb of the desk, and its one answer. Raises `UnknownCounter`, `CounterClosed`, `CounterHeld`."""
    with writing(db, mall.mall_id, officer.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        place = tx.mall.counter(counter_id)
        if officer.agency_id not in (None, place.agency.id):
            raise UnknownCounter
        counter = tx.session.get_one(CounterState, counter_id)
        if holding:
            counter.held_by(officer.person_id)
        turn = deed(Desk(tx, officer, counter, place))
        tx.session.flush()
        return tx.remember(answer(tx.session, tx.mall, counter, turn, tx.log.seq, tx.now))


def _holds_no_other(desk: Desk) -> None:
    other = select(CounterState.id).where(
        CounterState.holder_id == desk.officer.person_id,
        CounterState.open,
        CounterState.id != desk.counter.id,
    )
    if (held := desk.tx.session.scalar(other)) is not None:
        name = desk.tx.mall.counters[held].name
        raise HoldsAnother(f"Anda masih memegang {name}. Tutup {name} dahulu.")
