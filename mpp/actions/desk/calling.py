"""Asking a visitor to a counter: call, recall, start, miss, put back, return."""

from mpp.actions import journeys
from mpp.actions.bodies import AtCounter, AtDesk, Chosen, Note, Reason
from mpp.actions.desk.desk import DESK, Desk
from mpp.domain.errors import NotAllowed, ReasonNeeded
from mpp.domain.order import micros, next_for_counter
from mpp.domain.people import Right
from mpp.domain.turn import Turn
from mpp.queries.order import caller, heads


class CallTurn(Chosen):
    reason: Reason | None = None
    note: Note | None = None


def _chosen(desk: Desk, body: Chosen) -> Turn:
    return desk.chosen(body.turn)


@DESK.verb("call-next", AtCounter)
def call_next(desk: Desk) -> Turn:
    """Call the visitor whose turn it is. Never finishes the one at the desk by itself: `CounterBusy`."""
    desk.require_free()
    turn = desk.tx.session.get_one(Turn, _next(desk))
    turn.call(desk.counter, desk.log)
    return turn


@DESK.verb("call", CallTurn, about=_chosen)
def call(desk: Desk, turn: int, reason: str | None = None, note: str | None = None) -> Turn:
    """Call a chosen visitor: a right that an admin grants, with a reason that everybody can read later.

    Raises `NotAllowed`, `ReasonNeeded`, `NotFound`, and what `call_next` raises.
    """
    if Right.CALL_CHOSEN not in desk.principal.rights:
        raise NotAllowed("Memanggil di luar urutan memerlukan izin dari admin.")
    if reason is None:
        raise ReasonNeeded("Memanggil di luar urutan memerlukan alasan.")
    desk.require_free()
    chosen = desk.chosen(turn)
    chosen.call(desk.counter, desk.log, reason, desk.keep(chosen, note))
    return chosen


@DESK.verb("recall", AtDesk)
def recall(desk: Desk) -> Turn:
    """Let the displays speak the call again."""
    turn = desk.visitor()
    turn.recall(desk.counter, desk.log)
    return turn


@DESK.verb("start", AtDesk)
def start(desk: Desk) -> Turn:
    """The visitor is here."""
    turn = desk.visitor()
    turn.start(desk.counter, desk.log)
    return turn


@DESK.verb("miss", AtDesk)
def miss(desk: Desk) -> Turn:
    """The visitor did not come, after enough calls and seconds. Raises `TooSoon`."""
    turn = desk.visitor()
    turn.miss(desk.counter, desk.log)
    desk.state.undo_turn_id = turn.id
    return turn


@DESK.verb("put-back", AtDesk)
def put_back(desk: Desk) -> Turn:
    """The call was a mistake; the visitor keeps the place."""
    turn = desk.visitor()
    turn.put_back(desk.counter, desk.log)
    return turn


@DESK.verb("return", Chosen, about=_chosen)
def return_missed(desk: Desk, turn: int) -> Turn:
    """A missed visitor of this agency is back within the grace, and waits again. Raises `TooLate`."""
    missed = desk.chosen(turn)
    journeys.take_back(desk.tx, missed)
    return missed


def _next(desk: Desk) -> int:
    """Whom this counter is to call. Raises `NobodyWaiting`."""
    asking = caller(desk.counter, desk.state.holder_id)
    return next_for_counter(heads(desk.tx.reading, asking), asking, micros(desk.log.now)).turn
