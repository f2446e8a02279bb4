"""Days on which everybody does anything at any time, held step by step against a mall of dicts and lists."""

from collections import Counter as Tally
from datetime import timedelta
from itertools import zip_longest
from types import FunctionType

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mpp import clock
from mpp.actions import calls, desk, greeting, paper, serving, stepping, tickets
from mpp.actions.greeting import Helper
from mpp.actions.work import Wish
from mpp.domain.errors import RuleBroken
from mpp.domain.order import Place
from mpp.history import examine
from mpp.queries.desks import desk as desk_of
from mpp.queries.why import why
from tests.actions.any_day_stage import COUNTERS, PEOPLE, QUEUES, RULES, SERVICES, Stage
from tests.actions.plain_mall import AT_DESK, WIB, PlainMall, Refused
from tests.world import TOKEN_KEY, Time

# What an officer usually does next, by the state of whoever is at the counter.
BEGIN, AGAIN = ("start", calls.start, (), {}), ("recall", calls.recall, (), {})
MISS, UNDO = ("miss", calls.miss, (), {}), ("undo", serving.undo, (), {})
USUAL_DEEDS = {
    "idle": [("call_next", calls.call_next, (), {})],
    "just ended": [UNDO, UNDO, ("call_next", calls.call_next, (), {})],
    "called": [BEGIN, AGAIN],
    "gone": [MISS, MISS, MISS, BEGIN],
    "serving": [("finish", serving.finish, ([],), {"outcome": {}})],
}

DEEDS, EXAMPLES, LONGEST_DAY = 5_000, 150, 85
TURNS = """
    SELECT id, ticket_id, queue_id, state, counter_id, priority, order_key, calls, nth, outs,
        kept_counter_id, kept_person_id, joined_at IS NOT NULL
    FROM turn ORDER BY id
"""
SEATS = "SELECT id, open, holder_id, paused_at IS NOT NULL, undo_turn_id FROM counter ORDER BY position, id"
GIVEN = """
    SELECT queue, count(DISTINCT turn_id) FROM event
    WHERE event IN ('turn_joined', 'turn_planned', 'turn_served') GROUP BY queue
"""
TIMES = "SELECT id, wait_us, walk_us, service_us, away_us FROM turn ORDER BY id"
USED = "SELECT queue_id, day, quota_used FROM queue_day WHERE series = '' ORDER BY queue_id, day"

VERBS = (
    "take", "cancel", "step_out", "come_back", "set_priority", "add_stops", "record_paper", "open", "close",
    "pause", "hand_over", "call_next", "call_chosen", "recall", "start", "finish", "miss", "put_back",
    "return_missed", "park", "resume", "transfer", "correct", "serve", "undo",
)  # fmt: skip

# A deed chooses with these from whatever there is: sensibly, or now and then (`wild`) from everything.
which = st.integers(0, 40)
wild = st.integers(0, 15)
passing = st.sampled_from([0, 0, 0, 0, 1, 2, 4, 7, 15, 40, 200, 800])
classes = st.sampled_from([None, "LANSIA", "UMUM"])
services = st.sampled_from(list(SERVICES))
routes = st.lists(services, min_size=1, max_size=3, unique=True)
sitting = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(list(PEOPLE))), max_size=3)
regrets = st.sampled_from([None, None, 0, 9, 12])
some = {"n": which, "w": wild, "gap": passing}


OFTEN = []


def often(times, when=None, **draws):
    """A rule that stands in the machine several times, each under a name of its own."""

    def declare(deed):
        OFTEN.append((deed, times, when, draws))
        return rule_when(when, draws)(deed)

    return declare


def rule_when(when, draws):
    return lambda deed: precondition(when)(rule(**draws)(deed)) if when else rule(**draws)(deed)


def differing(real, plain):
    """The rows in which the real mall and the plain one differ, side by side."""
    return [rows for rows in zip_longest(real, plain) if rows[0] != rows[1]]


def in_state(*states):
    return lambda turn: turn["state"] in states


def after_a_full_day(machine):
    return machine.wishes - machine.woke >= 20


def once_in_a_while(machine):
    return machine.wishes % 20 == 7


def at_night(machine):
    return not 6 <= machine.time.now().astimezone(WIB).hour < 22


