"""Going out for a while: the place is kept, nobody is called into an empty room, once for each turn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest

from mpp.actions import bearing
from mpp.domain.errors import AlreadyOut, NobodyWaiting, OutOnce, RuleBroken, UnknownTicket, WrongMoment
from mpp.domain.life import State
from mpp.history import examine


@pytest.fixture
def go_out(any_world):
    """The visitor asks on the phone."""

    def ask(taken, key=None, ticket=None):
        return any_world.bear(bearing.step_out, SimpleNamespace(id=ticket) if ticket else taken, key)

    return ask


@pytest.fixture
def be_back(any_world):
    def ask(taken, key=None):
        return any_world.bear(bearing.come_back, taken, key)

    return ask


def test_next_passes_over_whoever_is_out_and_calls_them_first_when_they_are_back(any_world, go_out, be_back):
    first, second = any_world.take(any_world.ktp), any_world.take(any_world.ktp)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)

    go_out(first)

    assert any_world.serve(any_world.loket_1) == second.label
    be_back(first)
    assert any_world.call_next(any_world.loket_1).label == first.label
    assert _broken(any_world) == []


def test_the_place_is_kept_for_the_time_that_the_mall_allows(any_world, time, go_out):
    only = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    place = any_world.turn(only).order_key

    go_out(only)

    assert any_world.turn(only).out_until == time.now() + timedelta(minutes=15)
    time.forward(minutes=14, seconds=59)
    with pytest.raises(NobodyWaiting):
        any_world.call_next(any_world.loket_1)
    time.forward(seconds=1)
    assert any_world.call_next(any_world.loket_1).label == only.label
    assert any_world.turn(only).order_key == place


def test_the_wait_goes_on_while_the_visitor_is_out(any_world, time, go_out, be_back):
    only = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    time.forward(minutes=3)
    go_out(only)
    time.forward(minutes=5)
    be_back(only)
    time.forward(minutes=2)

    timings = any_world.call_next(any_world.loket_1).timings

    assert timings["wait"] == 10 and timings["away"] == 0


def test_out_is_out_only_once(any_world, go_out, be_back):
    only = any_world.take(any_world.ktp)
    go_out(only)

    with pytest.raises(AlreadyOut):
        go_out(only)

    be_back(only)
    with pytest.raises(OutOnce):
        go_out(only)


def test_each_turn_of_a_journey_may_be_left_once(any_world, go_out, be_back):
    route = any_world.take(any_world.ktp, any_world.pajak)
    any_world.open(any_world.loket_1)
    go_out(route)
    be_back(route)
    any_world.serve(any_world.loket_1)

    answer = go_out(route)

    assert answer["turn"] == any_world.turns(route)[1].id
    assert any_world.turns(route)[1].out_until is not None


def test_who_is_called_cannot_go_and_learns_where_to_be(any_world, go_out):
    only = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)

    with pytest.raises(WrongMoment) as refusal:
        go_out(only)

    assert refusal.value.detail == "AA-001 sedang dipanggil di Loket 1."
    assert refusal.value.state == State.CALLED


def test_who_is_not_out_cannot_come_back(any_world, time, go_out, be_back):
    only = any_world.take(any_world.ktp)
    with pytest.raises(WrongMoment):
        be_back(only)

    go_out(only)
    time.forward(minutes=15)

    with pytest.raises(WrongMoment):
        be_back(only)


def test_the_same_intent_goes_out_once(any_world, go_out):
    only = any_world.take(any_world.ktp)

    first, again = go_out(only, key="tap"), go_out(only, key="tap")

    assert first == again
    assert len(any_world.events("turn_stepped_out")) == 1


def test_a_number_of_yesterday_or_of_nobody_is_unknown(any_world, time, go_out):
    old = any_world.take(any_world.ktp)
    with pytest.raises(UnknownTicket):
        go_out(old, ticket=999)

    time.until(9, days=1)

    with pytest.raises(UnknownTicket):
        go_out(old)


def test_going_out_and_being_called_at_once_has_one_winner(any_world, go_out):
    any_world.open(any_world.loket_1)
    for _ in range(5):
        only = any_world.take(any_world.ktp)

        with ThreadPoolExecutor(2) as pool:
            leaving = pool.submit(_told, go_out, only)
            calling = pool.submit(_told, any_world.call_next, any_world.loket_1)
            told = [leaving.result(), calling.result()]

        assert sorted(told) in (["", "nobody_waiting"], ["", "wrong_moment"])
        if any_world.turn(only).state == State.CALLED:
            any_world.start(any_world.loket_1)
            any_world.finish(any_world.loket_1)
        else:
            any_world.cancel(only)
    assert _broken(any_world) == []


def _told(deed, *given) -> str:
    try:
        deed(*given)
    except RuleBroken as refused:
        return refused.code
    return ""


def _broken(world) -> list:
    """What the history finds to be against the rules."""
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations
