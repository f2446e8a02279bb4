"""One number through several agencies: the stops, their order, and that the label never changes."""

from datetime import timedelta

import pytest

from mpp.domain.errors import Invalid, NothingToUndo, WrongMoment
from mpp.domain.life import State
from mpp.history import examine
from tests.actions.test_verbs import rules


@pytest.fixture(autouse=True)
def sound(request):
    """Whatever a test did, the history of its mall is sound."""
    names = {"world", "any_world"} & set(request.fixturenames)
    small = request.getfixturevalue(names.pop()) if names else None
    yield
    if small is not None:
        with small.db.reading() as session:
            assert examine(session, small.mall_id).violations == []


def states(world, taken):
    return [(turn.queue_id, turn.state) for turn in world.turns(taken)]


def test_the_next_stop_enters_its_line_when_the_one_before_ends(any_world, time):
    taken = any_world.take(any_world.pajak, any_world.paspor, any_world.ktp)
    assert [turn.state for turn in any_world.turns(taken)] == ["waiting", "planned", "planned"]
    any_world.open(any_world.loket_5)
    time.forward(minutes=6)

    any_world.serve(any_world.loket_5)

    assert [turn.state for turn in any_world.turns(taken)] == ["done", "waiting", "planned"]
    any_world.open(any_world.loket_4)
    assert any_world.call_next(any_world.loket_4).label == taken.label == "CA-001"


def test_a_later_stop_has_a_head_start_for_having_waited_once(world, time):
    taken = world.take(world.pajak, world.ktp)
    world.open(world.loket_5)
    world.call_next(world.loket_5)
    world.start(world.loket_5)
    nine_minutes_ago = world.take(world.ktp)
    time.forward(minutes=9)
    world.finish(world.loket_5)

    world.open(world.loket_1)

    assert world.call_next(world.loket_1).label == taken.label
    world.put_back(world.loket_1)
    time.forward(minutes=1)
    assert world.turn(nine_minutes_ago).state == "waiting"


@pytest.mark.parametrize("place, first", [("ready", "AA-001"), ("end", "AA-001"), ("by_arrival", "CA-001")])
def test_the_mall_says_where_a_later_stop_enters(world, time, place, first):
    rules(world, journey_place=place, journey_head_start_minutes=0)
    world.take(world.pajak, world.ktp)
    time.forward(minutes=1)
    world.take(world.ktp)
    world.open(world.loket_5)
    world.serve(world.loket_5)
    world.open(world.loket_1)

    assert world.call_next(world.loket_1).label == first


def test_neighbours_of_one_line_are_several_matters_of_one_turn(world):
    again = world.mall.service("A-02")

    taken = world.take(world.ktp, again)
    assert [turn.matters for turn in world.turns(taken)] == [None, None]

    with pytest.raises(Invalid):
        world.take(world.ktp, world.ktp)


def test_a_journey_uses_one_place_of_the_first_quota_only(world):
    world.take(world.pajak, world.paspor)

    assert [world.take(world.paspor).label for _ in range(3)] == ["BA-001", "BA-002", "BA-003"]


def test_an_officer_sends_the_visitor_on_before_what_was_planned(world):
    taken = world.take(world.pajak, world.ktp)
    world.open(world.loket_5)
    world.call_next(world.loket_5)
    world.start(world.loket_5)

    world.finish(world.loket_5, following=("B-01", "A-02"))

    mall = world.mall
    shown = [(mall.queue_ids[turn.queue_id].code, turn.state) for turn in world.turns(taken)]
    assert shown == [("CA", "done"), ("AA", "planned"), ("BA", "waiting"), ("AB", "planned")]


def test_undoing_a_finish_takes_the_next_stop_out_of_its_line(any_world, time):
    taken = any_world.take(any_world.pajak, any_world.paspor)
    any_world.open(any_world.loket_5)
    any_world.serve(any_world.loket_5)
    time.forward(seconds=7)

    any_world.undo(any_world.loket_5)

    assert [turn.state for turn in any_world.turns(taken)] == ["serving", "planned"]
    any_world.finish(any_world.loket_5)
    first, second = any_world.turns(taken)
    assert (first.state, second.state) == ("done", "waiting")
    assert (second.wait_us, second.joined_at) == (0, first.ended_at)


