"""Visitors, officers, greeters and an admin who do whatever comes to their minds, in the small mall."""

import random
from dataclasses import replace

from sqlalchemy import select, update

from mpp.actions import settings
from mpp.domain.counter import CounterState
from mpp.domain.errors import RuleBroken
from mpp.domain.life import ACTIVE, State
from mpp.domain.log import MallLog
from mpp.domain.mall import Mall
from mpp.domain.order import Place
from mpp.domain.people import Right
from mpp.domain.turn import Turn
from tests.history.deeds import Deeds
from tests.world import Taken

PLACES = (Place.FRONT, Place.END, Place.BY_ARRIVAL)
POLICIES = (
    {"kind": "head_start", "minutes": 15},
    {"kind": "ratio", "regular": 2, "priority": 1},
    {"kind": "ratio", "regular": 1, "priority": 1},
    {"kind": "strict"},
)
# What an officer may do while nobody is at the counter, somebody is called, somebody is served.
VERBS = {
    None: (
        *("call_next", "call_next", "call_next", "call_next", "call"),
        *("resume", "return_missed", "serve_without_number", "undo"),
    ),
    "called": (
        *("start", "start", "start", "start", "recall", "recall"),
        *("miss", "miss", "put_back", "park", "transfer", "correct"),
    ),
    "serving": ("finish", "finish", "finish", "finish", "park", "transfer", "correct"),
}


