"""What an officer does at a counter: the life of a turn, its times, its order, and every refusal."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mpp.domain.errors import (
    CounterBusy,
    CounterClosed,
    CounterHeld,
    HoldsAnother,
    NobodyWaiting,
    TooSoon,
    UnknownCounter,
    WrongMoment,
)
from mpp.domain.life import State
from mpp.domain.people import Role
from mpp.history import examine


def test_call_next_brings_the_longest_waiting_visitor_to_the_counter(any_world, time):
    any_world.take(any_world.ktp)
    time.forward(minutes=1)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)

    called = any_world.call_next(any_world.loket_1)

    assert (called.label, called.state, called.nth) == ("AA-001", "called", 1)


def test_a_turn_lives_from_waiting_to_done_and_its_times_sum_to_the_whole(any_world, time):
    taken = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    time.forward(minutes=7)
    any_world.call_next(any_world.loket_1)
    time.forward(seconds=40)
    any_world.recall(any_world.loket_1)
    time.forward(seconds=50)
    any_world.start(any_world.loket_1)
    time.forward(minutes=11)
    any_world.finish(any_world.loket_1, outcome="served")

    turn = any_world.turn(taken)
    parts = (turn.wait_us, turn.walk_us, turn.service_us, turn.away_us)
    assert [part / 60_000_000 for part in parts] == [7, 1.5, 11, 0]
    assert sum(parts) / 1_000_000 == (turn.ended_at - turn.arrived_at).total_seconds()
    assert (turn.state, turn.outcome, turn.calls) == (State.DONE, {"outcome": "served"}, 2)


def test_a_recall_changes_no_time_and_has_its_pause(world, time):
    world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)

    assert world.recall(world.loket_1).nth == 2  # the first is free
    time.forward(seconds=4.9)
    with pytest.raises(TooSoon) as refusal:
        world.recall(world.loket_1)
    assert refusal.value.retry_after == pytest.approx(0.1)
    time.forward(seconds=0.1)
    again = world.recall(world.loket_1)

    assert again.nth == 3
    assert again.timings["wait"] == 0 and again.timings["walk"] == pytest.approx(5 / 60, abs=0.001)


def test_a_priority_visitor_counts_as_having_come_fifteen_minutes_earlier(world, time):
    early = world.take(world.ktp)
    time.forward(minutes=5)
    middle = world.take(world.ktp)
    time.forward(minutes=14)
    elder = world.take(world.ktp, priority="LANSIA")
    plain = world.take(world.ktp, priority="UMUM")
    world.open(world.loket_1)

    order = [world.serve(world.loket_1) for _ in range(4)]

    assert order == [early.label, elder.label, middle.label, plain.label]


def test_a_queue_has_its_own_head_start(world, time):
    first = world.take(world.pajak)
    time.forward(minutes=6)
    elder = world.take(world.pajak, priority="LANSIA")
    world.open(world.loket_5)

    assert [world.serve(world.loket_5) for _ in range(2)] == [first.label, elder.label]


def test_counters_pick_by_preference_by_the_longest_wait_or_for_priority_visitors(world, time):
    ktp = world.take(world.ktp)
    time.forward(minutes=1)
    kk = world.take(world.kk)
    time.forward(minutes=30)
    elder = world.take(world.ktp, priority="LANSIA")
    for counter in (world.loket_2, world.loket_3):
        world.open(counter)

    assert world.call_next(world.loket_3).label == kk.label  # the head of AA is no priority visitor
    assert world.call_next(world.loket_2).label == ktp.label
    world.miss(world.loket_3)
    assert world.call_next(world.loket_3).label == elder.label


def test_a_visitor_who_is_put_back_stands_where_they_stood(any_world, time):
    first = any_world.take(any_world.ktp)
    time.forward(minutes=1)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)

    any_world.put_back(any_world.loket_1)

    assert any_world.turn(first).counter_id is None
    assert any_world.call_next(any_world.loket_1).label == first.label


def test_a_visitor_who_does_not_come_is_missed_and_not_called_again(world, time):
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)

    world.miss(world.loket_1)

    assert world.turn(taken).state == State.MISSED
    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_1)


def test_a_counter_with_a_visitor_calls_no_other(any_world):
    any_world.take(any_world.ktp)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)

    for step in (lambda: None, lambda: any_world.start(any_world.loket_1)):
        step()
        with pytest.raises(CounterBusy):
            any_world.call_next(any_world.loket_1)


def test_a_double_click_on_call_is_one_call(world):
    world.take(world.ktp)
    world.take(world.ktp)
    world.open(world.loket_1)

    first = world.call_next(world.loket_1, key="click")

    assert world.call_next(world.loket_1, key="click").label == first.label
    assert len(world.events("turn_called")) == 1


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], ["recall", "start", "finish", "miss", "put_back"]),
        (["call_next"], ["finish"]),
        (["call_next", "start"], ["start", "recall", "miss", "put_back"]),
        (["call_next", "start", "finish"], ["recall", "start", "finish", "miss", "put_back"]),
        (["call_next", "miss"], ["recall", "start", "finish", "miss", "put_back"]),
    ],
)
def test_a_verb_at_the_wrong_moment_is_refused_and_changes_nothing(world, steps, wrong):
    world.take(world.ktp)
    world.open(world.loket_1)
    for step in steps:
        getattr(world, step)(world.loket_1)
    before = world.head().seq

    for verb in wrong:
        with pytest.raises(WrongMoment):
            getattr(world, verb)(world.loket_1)

    assert world.head().seq == before


def test_a_closed_counter_calls_nobody(world):
    world.take(world.ktp)

    with pytest.raises(CounterClosed):
        world.call_next(world.loket_1)


def test_a_counter_belongs_to_who_opened_it(any_world):
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)

    for deed in (any_world.open, any_world.close, any_world.call_next):
        with pytest.raises(CounterHeld):
            deed(any_world.loket_1, any_world.sari)


def test_opening_and_closing_again_changes_nothing(world):
    world.open(world.loket_1)
    before = world.head().seq

    world.open(world.loket_1)

    assert world.head().seq == before


def test_a_signed_in_person_holds_one_counter(world):
    signed_in = replace(world.budi, csrf="a session's")
    world.open(world.loket_1, signed_in)

    with pytest.raises(HoldsAnother, match="Loket 1"):
        world.open(world.loket_2, signed_in)

    world.close(world.loket_1, signed_in)
    world.open(world.loket_2, signed_in)


def test_an_officer_of_another_agency_does_not_see_the_counter(world):
    tono = world.officer("tono", Role.OFFICER, "B")

    with pytest.raises(UnknownCounter):
        world.open(world.loket_1, tono)
    world.open(world.loket_4, tono)


def test_a_counter_with_a_visitor_is_not_closed(world):
    world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)

    with pytest.raises(CounterBusy):
        world.close(world.loket_1)

    world.miss(world.loket_1)
    world.close(world.loket_1)
    assert world.events()[-1].event == "counter_closed"


def test_a_call_goes_to_the_zone_of_the_line_and_of_the_counter(world):
    world.take(world.pajak)
    world.open(world.loket_5)
    world.call_next(world.loket_5)

    sealed = world.events("turn_called")[0].sealed
    assert b'"zones":{"biru":' in sealed and b'"merah":' in sealed


def test_several_counters_racing_call_each_visitor_once_and_in_order(any_world, time):
    for _ in range(40):
        any_world.take(any_world.ktp)
        time.forward(seconds=1)
    counters = [any_world.loket_1, any_world.loket_2, any_world.loket_3]
    for counter in counters:
        any_world.open(counter)

    def officer(counter):
        served = []
        while True:
            try:
                served.append(any_world.serve(counter))
            except NobodyWaiting:
                return served

    with ThreadPoolExecutor(3) as pool:
        served = [label for labels in pool.map(officer, counters) for label in labels]

    assert Counter(served) == Counter(f"AA-{n:03d}" for n in range(1, 41))
    assert [each.label for each in any_world.events("turn_called")] == sorted(served)
    with any_world.db.reading() as session:
        assert examine(session, any_world.mall_id).violations == []


def test_two_threads_at_one_counter_call_one_visitor(any_world):
    for _ in range(8):
        any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)

    def click(_):
        try:
            return any_world.call_next(any_world.loket_1).label
        except CounterBusy:
            return None

    with ThreadPoolExecutor(8) as pool:
        labels = [label for label in pool.map(click, range(8)) if label]

    assert labels == ["AA-001"]
