"""What happens to a counter between officers: opened, paused, handed over, taken over, closed."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field
from sqlalchemy import select

from mpp.actions.bodies import AtCounter, Reason
from mpp.actions.desk.desk import DESK, Desk
from mpp.domain.counter import CounterState
from mpp.domain.errors import HoldsAnother, Invalid, UnknownKey
from mpp.domain.people import Person
from mpp.domain.turn import Turn

LONGEST_PAUSE = timedelta(days=1)


class OpenCounter(AtCounter):
    take_over: bool = False


class CloseCounter(AtCounter):
    reason: Reason | None = None


class PauseCounter(AtCounter):
    reason: Reason | None = None
    until: AwareDatetime | None = Field(None, strict=False)


@DESK.verb("open", OpenCounter, holding=False)
def open_counter(desk: Desk, take_over: bool = False) -> Turn | None:
    """Take the counter and open it, or end its pause; take it over from somebody else when asked to.

    Raises `CounterHeld`, for whoever may hold one counter only `HoldsAnother`, and `UnknownKey` for somebody
    who was disabled a moment ago: the key is known for two seconds longer.
    """
    if not desk.tx.session.get_one(Person, desk.principal.id).active:
        raise UnknownKey
    if desk.principal.by_session:
        _holds_no_other(desk)
    desk.state.take(desk.principal.id, desk.log, take_over)
    return desk.turn()


@DESK.verb("close", CloseCounter)
def close_counter(desk: Desk, reason: str | None = None) -> None:
    """Close the counter; a visitor at the desk must be finished, missed or put back first."""
    desk.state.close(desk.log, reason, busy=desk.turn() is not None)


@DESK.verb("pause", PauseCounter)
def pause(desk: Desk, reason: str | None = None, until: datetime | None = None) -> None:
    """Call nobody for a while, with a reason and a planned end. Raises `CounterBusy` and `Invalid`."""
    now = desk.log.now
    if until is not None and not now < until <= now + LONGEST_PAUSE:
        raise Invalid("Akhir jeda harus di masa depan, paling lama satu hari lagi.")
    desk.require_empty()
    desk.state.pause(desk.log, reason, until)


@DESK.verb("hand-over", AtCounter)
def hand_over(desk: Desk) -> Turn | None:
    """Leave the counter to the next officer, open as it is, with whoever is at it."""
    desk.state.hand_over(desk.log)
    return desk.turn()


def _holds_no_other(desk: Desk) -> None:
    other = select(CounterState.id).where(
        CounterState.holder_id == desk.principal.id,
        CounterState.open,
        CounterState.id != desk.counter.id,
    )
    if (held := desk.tx.session.scalar(other)) is not None:
        name = desk.mall.counters[held].name
        raise HoldsAnother(f"Anda masih memegang {name}. Tutup {name} dahulu.")
