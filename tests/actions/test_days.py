"""The service day: opened by the first deed, never going back, ended by 04.00; and clocks that lie."""

import pytest
from sqlalchemy import update

from mpp.actions import days
from mpp.actions.change import writing
from mpp.db.batch import FEW_ROWS
from mpp.domain.errors import CounterClosed, DayNotConfirmed, UnknownTicket, WrongMoment
from mpp.domain.life import State
from mpp.domain.log import MallLog
from mpp.encoding import plain_row
from mpp.history import examine
from mpp.queries.desks import desk as desk_of
from mpp.queries.reading import Reading
from tests.world import WIB, World

MANY = FEW_ROWS + 5  # so many rows at once that the database takes them in another way


@pytest.fixture
def open_all_night(sqlite_url, tmp_path, time):
    """The small mall, giving numbers at any hour."""
    small = World(sqlite_url, tmp_path, time, always=True)
    yield small
    small.end()


def sound(world) -> bool:
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations == []


def test_numbers_begin_again_at_one_on_a_new_day(any_world, time):
    any_world.take(any_world.ktp)
    any_world.take(any_world.ktp)
    time.until(9, days=1)

    assert any_world.take(any_world.ktp).label == "AA-001"
    assert sound(any_world)


def test_the_first_deed_of_a_day_expires_what_yesterday_left(any_world, time):
    waiting, called, missed = [any_world.take(any_world.ktp) for _ in range(3)]
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.miss(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    time.until(9, days=1)

    any_world.take(any_world.kk)

    states = {any_world.turn(each).state for each in (waiting, called, missed)}
    assert states == {State.EXPIRED}
    assert [each.event for each in any_world.events()[-7:-2]] == [
        "day_opened", "turn_expired", "turn_expired", "turn_expired", "counter_closed",
    ]  # fmt: skip
    assert sound(any_world)


def test_a_crowd_that_yesterday_left_expires_entry_by_entry(any_world, time):
    left = [any_world.take(any_world.ktp) for _ in range(MANY)]
    time.until(9, days=1)

    any_world.take(any_world.kk)

    assert [entry.turn_id for entry in any_world.events("turn_expired")] == [each.turn for each in left]
    assert {any_world.turn(each).state for each in left} == {State.EXPIRED}
    assert sound(any_world)


def test_a_refused_deed_opens_the_day_and_changes_nothing_else(any_world, time):
    left = any_world.take(any_world.ktp)
    time.until(9, days=1)

    for _ in range(2):
        with pytest.raises(CounterClosed):
            any_world.call_next(any_world.loket_1)

    assert any_world.head().day.isoformat() == "2026-11-24"
    assert any_world.turn(left).state == State.EXPIRED
    assert [each.event for each in any_world.events()[-2:]] == ["day_opened", "turn_expired"]
    assert sound(any_world)


def test_a_refused_deed_after_four_ends_yesterday_for_every_screen(any_world, time):
    """Who was served over the night is gone for good, also when the first deed of the morning is theirs."""
    forgotten = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.start(any_world.loket_1)
    time.until(1, days=1)
    any_world.open(any_world.loket_4)
    time.until(6)

    with pytest.raises(CounterClosed):
        any_world.finish(any_world.loket_1)

    assert any_world.turn(forgotten).state == State.EXPIRED
    with any_world.db.reading() as session:
        here = plain_row(
            desk_of(
                Reading(session, any_world.mall, time.now(), any_world.head().day, 0), any_world.loket_1.id
            )
        )
    assert (here["counter"]["open"], here["turn"]) == (False, None)
    assert sound(any_world)


def test_the_first_deed_of_a_day_answers_once_and_alike_when_it_is_repeated(any_world, time):
    any_world.take(any_world.ktp)
    time.until(9, days=1)

    first = any_world.take(any_world.ktp, key="the first of the day")
    length = any_world.head().seq
    again = any_world.take(any_world.ktp, key="the first of the day")

    assert (first, any_world.head().seq) == (again, length)
    time.until(9, days=1)
    assert any_world.take(any_world.ktp, key="the first of the day") == first
    assert any_world.head().seq == length
    assert sound(any_world)


def test_a_deed_that_breaks_off_after_the_day_was_opened_opens_it_once(any_world, time):
    any_world.take(any_world.ktp)
    time.until(9, days=1)

    with pytest.raises(KeyboardInterrupt), writing(any_world.console):
        raise KeyboardInterrupt
    any_world.take(any_world.ktp)

    opened = [each.day.isoformat() for each in any_world.events("day_opened")]
    assert opened == ["2026-11-23", "2026-11-24"]
    assert len(any_world.events("turn_expired")) == 1
    assert sound(any_world)


def test_the_day_is_the_malls_own_and_not_that_of_utc(world, time):
    time.until(23, 59)
    world.open(world.loket_1)
    assert world.head().day.isoformat() == "2026-11-23"

    time.forward(minutes=1)
    world.close(world.loket_1)

    assert world.head().day.isoformat() == "2026-11-24"
    assert sound(world)


def test_who_is_being_served_at_midnight_may_finish_until_four(any_world, time):
    taken = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.start(any_world.loket_1)
    time.until(3, 59, days=1)

    any_world.finish(any_world.loket_1)

    assert any_world.turn(taken).state == State.DONE
    assert any_world.turn(taken).day.isoformat() == "2026-11-23"
    assert sound(any_world)


def test_at_four_a_forgotten_service_expires_and_its_counter_closes(any_world, time):
    taken = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.start(any_world.loket_1)
    time.until(1, days=1)
    any_world.open(any_world.loket_4)
    assert any_world.turn(taken).state == State.SERVING
    time.until(4)

    any_world.close(any_world.loket_4)

    assert any_world.turn(taken).state == State.EXPIRED
    closed = [each.counter_id for each in any_world.events("counter_closed")]
    assert closed == [any_world.loket_1.id, any_world.loket_4.id]
    assert sound(any_world)


def test_a_service_forgotten_for_two_nights_has_long_expired(world, time):
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)
    time.until(2, days=2)

    world.open(world.loket_4)

    assert world.turn(taken).state == State.EXPIRED
    assert sound(world)


