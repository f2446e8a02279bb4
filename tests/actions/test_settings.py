"""What an admin sets about lines and counters: it orders the next calls, and the log tells it."""

import json

import pytest

from mpp.actions import settings
from mpp.domain.errors import Invalid, NotFound, QuotaReached, UnknownCounter
from mpp.history import examine

HEAD_START = {"kind": "head_start", "minutes": 15}


def set_queue(world, code, policy, quota=None):
    settings.set_queue(world.console, code, policy, quota)


def set_counter(world, counter, picks, prefers=False):
    settings.set_counter(world.console, counter.id, picks, prefers)


def facts(world, name):
    return [json.loads(event.sealed)["facts"] for event in world.events(name)]


def serve_all(world, counter, count):
    return [world.serve(counter) for _ in range(count)]


def test_a_new_head_start_counts_for_numbers_taken_from_now_on(any_world):
    world = any_world
    set_queue(world, "AA", {"kind": "head_start", "minutes": 0})
    world.take(world.ktp)
    world.time.forward(minutes=5)
    world.take(world.ktp, priority="LANSIA")

    set_queue(world, "AA", {"kind": "head_start", "minutes": 30})
    world.time.forward(minutes=5)
    world.take(world.ktp, priority="LANSIA")
    world.open(world.loket_1)

    assert serve_all(world, world.loket_1, 3) == ["AA-003", "AA-001", "AA-002"]


def test_strict_calls_priority_visitors_before_everybody(any_world):
    world = any_world
    set_queue(world, "AA", {"kind": "strict"})
    for _ in range(2):
        world.take(world.ktp)
        world.time.forward(hours=1)
    world.take(world.ktp, priority="LANSIA")

    world.open(world.loket_1)

    assert serve_all(world, world.loket_1, 3) == ["AA-003", "AA-001", "AA-002"]


def test_a_ratio_orders_from_the_next_call_on(any_world):
    world = any_world
    for _ in range(4):
        world.take(world.ktp)
    for _ in range(2):
        world.take(world.ktp, priority="LANSIA")
        world.time.forward(minutes=1)
    world.open(world.loket_1)

    set_queue(world, "AA", {"kind": "ratio", "regular": 2, "priority": 1})

    assert serve_all(world, world.loket_1, 6) == ["AA-001", "AA-002", "AA-005", "AA-003", "AA-004", "AA-006"]


def test_a_new_quota_stops_the_numbers_that_it_does_not_hold(any_world):
    world = any_world
    world.take(world.paspor)

    set_queue(world, "BA", HEAD_START, 2)
    world.take(world.paspor)

    with pytest.raises(QuotaReached):
        world.take(world.paspor)
    set_queue(world, "BA", HEAD_START, None)
    assert [world.take(world.paspor).label for _ in range(3)][-1] == "BA-005"


@pytest.mark.parametrize(
    "picks, longer, called",
    [
        ("preference", "AA", "AB"),
        ("longest_wait", "AA", "AA"),
        ("longest_wait", "AB", "AB"),
        ("relative_wait", "AB", "AA"),
    ],
)
def test_a_counter_chooses_among_its_lines_as_it_is_set(any_world, picks, longer, called):
    """Loket 2 has AB before AA; AB takes 12 minutes a visitor, AA takes 10."""
    world = any_world
    services = [world.ktp, world.kk] if longer == "AA" else [world.kk, world.ktp]
    for service in services:
        world.take(service)
        world.time.forward(minutes=1)
    world.time.forward(minutes=19)
    world.open(world.loket_2)

    set_counter(world, world.loket_2, picks)

    assert world.serve(world.loket_2).startswith(called)


def test_a_counter_that_prefers_priority_takes_the_line_whose_head_is_one(any_world):
    world = any_world
    set_counter(world, world.loket_2, "preference", prefers=True)
    world.take(world.kk)
    wanted = world.take(world.ktp, priority="LANSIA")
    world.open(world.loket_2)

    called = world.serve(world.loket_2)

    assert called == wanted.label


def test_the_log_tells_settings_whole_and_the_history_follows_them(any_world):
    world = any_world
    set_queue(world, "AA", {"kind": "ratio", "regular": 3, "priority": 2}, 40)
    set_counter(world, world.loket_2, "relative_wait", prefers=True)
    world.take(world.ktp)
    world.open(world.loket_2)
    world.serve(world.loket_2)

    assert facts(world, "queue_set")[-1] == {
        "policy": {"kind": "ratio", "regular": 3, "priority": 2},
        "quota": 40,
        "minutes": 10,
    }
    assert facts(world, "counter_set")[-1] == {
        "queues": ["AB", "AA"],
        "picks": "relative_wait",
        "prefers_priority": True,
    }
    with world.db.reading() as session:
        assert examine(session, world.mall_id).violations == []


def test_setting_what_is_set_already_leaves_no_entry(world):
    before = world.head()

    set_queue(world, "AA", HEAD_START)
    set_counter(world, world.loket_2, "longest_wait")

    assert (world.head().seq, world.head().plan_version) == (before.seq, before.plan_version)


@pytest.mark.parametrize(
    "policy, quota, part",
    [
        ({}, None, "kind"),
        ({"kind": "lottery"}, None, "kind"),
        ({"kind": "head_start"}, None, "minutes"),
        ({"kind": "head_start", "minutes": -1}, None, "minutes"),
        ({"kind": "head_start", "minutes": 601}, None, "minutes"),
        ({"kind": "head_start", "minutes": True}, None, "minutes"),
        ({"kind": "ratio", "regular": 0, "priority": 1}, None, "regular"),
        ({"kind": "ratio", "regular": 1, "priority": 21}, None, "priority"),
        ({"kind": "strict"}, 0, "quota"),
        ({"kind": "strict"}, 10_000, "quota"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(world, policy, quota, part):
    before = world.head().seq

    with pytest.raises(Invalid) as refused:
        set_queue(world, "AA", policy, quota)

    assert refused.value.reason == part
    assert world.head().seq == before


def test_what_does_not_exist_cannot_be_set(world):
    with pytest.raises(NotFound):
        set_queue(world, "ZZ", HEAD_START)
    with pytest.raises(UnknownCounter):
        settings.set_counter(world.console, 424242, "preference", False)
    with pytest.raises(Invalid):
        set_counter(world, world.loket_1, "dice")


def test_what_a_policy_says_beyond_its_kind_is_left_out(world):
    set_queue(world, "AA", {"kind": "strict", "minutes": 7, "note": "x"})

    assert world.mall.queues["AA"].policy == {"kind": "strict"}
