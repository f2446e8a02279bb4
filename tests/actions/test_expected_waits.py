"""What a visitor is told about the wait, by the counters that are open for it."""

from datetime import timedelta

from mpp.queries.lines import unstaffed
from mpp.queries.reading import Reading
from mpp.queries.tickets import view


def told(world, taken):
    """The wait that is told now, and when a counter opens while none is open."""
    with world.db.reading() as session:
        reading = Reading.of(session, world.mall, world.time.now())
        (turn,) = view(reading, taken.token).turns
        return turn.wait, unstaffed(reading, world.mall.queues[turn.queue])


def test_no_wait_is_told_while_no_counter_of_the_line_is_open(any_world):
    world = any_world
    taken = world.take(world.ktp)
    before, _ = told(world, taken)

    world.open(world.loket_1)
    during, closed = told(world, taken)
    world.close(world.loket_1)
    after, _ = told(world, taken)

    assert (before, after) == (None, None)
    assert during is not None and closed is None


def test_a_pausing_counter_is_open_from_its_planned_end_on(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    back = world.time.now() + timedelta(minutes=30)

    world.pause(world.loket_1, until=back)
    wait, closed = told(world, taken)

    assert wait.p50 == 30
    assert closed.opens == back


def test_a_counter_that_pauses_without_an_end_is_closed(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)

    world.pause(world.loket_1)

    wait, closed = told(world, taken)
    assert wait is None and closed is not None


def test_another_open_counter_makes_a_pause_no_matter(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.open(world.loket_2, world.sari)

    world.pause(world.loket_1)

    wait, closed = told(world, taken)
    assert wait is not None and wait.p50 == 0 and closed is None
