"""The same day on SQLite and on PostgreSQL: the same calls, and those that the pure order names."""

import copy
import json
import random
import shutil
from functools import cached_property

import pytest

from mpp import clock
from mpp.actions import bearing
from mpp.domain.errors import NobodyWaiting, RuleBroken
from mpp.domain.order import Place, may_be_called, micros, next_for_counter, next_in_line
from mpp.domain.people import Right
from mpp.queries.desks import at_desk, desk
from mpp.queries.order import caller, line, ordered, staffed
from mpp.queries.reading import Reading
from tests.world import SMALL_MALL, Time, World

POLICIES = {
    "AA": {"kind": "head_start", "minutes": 15},
    "AB": {"kind": "ratio", "regular": 2, "priority": 1},
    "AC": {"kind": "strict"},
}
COUNTERS = [
    (1, "Loket 1", ["AA"], "preference", False),
    (2, "Loket 2", ["AB", "AA", "AC"], "longest_wait", False),
    (3, "Loket 3", ["AC", "AB", "AA"], "preference", True),
    (6, "Loket 6", ["AA", "AB", "AC"], "relative_wait", False),
]


class Mall(World):
    """A small mall whose plan never changes, so that it is read once."""

    mall = cached_property(lambda self: self._plan_of(self.mall_id))


def three_policies():
    """The small mall, where the first agency has a line of each policy and a counter of each kind."""
    mall = copy.deepcopy(SMALL_MALL)
    agency = mall["agencies"][0]
    agency["queues"] = [
        {"code": code, "name": f"Antrean {code}", "minutes": 8 + 3 * number, "policy": policy}
        for number, (code, policy) in enumerate(POLICIES.items())
    ]
    agency["services"] = [
        {"code": f"A-0{number}", "name": code, "queue": code, "kind": "regular", "desk_minutes": 10}
        for number, code in enumerate(POLICIES, 1)
    ]
    agency["counters"] = [
        {"number": number, "name": name, "queues": queues, "picks": picks, "prefers_priority": prefers}
        for number, name, queues, picks, prefers in COUNTERS
    ]
    return mall


@pytest.fixture(scope="module")
def molds(postgres, tmp_path_factory):
    """This mall on both databases, made once and copied for each day."""
    room, url = tmp_path_factory.mktemp("molds"), postgres.database()
    still = Time()
    clock.use(still.now, lambda: still.uptime)
    for each in (f"sqlite:///{room / 'mpp.sqlite3'}", url):
        Mall(each, room, still, three_policies()).end()
    clock.use(None)
    return room / "mpp.sqlite3", url.rpartition("/")[2]


@pytest.fixture
def on_both(molds, postgres, tmp_path):
    """Live a day on each database, from the same moment on; gives what was told of each."""

    def live(day):
        file, database = molds
        url = postgres.database(database)
        told = []
        for place in (f"sqlite:///{shutil.copy(file, tmp_path)}", url):
            still = Time()
            clock.use(still.now, lambda still=still: still.uptime)
            world = Mall(place, tmp_path, still, three_policies())
            told.append(day(world))
            world.end()
        postgres.drop(url)
        return told

    yield live
    clock.use(None)


