"""A line is late against the target of its queue, however long it has become."""

import pytest

from mpp.domain.lateness import target_minutes
from mpp.domain.mall import Queue
from mpp.mallfile import model
from mpp.mallfile.nouns import put_queue, queue_said
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


@pytest.mark.parametrize(("said", "target"), [({"target_min": 7}, 7), ({}, 30)])
def test_the_file_gives_a_queue_its_target_and_only_then_says_it_again(said, target):
    queue = Queue(remarks={})

    put_queue(queue, model.Queue(code="AA", name="KTP-el", minutes=10, **said))

    assert target_minutes(queue) == target
    assert queue_said(queue).get("target_min") == said.get("target_min")