class Crowd:
    """A refusal is no trouble to them."""

    def __init__(self, world, seed):
        self.world, self.chance, self.deeds = world, random.Random(seed), Deeds(world)
        self.services = [world.ktp, world.kk, world.paspor, world.pajak]
        self.counters = [world.loket(number) for number in range(1, 6)]
        self.taken: list[Taken] = []
        self.done: dict[str, int] = {}

    def deed(self) -> bool:
        """Try one thing; True when it was allowed."""
        kind = self.chance.choices(
            (self._take, self._verb, self._desk, self._visitor, self._greeter, self._hall, self._admin),
            (3, 9, 2, 1, 2, 0.5, 0.3),
        )[0]
        try:
            name = kind()
        except RuleBroken:
            return False
        self.done[name] = self.done.get(name, 0) + 1
        return True

    def _take(self):
        route = self.chance.sample(self.services, self.chance.choice((1, 1, 1, 2, 3)))
        priority = self.chance.choice((None, None, None, "LANSIA", "UMUM"))
        key = self.chance.choice((None, f"tap-{self.chance.randrange(40)}"))
        self.taken.append(self.world.take(*route, priority=priority, key=key))
        return "take"

    def _verb(self):
        """An officer with the visitor at the counter, or with whom they bring there."""
        counter = self.chance.choice(self.counters)
        officer, verb = self._holder(counter), self.chance.choice(self._verbs(counter))
        said = {"call": self._call, "resume": self._resume, "return_missed": self._missed}
        said |= {"serve_without_number": self._service, "finish": self._outcome}
        said |= {"park": self._reason, "transfer": self._transfer, "correct": self._correction}
        arguments, more = said[verb]() if verb in said else ((), {})
        getattr(self.world, verb)(counter, *arguments, officer, **more)
        if verb in ("finish", "miss") and self.chance.random() < 0.2:
            self.world.undo(counter, officer)
            return "undo"
        return verb

    def _verbs(self, counter):
        """Mostly what there is to do at the counter now."""
        here = select(Turn.state).where(Turn.counter_id == counter.id, Turn.state.in_(ACTIVE))
        state = self.world.one(here)
        return (
            VERBS[state] if self.chance.random() < 0.9 else [each for some in VERBS.values() for each in some]
        )

    def _desk(self):
        """An officer with the counter itself."""
        verb = self.chance.choices(("open", "close", "pause", "hand_over"), (12, 1, 2, 1))[0]
        more = {"open": {"take_over": self.chance.random() < 0.3}, "hand_over": {}}
        reason = {"reason": self.chance.choice((None, "istirahat"))}
        counter = self.chance.choice(self.counters)
        getattr(self.world, verb)(counter, self._holder(counter), **more.get(verb, reason))
        return verb

    def _visitor(self):
        if not self.taken:
            return "nothing"
        one, deed = self.chance.choice(self.taken[-8:]), self.chance.randrange(4)
        if deed == 0:
            self.world.cancel(one)
        elif deed == 1:
            self.world.report_slip(one, self.chance.choice(("printed", "failed", "unknown")))
        elif deed == 2:
            self.deeds.step_out(one)
        else:
            self.deeds.come_back(one)
        return ("cancel", "report_slip", "step_out", "come_back")[deed]

    def _greeter(self):
        if not self.taken:
            return "nothing"
        one, deeds = self.chance.choice(self.taken[-20:]), self.deeds
        counter, missed = self.chance.choice(self.counters), self.chance.random() < 0.5
        name, deed = self.chance.choice(
            (
                ("needs", lambda: deeds.mark_needs(one)),
                ("priority", lambda: deeds.set_priority(one, self.chance.choice((None, "LANSIA", "UMUM")))),
                ("return", lambda: deeds.return_missed(one)),
                ("stops", lambda: deeds.add_stops(one, self.chance.choice(self.services))),
                ("correct_waiting", lambda: deeds.correct(one, self.chance.choice(self.services))),
                ("slip", lambda: deeds.ask_for_slip(one, copy=self.chance.random() < 0.5)),
                ("paper", lambda: deeds.record_paper((one.label, counter, missed))),
                ("note_erased", deeds.erase_last_note),
            )
        )
        deed()
        return name

    def _hall(self):
        deeds, zone = self.deeds, self.chance.choice(("merah", "biru"))
        agency, booked = self.chance.choice(("A", "B")), deeds.booked()
        name, deed = self.chance.choice(
            (
                ("disturb", lambda: deeds.disturb(agency)),
                ("calm", lambda: deeds.calm(agency)),
                ("alarm", lambda: deeds.alarm(zone)),
                ("all_clear", lambda: deeds.all_clear(zone)),
                ("book", lambda: deeds.book(self.chance.choice(self.services), self.chance.choice((2, 40)))),
                ("book", lambda: deeds.book(self.chance.choice(self.services), 10)),
                ("check_in", lambda: booked and deeds.check_in(self.chance.choice(booked))),
                ("cancel_booking", lambda: booked and deeds.cancel_booking(self.chance.choice(booked))),
                ("grant", lambda: deeds.grant("sari")),
                ("revoke", lambda: deeds.revoke("sari")),
            )
        )
        deed()
        return name

    def _admin(self):
        """The order of a line, how a counter picks, and where a turn enters a line."""
        console = self.world.console
        deed = self.chance.randrange(3)
        if deed == 0:
            queue = self.chance.choice(("AA", "AB", "CA"))
            settings.set_queue(console, queue, self.chance.choice(POLICIES), None)
        elif deed == 1:
            picks = self.chance.choice(("preference", "longest_wait", "relative_wait"))
            settings.set_counter(
                console, self.chance.choice(self.counters).id, picks, self.chance.random() < 0.5
            )
        else:
            self._rules()
        return ("set_queue", "set_counter", "rules")[deed]

    def _rules(self):
        places = {"return_place": self.chance.choice(PLACES).value}
        places["journey_place"] = self.chance.choice((*PLACES, Place.READY)).value
        with self.world.db.jotting() as session:
            mall = session.get_one(Mall, self.world.mall_id)
            mall.rules = {**mall.rules, **places}
            session.execute(update(MallLog).values(plan_version=MallLog.plan_version + 1))

    def _holder(self, counter):
        """Mostly the officer who holds the counter."""
        people = {each.id: each for each in (self.world.budi, self.world.sari)}
        holder = self.world.one(select(CounterState.holder_id).where(CounterState.id == counter.id))
        officer = people.get(holder) if self.chance.random() < 0.9 else None
        officer = officer or self.chance.choice(list(people.values()))
        return replace(officer, rights=frozenset({Right.CALL_CHOSEN}))

    def _call(self):
        return (self._turn(State.WAITING),), {"reason": "darurat", "note": self._note()}

    def _resume(self):
        return (self._turn(State.PARKED),), {"call": self.chance.random() < 0.5}

    def _missed(self):
        return (self._turn(State.MISSED),), {}

    def _service(self):
        return (self.chance.choice(self.services),), {}

    def _outcome(self):
        following = self.chance.sample(self.services, self.chance.choice((0, 0, 1, 2)))
        said = {"following": tuple(each.code for each in following), "note": self._note()}
        return (), said | self.chance.choice(({}, {"outcome": "served"}))

    def _reason(self):
        return (), {"reason": self.chance.choice((None, "dokumen")), "note": self._note()}

    def _transfer(self):
        kept = self.chance.choice(
            ({}, {"counter": self.chance.choice(self.counters).id}, {"person": "budi"}, {"person": "sari"})
        )
        where = {"position": self.chance.choice(PLACES), "reason": self.chance.choice((None, "beban"))}
        return (self.chance.choice(("AA", "AB", "BA", "CA")),), {**where, **kept, "note": self._note()}

    def _correction(self):
        turn = self.chance.choice((None, self._turn(State.WAITING), self._turn(State.CALLED)))
        return (self.chance.choice(self.services),), {"turn": turn}

    def _note(self):
        return self.chance.choice((None, None, "menunggu salinan"))

    def _turn(self, state) -> int:
        """One that stands so now; or, when there is none, any."""
        wanted = select(Turn.id).where(Turn.state == state.value).order_by(Turn.id.desc()).limit(5)
        with self.world.db.reading() as session:
            found = list(session.scalars(wanted))
        return self.chance.choice(found or [1])
