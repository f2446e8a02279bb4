"""The order of a line: who is next, by each policy, from each place, and at each kind of counter."""

from collections import Counter as Tally
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.domain.errors import NobodyWaiting
from mpp.domain.order import (
    Caller,
    Place,
    Waiting,
    due_class,
    in_order,
    key_at,
    key_set_right,
    may_be_called,
    micros,
    next_for_counter,
    next_in_line,
    order_key,
    upcoming,
)

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
MINUTE = 60_000_000
HEAD_START = {"kind": "head_start", "minutes": 15}
STRICT = {"kind": "strict"}
RATIO = {"kind": "ratio", "regular": 2, "priority": 1}
PICKS = ("preference", "longest_wait", "relative_wait")

minutes = st.integers(0, 40)
ratios = st.builds(
    lambda regular, priority: {"kind": "ratio", "regular": regular, "priority": priority},
    st.integers(1, 4),
    st.integers(1, 4),
)
head_starts = st.builds(lambda length: {"kind": "head_start", "minutes": length}, st.integers(0, 30))
policies = st.one_of(ratios, head_starts, st.just(STRICT))
arrivals = st.lists(st.tuples(minutes, st.booleans()), max_size=14)


def line_of(came, policy, queue="AA", first=1):
    """The line of those who came so many minutes after nine, each with whether they have priority."""
    return [
        Waiting(number, queue, order_key(NINE + timedelta(minutes=at), priority, policy), number, priority)
        for number, (at, priority) in enumerate(sorted(came, key=lambda each: each[0]), first)
    ]


def served(line, policy, calls=()):
    """Call one after another until nobody waits; gives them in that order."""
    line, so_far, order = list(line), list(calls), []
    while line:
        turn = next_in_line(line, policy, so_far)
        line.remove(turn)
        so_far.append(turn.priority)
        order.append(turn)
    return order


def classes(turns):
    return "".join("p" if turn.priority else "n" for turn in turns)


def test_nobody_is_next_in_an_empty_line():
    with pytest.raises(NobodyWaiting):
        next_in_line([], HEAD_START)
    with pytest.raises(NobodyWaiting):
        next_for_counter([], caller(), 0)


@given(arrivals, policies, st.lists(st.booleans(), max_size=8))
def test_inside_a_class_who_came_first_is_called_first(came, policy, calls):
    order = served(line_of(came, policy), policy, calls)

    for priority in (True, False):
        own = [turn.turn for turn in order if turn.priority == priority]
        assert own == sorted(own)


@given(arrivals, policies, st.lists(st.booleans(), max_size=8), st.randoms())
def test_the_whole_order_is_the_next_one_again_and_again(came, policy, calls, chance):
    line = line_of(came, policy)
    shuffled = chance.sample(line, len(line))

    assert in_order(shuffled, policy, calls) == served(line, policy, calls)
    assert Tally(in_order(shuffled, policy, calls)) == Tally(line)


def test_of_equal_times_who_joined_first_is_first():
    line = [Waiting(number, "AA", 7, joined, False) for number, joined in ((1, 30), (2, 10), (3, 20))]

    assert [turn.turn for turn in in_order(line, HEAD_START)] == [2, 3, 1]


def test_a_head_start_counts_priority_as_having_come_earlier_and_no_more():
    line = line_of([(0, False), (10, False), (20, True), (40, True)], HEAD_START)

    assert [turn.turn for turn in in_order(line, HEAD_START)] == [1, 3, 2, 4]


@given(arrivals, head_starts)
def test_under_a_head_start_one_yields_only_to_priority_within_its_minutes(came, policy):
    line = line_of(came, policy)
    arrived = dict(zip((turn.turn for turn in line), sorted(at for at, _ in came), strict=True))

    order = in_order(line, policy)

    for place, turn in enumerate(order):
        for ahead in order[:place]:
            overtakes = ahead.priority and not turn.priority
            allowed = policy["minutes"] if overtakes else 0
            assert arrived[ahead.turn] <= arrived[turn.turn] + allowed


@given(arrivals)
def test_strict_lets_everybody_with_priority_go_before_everybody_else(came):
    order = classes(in_order(line_of(came, STRICT), STRICT))

    assert order == "".join(sorted(order, reverse=True))


def test_a_ratio_of_two_to_one_calls_two_without_priority_and_then_one_with_it():
    line = line_of([(number, number % 2 == 0) for number in range(12)], RATIO)

    assert classes(served(line, RATIO)) == "nnpnnpnnpppp"


def test_the_ratio_goes_on_where_the_days_calls_stopped():
    line = line_of([(0, True), (1, True), (2, False), (3, False), (4, False)], RATIO)

    assert classes(served(line, RATIO, calls=[False])) == "npnnp"
    assert classes(served(line, RATIO, calls=[False, False])) == "pnnpn"


def test_while_one_class_is_absent_the_other_goes_on():
    assert classes(served(line_of([(at, False) for at in range(5)], RATIO), RATIO)) == "nnnnn"
    assert classes(served(line_of([(at, True) for at in range(5)], RATIO), RATIO)) == "ppppp"


