"""Taking back the last finish or miss of a counter."""

from mpp.actions.bodies import AtDesk
from mpp.actions.desk.desk import DESK, Desk
from mpp.domain.errors import NothingToUndo
from mpp.domain.turn import Turn
from mpp.queries.undo import Undoable, moved_on, undoable


def _ended(desk: Desk, _body: AtDesk) -> Turn | None:
    return desk.tx.session.get(Turn, desk.state.undo_turn_id) if desk.state.undo_turn_id else None


@DESK.verb("undo", AtDesk, about=_ended)
def undo(desk: Desk) -> Turn:
    """Take the last finish or miss back, within its seconds.

    Raises `NothingToUndo` once the time is over, or the counter or the ticket has moved on; where the visitor
    is elsewhere by now it names the state and the counter.
    """
    last = _last(desk)
    planned = (last.turn.outcome or {}).get("planned", ())
    last.turn.undo(desk.counter, desk.log)
    if last.joined is not None:
        last.joined.undo(None, desk.log)
    for number in planned:
        stop = desk.tx.session.get_one(Turn, number)
        stop.cancel(desk.log, None, reason="undone")
    desk.state.undo_turn_id = None
    return last.turn


def _last(desk: Desk) -> Undoable:
    """What may be undone here; else where the visitor of the last finish or miss is by now."""
    try:
        return undoable(desk.tx.reading, desk.state, desk.turn())
    except NothingToUndo:
        if desk.state.undo_turn_id is not None:
            raise
        raise moved_on(desk.tx.reading, desk.state) from None
