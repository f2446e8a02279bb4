"""Days on which everybody does anything at any time, held step by step against a mall of dicts and lists."""

import json
from collections import Counter as Tally
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import permutations, zip_longest
from random import Random

import pytest
from hypothesis import HealthCheck, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from mpp import clock
from mpp.actions import bearing, greeting, paper, tickets
from mpp.actions.bearing import BEARERS
from mpp.actions.desk import DESK, calling, holding, parking, sending, serving, undoing
from mpp.actions.greeting import HELP
from mpp.actions.issuing import TicketRequest
from mpp.actions.paper import PaperLine, RecordPaper
from mpp.actions.transaction import Command, Intent
from mpp.domain.errors import RuleBroken
from mpp.domain.order import Place
from mpp.domain.principal import Principal
from mpp.history import examine
from mpp.queries.desks import desk as desk_of
from mpp.queries.reading import Reading
from mpp.queries.why import why
from tests.actions.any_day_stage import COUNTERS, PEOPLE, QUEUES, RULES, SERVICES, Stage
from tests.actions.plain_mall import AT_DESK, WIB, PlainMall, Refused
from tests.world import Time

# Under each set of rules: runs, days of a run, deeds of a day, and what must have come of them.
# The first day of a run is the plainest, on which nothing happens, and from its tenth day on hypothesis
# would mostly repeat earlier days with a small change: short runs, each with its own seed, know more days.
RUNS, DAYS, LONGEST_DAY = 6, 9, 125
DEEDS, TIMES_DONE, TIMES_REFUSED = 5_000, 40, 3
TURNS = """
    SELECT id, ticket_id, queue_id, state, counter_id, priority, order_key, calls, nth, outs,
        kept_counter_id, kept_person_id, joined_at IS NOT NULL,
        coalesce(matters, (SELECT '["' || code || '"]' FROM service WHERE service.id = service_id))
    FROM turn ORDER BY id
"""
SEATS = "SELECT id, open, holder_id, paused_at IS NOT NULL, undo_turn_id FROM counter_state ORDER BY id"
GIVEN = """
    SELECT queue, count(DISTINCT turn_id) FROM event
    WHERE event IN ('turn_joined', 'turn_planned', 'turn_served') GROUP BY queue
"""
TIMES = "SELECT id, wait_us, walk_us, service_us, away_us FROM turn ORDER BY id"
USED = "SELECT queue_id, day, quota_used FROM queue_day WHERE series = '' ORDER BY queue_id, day"

# Every verb, and how often it is tried where it is possible.
OFTEN = {}
ROUTES = [list(permutations(SERVICES, length)) for length in (1, 2, 3)]
PASSING = [0, 0, 0, 0, 1, 2, 4, 7, 15, 40, 200, 800]
CLASSES = [None, "LANSIA", "UMUM"]
REGRETS = [None, None, 0, 9, 12]

number = st.binary(min_size=3, max_size=3).map(partial(int.from_bytes, byteorder="big"))
sitting = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(list(PEOPLE))), max_size=3)


@dataclass
class Whim:
    """What a deed chooses with from whatever there is: sensibly, or now and then (`wild`) from everything."""

    n: int
    m: int
    wild: int
    gap: int
    rest: int

    def one(self, options):
        """One of these; each further choice is another one."""
        self.rest, at = divmod(self.rest, len(options))
        return options[at]

    def among(self, everything, fits):
        """One that fits, or None; the wild take anything."""
        fitting = [each for each in everything if self.wild >= 14 or fits(each)]
        return fitting[self.n % len(fitting)] if fitting else None


def often(weight):
    """A verb: given a whim, the deed to be done now, or None where it is not possible."""

    def declare(verb):
        OFTEN[verb.__name__] = weight
        return verb

    return declare


def differing(real, plain):
    """The rows in which the real mall and the plain one differ, side by side."""
    return [rows for rows in zip_longest(real, plain) if rows[0] != rows[1]]


def in_state(*states):
    return lambda turn: turn["state"] in states


def at_night(machine):
    return not 6 <= machine.time.now().astimezone(WIB).hour < 22