def test_undoing_a_finish_takes_away_where_it_sent_the_visitor(world):
    taken = world.take(world.pajak)
    world.open(world.loket_5)
    world.call_next(world.loket_5)
    world.start(world.loket_5)
    world.finish(world.loket_5, following=("B-01",))

    world.undo(world.loket_5)

    assert [turn.state for turn in world.turns(taken)] == ["serving", "cancelled"]
    world.finish(world.loket_5)
    assert [turn.state for turn in world.turns(taken)] == ["done", "cancelled"]


def test_once_the_next_stop_was_called_the_finish_stands(world):
    world.take(world.pajak, world.paspor)
    world.open(world.loket_5)
    world.open(world.loket_4, world.sari)
    world.serve(world.loket_5)
    world.call_next(world.loket_4, world.sari)

    with pytest.raises(NothingToUndo, match="sudah berjalan"):
        world.undo(world.loket_5)

    world.put_back(world.loket_4, world.sari)
    with pytest.raises(NothingToUndo):
        world.undo(world.loket_5)


def test_a_transferred_stop_goes_on_with_the_rest_of_the_route(world):
    taken = world.take(world.pajak, world.paspor)
    world.open(world.loket_5)
    world.call_next(world.loket_5)
    world.start(world.loket_5)
    world.transfer(world.loket_5, "AA")

    assert [turn.state for turn in world.turns(taken)] == ["transferred", "planned", "waiting"]
    world.open(world.loket_1)
    world.serve(world.loket_1)

    assert [turn.state for turn in world.turns(taken)] == ["transferred", "waiting", "done"]


def test_giving_the_number_up_ends_all_that_is_left_of_the_route(world):
    taken = world.take(world.pajak, world.paspor)

    world.cancel(taken)

    assert {turn.state for turn in world.turns(taken)} == {State.CANCELLED}
    assert world.quota_used("CA") == 0


def test_a_number_that_was_served_once_gives_its_place_back_no_more(world):
    taken = world.take(world.pajak, world.paspor)
    world.open(world.loket_5)
    world.serve(world.loket_5)

    world.cancel(taken)

    assert [turn.state for turn in world.turns(taken)] == ["done", "cancelled"]
    assert world.quota_used("CA") == 1
    with pytest.raises(WrongMoment):
        world.cancel(taken)


def test_what_a_day_leaves_of_a_route_expires(world, time):
    taken = world.take(world.pajak, world.paspor)
    time.until(9, days=1)

    world.take(world.ktp)

    assert [turn.state for turn in world.turns(taken)] == ["expired", "expired"]


def test_wait_walk_service_away_and_between_sum_to_the_total(any_world, time):
    taken = any_world.take(any_world.pajak, any_world.paspor)
    any_world.open(any_world.loket_5)
    any_world.open(any_world.loket_4, any_world.sari)
    for minutes, deed in enumerate(
        (
            lambda: any_world.call_next(any_world.loket_5),
            lambda: any_world.recall(any_world.loket_5),
            lambda: any_world.put_back(any_world.loket_5),
            lambda: any_world.call_next(any_world.loket_5),
            lambda: any_world.start(any_world.loket_5),
            lambda: any_world.park(any_world.loket_5),
            lambda: any_world.resume(any_world.loket_5, taken.turn),
            lambda: any_world.transfer(any_world.loket_5, "AA"),
            lambda: any_world.open(any_world.loket_1),
            lambda: any_world.serve(any_world.loket_1),
            lambda: any_world.call_next(any_world.loket_4, any_world.sari),
            lambda: any_world.start(any_world.loket_4, any_world.sari),
            lambda: any_world.finish(any_world.loket_4, any_world.sari),
        ),
        1,
    ):
        time.forward(minutes=minutes, seconds=7)
        deed()

    turns = any_world.turns(taken)
    parts = sum(t.wait_us + t.walk_us + t.service_us + t.away_us + t.between_us for t in turns)
    whole = max(turn.ended_at for turn in turns) - turns[0].joined_at
    assert timedelta(microseconds=parts) == whole
