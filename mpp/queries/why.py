"""Why not me yet: the answer for any waiting turn, for staff and for the visitor."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.domain.base import table
from mpp.domain.calendar import time_words
from mpp.domain.counter import CounterState
from mpp.domain.errors import NotFound
from mpp.domain.life import State, Verb
from mpp.domain.log import Event
from mpp.domain.mall import Queue
from mpp.domain.order import Place, Staffed, Waiting, micros, next_for_counter
from mpp.domain.people import Person
from mpp.domain.turn import Turn
from mpp.domain.why import (
    Standing,
    ahead_of,
    choice_of,
    choice_sentence,
    mark,
    place_sentence,
    sentence,
    visitor_sentence,
)
from mpp.queries.lines import ahead
from mpp.queries.order import caller, calls_of, heads, line, staffed
from mpp.queries.reading import Reading

TURN, EVENT, COUNTER, PERSON = table(Turn), table(Event), table(CounterState), table(Person)
PLACED = (Verb.JOINED.value, Verb.RETURNED.value)
STANDS = TURN.c.id, TURN.c.label, TURN.c.arrived_at, TURN.c.place, TURN.c.head_start
# Counters that work now, each with who holds it.
Holders = dict[int, int | None]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ahead:
    """`rule`: came_earlier, by_arrival, appointment, journey, head_start, strict, front, end, or ratio."""

    turn: int
    label: str
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Why:
    """`place` 1 is the next of its line; `sentence` is for staff, `visitor` for the visitor."""

    turn: int
    label: str
    place: int
    ahead: list[Ahead]
    sentence: str
    visitor: str


def why(reading: Reading, turn_id: int, agency_id: int | None) -> Why:
    """Who is ahead of a waiting turn of today, by which rule, and what else it waits for.

    Raises `NotFound` (also for another agency's turn) and `WrongMoment` (it does not wait).
    """
    mall, now = reading.mall, reading.now
    turn = _waiting_turn(reading, turn_id, agency_id)
    queue, look = mall.queue_ids[turn.queue_id], _Look(reading)
    standing = look.standings(queue)
    own = next(each for each in standing if each.seen.turn == turn_id)
    calls = calls_of(reading.connection, queue, reading.day)
    here = [each for each in standing if each is own or each.seen.is_here(micros(now))]
    before = ahead_of(turn_id, here, queue.policy, calls)
    said = [
        (each, rule, sentence(each, own, rule, queue.policy, mall.timezone), look.passed_over(each.seen))
        for each, rule in before
    ]
    working = look.working(queue)
    first = place_sentence(turn.label, queue.name, len(before) + 1, served=bool(working))
    return Why(
        turn=turn.id,
        label=turn.label,
        place=len(before) + 1,
        ahead=[Ahead(each.seen.turn, each.label, rule.value, _joined(*words)) for each, rule, *words in said],
        sentence=_joined(first, look.passed_over(own.seen), *look.counters(queue, working)),
        visitor=_joined(visitor_sentence(len(before)), look.awaited(own.seen)),
    )


def why_of_line(reading: Reading, queue: Queue) -> dict[int, str | None]:
    """For each waiting turn of a line what is special about its place, in a few words; else None."""
    look, marks = _Look(reading), dict[int, str | None]()
    for each in look.standings(queue):
        words = mark(each, queue.policy, reading.mall.timezone), look.kept_for(each.seen)
        marks[each.seen.turn] = "; ".join(word for word in words if word) or None
    return marks


def why_visitor(reading: Reading, turn: Turn, language: str = "id") -> str | None:
    """The sentence for the visitor of a turn; None for one that does not wait."""
    if turn.state != State.WAITING:
        return None
    queue = reading.mall.queue_ids[turn.queue_id]
    said = visitor_sentence(ahead(reading, queue, turn), language)
    if turn.kept_counter_id is None and turn.kept_person_id is None:
        return said
    waiting = line(reading.connection, queue, turn.day)
    own = next(each for each in waiting if each.turn == turn.id)
    return _joined(said, _Look(replace(reading, day=turn.day)).awaited(own, language))


class _Look:
    """One look at the lines of a mall: who stands where, and for whom they wait."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.mall, self.day, self.now = reading, reading.mall, reading.day, reading.now
        self.connection = reading.connection
        self.staff = staffed(self.connection, self.mall.mall_id)
        self._names: dict[int, str] = {}

    def standings(self, queue: Queue) -> list[Standing]:
        """Everybody who waits in a line, each with the entrance that the log tells."""
        seen = line(self.connection, queue, self.day)
        waiting = TURN.c.queue_id == queue.id, TURN.c.day == self.day, TURN.c.state == State.WAITING.value
        rows = self.connection.execute(select(*STANDS).where(*waiting))
        known = {row.id: row for row in rows}
        entries = self.connection.execute(
            select(EVENT.c.turn_id, EVENT.c.event, EVENT.c.sealed)
            .where(EVENT.c.turn_id.in_(select(TURN.c.id).where(*waiting)), EVENT.c.event.in_(PLACED))
            .order_by(EVENT.c.seq)
        )
        entered = {entry.turn_id: entry for entry in entries}
        return [_standing(each, known[each.turn], entered[each.turn]) for each in seen]

    def passed_over(self, turn: Waiting) -> str:
        """Why "next" does not bring this turn everywhere now; empty when it does."""
        if turn.out_until is not None and not turn.is_here(micros(self.now)):
            until = EPOCH + timedelta(microseconds=turn.out_until)
            return f"Sedang keluar sampai {time_words(until, self.mall.timezone)} dan dilewati."
        kept = self.kept_for(turn)
        return f"{kept[0].upper()}{kept[1:]}." if kept else ""

    def kept_for(self, turn: Waiting) -> str | None:
        """For whom a turn is kept while they are there; nobody else is brought it by "next"."""
        words, at_line = [], self._at_line(turn)
        if turn.counter is not None and turn.counter in at_line:
            words.append(self.mall.counters[turn.counter].name)
        if turn.person is not None and turn.person in at_line.values():
            words.append(f"petugas {self._name(turn.person)}")
        return f"hanya untuk {' dan '.join(words)}" if words else None

    def awaited(self, turn: Waiting, language: str = "id") -> str:
        """For whom the visitor of a kept turn waits, without a name; empty when for anybody."""
        if self.kept_for(turn) is None:
            return ""
        if turn.counter is not None and turn.counter in self._at_line(turn):
            name = self.mall.counters[turn.counter].name
            return f"{name} will call you." if language == "en" else f"Anda akan dipanggil oleh {name}."
        if language == "en":
            return "The officer you were sent to will call you."
        return "Anda akan dipanggil oleh petugas yang dituju."

    def counters(self, queue: Queue, holders: Holders) -> Iterator[str]:
        """Which counters would now take from another of their lines first, and why; or that none works."""
        if not holders:
            yield f"Belum ada loket yang melayani antrean {queue.name} sekarang."
        for counter, holder in holders.items():
            place, now = self.mall.counters[counter], self.reading.now
            asking = caller(place, holder)
            first = {each.queue: each for each in heads(self.reading, asking)}
            if queue.code not in first:
                continue
            chosen = next_for_counter(list(first.values()), asking, micros(now))
            if chosen.queue != queue.code:
                label = self.connection.scalar(select(TURN.c.label).where(TURN.c.id == chosen.turn))
                why = choice_of(chosen, first[queue.code], asking)
                first_line = self.mall.queues[chosen.queue].name
                yield choice_sentence(place.name, label or "", first_line, why)

    def working(self, queue: Queue) -> Holders:
        """The counters of a line that call people now, in the order of the desks, with who holds them."""
        serving = [each.id for each in self.mall.counters.values() if queue in each.queues]
        at_work = select(COUNTER.c.id, COUNTER.c.holder_id).where(
            COUNTER.c.id.in_(serving), COUNTER.c.open, COUNTER.c.paused_at.is_(None)
        )
        holders = {row.id: row.holder_id for row in self.connection.execute(at_work)}
        return {each: holders[each] for each in serving if each in holders}

    def _at_line(self, turn: Waiting) -> Staffed:
        """Who sits at the line in which a turn waits."""
        return self.staff.get(self.mall.queues[turn.queue].id, {})

    def _name(self, person: int) -> str:
        """The name of somebody who holds a counter now."""
        if not self._names:
            holders = [person for at_line in self.staff.values() for person in at_line.values()]
            rows = self.connection.execute(select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(holders)))
            self._names = {row.id: row.name for row in rows}
        return self._names[person]


def _waiting_turn(reading: Reading, turn_id: int, agency_id: int | None) -> Turn:
    turn, mall = reading.session.get(Turn, turn_id), reading.mall
    own = turn is not None and (turn.mall_id, turn.day) == (mall.mall_id, reading.day)
    if turn is None or not own or agency_id not in (None, mall.queue_ids[turn.queue_id].agency.id):
        raise NotFound("Giliran ini tidak ada.")
    if turn.state != State.WAITING:
        raise turn.elsewhere()
    return turn


def _standing(seen: Waiting, row: Any, entrance: Any) -> Standing:
    """A turn as it stands, and by which entry of the log it came to its line last."""
    moved = "transferred" if "from_turn" in json.loads(entrance.sealed)["facts"] else None
    return Standing(
        seen=seen,
        label=row.label,
        came=row.arrived_at,
        place=Place(row.place),
        head_start=row.head_start,
        moved="returned" if entrance.event == Verb.RETURNED else moved,
    )


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)
