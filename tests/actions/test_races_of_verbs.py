"""Every pair of verbs on one turn at the same moment: it ends as one of the two orders would have ended.

Two programs hold the database as two server processes do. Whoever loses hears where the turn is now.
"""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mpp.actions import bearing
from mpp.domain.errors import RuleBroken, WrongMoment
from mpp.domain.life import STATE_WORDS, State
from mpp.domain.people import Right
from mpp.history import examine
from tests.world import World

Deed = Callable[[World, "Arena", object], object]

# What may be done to a turn in each state: at its own counter, at another one, by its visitor.
DEEDS: dict[State, dict[str, Deed]] = {
    State.WAITING: {
        "call_next_1": lambda w, a, t: w.call_next(a.one, a.budi),
        "call_next_2": lambda w, a, t: w.call_next(a.two, a.sari),
        "call_chosen": lambda w, a, t: w.call(a.two, t.turn, a.sari, reason="darurat"),
        "correct_here": lambda w, a, t: w.correct(a.two, w.ktp, a.sari, turn=t.turn),
        "correct_away": lambda w, a, t: w.correct(a.two, w.kk, a.sari, turn=t.turn),
        "step_out": lambda w, a, t: w.bear(bearing.step_out, t),
        "cancel": lambda w, a, t: w.cancel(t),
    },
    State.CALLED: {
        "recall": lambda w, a, t: w.recall(a.one, a.budi),
        "start": lambda w, a, t: w.start(a.one, a.budi),
        "miss": lambda w, a, t: w.miss(a.one, a.budi),
        "put_back": lambda w, a, t: w.put_back(a.one, a.budi),
        "park": lambda w, a, t: w.park(a.one, a.budi),
        "transfer": lambda w, a, t: w.transfer(a.one, "BA", a.budi),
        "call_chosen": lambda w, a, t: w.call(a.two, t.turn, a.sari, reason="darurat"),
        "correct_away": lambda w, a, t: w.correct(a.two, w.kk, a.sari, turn=t.turn),
        "cancel": lambda w, a, t: w.cancel(t),
    },
    State.SERVING: {
        "finish": lambda w, a, t: w.finish(a.one, a.budi),
        "finish_on": lambda w, a, t: w.finish(a.one, a.budi, following=("B-01",)),
        "park": lambda w, a, t: w.park(a.one, a.budi),
        "transfer": lambda w, a, t: w.transfer(a.one, "BA", a.budi),
        "correct_away": lambda w, a, t: w.correct(a.two, w.kk, a.sari, turn=t.turn),
        "resume": lambda w, a, t: w.resume(a.two, t.turn, a.sari),
        "cancel": lambda w, a, t: w.cancel(t),
    },
    State.MISSED: {
        "return_1": lambda w, a, t: w.return_missed(a.one, t.turn, a.budi),
        "return_2": lambda w, a, t: w.return_missed(a.two, t.turn, a.sari),
        "undo": lambda w, a, t: w.undo(a.one, a.budi),
        "call_next_2": lambda w, a, t: w.call_next(a.two, a.sari),
    },
    State.PARKED: {
        "resume_1": lambda w, a, t: w.resume(a.one, t.turn, a.budi),
        "resume_2": lambda w, a, t: w.resume(a.two, t.turn, a.sari),
        "resume_called": lambda w, a, t: w.resume(a.two, t.turn, a.sari, call=True),
        "finish": lambda w, a, t: w.finish(a.one, a.budi),
    },
    State.DONE: {
        "undo": lambda w, a, t: w.undo(a.one, a.budi),
        "call_next_1": lambda w, a, t: w.call_next(a.one, a.budi),
        "serve": lambda w, a, t: w.serve_without_number(a.one, w.ktp, a.budi),
        "close": lambda w, a, t: w.close(a.one, a.budi),
    },
}
PAIRS = [
    (state, *pair)
    for state, deeds in DEEDS.items()
    for pair in itertools.combinations_with_replacement(deeds, 2)
]