class AnyDay(RuleBasedStateMachine):
    """Every rule is a deed at some moment: the plain mall says what must come of it, the real one does it."""

    stage: Stage

    def __init__(self):
        super().__init__()
        self.stage.begin()
        self.time, self.wishes, self.woke, self.failed = Time(), 0, 0, False
        clock.use(self.time.now, lambda: self.time.uptime)
        self.plain = PlainMall(self.stage.mall, PEOPLE)

    @initialize(sitting=sitting)
    def people_sit_down(self, sitting):
        for number, officer in [(1, "tono"), (2, "budi"), (5, "wati"), *sitting]:
            self._sit(number, officer, False)

    def teardown(self):
        try:
            if not self.failed:
                self.everything_adds_up()
        finally:
            self.stage.end()
            clock.use(None)

    # Visitors, and greeters who help them.
    @often(3, services=routes, code=classes, gap=passing)
    def take(self, services, code, gap):
        self._take(services, code, gap)

    @often(2, **some)
    def cancel(self, n, w, gap):
        self._for_ticket(
            n, w, gap, greeting.cancel, "cancel", in_state("planned", "waiting", "called"), helped=True
        )

    @often(2, **some)
    def step_out(self, n, w, gap):
        self._for_ticket(n, w, gap, stepping.step_out, "step_out", in_state("waiting"))

    @often(2, **some)
    def come_back(self, n, w, gap):
        self._for_ticket(n, w, gap, stepping.come_back, "come_back", self._out)

    @often(2, **some, code=classes)
    def set_priority(self, n, w, gap, code):
        left = in_state("planned", "waiting", "missed", "serving")
        self._for_ticket(
            n, w, gap, greeting.set_priority, "set_priority", left, code, helped=True, more=("salah_pilih",)
        )

    @often(2, **some, services=routes)
    def add_stops(self, n, w, gap, services):
        self._for_ticket(
            n, w, gap, greeting.add_stops, "add_stops", in_state("done", "serving"), services, helped=True
        )

    @rule(**some, m=which, missed=st.booleans())
    def record_paper(self, n, w, gap, m, missed):
        ticket = self._ticket(n, w, in_state("waiting"))
        if ticket is None:
            self._life(m % 5 + 1, n, None, gap)
            return
        lines = [turn["queue"] for turn in self.plain.turns if turn["ticket"] == ticket["id"]]
        counter = self._choose(m, w, self.plain.counters.values(), lambda each: lines[0] in each["queues"])
        helper = Helper(self.stage.officers["yuni"].actor, None)
        written = [paper.Line(ticket["label"], self.stage.counters[counter["number"]].id, missed)]
        said = ("record_paper", ticket["label"], counter, missed)
        self.deed(gap, helper.actor, paper.record, said, helper, written, "WISH")

    # Who sits where.
    @often(
        2,
        number=st.integers(1, 5),
        officer=st.sampled_from(list(PEOPLE)),
        take_over=st.booleans(),
        gap=passing,
    )
    def open(self, number, officer, take_over, gap):
        self._sit(number, officer, take_over, gap)

    @rule(**some)
    def close(self, n, w, gap):
        self._at_counter(n, w, gap, desk.close_counter, "close", self._idle, reason="pulang")

    @rule(**some, minutes=st.sampled_from([None, 15, -1]))
    def pause(self, n, w, gap, minutes):
        end = None if minutes is None else self._now(gap) + timedelta(minutes=minutes)
        self._at_counter(n, w, gap, desk.pause, "pause", self._idle, end, until=end, reason="istirahat")

    @rule(**some)
    def hand_over(self, n, w, gap):
        self._at_counter(n, w, gap, desk.hand_over, "hand_over", self._held)

    # What an officer does for visitors.
    @often(8, number=st.integers(1, 5), what=which, code=classes, gap=passing)
    def life_goes_on(self, number, what, code, gap):
        self._life(number, what, code, gap)

    @rule(**some)
    def call_next(self, n, w, gap):
        self._at_counter(n, w, gap, calls.call_next, "call_next", self._wanted)

    @often(2, **some, m=which, reason=st.sampled_from(["rentan", "rentan", "rentan", None]))
    def call_chosen(self, n, w, gap, m, reason):
        self._for_turn(
            n, w, gap, m, calls.call_chosen, "call_chosen", self._chooses, "waiting", reason, reason=reason
        )

    @rule(**some)
    def recall(self, n, w, gap):
        self._at_counter(n, w, gap, calls.recall, "recall", self._has("called"))

    @rule(**some)
    def start(self, n, w, gap):
        self._at_counter(n, w, gap, calls.start, "start", self._has("called"))

    @rule(**some, following=st.one_of(st.just([]), routes), regret=regrets)
    def finish(self, n, w, gap, following, regret):
        said = {"outcome": {"outcome": "served"} if n % 2 else {}, "following": tuple(following)}
        counter = self._at_counter(
            n, w, gap, serving.finish, "finish", self._has("serving"), following, **said
        )
        self._regret(counter, regret)

    @rule(**some, regret=regrets)
    def miss(self, n, w, gap, regret):
        counter = self._at_counter(n, w, gap, calls.miss, "miss", self._gone)
        self._regret(counter, regret)

    @often(2, **some)
    def put_back(self, n, w, gap):
        self._at_counter(n, w, gap, calls.put_back, "put_back", self._has("called"))

    @often(3, **some, m=which)
    def return_missed(self, n, w, gap, m):
        self._for_turn(n, w, gap, m, calls.return_missed, "return_missed", self._held, "missed")

    @often(2, **some, note=st.sampled_from([None, "menunggu berkas"]))
    def park(self, n, w, gap, note):
        self._at_counter(n, w, gap, serving.park, "park", self._has(*AT_DESK), reason="dokumen", note=note)

    @often(3, **some, m=which, call=st.booleans())
    def resume(self, n, w, gap, m, call):
        self._for_turn(n, w, gap, m, serving.resume, "resume", self._idle, "parked", call, call=call)

    @often(
        3,
        **some,
        queue=st.sampled_from(list(QUEUES)),
        position=st.sampled_from(["front", "end", "by_arrival"]),
        kept=st.sampled_from([None, None, 0, 1, 2]),
        person=st.sampled_from([None, None, 0, 1, 2]),
    )
    def transfer(self, n, w, gap, queue, position, kept, person):
        """Kept for one of those who serve that line, or for nobody; the wild ones for anybody."""
        serving_it = [each for each in COUNTERS if w >= 14 or queue in each["queues"]]
        own = [who for who, said in PEOPLE.items() if w >= 14 or said["agency"] in (None, QUEUES[queue][0])]
        number = None if kept is None else serving_it[kept % len(serving_it)]["number"]
        name = None if person is None else own[person % len(own)]
        self._at_counter(
            n, w, gap, serving.transfer, "transfer", self._has(*AT_DESK),
            queue, position, self.plain.counters[number] if number else None, name,
            queue=queue, position=Place(position), person=name, reason="beban",
            counter=self.stage.counters[number].id if number else None,
        )  # fmt: skip

    @rule(**some, service=services)
    def correct_at_the_desk(self, n, w, gap, service):
        self._at_counter(
            n, w, gap, serving.correct, "correct", self._has(*AT_DESK), None, service, service=service
        )

    @rule(**some, m=which, service=services)
    def correct(self, n, w, gap, m, service):
        self._for_turn(
            n, w, gap, m, serving.correct, "correct", self._held, "waiting", service, service=service
        )

    @rule(**some, service=services)
    def serve(self, n, w, gap, service):
        self._at_counter(
            n, w, gap, serving.serve, "serve", self._idle, service, service=service, token_key=TOKEN_KEY
        )

    @often(2, **some)
    def undo(self, n, w, gap):
        self._at_counter(n, w, gap % 15, serving.undo, "undo", self._undoable(gap % 15))

    # Time.
    @often(4, when=after_a_full_day, hour=st.sampled_from([(23, 59), (0, 30), (4, 5)]))
    def night_falls(self, hour):
        self._sleep(*hour)
        self.woke = self.wishes

    @often(4, when=at_night, sitting=sitting)
    def morning_comes(self, sitting):
        self._sleep(7, 0)
        for number, officer in sitting:
            self._sit(number, officer, False)

    @precondition(once_in_a_while)
    @rule(seconds=st.sampled_from([1, 30, 600]))
    def somebody_sets_the_clock_back(self, seconds):
        self.time.set_clock(seconds=-seconds)

    # How a deed is done, and what must be true after it.
    def deed(self, gap, actor, real, said, *more, **named):
        """Let the plain mall and the real one do the same; a second time with the same wish, now and then."""
        self.time.forward(seconds=gap)
        self.wishes, self.failed = self.wishes + 1, True
        wish = Wish.of(actor, f"wish-{self.wishes}", "POST", "/", {})
        more = [wish if each == "WISH" else each for each in more]
        expected, refused = self._plainly(said)
        got, broken = self._really(real, more, named)
        assert broken == refused, f"{said[0]}: {broken or 'done'} instead of {refused or 'done'}"
        self.stage.tally["deeds"] += 1
        self.stage.tally[said[0] if broken is None else f"not {said[0]}"] += 1
        if broken is None:
            self._same_turn(got, expected)
            if self.wishes % 9 == 0:
                assert self._really(real, more, named)[1] is None
        self.tables_are_those_of_the_plain_mall()
        self.failed = False

    def _plainly(self, said):
        try:
            return self.plain.attempt(self.time.now(), *said), None
        except Refused as refused:
            return None, refused.code

    def _really(self, real, more, named):
        try:
            return real(self.stage.db, self.stage.plan, *more, **named), None
        except RuleBroken as broken:
            return None, broken.code

    @staticmethod
    def _same_turn(got, expected):
        """The answer of a desk names the turn that was to move, and what it is now."""
        if isinstance(got, dict) and isinstance(expected, dict) and "counter" in got:
            assert (got["turn"]["id"], got["turn"]["state"]) == (expected["id"], expected["state"])

    def tables_are_those_of_the_plain_mall(self):
        """Every turn stands where it must, none has vanished, and no counter has two visitors."""
        look = self.stage.eye.execute
        turns = look(TURNS).fetchall()
        assert differing(turns, [self._row(turn) for turn in self.plain.turns]) == []
        seats = [self._seat(each) for each in self.plain.counters.values()]
        assert differing(look(SEATS).fetchall(), seats) == []
        per_queue = Tally(self.stage.queue_codes[turn[2]] for turn in turns)
        assert per_queue == dict(look(GIVEN).fetchall())
        numbers = look("SELECT coalesce(sum(last_number), 0) FROM queue_day").fetchone()[0]
        assert numbers == len(self.plain.tickets) == len({turn[1] for turn in turns})
        visitors = Tally(turn[4] for turn in turns if turn[3] in AT_DESK)
        assert set(visitors.values()) <= {1}

    def everything_adds_up(self):
        """At the end of a run: the times, the quota, what desks and staff are told, and the whole log."""
        plain = self.plain
        parts = [(turn["id"], *plain.spent(turn).values()) for turn in plain.turns]
        assert differing(self.stage.eye.execute(TIMES).fetchall(), parts) == []
        quota = [(self.stage.queue_ids[queue], str(day), used) for (queue, day), used in plain.used.items()]
        assert differing(self.stage.eye.execute(USED).fetchall(), sorted(quota)) == []
        with self.stage.db.reading() as session:
            assert examine(session, self.stage.mall_id).violations == []
            if plain.day is not None:
                self._the_next_are_shown(session)
                self._who_is_ahead_is_told(session)

    def _the_next_are_shown(self, session):
        now = self._now()
        for counter in self.plain.counters.values():
            expected, place = self.plain.next_for(now, counter), self.stage.counters[counter["number"]]
            shown = desk_of(session, self.stage.plan, place.id, self.plain.day, now, 0)["next"]
            assert shown == (expected["id"] if expected else None)

    def _who_is_ahead_is_told(self, session):
        for queue in QUEUES:
            here = [turn for turn in self.plain.line(queue) if not self._out(turn)]
            line = [turn["id"] for turn in self.plain.in_order(queue, here)]
            for turn in line[-1:]:
                said = why(session, self.stage.plan, turn, None, self.plain.day, self._now())
                assert [each["turn"] for each in said["ahead"]] == line[:-1]

    def _row(self, turn):
        stage = self.stage
        kept = turn["kept_counter"] and stage.counters[turn["kept_counter"]].id
        person = turn["kept_person"] and stage.officers[turn["kept_person"]].person_id
        at = turn["counter"] and stage.counters[turn["counter"]].id
        return (
            turn["id"], turn["ticket"], stage.queue_ids[turn["queue"]], turn["state"], at, turn["priority"],
            turn["key"], turn["calls"], turn["nth"], turn["outs"], kept, person, turn["joined"] is not None,
        )  # fmt: skip

    def _seat(self, counter):
        holder = counter["holder"] and self.stage.officers[counter["holder"]].person_id
        undo = counter["undo"] and counter["undo"]["id"]
        return self.stage.counters[counter["number"]].id, counter["open"], holder, counter["paused"], undo

    # Who does it, where, and to whom.
    def _sit(self, number, officer, take_over, gap=0):
        person, place = self.stage.officers[officer], self.stage.counters[number]
        said = ("open", self.plain.counters[number], officer, take_over)
        self.deed(gap, person.actor, desk.open_counter, said, person, place.id, "WISH", take_over=take_over)

    def _take(self, services, code, gap):
        kiosk = f"device:{self.stage.kiosk}"
        request = tickets.Request(tuple(services), code, "id", "kiosk", self.stage.kiosk)
        self.deed(gap, kiosk, tickets.take, ("take", services, code), kiosk, request, "WISH", TOKEN_KEY)

    def _life(self, number, what, code, gap):
        """The usual next thing at a counter: sit down, call, begin, come to an end; or somebody comes."""
        counter = self.plain.counters[number]
        if not self._held(counter) or counter["paused"]:
            free = [who for who in PEOPLE if self._may_sit(counter, who)] or list(PEOPLE)
            self._sit(number, free[what % len(free)], False, gap)
        elif self._state_of(counter, gap) == "idle" and not self._wanted(counter):
            if at_night(self):
                self._sleep(7, 0)
            served = [service for service, queue in SERVICES.items() if queue in counter["queues"]]
            self._take(served[what % len(served) :][:2], code, gap)
        else:
            state = self._state_of(counter, gap)
            verb, real, said, named = USUAL_DEEDS[state][what % len(USUAL_DEEDS[state])]
            self._verb(what, 0, gap, real, (verb, counter), said, named)

    def _may_sit(self, counter, who):
        holds = [each for each in self.plain.counters.values() if each["holder"] == who]
        return PEOPLE[who]["agency"] in (None, counter["agency"]) and (PEOPLE[who]["several"] or not holds)

    def _at_counter(self, n, w, gap, real, verb, fits, *said, **named):
        """A verb at a counter where it fits, by whoever holds it; the wild ones anywhere, by anybody."""
        counter = self._choose(n, w, self.plain.counters.values(), fits)
        if counter is None:
            self._life(n % 5 + 1, n, None, gap)
        else:
            self._verb(n, w, gap, real, (verb, counter), said, named)
        return counter

    def _regret(self, counter, gap):
        """Take back at once what was the last thing at this counter, if it may still be."""
        if counter is not None and gap is not None:
            counter = self.plain.counters[counter["number"]]
            self._verb(0, 0, gap, serving.undo, ("undo", counter), (), {})

    def _for_turn(self, n, w, gap, m, real, verb, fits, state, *said, **named):
        """A verb for a turn of the counter's agency that is in this state; the wild ones for any turn."""
        fitting = [turn for turn in self.plain.turns if w >= 14 or turn["state"] == state]
        turn = fitting[m % len(fitting)] if fitting else None
        agency = turn and self.plain.queues[turn["queue"]]["agency"]
        here = [each for each in self.plain.counters.values() if w >= 14 or each["agency"] == agency]
        counter = self._choose(n, w, here, fits)
        if turn is None or counter is None:
            self._life(n % 5 + 1, m, None, gap)
        else:
            self._verb(n, w, gap, real, (verb, counter), (turn, *said), {"turn_id": turn["id"], **named})

    def _verb(self, n, w, gap, real, at, said, named):
        verb, counter = at
        officer = counter["holder"] if counter["holder"] and w < 15 else list(PEOPLE)[n % len(PEOPLE)]
        person, place = self.stage.officers[officer], self.stage.counters[counter["number"]]
        self.deed(gap, person.actor, real, (verb, counter, officer, *said), person, place.id, "WISH", **named)

    def _for_ticket(self, n, w, gap, real, verb, fits, *said, helped=False, more=()):
        """What a visitor does, or a greeter for them, with a number that has a turn in such a state."""
        ticket = self._ticket(n, w, fits)
        if ticket is None:
            self._life(n % 5 + 1, n, None, gap)
            return
        actor = self.stage.officers["yuni"].actor if helped else f"ticket:{ticket['id']}"
        who = Helper(actor, None) if helped else actor
        self.deed(gap, actor, real, (verb, ticket, *said), who, ticket["id"], "WISH", *said, *more)

    def _ticket(self, n, w, fits):
        reached = {turn["ticket"] for turn in self.plain.turns if fits(turn)}
        return self._choose(n, w, self.plain.tickets, lambda ticket: ticket["id"] in reached)

    @staticmethod
    def _choose(n, w, everything, fits):
        """One that fits, or None; the wild take anything."""
        fitting = [each for each in everything if w >= 14 or fits(each)]
        return fitting[n % len(fitting)] if fitting else None

    def _held(self, counter):
        return counter["holder"] is not None

    def _idle(self, counter):
        return self._held(counter) and not counter["paused"] and self.plain.visitor(counter) is None

    def _wanted(self, counter):
        return self._idle(counter) and self.plain.next_for(self._now(), counter) is not None

    def _has(self, *states):
        def fits(counter):
            visitor = self.plain.visitor(counter)
            return self._held(counter) and visitor is not None and visitor["state"] in states

        return fits

    def _state_of(self, counter, gap):
        """What stands to be done at a counter."""
        visitor = self.plain.visitor(counter)
        if visitor is None:
            return "just ended" if self._undoable(gap)(counter) else "idle"
        return "gone" if self._gone(counter) else visitor["state"]

    def _gone(self, counter):
        """Whoever was called there did not come, although the mall was patient."""
        rules, visitor = self.plain.rules, self.plain.visitor(counter)
        if not self._has("called")(counter) or visitor["nth"] < rules["missed_after_calls"]:
            return False
        return self._now() - self.plain.since(visitor) >= timedelta(seconds=rules["missed_after_seconds"])

    def _undoable(self, gap):
        def fits(counter):
            turn, last = counter["undo"], timedelta(seconds=self.plain.rules["undo_seconds"] - gap)
            return self._idle(counter) and turn is not None and self._now() - self.plain.since(turn) <= last

        return fits

    def _chooses(self, counter):
        return self._idle(counter) and PEOPLE[counter["holder"]]["may_choose"]

    def _out(self, turn):
        return turn["state"] == "waiting" and turn["out_until"] and turn["out_until"] > self._now()

    def _sleep(self, hour, minute):
        local = self.time.now().astimezone(WIB)
        self.time.until(hour, minute, days=int((local.hour, local.minute) >= (hour, minute)))

    def _now(self, gap=0):
        clock_says = self.time.now() + timedelta(seconds=gap)
        return max(clock_says, self.plain.last or clock_says)


# What happens most in a mall is drawn most.
for declared, times, when, draws in OFTEN:
    for nth in range(2, times + 1):
        name = f"{declared.__name__}_{nth}"
        again = FunctionType(declared.__code__, declared.__globals__, name, None, declared.__closure__)
        setattr(AnyDay, name, rule_when(when, draws)(again))

DAYS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=EXAMPLES,
    stateful_step_count=LONGEST_DAY,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rules", RULES)
def test_whatever_happens_on_any_day_the_mall_does_as_the_rules_say(tmp_path, rules):
    """Five thousand deeds under each set of rules, fifteen thousand together, the same ones in every run."""
    stage = Stage(tmp_path, rules)

    run_state_machine_as_test(type("AnyDay", (AnyDay,), {"stage": stage}), settings=DAYS)

    never_done = [verb for verb in VERBS if not stage.tally[verb]]
    assert stage.tally["deeds"] >= DEEDS, stage.tally
    assert never_done == [], stage.tally