def test_a_service_that_began_after_midnight_has_its_own_night(open_all_night, time):
    world = open_all_night
    world.open(world.loket_1)
    time.until(1, days=1)
    taken = world.take(world.ktp)
    world.call_next(world.loket_1)
    world.start(world.loket_1)
    time.until(3, days=1)

    world.open(world.loket_4)
    world.finish(world.loket_1)

    assert world.turn(taken).state == State.DONE
    assert sound(world)


def test_a_counter_that_calls_somebody_in_the_night_is_not_closed_at_four(open_all_night, time):
    world = open_all_night
    world.open(world.loket_1)
    time.until(3, days=1)
    world.take(world.ktp)
    called = world.call_next(world.loket_1)
    time.until(4)

    world.open(world.loket_4)

    assert world.start(world.loket_1).label == called.label
    assert sound(world)


def test_a_clock_that_steps_back_moves_neither_time_nor_day(any_world, time):
    any_world.take(any_world.ktp)
    time.until(10, days=1)
    before = any_world.take(any_world.ktp)

    time.set_clock(hours=-26)
    again = any_world.take(any_world.ktp)

    assert again.label == "AA-002"
    assert any_world.turn(again).arrived_at == any_world.turn(before).arrived_at
    assert any_world.turn(again).day == any_world.turn(before).day
    assert sound(any_world)


def test_times_are_never_negative_when_the_clock_steps_back_during_a_service(world, time):
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    time.forward(minutes=5)
    world.call_next(world.loket_1)
    world.start(world.loket_1)
    time.set_clock(hours=-2)
    world.finish(world.loket_1)

    turn = world.turn(taken)
    assert (turn.wait_us, turn.walk_us, turn.service_us) == (300_000_000, 0, 0)
    assert sound(world)


def test_a_clock_that_leaps_ahead_opens_no_day_until_a_supervisor_confirms_it(any_world, time):
    waiting = any_world.take(any_world.ktp)
    time.set_clock(days=1)

    with pytest.raises(DayNotConfirmed):
        any_world.take(any_world.ktp)
    assert any_world.turn(waiting).state == State.WAITING

    days.confirm(any_world.command(any_world.budi), any_world.mall)

    assert any_world.take(any_world.ktp).label == "AA-001"
    assert any_world.turn(waiting).state == State.EXPIRED
    assert sound(any_world)


def test_a_mall_founded_before_breakfast_is_founded_on_its_own_day(sqlite_url, tmp_path, time):
    time.until(5)
    world = World(sqlite_url, tmp_path, time)

    assert {each.day.isoformat() for each in world.events()} == {"2026-11-23"}
    assert sound(world)
    world.end()


def test_a_night_without_any_deed_is_no_leap(world, time):
    world.take(world.ktp)
    time.forward(days=3)

    assert world.take(world.ktp).label == "AA-001"


def test_a_clock_from_before_the_program_was_built_opens_no_day(world, time):
    with world.db.jotting() as session:
        session.execute(update(MallLog).values(day=None, last_at=None))
    time.set_clock(days=-8_000)

    with pytest.raises(DayNotConfirmed):
        world.open(world.loket_1)


def test_a_ticket_of_yesterday_is_nobodys_ticket_today(world, time):
    taken = world.take(world.ktp)
    time.until(9, days=1)
    world.take(world.kk)

    with pytest.raises(UnknownTicket):
        world.cancel(taken)


def test_what_expired_cannot_be_called_started_or_finished(world, time):
    world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    time.until(1, days=1)
    world.open(world.loket_4)

    with pytest.raises(WrongMoment):
        world.start(world.loket_1)


def test_a_hundred_days_number_from_one_each(world, time):
    for day in range(100):
        local = time.moment.astimezone(WIB)
        if local.weekday() < 5:
            labels = [world.take(world.ktp).label for _ in range(2)]
            assert labels == ["AA-001", "AA-002"], day
        time.until(9, days=1)

    assert sound(world)