class Arena:
    """Two counters of one agency, and one visitor at a time who is brought to a state."""

    def __init__(self, world: World, other: World) -> None:
        self.world, self.other = world, other
        self.budi = world.officer("bos-1", rights=(Right.CALL_CHOSEN,))
        self.sari = world.officer("bos-2", rights=(Right.CALL_CHOSEN,))
        self.one, self.two = world.loket_1, world.loket_3

    def bring(self, state: State):
        """A new visitor, alone in the hall, in this state at the first counter."""
        world, one = self.world, self.one
        self.clear()
        taken = world.take(world.ktp)
        ways = {
            State.WAITING: (),
            State.CALLED: (world.call_next,),
            State.SERVING: (world.call_next, world.start),
            State.MISSED: (world.call_next, world.miss),
            State.PARKED: (world.call_next, world.start, world.park),
            State.DONE: (world.call_next, world.start, world.finish),
        }
        for step in ways[state]:
            step(one, self.budi)
        return taken

    def clear(self) -> None:
        """Everybody has gone, and both counters are open and free."""
        for counter, officer in ((self.one, self.budi), (self.two, self.sari)):
            self.world.open(counter, officer)
            for step in (self.world.start, self.world.finish):
                try:
                    step(counter, officer)
                except WrongMoment:
                    continue
            while self._somebody_waits(counter, officer):
                self.world.start(counter, officer)
                self.world.finish(counter, officer)

    def _somebody_waits(self, counter, officer) -> bool:
        try:
            self.world.call_next(counter, officer)
        except RuleBroken:
            return False
        return True

    def one_after_the_other(self, state: State, first: str, second: str) -> tuple[str, ...]:
        taken = self.bring(state)
        answers = {name: self._try(self.world, name, DEEDS[state][name], taken) for name in (first,)}
        again = self._try(self.world, second, DEEDS[state][second], taken)
        return (answers[first], again, self._end(taken))

    def at_once(self, state: State, first: str, second: str) -> tuple[tuple[str, ...], list[RuleBroken]]:
        taken, start, lost = self.bring(state), threading.Barrier(2), []

        def go(world: World, name: str) -> str:
            start.wait(10)
            return self._try(world, name, DEEDS[state][name], taken, lost)

        with ThreadPoolExecutor(2) as pool:
            sides = ((self.world, first), (self.other, second))
            runs = [pool.submit(go, world, name) for world, name in sides]
            answers = [run.result(30) for run in runs]
        return (*answers, self._end(taken)), lost

    def _try(self, world: World, name: str, deed: Deed, taken, lost: list | None = None) -> str:
        try:
            deed(world, self, taken)
        except RuleBroken as refusal:
            if lost is not None:
                lost.append(refusal)
            return refusal.code
        return "done"

    def _end(self, taken) -> str:
        return ",".join(turn.state for turn in self.world.turns(taken))


@pytest.fixture
def arena(any_world):
    other = World(any_world.settings.url, any_world.settings.data_dir, any_world.time)
    other._keys = itertools.count(1_000_000)  # no intent of the one is an intent of the other
    yield Arena(any_world, other)
    other.end()


def test_every_pair_of_verbs_on_one_turn_ends_as_one_order_would(arena):
    # SQLite has a single writer in one process; there a third of the pairs is enough.
    for state, first, second in PAIRS[:: 3 if arena.world.settings.on_sqlite else 1]:
        allowed = {
            arena.one_after_the_other(state, first, second),
            _swapped(arena.one_after_the_other(state, second, first)),
        }

        ended, lost = arena.at_once(state, first, second)

        assert ended in allowed, f"{state}: {first} with {second} ended as {ended}, not one of {allowed}"
        for refusal in lost:
            assert refusal.status == 409, refusal.detail
            if isinstance(refusal, WrongMoment):
                assert refusal.state, f"{state}: {first} with {second}: {refusal.detail}"
                assert STATE_WORDS[State(refusal.state)] in refusal.detail
    with arena.world.db.reading() as session:
        assert examine(session, arena.world.mall_id).violations == []


def test_whoever_loses_a_call_hears_at_which_desk_the_visitor_is(arena):
    for _ in range(20):
        _, lost = arena.at_once(State.WAITING, "call_next_1", "call_chosen")

        for refusal in (each for each in lost if isinstance(each, WrongMoment)):
            assert refusal.detail.endswith("sedang dipanggil di Loket 1.")
            assert refusal.counter == arena.one.id


def _swapped(ended: tuple[str, ...]) -> tuple[str, ...]:
    second, first, states = ended
    return first, second, states
