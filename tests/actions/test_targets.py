"""A line is late against the target of its queue, however long it has become."""

from mpp.queries.queues import queues
from mpp.queries.reading import Reading
from mpp.web.supervisor.pages import judged


def line(world):
    with world.db.reading() as session:
        rows = queues(Reading.of(session, world.mall, world.time.now()), None).queues
    return next(row for row in rows if row.code == "AA")


def test_a_line_that_grows_does_not_move_its_target_and_is_late_as_a_short_one(world, time):
    world.open(world.loket_1)
    world.take(world.ktp)
    target = line(world).target_min

    for _ in range(20):
        world.take(world.ktp)
    time.forward(minutes=target + 1)

    found = judged(line(world), pausing=0)
    assert (found.target_min, found.waiting, found.why) == (target, 21, "late")
