"""What runs past midnight ends with its day, and leaves a sound history."""

import pytest

from mpp.domain.errors import WrongMoment
from mpp.history import examine


@pytest.fixture
def served_past_midnight(any_world, time):
    """A visitor with one more stop to go, who is still being served at half past midnight."""
    taken = any_world.take(any_world.pajak, any_world.ktp)
    any_world.open(any_world.loket_5)
    any_world.call_next(any_world.loket_5)
    any_world.start(any_world.loket_5)
    time.until(0, 30, days=1)
    any_world.open(any_world.loket_1)
    yield taken
    with any_world.db.reading() as session:
        assert examine(session, any_world.mall_id).violations == []


def test_the_visitor_is_finished_and_the_next_stop_is_over_with_its_day(any_world, served_past_midnight):
    any_world.finish(any_world.loket_5)

    assert [turn.state for turn in any_world.turns(served_past_midnight)] == ["done", "expired"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda world: world.finish(world.loket_5, following=("B-01",)),
        lambda world: world.park(world.loket_5),
        lambda world: world.transfer(world.loket_5, "BA"),
        lambda world: world.correct(world.loket_5, world.pajak),
    ],
    ids=["sent on", "parked", "transferred", "corrected"],
)
def test_nobody_is_sent_into_a_line_of_yesterday(any_world, served_past_midnight, deed):
    with pytest.raises(WrongMoment, match="hari sebelumnya"):
        deed(any_world)

    assert any_world.turns(served_past_midnight)[0].state == "serving"