class AnyDay(RuleBasedStateMachine):
    """Every rule is a deed at some moment: the plain mall says what must come of it, the real one does it."""

    stage: Stage

    def __init__(self):
        super().__init__()
        self.stage.begin()
        self.time, self.intents, self.woke, self.failed = Time(), 0, 0, False
        clock.use(self.time.now, lambda: self.time.uptime)
        self.plain = PlainMall(self.stage.founded, PEOPLE)

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

    @rule(pick=number, n=number, m=number, wild=st.integers(0, 15), gap=st.sampled_from(PASSING), rest=number)
    def somebody_does_something(self, pick, n, m, wild, gap, rest):
        """The first verb that is possible, in an order in which frequent ones tend to come first."""
        weights = [1] * len(OFTEN) if wild >= 14 else OFTEN.values()
        order = Random(pick).sample(list(OFTEN), counts=weights, k=sum(weights)) if pick else []
        for verb in dict.fromkeys(order):
            deed = getattr(self, verb)(Whim(n, m, wild, gap, rest))
            if deed is not None:
                note(verb)
                deed()
                return

    # Visitors, and greeters who help them.
    @often(5)
    def take(self, whim):
        services, code = whim.one(whim.one(ROUTES)), whim.one(CLASSES)
        if at_night(self) and whim.wild < 8:
            return None
        kiosk = Principal("kiosk", self.stage.kiosk, self.stage.mall_id)
        request = TicketRequest(services, code, "id", "kiosk", self.stage.kiosk)
        said = ("take", services, code)
        return partial(self.deed, whim.gap, kiosk, said, lambda command: tickets.take(command, request))

    @often(2)
    def cancel(self, whim):
        coming = in_state("planned", "waiting", "called")
        return self._for_ticket(whim, greeting.cancel, "cancel", coming, helped=True)

    @often(3)
    def step_out(self, whim):
        return self._for_ticket(whim, bearing.step_out, "step_out", in_state("waiting"))

    @often(30)
    def come_back(self, whim):
        return self._for_ticket(whim, bearing.come_back, "come_back", self._out)

    @often(2)
    def set_priority(self, whim):
        left, code = in_state("planned", "waiting", "missed", "serving"), whim.one(CLASSES)
        fields = {"priority": code, "reason": "salah_pilih"}
        return self._for_ticket(
            whim, greeting.set_priority, "set_priority", left, code, helped=True, fields=fields
        )

    @often(7)
    def add_stops(self, whim):
        over, services = in_state("done", "serving"), whim.one(whim.one(ROUTES))
        fields = {"services": list(services)}
        return self._for_ticket(
            whim, greeting.add_stops, "add_stops", over, services, helped=True, fields=fields
        )

    @often(2)
    def record_paper(self, whim):
        ticket, missed = self._ticket(whim, in_state("waiting")), whim.one([False, True])
        if ticket is None:
            return None
        lines = [turn["queue"] for turn in self.plain.turns if turn["ticket"] == ticket["id"]]
        counter = whim.among(self.plain.counters.values(), lambda each: lines[0] in each["queues"])
        place, result = self.stage.counters[counter["number"]].id, "missed" if missed else "served"
        written = RecordPaper(entries=[PaperLine(label=ticket["label"], counter=place, result=result)])
        said = ("record_paper", ticket["label"], counter, missed)
        helper = self.stage.officers["yuni"]
        return partial(self.deed, whim.gap, helper, said, lambda command: paper.record(command, written))

    # Who sits where.
    @often(2)
    def open(self, whim):
        """Somebody who may sits down where nobody sits or pauses; anybody anywhere, now and then."""
        free = [each for each in self.plain.counters.values() if not self._held(each) or each["paused"]]
        whim.wild = whim.one(range(8, 16))
        counter = whim.among(self.plain.counters.values(), lambda each: each in free)
        if counter is None:
            return None
        able = [who for who in PEOPLE if whim.wild >= 15 or self._may_sit(counter, who)] or list(PEOPLE)
        return partial(self._sit, counter["number"], whim.one(able), whim.one([False, True]), whim.gap)

    @often(1)
    def close(self, whim):
        return self._at_counter(whim, holding.close_counter, "close", self._idle, reason="pulang")

    @often(2)
    def pause(self, whim):
        minutes = whim.one([None, 15, -1])
        end = None if minutes is None else self._now(whim.gap) + timedelta(minutes=minutes)
        return self._at_counter(whim, holding.pause, "pause", self._idle, end, until=end, reason="istirahat")

    @often(1)
    def hand_over(self, whim):
        return self._at_counter(whim, holding.hand_over, "hand_over", self._held)

    # What an officer does for visitors.
    @often(18)
    def call_next(self, whim):
        return self._at_counter(whim, calling.call_next, "call_next", self._wanted)

    @often(9)
    def call_chosen(self, whim):
        reason = whim.one(["rentan", "rentan", "rentan", None])
        return self._for_turn(
            whim, calling.call, "call_chosen", self._chooses, "waiting", reason, reason=reason
        )

    @often(14)
    def recall(self, whim):
        return self._at_counter(whim, calling.recall, "recall", self._has("called"))

    @often(7)
    def start(self, whim):
        return self._at_counter(whim, calling.start, "start", self._has("called"))

    @often(11)
    def finish(self, whim):
        following = whim.one([(), (), whim.one(whim.one(ROUTES))])
        said = {**whim.one([{}, {"outcome": "served"}]), "next": list(following)}
        done = self._at_counter(whim, serving.finish, "finish", self._has("serving"), list(following), **said)
        return self._with_regret(done, whim.one(REGRETS))

    @often(45)
    def miss(self, whim):
        done = self._at_counter(whim, calling.miss, "miss", self._gone)
        return self._with_regret(done, whim.one(REGRETS))

    @often(6)
    def put_back(self, whim):
        return self._at_counter(whim, calling.put_back, "put_back", self._has("called"))

    @often(40)
    def return_missed(self, whim):
        return self._for_turn(whim, calling.return_missed, "return_missed", self._held, "missed")

    @often(4)
    def park(self, whim):
        written = whim.one([None, "menunggu berkas"])
        return self._at_counter(
            whim, parking.park, "park", self._has(*AT_DESK), reason="dokumen", note=written
        )

    @often(11)
    def resume(self, whim):
        call = whim.one([False, True])
        return self._for_turn(whim, parking.resume, "resume", self._idle, "parked", call, call=call)

    @often(7)
    def transfer(self, whim):
        """Kept for one of those who serve that line, or for nobody; the wild ones for anybody."""
        queue, position = whim.one(list(QUEUES)), whim.one(["front", "end", "by_arrival"])
        wild, agency = whim.wild >= 14, QUEUES[queue][0]
        serving_it = [each["number"] for each in COUNTERS if wild or queue in each["queues"]]
        own = [who for who, said in PEOPLE.items() if wild or said["agency"] in (None, agency)]
        number = whim.one([None, whim.one(serving_it)])
        name = whim.one([None, whim.one(own)])
        return self._at_counter(
            whim, sending.transfer, "transfer", self._has(*AT_DESK),
            queue, position, self.plain.counters[number] if number else None, name,
            queue=queue, position=Place(position), person=name, reason="beban",
            counter=self.stage.counters[number].id if number else None,
        )  # fmt: skip

    @often(3)
    def correct(self, whim):
        """The one at the desk, or one who waits."""
        service, at_desk = whim.one(list(SERVICES)), whim.one([True, False])
        if at_desk:
            return self._at_counter(
                whim, sending.correct, "correct", self._has(*AT_DESK), None, service, service=service
            )
        return self._for_turn(
            whim, sending.correct, "correct", self._held, "waiting", service, service=service
        )

    @often(1)
    def serve(self, whim):
        """Somebody without a number, for a service of that counter; the wild ones for any."""
        counter = whim.among(self.plain.counters.values(), self._idle)
        if counter is None:
            return None
        own = [one for one, line in SERVICES.items() if whim.wild >= 14 or line in counter["queues"]]
        service = whim.one(own)
        return self._verb(whim, serving.serve, ("serve", counter), service, service=service)

    @often(14)
    def undo(self, whim):
        whim.gap %= 15
        return self._at_counter(whim, undoing.undo, "undo", self._undoable(whim.gap))

    # Time.
    @often(5)
    def night_falls(self, whim):
        return partial(self._until_night, whim) if self.intents - self.woke >= 20 else None

    @often(20)
    def morning_comes(self, whim):
        return partial(self._until_morning, whim) if at_night(self) else None

    @often(2)
    def somebody_sets_the_clock_back(self, whim):
        return partial(self.time.set_clock, seconds=-whim.one([1, 30, 600]))

    # How a deed is done, and what must be true after it.
    def deed(self, gap, who, said, real):
        """Let the plain mall and the real one do the same; now and then a second time by one intent."""
        self.time.forward(seconds=gap)
        self.intents, self.failed = self.intents + 1, True
        command = Command(self.stage.db, who, Intent.of(who.actor, f"intent-{self.intents}", "POST /", {}))
        expected, refused = self._plainly(said)
        got, broken = self._really(real, command)
        assert broken == refused, f"{said[0]}: {broken or 'done'} instead of {refused or 'done'}"
        self.stage.tally["deeds"] += 1
        self.stage.tally[said[0] if broken is None else f"not {said[0]}"] += 1
        if broken is None:
            self._same_turn(got, expected)
            if self.intents % 9 == 0:
                assert self._really(real, command)[1] is None
        self.tables_are_those_of_the_plain_mall()
        self.failed = False

    def _plainly(self, said):
        try:
            return self.plain.attempt(self.time.now(), *said), None
        except Refused as refused:
            return None, refused.code

    @staticmethod
    def _really(real, command):
        try:
            return real(command), None
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
            shown = desk_of(Reading(session, self.stage.mall, now, self.plain.day, 0), place.id).next
            assert shown == (expected["id"] if expected else None)

    def _who_is_ahead_is_told(self, session):
        for queue in QUEUES:
            here = [turn for turn in self.plain.line(queue) if not self._out(turn)]
            line = [turn["id"] for turn in self.plain.in_order(queue, here)]
            for turn in line[-1:]:
                said = why(Reading(session, self.stage.mall, self._now(), self.plain.day, 0), turn, None)
                assert [each.turn for each in said.ahead] == line[:-1]

    def _row(self, turn):
        stage = self.stage
        kept = turn["kept_counter"] and stage.counters[turn["kept_counter"]].id
        person = turn["kept_person"] and stage.officers[turn["kept_person"]].id
        at = turn["counter"] and stage.counters[turn["counter"]].id
        return (
            turn["id"], turn["ticket"], stage.queue_ids[turn["queue"]], turn["state"], at, turn["priority"],
            turn["key"], turn["calls"], turn["nth"], turn["outs"], kept, person, turn["joined"] is not None,
            json.dumps(turn["services"]),
        )  # fmt: skip

    def _seat(self, counter):
        holder = counter["holder"] and self.stage.officers[counter["holder"]].id
        undo = counter["undo"] and counter["undo"]["id"]
        return self.stage.counters[counter["number"]].id, counter["open"], holder, counter["paused"], undo

    # Who does it, where, and to whom.
    def _until_night(self, whim):
        self._sleep(*whim.one([(23, 59), (0, 30), (4, 5)]))
        self.woke = self.intents

    def _until_morning(self, whim):
        self._sleep(7, 0)
        for _ in range(whim.one(range(4))):
            self._sit(whim.one(list(self.plain.counters)), whim.one(list(PEOPLE)), False)

    def _sit(self, number, officer, take_over, gap=0):
        person, place = self.stage.officers[officer], self.stage.counters[number]
        said = ("open", self.plain.counters[number], officer, take_over)
        verb = DESK.of(holding.open_counter)
        body = verb.body.model_validate({"take_over": take_over})
        self.deed(gap, person, said, lambda command: DESK.do(command, verb, place.id, body))

    def _may_sit(self, counter, who):
        holds = [each for each in self.plain.counters.values() if each["holder"] == who]
        return PEOPLE[who]["agency"] in (None, counter["agency"]) and (PEOPLE[who]["several"] or not holds)

    def _at_counter(self, whim, real, verb, fits, *said, **named):
        """A verb at a counter where it fits, by whoever holds it; the wild ones anywhere, by anybody."""
        counter = whim.among(self.plain.counters.values(), fits)
        return counter and self._verb(whim, real, (verb, counter), *said, **named)

    def _with_regret(self, done, gap):
        """The deed, and at once its undoing, if that may still be."""
        if done is None or gap is None:
            return done

        def both():
            done()
            number = done.args[2][1]["number"]
            self._verb(Whim(0, 0, 0, gap, 0), undoing.undo, ("undo", self.plain.counters[number]))()

        return both

    def _for_turn(self, whim, real, verb, fits, state, *said, **named):
        """A verb for a turn of the counter's agency that is in this state; the wild ones for any turn."""
        today = (state, self.plain.day)
        fitting = [
            turn for turn in self.plain.turns if whim.wild >= 14 or (turn["state"], turn["day"]) == today
        ]
        if not fitting:
            return None
        turn = fitting[whim.m % len(fitting)]
        agency = self.plain.queues[turn["queue"]]["agency"]
        here = [each for each in self.plain.counters.values() if whim.wild >= 14 or each["agency"] == agency]
        counter = whim.among(here, fits)
        return counter and self._verb(whim, real, (verb, counter), turn, *said, turn=turn["id"], **named)

    def _verb(self, whim, real, at, *said, **named):
        verb, counter = at
        anybody = list(PEOPLE)[whim.n % len(PEOPLE)]
        officer = counter["holder"] if counter["holder"] and whim.wild < 15 else anybody
        person, place = self.stage.officers[officer], self.stage.counters[counter["number"]]
        told = (verb, counter, officer, *said)
        verb = DESK.of(real)
        body = verb.body.model_validate(named)
        return partial(
            self.deed, whim.gap, person, told, lambda command: DESK.do(command, verb, place.id, body)
        )

    def _for_ticket(self, whim, real, verb, fits, *said, helped=False, fields=None):
        """What a visitor does, or a greeter for them, with a number that has a turn in such a state."""
        ticket = self._ticket(whim, fits)
        if ticket is None:
            return None
        bearer = Principal.bearer(ticket["id"], self.stage.mall_id)
        who, verbs = (self.stage.officers["yuni"], HELP) if helped else (bearer, BEARERS)
        registered, told = verbs.of(real), (verb, ticket, *said)
        body = registered.body.model_validate(fields or {})
        return partial(
            self.deed,
            whim.gap,
            who,
            told,
            lambda command: verbs.do(command, registered, ticket["id"], body),
        )

    def _ticket(self, whim, fits):
        today = self.plain.day
        reached = {turn["ticket"] for turn in self.plain.turns if turn["day"] == today and fits(turn)}
        return whim.among(self.plain.tickets, lambda ticket: ticket["id"] in reached)

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


TIME = ("night_falls", "morning_comes", "somebody_sets_the_clock_back")
VERBS = [verb for verb in OFTEN if verb not in TIME]
SETTINGS = settings(
    database=None,
    deadline=None,
    max_examples=DAYS,
    stateful_step_count=LONGEST_DAY,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rules", RULES)
def test_whatever_happens_on_any_day_the_mall_does_as_the_rules_say(tmp_path, rules):
    """Five thousand deeds under each set of rules, fifteen thousand in all; every verb done and refused."""
    stage = Stage(tmp_path, rules)

    for run in range(RUNS):
        days = seed(run)(type("AnyDay", (AnyDay,), {"stage": stage}))
        run_state_machine_as_test(days, settings=SETTINGS)

    rarely_done = {verb: stage.tally[verb] for verb in VERBS if stage.tally[verb] < TIMES_DONE}
    rarely_refused = {
        verb: stage.tally[f"not {verb}"] for verb in VERBS if stage.tally[f"not {verb}"] < TIMES_REFUSED
    }
    assert stage.tally["deeds"] >= DEEDS, stage.tally
    assert (rarely_done, rarely_refused) == ({}, {}), stage.tally
