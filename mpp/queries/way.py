"""The way of a ticket: its stops one after another, and the one where its visitor is now."""

from collections.abc import Iterable, Sequence

from mpp.domain.life import OVER, State
from mpp.domain.turn import Turn


def on_the_way(turns: Iterable[Turn]) -> list[Turn]:
    """Turns as they joined, then as they are planned; no stop that was taken away before it began."""
    way = sorted(turns, key=lambda turn: (turn.joined_at is None, turn.joined_seq or turn.position))
    return [turn for turn in way if turn.joined_at is not None or turn.state != State.CANCELLED] or way


def present_of(way: Sequence[Turn]) -> Turn:
    """Where the visitor is: at the first stop that is not over, else at the last that ever began."""
    going_on = next((turn for turn in way if turn.state not in OVER), None)
    begun = [turn for turn in way if turn.joined_at is not None]
    return going_on or (begun or way)[-1]
