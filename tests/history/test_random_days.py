"""Days on which anything happens in any order, one deed after another and many at once: all of it sound."""

from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from mpp.domain.base import table
from mpp.domain.mall import Queue
from mpp.domain.turn import Turn
from mpp.history import Replay, examine
from tests.history.crowd import Crowd
from tests.history.stories import rows_of
from tests.world import WIB

QUEUE, TURN = table(Queue), table(Turn)


def violations(world):
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations


def standing(world):
    """How many turns of each line stand in each state, as the tables say."""
    wanted = select(QUEUE.c.code, TURN.c.state, func.count()).join(QUEUE, QUEUE.c.id == TURN.c.queue_id)
    with world.db.reading() as session:
        rows = session.execute(wanted.group_by(QUEUE.c.code, TURN.c.state)).all()
    found = {code: Tally() for code in world.mall.queues}
    for code, state, count in rows:
        found[code][state] += count
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_random_deeds_over_some_days_are_sound(any_world, time, seed):
    crowd = Crowd(any_world, seed)
    allowed = 0
    for _ in range(500):
        allowed += crowd.deed()
        time.forward(seconds=crowd.chance.choice((0, 0, 1, 5, 20, 300)))
        if time.moment.astimezone(WIB).hour >= 15:
            time.until(crowd.chance.choice((1, 3, 8)), days=1)

    assert allowed > 200
    assert len(crowd.done) > 25
    assert violations(any_world) == []


def test_every_turn_that_entered_a_line_stands_in_one_state_of_it(world, time):
    crowd = Crowd(world, 3)
    for _ in range(300):
        crowd.deed()
        time.forward(seconds=crowd.chance.choice((0, 1, 20)))

    replay = Replay(world.mall_id)
    replay.read(rows_of(world))

    told = {code: +states for code, states in replay.hall.claimed.items()}
    assert told == {code: states for code, states in standing(world).items() if states}
    assert sum(sum(states.values()) for states in told.values()) == replay.hall.ids["turn"]


def test_many_who_act_at_once_leave_a_sound_history(any_world):
    crowds = [Crowd(any_world, seed) for seed in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda crowd: [crowd.deed() for _ in range(60)], crowds))

    assert len(any_world.events("turn_called")) > 3
    assert violations(any_world) == []