class Hall:
    """What happens in a day, and what is told of it: who was called, or why nobody was."""

    def __init__(self, world, seed):
        self.world, self.chance, self.told = world, random.Random(seed), []
        self.services = [world.mall.service(f"A-0{number}") for number in (1, 2, 3)]
        self.counters = [world.loket(number) for number in (1, 2, 3, 6)]
        self.officers = [
            world.officer(name, rights=tuple(Right)) for name in ("tina", "umar", "budi", "sari")
        ]
        self.taken = []

    def live(self, deeds):
        for counter, officer in zip(self.counters, self.officers, strict=True):
            self.world.open(counter, officer)
        for _ in range(deeds):
            deed = self.chance.choice((self.arrive, *[self.tx] * 5, self.go_out, self.rest))
            try:
                deed()
            except RuleBroken as error:
                self.told.append(error.code)
            self.world.time.forward(seconds=self.chance.choice((0, 0, 0, 30, 240)))
        for queue in POLICIES:
            self.told.append((queue, [turn.turn for turn in self.line(queue)]))
        return self.told

    def arrive(self):
        """Some at the same moment, with and without priority."""
        for _ in range(self.chance.choice((1, 2, 4))):
            service = self.chance.choice(self.services)
            self.taken.append(self.world.take(service, priority=self.chance.choice((None, "LANSIA", "UMUM"))))

    def tx(self):
        """At some counter: call the next one, or do something with who is there."""
        counter, officer = self.desk()
        with self.world.db.reading() as session:
            busy = at_desk(session, counter.id, self.world.head().day)
        deed = self.chance.choice((self.move, self.leave, self.leave)) if busy else self.call
        deed(counter, officer)

    def call(self, counter, officer):
        """Call the next one, as the pure order and the desk have said before."""
        expected, shown = self.pure(counter, officer), self.shown(counter)
        called = self.world.call_next(counter, officer)
        self.told.append((counter.name, called.label))
        assert called.id == expected == shown

    def move(self, counter, officer):
        """Send on whom one has called: to any place, kept for a counter, a person, both or nobody."""
        queue = self.chance.choice(counter.queues).code
        serving = [each for each in self.counters if queue in [line.code for line in each.queues]]
        self.world.transfer(
            counter,
            queue,
            officer,
            position=self.chance.choice((Place.FRONT, Place.END, Place.BY_ARRIVAL)),
            counter=self.chance.choice((None, self.chance.choice(serving).id)),
            person=self.chance.choice((None, None, "tina", "sari")),
        )

    def leave(self, counter, officer):
        """Who was called is served, missed, put back or parked; and one who was missed returns."""
        verb = self.chance.choice(("start", "miss", "put_back", "park"))
        left = getattr(self.world, verb)(counter, officer)
        if verb == "start":
            self.world.finish(counter, officer)
        if verb == "miss":
            self.world.return_missed(counter, left.id, officer)

    def go_out(self):
        one = self.chance.choice(self.taken) if self.taken else None
        if one is not None:
            self.world.bear(bearing.step_out, one)

    def rest(self):
        """A counter closes, or opens again."""
        counter, officer = self.desk()
        self.chance.choice((*[self.world.open] * 4, self.world.close))(counter, officer)

    def desk(self):
        number = self.chance.randrange(len(self.counters))
        return self.counters[number], self.officers[number]

    def pure(self, counter, officer):
        """Whom the pure order names: from all who wait, and the calls that the log tells."""
        with self.world.db.reading() as session:
            connection, day = session.connection(), self.world.head().day
            staff, now = staffed(connection, self.world.mall_id), micros(self.world.time.now())
            asking, heads = caller(counter, officer.id), []
            for queue in counter.queues:
                waiting, sitting = line(connection, queue, day), staff.get(queue.id, {})
                free = [turn for turn in waiting if may_be_called(turn, asking, sitting, now)]
                if free:
                    heads.append(next_in_line(free, queue.policy, self.calls(queue)))
        return next_for_counter(heads, asking, now).turn if heads else None

    def calls(self, queue):
        """The day's calls of a line as its log tells them; a call that was put back did not happen."""
        calls = {}
        for entry in self.world.events("turn_called", "turn_resumed", "turn_put_back"):
            if entry.queue == queue.code and entry.to_state == "called" and entry.from_state != "called":
                calls.pop(entry.turn_id, None)
                calls[entry.turn_id] = None
            if entry.queue == queue.code and entry.event == "turn_put_back":
                del calls[entry.turn_id]
        joined = {entry.turn_id: entry.sealed for entry in self.world.events("turn_joined")}
        return [json.loads(joined[turn])["facts"]["priority"] for turn in calls]

    def shown(self, counter):
        """Whom the desk shows as the next."""
        with self.world.db.reading() as session:
            now, head = self.world.time.now(), self.world.head()
            return desk(Reading(session, self.world.mall, now, head.day, head.seq), counter.id).next

    def line(self, queue):
        with self.world.db.reading() as session:
            return ordered(session.connection(), self.world.mall.queues[queue], self.world.head().day)


@pytest.mark.parametrize("seed", range(2))
def test_the_same_arrivals_give_the_same_calls_on_both_databases(on_both, seed):
    """Several at one moment, some out, some kept, in lines of all policies, at all kinds of counter."""
    sqlite, postgresql = on_both(lambda world: Hall(world, seed).live(120))

    assert sqlite == postgresql
    assert len([told for told in sqlite if told[0].startswith("Loket")]) > 20


def test_of_many_who_came_at_one_moment_the_first_to_take_a_number_is_called_first(on_both):
    def day(world):
        labels = [world.take(world.mall.service("A-01")).label for _ in range(5)]
        world.open(world.loket_1)
        return [world.serve(world.loket_1) for _ in labels]

    assert on_both(day) == [["AA-001", "AA-002", "AA-003", "AA-004", "AA-005"]] * 2


def test_a_ratio_of_two_to_one_is_kept_on_both_databases(on_both):
    def day(world):
        for priority in ["LANSIA"] * 3 + [None] * 6:
            world.take(world.mall.service("A-02"), priority=priority)
        world.open(world.loket_2)
        called = [world.serve(world.loket_2) for _ in range(8)]
        with pytest.raises(NobodyWaiting):
            world.serve(world.loket_2), world.serve(world.loket_2)
        return called

    regular = [f"AB-{number:03d}" for number in range(4, 10)]
    elders = [f"AB-{number:03d}" for number in range(1, 4)]
    expected = [*regular[:2], elders[0], *regular[2:4], elders[1], *regular[4:]]
    assert on_both(day) == [expected] * 2
