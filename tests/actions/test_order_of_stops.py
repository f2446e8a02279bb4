"""Stops of one number at the edges of time: at one same moment, and after midnight."""

import pytest

from mpp.domain.errors import NothingToUndo, WrongMoment


def states(world, taken):
    return [turn.state for turn in world.turns(taken)]


def test_a_finish_is_undone_also_when_the_clock_stood_still_since_the_number_was_taken(any_world):
    """As after a clock that was set back: everything happens at the moment of the last entry."""
    any_world.open(any_world.loket_1), any_world.open(any_world.loket_4), any_world.open(any_world.loket_5)
    taken = any_world.take(any_world.pajak, any_world.paspor, any_world.ktp)
    any_world.serve(any_world.loket_5), any_world.serve(any_world.loket_4)
    assert states(any_world, taken) == ["done", "done", "waiting"]

    any_world.undo(any_world.loket_4)

    assert states(any_world, taken) == ["done", "serving", "planned"]
    any_world.finish(any_world.loket_4)
    any_world.call_next(any_world.loket_1)
    with pytest.raises(NothingToUndo):
        any_world.undo(any_world.loket_4)


def test_after_midnight_a_visitor_is_sent_on_nowhere(any_world, time):
    any_world.open(any_world.loket_1)
    taken = any_world.take(any_world.ktp)
    any_world.call_next(any_world.loket_1), any_world.start(any_world.loket_1)
    time.until(0, 30, days=1)

    with pytest.raises(WrongMoment, match="hari sebelumnya"):
        any_world.finish(any_world.loket_1, following=("B-01",))

    any_world.finish(any_world.loket_1)
    assert states(any_world, taken) == ["done"]
