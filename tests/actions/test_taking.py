"""Taking a number and giving it up: unique, gap-free, once per intent, within hours and quota."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mpp.domain.errors import Closed, IntentReused, NotFound, QuotaReached, UnknownTicket, WrongMoment
from mpp.domain.life import State
from mpp.domain.log import GENESIS, seal
from mpp.history import examine
from tests.world import WIB


def test_numbers_count_up_from_one_in_each_queue(any_world):
    labels = [any_world.take(service).label for service in (any_world.ktp, any_world.kk, any_world.ktp)]

    assert labels == ["AA-001", "AB-001", "AA-002"]


def test_numbers_grow_past_999_without_padding(world):
    from sqlalchemy import insert

    from mpp.domain.ticket import QueueDay

    with world.db.jotting() as session:
        queue, day = world.mall.queues["AA"].id, world.head().day
        session.execute(
            insert(QueueDay).values(queue_id=queue, day=day, series="", last_number=998, quota_used=998)
        )

    assert [world.take(world.ktp).label for _ in range(3)] == ["AA-999", "AA-1000", "AA-1001"]


def test_the_same_intent_gets_the_same_number_again(any_world):
    first = any_world.take(any_world.ktp, key="tap-1")
    before = any_world.head().seq

    assert any_world.take(any_world.ktp, key="tap-1") == first
    assert any_world.head().seq == before


def test_an_intent_is_remembered_for_another_day_and_opens_none(world, time):
    first = world.take(world.ktp, key="tap-1")

    time.until(9, days=40)

    assert world.take(world.ktp, key="tap-1") == first
    assert world.events()[-1].event == "turn_joined"


def test_an_intent_for_something_else_is_refused(any_world):
    any_world.take(any_world.ktp, key="tap-1")

    with pytest.raises(IntentReused):
        any_world.take(any_world.kk, key="tap-1")


def test_nothing_is_remembered_of_a_refusal(world, time):
    time.until(16)
    with pytest.raises(Closed):
        world.take(world.ktp, key="tap-1")

    time.until(9, days=1)

    assert world.take(world.ktp, key="tap-1").label == "AA-001"


def test_before_and_after_hours_a_refusal_says_when_it_opens_again(world, time):
    time.until(16)

    with pytest.raises(Closed) as refusal:
        world.take(world.ktp)

    assert refusal.value.next_opening.astimezone(WIB).isoformat() == "2026-11-24T08:00:00+07:00"
    assert refusal.value.detail == "Sudah tutup. Buka lagi besok pukul 08.00 WIB."


def test_a_refusal_writes_nothing(any_world, time):
    any_world.take(any_world.ktp)
    time.until(7, days=1)
    any_world.open(any_world.loket_1)
    before = any_world.head()

    with pytest.raises(Closed):
        any_world.take(any_world.ktp)

    after = any_world.head()
    assert (after.seq, after.head, after.ids, after.day) == (before.seq, before.head, before.ids, before.day)


def test_an_unknown_priority_is_refused(world):
    with pytest.raises(NotFound):
        world.take(world.ktp, priority="RAJA")


def test_the_quota_ends_the_numbers_and_says_when_there_are_more(any_world):
    for _ in range(3):
        any_world.take(any_world.paspor)

    with pytest.raises(QuotaReached) as refusal:
        any_world.take(any_world.paspor)

    assert refusal.value.next_opening.astimezone(WIB).isoformat() == "2026-11-24T08:00:00+07:00"
    assert any_world.quota_used("BA") == 3


def test_giving_a_number_up_frees_its_place_in_the_quota_but_not_the_number(any_world):
    taken = [any_world.take(any_world.paspor) for _ in range(3)]

    any_world.cancel(taken[1])

    assert any_world.turn(taken[1]).state == State.CANCELLED
    assert any_world.take(any_world.paspor).label == "BA-004"
    with pytest.raises(QuotaReached):
        any_world.take(any_world.paspor)


def test_giving_up_twice_with_one_intent_frees_one_place(any_world):
    taken = any_world.take(any_world.paspor)
    any_world.take(any_world.paspor)

    any_world.cancel(taken, key="batal")
    any_world.cancel(taken, key="batal")

    assert any_world.quota_used("BA") == 1


def test_what_is_given_up_cannot_be_given_up_again(world):
    taken = world.take(world.ktp)
    world.cancel(taken)

    with pytest.raises(WrongMoment):
        world.cancel(taken)


def test_a_called_visitor_may_still_give_up_and_the_counter_is_free(world):
    taken, other = world.take(world.ktp), world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)

    world.cancel(taken)

    assert world.call_next(world.loket_1).label == other.label


def test_yesterdays_number_cannot_be_given_up(world, time):
    taken = world.take(world.ktp)
    time.until(9, days=1)
    world.take(world.ktp)

    with pytest.raises(UnknownTicket):
        world.cancel(taken)


def test_a_paper_that_was_printed_stays_printed(world):
    taken = world.take(world.ktp)

    assert world.slip(taken).state == "wanted"
    assert world.report_slip(taken, "unknown") == "unknown"
    assert world.report_slip(taken, "printed") == "printed"
    assert world.report_slip(taken, "failed") == "printed"
    assert [each.event for each in world.events()[-2:]] == ["slip_unknown", "slip_printed"]


def test_each_entry_is_sealed_with_the_one_before(any_world):
    any_world.take(any_world.ktp)

    head = GENESIS
    for each in any_world.events():
        head = seal(head, each.sealed)
        assert each.hash == head
    assert any_world.head().head == head


def test_sixteen_clients_with_twenty_intents_each_sent_twice_get_1_to_320(any_world):
    def client(number):
        keys = [f"{number}-{each}" for each in range(20)]
        return [(key, any_world.take(any_world.ktp, key=key)) for key in keys for _ in range(2)]

    with ThreadPoolExecutor(16) as pool:
        answers = [each for some in pool.map(client, range(16)) for each in some]

    by_intent = dict(answers)
    assert all(by_intent[key] == taken for key, taken in answers)
    assert sorted(taken.label for taken in by_intent.values()) == [f"AA-{n:03d}" for n in range(1, 321)]
    assert sorted(taken.id for taken in by_intent.values()) == list(range(1, 321))
    with any_world.db.reading() as session:
        assert examine(session, any_world.mall_id).violations == []


def test_the_same_intent_from_many_threads_at_once_is_one_number(any_world):
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: any_world.take(any_world.ktp, key="tap"), range(24)))

    assert len(set(answers)) == 1
    assert any_world.head().ids["ticket"] == 1


def test_a_race_for_the_last_places_keeps_the_quota(any_world):
    def client(_):
        try:
            return any_world.take(any_world.paspor).label
        except QuotaReached:
            return None

    with ThreadPoolExecutor(12) as pool:
        labels = [label for label in pool.map(client, range(24)) if label]

    assert sorted(labels) == ["BA-001", "BA-002", "BA-003"]