@given(st.lists(st.just(False), min_size=2, max_size=30))
def test_what_a_class_got_while_alone_is_not_held_against_it(alone):
    """After any number of calls without priority, the first with it is due; then the cycle begins anew."""
    line = line_of([(0, True), (0, True), (1, False), (2, False), (3, False)], RATIO)

    assert classes(served(line, RATIO, calls=alone)) == "pnnpn"


@given(ratios, st.lists(st.booleans(), max_size=40), st.booleans())
def test_under_a_ratio_no_class_waits_longer_than_its_bound(policy, calls, waiting_class):
    """While both wait, priority comes after at most two shares of the others, the others after one share."""
    so_far, passed = list(calls), 0
    while due_class(policy, so_far) != waiting_class:
        so_far.append(not waiting_class)
        passed += 1

    assert passed <= (2 * policy["regular"] if waiting_class else policy["priority"])


@given(ratios, st.integers(1, 10))
def test_with_both_classes_present_each_cycle_gives_both_their_share(policy, cycles):
    length = policy["regular"] + policy["priority"]
    came = [(0, priority) for priority in (True, False) for _ in range(cycles * length)]

    order = classes(in_order(line_of(came, policy), policy))

    assert order[: cycles * length] == ("n" * policy["regular"] + "p" * policy["priority"]) * cycles


@given(arrivals, head_starts, minutes, st.booleans(), minutes)
def test_the_front_is_before_all_who_wait_and_the_end_behind_them(came, policy, first_came, priority, now):
    line = line_of(came, policy)
    keys = [turn.order_key for turn in line]
    at, arrived = NINE + timedelta(minutes=now), NINE + timedelta(minutes=min(first_came, now))

    front = key_at(Place.FRONT, order_key(arrived, priority, policy), at, keys)
    end = key_at(Place.END, order_key(arrived, priority, policy), at, keys)

    assert all(front < key for key in keys)
    assert all(end > key for key in keys if key <= micros(at))
    assert front <= order_key(arrived, priority, policy)
    assert end >= micros(at)


@given(arrivals, policies, minutes, st.booleans())
def test_every_other_place_is_the_time_at_which_one_counts_as_having_come(came, policy, at, priority):
    keys = [turn.order_key for turn in line_of(came, policy)]
    counted, now = NINE + timedelta(minutes=at), NINE + timedelta(minutes=60)

    for place in (Place.ARRIVAL, Place.APPOINTMENT, Place.READY, Place.BY_ARRIVAL):
        own = order_key(counted, priority, policy)
        assert key_at(place, own, now, keys) == own


def test_who_is_booked_for_later_is_no_part_of_the_end_of_a_line():
    now, booked = NINE + timedelta(minutes=30), micros(NINE + timedelta(minutes=44))

    assert key_at(Place.END, order_key(NINE, False, HEAD_START), now, [booked]) == micros(now)


@given(minutes, minutes, minutes, st.booleans(), policies)
def test_priority_that_is_set_right_moves_nobody_whom_staff_placed(came, early, key, priority, policy):
    at = NINE + timedelta(minutes=came)
    stand = partial(SimpleNamespace, order_key=key, arrived_at=at, head_start=early, priority=not priority)

    for place in (None, Place.FRONT, Place.END):
        assert key_set_right(stand(place=place), priority, policy) == key
    for place in (Place.ARRIVAL, Place.APPOINTMENT, Place.READY, Place.BY_ARRIVAL):
        ready = order_key(at - timedelta(minutes=early), priority, policy)
        assert key_set_right(stand(place=place), priority, policy) == ready
        assert key_set_right(stand(place=place), not priority, policy) == key


def test_the_end_of_an_empty_line_is_now_so_that_nobody_who_came_before_is_overtaken():
    now = NINE + timedelta(minutes=30)

    assert key_at(Place.END, order_key(NINE, False, HEAD_START), now, []) == micros(now)
    assert key_at(Place.END, order_key(NINE, True, STRICT), now, []) == micros(now)


def test_who_was_put_to_the_end_under_strict_is_behind_those_without_priority_too():
    line = line_of([(0, False), (1, True)], STRICT)
    now = NINE + timedelta(minutes=2)

    key = key_at(Place.END, order_key(NINE, True, STRICT), now, [turn.order_key for turn in line])

    ended = Waiting(9, "AA", key, 9, True)
    assert [turn.turn for turn in in_order([*line, ended], STRICT)] == [2, 1, 9]


def caller(counter=1, holder=7, queues=("AA",), picks="preference", prefers=False, standard=None):
    each = standard or dict.fromkeys(queues, 10)
    return Caller(counter, holder, tuple(queues), picks, prefers, each)


def turn(**said):
    return Waiting(**({"turn": 1, "queue": "AA", "order_key": 0, "joined_seq": 1, "priority": False} | said))


