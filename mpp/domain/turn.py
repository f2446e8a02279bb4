"""A turn: a ticket's place in one queue, and the times of its life there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Document, Moment, written
from mpp.domain.errors import (
    AlreadyOut,
    NotServedHere,
    OutOnce,
    TooLate,
    TooSoon,
    WrongMoment,
)
from mpp.domain.event import About
from mpp.domain.life import ACTIVE, OVER, SPENT_IN, STATE_WORDS, State, Verb, leads_to
from mpp.domain.log import Log
from mpp.domain.mall import Counter, Queue, Service
from mpp.domain.note import NoteSeal
from mpp.domain.order import Entrance, Place, key_set_right, micros
from mpp.domain.rules import Rules
from mpp.domain.ticket import Ticket
from mpp.domain.turn_events import (
    TurnCalled,
    TurnCameBack,
    TurnCancelled,
    TurnCorrected,
    TurnEvent,
    TurnExpired,
    TurnFinished,
    TurnJoined,
    TurnMissed,
    TurnParked,
    TurnPlanned,
    TurnPrioritySet,
    TurnPutBack,
    TurnRecalled,
    TurnRecorded,
    TurnResumed,
    TurnReturned,
    TurnServed,
    TurnStarted,
    TurnSteppedOut,
    TurnTransferred,
    TurnUndone,
)

RECALL_PAUSE_S = 5
COUNTED = (
    "order_key", "head_start", "joined_seq", "calls", "nth", "outs",
    "wait_us", "walk_us", "service_us", "away_us", "between_us",
)  # fmt: skip


class Stop(NamedTuple):
    """One stop of a route: its services (neighbours of one queue), which stop it is, and the class."""

    services: Sequence[Service]
    position: int
    priority: bool

    @property
    def matters(self) -> list[str] | None:
        """The codes of a turn with several matters; None for one with a single service."""
        return [service.code for service in self.services] if len(self.services) > 1 else None


class Why(NamedTuple):
    """A reason code of the log, and the note beside it."""

    reason: str | None = None
    note: NoteSeal | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a service: its code, the services that were done, and the turns planned by it."""

    outcome: str | None = None
    services: Sequence[str] | None = None
    planned: Sequence[int] = ()

    def facts(self) -> dict[str, Any]:
        said = {"outcome": self.outcome, "services": self.services, "planned": list(self.planned) or None}
        return {name: value for name, value in said.items() if value is not None}


