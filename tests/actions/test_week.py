"""A simulated week: wait, walk, service, away and between sum to the whole time of every ticket."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from mpp.actions import bearing, greeting
from mpp.domain.errors import RuleBroken
from mpp.domain.life import OVER, State
from mpp.domain.order import Place
from mpp.domain.people import Right
from mpp.domain.turn import Turn
from mpp.history import examine
from tests.world import somebody

DEEDS_A_DAY = 260
GREETER = somebody("person:1")


class Week:
    """Visitors and officers of the small mall, who do by chance what people do all day."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        rights = (Right.CALL_CHOSEN,)
        self.desks = [
            (world.loket(1), world.officer("wanda", rights=rights)),
            (world.loket(2), world.officer("yusuf", rights=rights)),
            (world.loket(4), world.officer("intan")),
            (world.loket(5), world.officer("rudi")),
        ]
        self.services = [world.ktp, world.kk, world.pajak, world.paspor]
        self.taken = []
        self.deeds = [self._take, self._call, self._go_on, self._finish]
        self.deeds += [self._aside, self._visitor, self._mistake, self._more]

    def day(self) -> None:
        self.taken.clear()
        for counter, officer in self.desks:
            self._try(self.world.open, counter, officer)
        for _ in range(DEEDS_A_DAY):
            self.world.time.forward(seconds=self.chance.expovariate(1 / 45))
            self.chance.choices(self.deeds, [5, 6, 8, 6, 3, 1, 2, 2])[0]()

    def _take(self) -> None:
        route = self.chance.sample(self.services, self.chance.choice([1, 1, 1, 2, 3]))
        priority = self.chance.choice([None, None, None, "LANSIA"])
        try:
            self.taken.append(self.world.take(*route, priority=priority))
        except RuleBroken:
            return

    def _call(self) -> None:
        self._try(self.world.call_next, *self._desk())

    def _go_on(self) -> None:
        verb = self.chance.choice([self.world.start, self.world.start, self.world.recall])
        self._try(verb, *self._desk())

    def _finish(self) -> None:
        onward = self.chance.choice([(), (), (), ("B-01",), ("A-02", "C-01")])
        self._try(self.world.finish, *self._desk(), following=onward)

    def _aside(self) -> None:
        counter, officer = self._desk()
        turn = self.chance.choice(self.taken).turn if self.taken else 1
        self.chance.choice(
            [
                lambda: self._try(self.world.park, counter, officer, reason="dokumen"),
                lambda: self._try(self.world.resume, counter, turn, officer, call=self.chance.random() < 0.5),
                lambda: self._try(self.world.miss, counter, officer),
                lambda: self._try(self.world.return_missed, counter, turn, officer),
                lambda: self._try(
                    self.world.transfer,
                    counter,
                    self.chance.choice(["AA", "AB", "BA", "CA"]),
                    officer,
                    position=self.chance.choice([Place.FRONT, Place.END, Place.BY_ARRIVAL]),
                ),
            ]
        )()

    def _visitor(self) -> None:
        if not self.taken:
            return
        one, world = self.chance.choice(self.taken), self.world
        if self.chance.random() < 0.5:
            self._try(world.cancel, one)
            return
        self._try(world.bear, bearing.step_out, one)

    def _more(self) -> None:
        """Somebody comes to a greeter with one more matter, perhaps long after the last one ended."""
        if self.taken:
            one, world, more = self.chance.choice(self.taken), self.world, self.chance.choice(self.services)
            self._try(world.help, greeting.add_stops, GREETER, one.id, services=[more.code])

    def _mistake(self) -> None:
        counter, officer = self._desk()
        self._try(
            self.chance.choice([self.world.put_back, self.world.undo, self.world.undo]), counter, officer
        )

    def _desk(self):
        return self.chance.choice(self.desks)

    def _try(self, deed, *arguments, **named) -> None:
        try:
            deed(*arguments, **named)
        except RuleBroken:
            return


@pytest.mark.parametrize("seed", [7])
def test_the_times_of_every_ticket_of_a_week_sum_to_its_whole_time(any_world, time, seed):
    week = Week(any_world, seed)
    for following in (1, 1, 1, 1, 3):
        week.day()
        time.until(8, 30, days=following)
    any_world.take(any_world.ktp)  # opens the day that ends the last one

    turns = _turns_by_ticket(any_world)

    stories = dict.fromkeys(State, 0)
    for ticket in turns.values():
        _sums_up(ticket)
        for turn in ticket:
            stories[State(turn.state)] += 1
    assert any(turn.between_us > 60_000_000 for ticket in turns.values() for turn in ticket)
    assert len(turns) > 150 and min(stories[state] for state in OVER) > 3, stories
    with any_world.db.reading() as session:
        assert examine(session, any_world.mall_id).violations == []


def _turns_by_ticket(world) -> dict[int, list[Turn]]:
    found = defaultdict(list)
    with world.db.reading() as session:
        wanted = select(Turn).where(Turn.day < world.head().day).order_by(Turn.ticket_id, Turn.position)
        for turn in session.scalars(wanted):
            found[turn.ticket_id].append(turn)
    return dict(found)


def _sums_up(turns: list[Turn]) -> None:
    """Each turn's parts are its own life, and together with the time between they are the ticket's."""
    joined = [turn for turn in turns if turn.joined_at is not None]
    for turn in joined:
        parts = turn.wait_us + turn.walk_us + turn.service_us + turn.away_us
        assert timedelta(microseconds=parts) == turn.ended_at - turn.joined_at, turn.label
        assert min(turn.wait_us, turn.walk_us, turn.service_us, turn.away_us, turn.between_us) >= 0
    whole = max(turn.ended_at for turn in joined) - min(turn.joined_at for turn in joined)
    parts = sum(
        turn.wait_us + turn.walk_us + turn.service_us + turn.away_us + turn.between_us for turn in joined
    )
    assert timedelta(microseconds=parts) == whole, turns[0].label