def test_who_is_out_is_passed_over_until_the_minute_is_over():
    out = turn(out_until=100)

    assert not may_be_called(out, caller(), {1: 7}, 99)
    assert may_be_called(out, caller(), {1: 7}, 100)


def test_who_is_kept_for_a_counter_is_called_there_and_elsewhere_only_once_it_is_closed():
    kept = turn(counter=2)

    assert may_be_called(kept, caller(2, 8), {1: 7, 2: 8}, 0)
    assert not may_be_called(kept, caller(1, 7), {1: 7, 2: 8}, 0)
    assert not may_be_called(kept, caller(1, 7), {1: 7, 2: None}, 0)
    assert may_be_called(kept, caller(1, 7), {1: 7}, 0)


def test_who_is_kept_for_a_person_is_called_wherever_that_person_sits():
    kept = turn(person=8)

    assert may_be_called(kept, caller(3, 8), {1: 7, 3: 8}, 0)
    assert not may_be_called(kept, caller(1, 7), {1: 7, 3: 8}, 0)
    assert may_be_called(kept, caller(1, 7), {1: 7}, 0)
    assert may_be_called(kept, caller(1, None), {1: None}, 0)


def test_who_is_kept_for_a_counter_and_a_person_waits_for_whichever_is_there():
    """The counter has closed, but the person sits at another one."""
    kept = turn(counter=2, person=8)

    assert not may_be_called(kept, caller(1, 7), {1: 7, 3: 8}, 0)
    assert may_be_called(kept, caller(3, 8), {1: 7, 3: 8}, 0)
    assert may_be_called(kept, caller(1, 7), {1: 7}, 0)


def heads():
    """Three lines of one counter: the one that waits longest is not the preferred one."""
    return [
        turn(turn=1, queue="AA", order_key=30 * MINUTE, joined_seq=3),
        turn(turn=2, queue="AB", order_key=10 * MINUTE, joined_seq=1),
        turn(turn=3, queue="AC", order_key=20 * MINUTE, joined_seq=2, priority=True),
    ]


@pytest.mark.parametrize(
    ("picks", "prefers", "chosen"),
    [
        ("preference", False, "AA"),
        ("longest_wait", False, "AB"),
        ("relative_wait", False, "AC"),
        ("preference", True, "AC"),
        ("longest_wait", True, "AC"),
        ("relative_wait", True, "AC"),
    ],
)
def test_a_counter_chooses_among_its_lines_as_it_is_set(picks, prefers, chosen):
    """At minute 40 they wait 10, 30 and 20 minutes, of 10, 60 and 10 that are standard."""
    asking = caller(
        queues=("AA", "AB", "AC"), picks=picks, prefers=prefers, standard={"AA": 10, "AB": 60, "AC": 10}
    )

    assert next_for_counter(heads(), asking, 40 * MINUTE).queue == chosen


def test_of_lines_that_wait_relatively_as_long_the_longest_wait_is_first():
    asking = caller(queues=("AA", "AB"), picks="relative_wait", standard={"AA": 10, "AB": 20})
    line = [
        turn(turn=1, order_key=30 * MINUTE, joined_seq=2),
        turn(turn=2, queue="AB", order_key=20 * MINUTE),
    ]

    assert next_for_counter(line, asking, 40 * MINUTE).turn == 2


@st.composite
def counters(draw):
    """A counter of one to three lines, with their policies, who waits in them, and the day's calls so far."""
    queues = draw(st.permutations(["AA", "AB", "AC"]))[: draw(st.integers(1, 3))]
    asking = caller(
        queues=queues,
        picks=draw(st.sampled_from(PICKS)),
        prefers=draw(st.booleans()),
        standard={queue: draw(st.integers(1, 60)) for queue in queues},
    )
    lines = {}
    for number, queue in enumerate(queues):
        policy = draw(policies)
        line = line_of(draw(arrivals), policy, queue, first=100 * number + 1)
        lines[queue] = (line, policy, draw(st.lists(st.booleans(), max_size=6)))
    return asking, lines


@given(counters(), minutes)
def test_those_who_come_up_are_those_whom_next_would_bring_one_after_another(counter, at):
    asking, lines = counter
    now = micros(NINE + timedelta(minutes=at))

    rest = {queue: (list(line), policy, list(calls)) for queue, (line, policy, calls) in lines.items()}
    brought = []
    while any(line for line, _, _ in rest.values()):
        first = [next_in_line(line, policy, calls) for line, policy, calls in rest.values() if line]
        chosen = next_for_counter(first, asking, now)
        line, _, calls = rest[chosen.queue]
        line.remove(chosen)
        calls.append(chosen.priority)
        brought.append(chosen)

    assert upcoming([in_order(*each) for each in lines.values()], asking, now) == brought


@given(counters(), minutes)
def test_no_counter_changes_the_order_inside_a_line(counter, at):
    asking, lines = counter

    brought = upcoming(
        [in_order(*each) for each in lines.values()], asking, micros(NINE + timedelta(minutes=at))
    )

    for queue, each in lines.items():
        assert [one for one in brought if one.queue == queue] == in_order(*each)
