"""A turn: a ticket's place in one queue, and the life it leads there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Document, Moment
from mpp.domain.errors import NotServedHere, TooSoon, WrongMoment
from mpp.domain.log import Log
from mpp.domain.plan import CounterPlan, QueuePlan

RECALL_PAUSE_S = 5


class State(StrEnum):
    PLANNED = "planned"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verb(StrEnum):
    JOINED = "turn_joined"
    CALLED = "turn_called"
    RECALLED = "turn_recalled"
    STARTED = "turn_started"
    FINISHED = "turn_finished"
    MISSED = "turn_missed"
    PUT_BACK = "turn_put_back"
    CANCELLED = "turn_cancelled"
    EXPIRED = "turn_expired"


ACTIVE = (State.CALLED, State.SERVING)
LEFT_OVER = (State.PLANNED, State.WAITING, State.CALLED, State.SERVING, State.MISSED)

# The life of a turn: what may happen to it, from which states, and where that leads.
MOVES: dict[Verb, tuple[frozenset[State], State]] = {
    Verb.JOINED: (frozenset({State.PLANNED}), State.WAITING),
    Verb.CALLED: (frozenset({State.WAITING}), State.CALLED),
    Verb.RECALLED: (frozenset({State.CALLED}), State.CALLED),
    Verb.STARTED: (frozenset({State.CALLED}), State.SERVING),
    Verb.FINISHED: (frozenset({State.SERVING}), State.DONE),
    Verb.MISSED: (frozenset({State.CALLED}), State.MISSED),
    Verb.PUT_BACK: (frozenset({State.CALLED}), State.WAITING),
    Verb.CANCELLED: (frozenset({State.PLANNED, State.WAITING, State.CALLED}), State.CANCELLED),
    Verb.EXPIRED: (frozenset(LEFT_OVER), State.EXPIRED),
}

# Which part of the total time each state counts for.
SPENT_IN = {
    State.WAITING: "wait_us",
    State.CALLED: "walk_us",
    State.SERVING: "service_us",
    State.MISSED: "away_us",
}


class Turn(Base):
    """One place in one line. Times are partitioned by state, in microseconds; they sum to the total."""

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
    day: Mapped[date] = mapped_column(Date)
    label: Mapped[str] = mapped_column(String(20))
    priority: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    state_since: Mapped[datetime] = mapped_column(Moment)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    order_key: Mapped[int] = mapped_column(BigInteger)
    joined_seq: Mapped[int] = mapped_column(BigInteger)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    calls: Mapped[int] = mapped_column(default=0)
    nth: Mapped[int] = mapped_column(default=0)
    call_seq: Mapped[int | None] = mapped_column(BigInteger)
    spoken_seq: Mapped[int | None] = mapped_column(BigInteger)
    first_called_at: Mapped[datetime | None] = mapped_column(Moment)
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    wait_us: Mapped[int] = mapped_column(BigInteger, default=0)
    walk_us: Mapped[int] = mapped_column(BigInteger, default=0)
    service_us: Mapped[int] = mapped_column(BigInteger, default=0)
    away_us: Mapped[int] = mapped_column(BigInteger, default=0)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Document)

    def call(self, counter: CounterPlan, queue: QueuePlan, log: Log) -> None:
        """Ask the visitor to a counter; the walk begins."""
        if queue not in counter.queues:
            raise NotServedHere
        self.counter_id = counter.id
        self._move(Verb.CALLED, queue, counter, log, nth=1)
        self.nth, self.calls, self.call_seq, self.spoken_seq = 1, self.calls + 1, log.seq, log.seq
        self.called_at = log.now
        self.first_called_at = self.first_called_at or log.now

    def recall(self, counter: CounterPlan, queue: QueuePlan, log: Log) -> None:
        """Speak the call again: the first time at once, later with 5 s between two. No time changes."""
        if self.nth > 1 and self.state == State.CALLED and self.called_at:
            left = RECALL_PAUSE_S - (log.now - self.called_at).total_seconds()
            if left > 0:
                raise TooSoon(retry_after=left)
        self._move(Verb.RECALLED, queue, counter, log, nth=self.nth + 1, call=self.call_seq)
        self.nth, self.calls, self.spoken_seq, self.called_at = self.nth + 1, self.calls + 1, log.seq, log.now

    def start(self, counter: CounterPlan, queue: QueuePlan, log: Log) -> None:
        """The visitor is at the counter; the service begins."""
        self._move(Verb.STARTED, queue, counter, log, call=self.call_seq)
        self.started_at = log.now

    def finish(self, counter: CounterPlan, queue: QueuePlan, log: Log, outcome: dict[str, Any]) -> None:
        """The service is over; `outcome` holds codes only."""
        self._move(Verb.FINISHED, queue, counter, log, call=self.call_seq, **outcome)
        self.ended_at, self.outcome = log.now, outcome or None

    def miss(self, counter: CounterPlan, queue: QueuePlan, log: Log) -> None:
        """The visitor did not come."""
        self._move(Verb.MISSED, queue, counter, log, call=self.call_seq)

    def put_back(self, counter: CounterPlan, queue: QueuePlan, log: Log) -> None:
        """The call was a mistake; the visitor keeps the place in the line."""
        self._move(Verb.PUT_BACK, queue, counter, log, call=self.call_seq)
        self.counter_id = None

    def cancel(self, queue: QueuePlan, log: Log, counter: CounterPlan | None) -> None:
        """The visitor gives the number up."""
        self._move(Verb.CANCELLED, queue, counter, log, call=self.call_seq)
        self.ended_at = log.now

    def expire(self, queue: QueuePlan, log: Log, counter: CounterPlan | None) -> None:
        """The day ended before the turn did."""
        self._move(Verb.EXPIRED, queue, counter, log, reason="day_ended")
        self.ended_at = log.now

    def spent(self, now: datetime) -> dict[str, float]:
        """Seconds of wait, walk, service and away until `now`; their sum is the total."""
        parts = {part: getattr(self, part) for part in SPENT_IN.values()}
        if (part := SPENT_IN.get(State(self.state))) is not None:
            parts[part] += max(0, microseconds(self.state_since, now))
        return {part.removesuffix("_us"): value / 1_000_000 for part, value in parts.items()}

    def _move(
        self,
        verb: Verb,
        queue: QueuePlan,
        counter: CounterPlan | None,
        log: Log,
        reason: str | None = None,
        **facts: Any,
    ) -> None:
        starts, end = MOVES[verb]
        if self.state not in starts:
            raise WrongMoment(f"{self.label} sedang {STATE_WORDS[State(self.state)]}.")
        before, self.state = self.state, end.value
        if before != end:
            self._close_interval(State(before), log.now)
        log.record(
            verb,
            zones=zones_of(queue, counter),
            agency=queue.agency.code,
            ticket=self.ticket_id,
            turn=self.id,
            label=self.label,
            queue=queue.code,
            counter=counter.id if counter else None,
            before=before,
            after=end.value,
            reason=reason,
            **{name: value for name, value in facts.items() if value is not None},
        )

    def _close_interval(self, state: State, now: datetime) -> None:
        if (part := SPENT_IN.get(state)) is not None:
            setattr(self, part, getattr(self, part) + microseconds(self.state_since, now))
        self.state_since = now


STATE_WORDS = {
    State.PLANNED: "menunggu giliran sebelumnya",
    State.WAITING: "menunggu",
    State.CALLED: "dipanggil",
    State.SERVING: "dilayani",
    State.DONE: "selesai",
    State.MISSED: "tidak hadir",
    State.CANCELLED: "batal",
    State.EXPIRED: "hangus",
}


def zones_of(queue: QueuePlan, counter: CounterPlan | None) -> set[str]:
    """The zones that show a change: where the line waits and where the counter calls."""
    return {queue.agency.zone.code, *([counter.zone.code] if counter else [])}


def microseconds(since: datetime, until: datetime) -> int:
    delta = until - since
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