class Turn(Base):
    """One place in one line. Times are partitioned by state, in microseconds; they sum to the total.

    `joined_at` is when it entered its line and its own times begin; `arrived_at` is when the visitor counts
    as having come. A planned turn has neither yet. `place` and `head_start` (minutes, of a next stop) say how
    it came to its key. `between_us` is the time from the end of the turn before.
    """

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("ticket_id", "position"),
        Index("ix_turn_line", "queue_id", "day", "state", "order_key", "joined_seq"),
        Index("ix_turn_mall_day", "mall_id", "day", "state"),
        Index(
            "uq_turn_counter_day_active",
            "counter_id",
            "day",
            unique=True,
            sqlite_where=text("state IN ('called', 'serving')"),
            postgresql_where=text("state IN ('called', 'serving')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    position: Mapped[int]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    matters: Mapped[list[str] | None] = mapped_column(Document)
    day: Mapped[date] = mapped_column(Date)
    label: Mapped[str] = mapped_column(String(20))
    priority: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    state_since: Mapped[datetime] = mapped_column(Moment)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    joined_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[str | None] = mapped_column(String(20))
    head_start: Mapped[int] = mapped_column(default=0)
    order_key: Mapped[int] = mapped_column(BigInteger)
    joined_seq: Mapped[int] = mapped_column(BigInteger)
    kept_counter_id: Mapped[int | None]
    kept_person_id: Mapped[int | None]
    out_until: Mapped[datetime | None] = mapped_column(Moment)
    outs: Mapped[int] = mapped_column(default=0)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    calls: Mapped[int] = mapped_column(default=0)
    nth: Mapped[int] = mapped_column(default=0)
    call_seq: Mapped[int | None] = mapped_column(BigInteger)
    spoken_seq: Mapped[int | None] = mapped_column(BigInteger)
    first_called_at: Mapped[datetime | None] = mapped_column(Moment)
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    parked_by: Mapped[str | None] = mapped_column(String(40))
    parked_from: Mapped[str | None] = mapped_column(String(20))
    parked_reason: Mapped[str | None] = mapped_column(String(60))
    wait_us: Mapped[int] = mapped_column(BigInteger, default=0)
    walk_us: Mapped[int] = mapped_column(BigInteger, default=0)
    service_us: Mapped[int] = mapped_column(BigInteger, default=0)
    away_us: Mapped[int] = mapped_column(BigInteger, default=0)
    between_us: Mapped[int] = mapped_column(BigInteger, default=0)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Document)

    @classmethod
    def planned(cls, ticket: Ticket, stop: Stop, log: Log) -> Turn:
        """A turn that has not begun: every turn is born here, whichever way its ticket came to it."""
        return cls(
            id=log.new_id("turn"),
            mall_id=log.mall_id,
            ticket_id=ticket.id,
            position=stop.position,
            queue_id=stop.services[0].queue.id,
            service_id=stop.services[0].id,
            matters=stop.matters,
            day=ticket.day,
            label=ticket.label,
            priority=stop.priority,
            state=State.PLANNED.value,
            state_since=log.now,
            arrived_at=log.now,
            **dict.fromkeys(COUNTED, 0),
        )

    def join(self, entrance: Entrance, log: Log) -> None:
        """Enter the line; the turn's own times begin."""
        self.state_since = self.joined_at = log.now
        self.arrived_at, self.out_until, self.outs = entrance.came, entrance.out_until, entrance.outs
        self._stand(entrance)
        self.kept_counter_id, self.kept_person_id = entrance.kept_counter, entrance.kept_person
        self.between_us = microseconds(entrance.ended_before, log.now) if entrance.ended_before else 0
        self._move(self._joined(entrance, log), log)
        self.joined_seq = log.seq

    def wait_for_its_time(self, log: Log) -> None:
        """Stay planned: a later stop of a journey, which enters its line when the one before it ends."""
        planned = TurnPlanned(
            service=self._service(log),
            priority=self.priority,
            position=self.position,
            matters=self.matters or None,
        )
        self._move(planned, log)

    def serve(self, counter: Counter, log: Log) -> None:
        """Serve somebody who took no number: no line, no call, nothing announced."""
        self._require_served(counter)
        self.counter_id, self.joined_at = counter.id, log.now
        self._move(TurnServed(service=self._service(log), priority=self.priority), log, counter)
        self.started_at, self.joined_seq = log.now, log.seq

    def call(
        self, counter: Counter, log: Log, reason: str | None = None, note: NoteSeal | None = None
    ) -> None:
        """Ask the visitor to a counter; the walk begins. A reason says that this one was chosen."""
        self._require_served(counter)
        self._move(TurnCalled(reason=reason, nth=1, note=note), log, counter)
        self.counter_id = counter.id
        self._spoken_first(log)

    def recall(self, counter: Counter, log: Log) -> None:
        """Speak the call again: the first time at once, later with 5 s between two. No time changes."""
        if self.nth > 1 and self.state == State.CALLED and self.called_at:
            left = RECALL_PAUSE_S - (log.now - self.called_at).total_seconds()
            if left > 0:
                raise TooSoon(retry_after=left)
        self._move(TurnRecalled(nth=self.nth + 1, call=self.call_seq), log, counter)
        self.nth, self.calls, self.spoken_seq, self.called_at = self.nth + 1, self.calls + 1, log.seq, log.now

    def start(self, counter: Counter, log: Log) -> None:
        """The visitor is at the counter; the service begins."""
        self._move(TurnStarted(call=self.call_seq), log, counter)
        self.started_at = log.now

    def finish(self, counter: Counter, log: Log, outcome: Outcome, note: NoteSeal | None) -> None:
        """The service is over; `outcome` holds codes only."""
        finished = TurnFinished(
            call=self.call_seq,
            note=note,
            outcome=outcome.outcome,
            services=outcome.services,
            planned=list(outcome.planned) or None,
        )
        self._move(finished, log, counter)
        self.ended_at, self.outcome = log.now, outcome.facts() or None

    def miss(self, counter: Counter, log: Log) -> None:
        """The visitor did not come, after enough calls and time. Raises `TooSoon`."""
        if self.state == State.CALLED:
            self._require_patience(log.now, log.mall.how)
        self._move(TurnMissed(call=self.call_seq), log, counter)

    def return_to_line(self, entrance: Entrance, log: Log) -> None:
        """A missed visitor is back within the grace. Raises `TooLate`."""
        if self.missed_for_good(log.now, log.mall.how):
            raise TooLate
        returned = TurnReturned(
            order_key=entrance.order_key,
            place=entrance.place,
            came=micros(entrance.came),
            call=self.call_seq,
        )
        self._move(returned, log)
        self._stand(entrance)
        self.counter_id = self.out_until = None

    def park(self, counter: Counter, log: Log, reason: str | None, note: NoteSeal | None) -> None:
        """Put the visitor aside: the counter is free, and anybody of the agency may resume."""
        was = self.state
        self._move(TurnParked(reason=reason, call=self.call_seq, note=note), log, counter)
        self.parked_by, self.parked_from, self.parked_reason = log.actor, was, reason

    def resume(self, counter: Counter, log: Log, call: bool) -> None:
        """Go on with a parked visitor, who is at the counter; or call them to it first."""
        to = State.CALLED if call or self.parked_from == State.CALLED else State.SERVING
        again = to == State.CALLED
        self._move(TurnResumed(nth=1) if again else TurnResumed(call=self.call_seq), log, counter, to)
        self.counter_id = counter.id
        self.parked_by = self.parked_from = self.parked_reason = None
        if to == State.CALLED:
            self._spoken_first(log)
        else:
            self.started_at = self.started_at or log.now

    def put_back(self, counter: Counter, log: Log) -> None:
        """The call was a mistake; the visitor keeps the place, and the call counts for nothing."""
        self._move(TurnPutBack(call=self.call_seq), log, counter)
        self.counter_id = self.call_seq = None

    def transfer(self, to: Queue, counter: Counter | None, log: Log, why: Why) -> None:
        """This place ends here; the ticket goes on in another line."""
        call, note = self.call_seq, why.note
        self._move(TurnTransferred(reason=why.reason, to_queue=to.code, call=call, note=note), log, counter)
        self.ended_at = log.now

    def correct(self, service: Service, counter: Counter | None, log: Log) -> None:
        """The visitor wanted another service of the same line; the place and all other matters stay."""
        others = [each for each in (self.matters or [])[1:] if each != service.code]
        matters = [service.code, *others] if others else None
        corrected = TurnCorrected(service=service.code, matters=matters, call=self.call_seq)
        self._move(corrected, log, counter, State(self.state))
        self.service_id, self.matters = service.id, matters

    def set_priority(self, priority: bool, counter: Counter | None, log: Log, reason: str) -> None:
        """Staff set right whether the law gives this visitor priority; the place that follows comes along."""
        key = key_set_right(self, priority, log.mall.queue_ids[self.queue_id].policy)
        changed = TurnPrioritySet(reason=reason, priority=priority, order_key=key, call=self.call_seq)
        self._move(changed, log, counter, State(self.state))
        self.priority, self.order_key = priority, key

    def step_out(self, log: Log) -> None:
        """The visitor goes out, and keeps the place for as long as the mall allows."""
        until = log.now + timedelta(minutes=log.mall.how.step_out_minutes)
        if self.state == State.WAITING and self.out_until and self.out_until > log.now:
            raise AlreadyOut
        if self.state == State.WAITING and self.outs:
            raise OutOnce
        self._move(TurnSteppedOut(until=until, call=self.call_seq), log)
        self.out_until, self.outs = until, self.outs + 1

    def come_back(self, log: Log) -> None:
        """The visitor who stepped out is here again."""
        if self.state == State.WAITING and (self.out_until is None or self.out_until <= log.now):
            raise WrongMoment("Pengunjung ini tidak sedang keluar.", state=self.state)
        self._move(TurnCameBack(call=self.call_seq), log)
        self.out_until = None

    def record_paper(self, missed: bool, counter: Counter, log: Log) -> None:
        """What happened on paper while the system was away; the times of it are not known."""
        to = State.MISSED if missed else State.DONE
        self._move(TurnRecorded(reason="paper", call=self.call_seq), log, counter, to)
        self.counter_id, self.out_until = counter.id, None
        if not missed:
            self.ended_at, self.outcome = log.now, {"paper": True}

    def undo(self, counter: Counter | None, log: Log) -> None:
        """Take the last finish or miss back, as if it had not been; or the joining that a finish brought."""
        joined = self.state == State.WAITING
        part = {State.DONE: "service_us", State.MISSED: "walk_us"}.get(State(self.state))
        gap = microseconds(self.state_since, log.now)
        self._move(TurnUndone(call=self.call_seq), log, counter)
        if part:
            self.away_us -= gap if part == "walk_us" else 0
            setattr(self, part, getattr(self, part) + gap)
            self.ended_at = self.outcome = None
        if joined:
            self.wait_us = self.between_us = self.order_key = self.joined_seq = self.head_start = 0
            self.joined_at = self.place = None

    def cancel(self, log: Log, counter: Counter | None, reason: str | None = None) -> None:
        """The visitor gives the number up; with a reason, staff take a planned stop away."""
        self._move(TurnCancelled(reason=reason, call=self.call_seq), log, counter)
        self.ended_at = log.now

    def expire(self, log: Log, counter: Counter | None) -> None:
        """The day ended before the turn did."""
        self._move(TurnExpired(reason="day_ended"), log, counter)
        self.ended_at = log.now

    def may_return_until(self, rules: Rules) -> datetime:
        """Until when a missed visitor may come back."""
        return self.state_since + timedelta(minutes=rules.return_within_minutes)

    def elsewhere(self) -> WrongMoment:
        """What whoever comes too late is told: where the turn is now, and at which counter."""
        since = "sudah" if self.state in OVER else "tercatat" if self.state == State.MISSED else "sedang"
        words = f"{self.label} {since} {STATE_WORDS[State(self.state)]}."
        return WrongMoment(words, state=self.state, counter=self.counter_id)

    def missed_for_good(self, now: datetime, rules: Rules) -> bool:
        """Whether the visitor did not come, and may return no more."""
        return self.state == State.MISSED and now > self.may_return_until(rules)

    def may_be_missed_from(self, rules: Rules) -> datetime:
        """From when on somebody who was called often enough counts as missed."""
        return self.state_since + timedelta(seconds=rules.missed_after_seconds)

    def spent(self, now: datetime) -> dict[str, float]:
        """Seconds of wait, walk, service and away until `now`; their sum is the total."""
        parts = {part: getattr(self, part) for part in PARTS}
        if (part := SPENT_IN.get(State(self.state))) is not None:
            parts[part] += max(0, microseconds(self.state_since, now))
        return {part.removesuffix("_us"): value / 1_000_000 for part, value in parts.items()}

    def _stand(self, entrance: Entrance) -> None:
        self.place, self.head_start = entrance.place.value, entrance.head_start
        self.order_key = entrance.order_key

    def _spoken_first(self, log: Log) -> None:
        self.nth, self.calls, self.call_seq, self.spoken_seq = 1, self.calls + 1, log.seq, log.seq
        self.called_at, self.out_until = log.now, None
        self.first_called_at = self.first_called_at or log.now

    def _require_served(self, counter: Counter) -> None:
        if all(queue.id != self.queue_id for queue in counter.queues):
            raise NotServedHere

    def _require_patience(self, now: datetime, rules: Rules) -> None:
        if self.nth < rules.missed_after_calls:
            more = rules.missed_after_calls - self.nth
            raise TooSoon(f"Panggil ulang {more} kali lagi sebelum menandai tidak hadir.")
        left = (self.may_be_missed_from(rules) - now).total_seconds()
        if left > 0:
            raise TooSoon("Tunggu sebentar lagi sebelum menandai tidak hadir.", retry_after=left)

    def _service(self, log: Log) -> str:
        return log.mall.service_ids[self.service_id].code

    def _joined(self, entrance: Entrance, log: Log) -> TurnJoined:
        """What the log says of an entrance, so that the place can be found again; little of an arrival."""
        arrived = entrance.place == Place.ARRIVAL
        return TurnJoined(
            service=self._service(log),
            priority=self.priority,
            position=self.position,
            matters=self.matters or None,
            order_key=self.order_key,
            place=entrance.place,
            came=None if arrived else micros(entrance.came),
            head_start=entrance.head_start,
            between=self.between_us,
            kept_counter=entrance.kept_counter,
            kept_person=f"person:{entrance.kept_person}" if entrance.kept_person else None,
            from_turn=entrance.from_turn,
            out_until=micros(entrance.out_until) if entrance.out_until else None,
            outs=entrance.outs,
        )

    def _move(
        self, event: TurnEvent, log: Log, counter: Counter | None = None, to: State | None = None
    ) -> None:
        """The only thing that changes a state. Raises `WrongMoment` where the table knows no such move."""
        ends = leads_to(Verb(event.name), self.state)
        if not ends or (to is not None and to not in ends):
            raise self.elsewhere()
        before, self.state = self.state, (to or ends[0]).value
        if before != self.state:
            self._close_interval(State(before), log.now)
        queue = log.mall.queue_ids[self.queue_id]
        about = About(
            zones_of(queue, counter),
            queue.agency.code,
            self.ticket_id,
            self.id,
            self.label,
            queue.code,
            counter.id if counter else None,
            before,
            self.state,
        )
        log.record(event, about)

    def _close_interval(self, state: State, now: datetime) -> None:
        if (part := SPENT_IN.get(state)) is not None:
            setattr(self, part, getattr(self, part) + microseconds(self.state_since, now))
        self.state_since = now


# At a counter now, as the index over active turns says it.
IS_ACTIVE = Turn.state.in_([written(state) for state in ACTIVE])
PARTS = ("wait_us", "walk_us", "service_us", "away_us")


def zones_of(queue: Queue, counter: Counter | None) -> set[str]:
    """The zones that show a change: where the line waits and where the counter calls."""
    return {queue.agency.zone.code, *([counter.zone.code] if counter else [])}


def microseconds(since: datetime, until: datetime) -> int:
    delta = until - since
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
