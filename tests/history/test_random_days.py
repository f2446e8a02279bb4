"""Days on which anything happens in any order, one deed after another and many at once: all of it sound."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from mpp.domain.errors import RuleBroken
from mpp.history import examine
from tests.world import WIB

VERBS = ("call_next", "call_next", "recall", "start", "start", "finish", "finish", "miss", "put_back")


class Crowd:
    """Visitors and officers who do whatever comes to their minds; a refusal is no trouble to them."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)
        self.services = [world.ktp, world.kk, world.paspor, world.pajak]
        self.counters = [world.loket(number) for number in range(1, 6)]
        self.taken = []

    def deed(self) -> bool:
        """Try one thing; True when it was allowed."""
        try:
            self.chance.choice(
                (self._take, self._take, self._visitor, self._counter, self._verb, self._verb)
            )()
        except RuleBroken:
            return False
        return True

    def _take(self):
        priority = self.chance.choice((None, None, None, "LANSIA", "UMUM"))
        key = self.chance.choice((None, f"tap-{self.chance.randrange(40)}"))
        self.taken.append(self.world.take(self.chance.choice(self.services), priority=priority, key=key))

    def _visitor(self):
        if not self.taken:
            return
        one = self.chance.choice(self.taken)
        if self.chance.random() < 0.3:
            self.world.cancel(one)
        else:
            self.world.report_slip(one, self.chance.choice(("printed", "failed", "unknown")))

    def _counter(self):
        officer = self.chance.choice((self.world.budi, self.world.sari))
        counter = self.chance.choice(self.counters)
        if self.chance.random() < 0.8:
            self.world.open(counter, officer)
        else:
            self.world.close(counter, officer, reason="istirahat")

    def _verb(self):
        officer = self.chance.choice((self.world.budi, self.world.sari))
        getattr(self.world, self.chance.choice(VERBS))(self.chance.choice(self.counters), officer)


def violations(world):
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations


@pytest.mark.parametrize("seed", [1, 2])
def test_several_hundred_random_deeds_over_three_days_are_sound(any_world, time, seed):
    crowd = Crowd(any_world, seed)
    allowed = 0
    for _ in range(500):
        allowed += crowd.deed()
        time.forward(seconds=crowd.chance.choice((0, 0, 1, 5, 60, 600)))
        if time.moment.astimezone(WIB).hour >= 15:
            time.until(crowd.chance.choice((1, 3, 8)), days=1)

    assert allowed > 120
    assert violations(any_world) == []


def test_many_who_act_at_once_leave_a_sound_history(any_world):
    crowds = [Crowd(any_world, seed) for seed in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda crowd: [crowd.deed() for _ in range(50)], crowds))

    assert len(any_world.events("turn_called")) > 3
    assert violations(any_world) == []
