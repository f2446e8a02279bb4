"""Asking a visitor to a counter: call, recall, start, miss, put back, return."""

from typing import Any

from mpp.actions import journeys
from mpp.actions.desk import Desk, Officer, perform
from mpp.actions.notes import written
from mpp.actions.transaction import Intent
from mpp.db import Database
from mpp.domain.errors import CounterBusy, NotAllowed, NotFound, ReasonNeeded
from mpp.domain.mall import Mall
from mpp.domain.order import micros, next_for_counter
from mpp.domain.people import Right
from mpp.domain.turn import Turn
from mpp.queries.order import caller, heads, staffed


def call_next(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """Call the visitor whose turn it is. Never finishes the one at the desk by itself: `CounterBusy`."""

    def deed(desk: Desk) -> Turn:
        require_free(desk)
        turn = desk.tx.session.get_one(Turn, _next(desk))
        turn.call(desk.place, desk.queue(turn), desk.tx.log)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def call_chosen(
    db: Database,
    mall: Mall,
    officer: Officer,
    counter_id: int,
    intent: Intent,
    turn_id: int,
    reason: str | None,
    note: str | None = None,
) -> dict[str, Any]:
    """Call somebody out of order: a right that an admin grants, with a reason that everybody can read later.

    Raises `NotAllowed`, `ReasonNeeded`, `NotFound`, and what `call_next` raises.
    """

    def deed(desk: Desk) -> Turn:
        if Right.CALL_CHOSEN not in officer.rights:
            raise NotAllowed("Memanggil di luar urutan memerlukan izin dari admin.")
        if reason is None:
            raise ReasonNeeded("Memanggil di luar urutan memerlukan alasan.")
        require_free(desk)
        turn = own_turn(desk, turn_id)
        facts = written(desk.tx, turn.ticket_id, desk.place.agency, note)
        turn.call(desk.place, desk.queue(turn), desk.tx.log, reason, **facts)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def recall(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """Let the displays speak the call again."""

    def deed(desk: Desk) -> Turn:
        turn = desk.visitor()
        turn.recall(desk.place, desk.queue(turn), desk.tx.log)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def start(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """The visitor is here."""

    def deed(desk: Desk) -> Turn:
        turn = desk.visitor()
        turn.start(desk.place, desk.queue(turn), desk.tx.log)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def miss(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """The visitor did not come, after as many calls and seconds as the mall asks. Raises `TooSoon`."""

    def deed(desk: Desk) -> Turn:
        turn = desk.visitor()
        turn.miss(desk.place, desk.queue(turn), desk.tx.log, desk.tx.mall.how)
        desk.counter.undo_turn_id = turn.id
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def put_back(db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent) -> dict[str, Any]:
    """The call was a mistake; the visitor stands where they stood."""

    def deed(desk: Desk) -> Turn:
        turn = desk.visitor()
        turn.put_back(desk.place, desk.queue(turn), desk.tx.log)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def return_missed(
    db: Database, mall: Mall, officer: Officer, counter_id: int, intent: Intent, turn_id: int
) -> dict[str, Any]:
    """A missed visitor of this agency is back within the grace, and waits again. Raises `TooLate`."""

    def deed(desk: Desk) -> Turn:
        turn = own_turn(desk, turn_id)
        journeys.take_back(desk.tx, turn)
        return turn

    return perform(db, mall, officer, counter_id, intent, deed)


def own_turn(desk: Desk, turn_id: int) -> Turn:
    """A turn of today in a line of the counter's agency. Raises `NotFound`."""
    turn = desk.tx.session.get(Turn, turn_id)
    own = (
        turn is not None
        and turn.mall_id == desk.tx.mall.mall_id
        and turn.day == desk.tx.log.day
        and desk.tx.mall.queue_ids[turn.queue_id].agency == desk.place.agency
    )
    if turn is None or not own:
        raise NotFound("Giliran ini tidak ada.")
    return turn


def require_free(desk: Desk) -> None:
    """Refuse to bring somebody to a counter that pauses or has a visitor; what was last there is past."""
    desk.counter.at_work()
    if desk.turn() is not None:
        raise CounterBusy
    desk.counter.undo_turn_id = None


def _next(desk: Desk) -> int:
    tx, place, holder = desk.tx, desk.place, desk.counter.holder_id
    staff = staffed(tx.connection, tx.mall.mall_id)
    waiting = heads(tx.connection, place, holder, tx.log.day, tx.now, staff)
    return next_for_counter(waiting, caller(place, holder), micros(tx.now)).turn
