"""The counters as staff see them: who holds which, and who is called where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.mall import Counter, Mall
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.lines import waiting_counts
from mpp.queries.reading import Reading

COUNTER, TURN = table(CounterState), table(Turn)


class Pausing(Protocol):
    """What is read of a counter's state, from an object or a row."""

    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def paused_until(self) -> datetime | None: ...
    @property
    def pause_reason(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a counter pauses, since when, and until when as planned."""

    reason: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class StaffedCounter:
    """A counter with who is at it: `state` is closed, open or paused; `label` is the visitor's there."""

    counter: Counter
    state: str
    holder_id: int | None
    pause: Pause | None
    label: str | None
    turn_state: str | None
    waiting: int


def counters(reading: Reading, agency_id: int | None) -> list[StaffedCounter]:
    """Every counter of the mall, or of one agency, in the order of the desks."""
    mall, session = reading.mall, reading.session
    is_open = select(COUNTER).where(COUNTER.c.mall_id == mall.mall_id, COUNTER.c.open)
    opened = {row.id: row for row in session.execute(is_open)}
    active = select(TURN.c.counter_id, TURN.c.label, TURN.c.state).where(
        TURN.c.mall_id == mall.mall_id, TURN.c.day == reading.day, IS_ACTIVE
    )
    shown = {row.counter_id: row for row in session.execute(active)}
    waiting = waiting_counts(session, mall.mall_id, reading.day)
    found = []
    for counter in mall.counters.values():
        if agency_id in (None, counter.agency.id):
            row, turn = opened.get(counter.id), shown.get(counter.id)
            pause = pause_of(mall, row) if row else None
            found.append(
                StaffedCounter(
                    counter=counter,
                    state="closed" if row is None else "paused" if pause else "open",
                    holder_id=row.holder_id if row else None,
                    pause=pause,
                    label=turn.label if turn else None,
                    turn_state=turn.state if turn else None,
                    waiting=sum(waiting.get(queue.id, 0) for queue in counter.queues),
                )
            )
    return found


def pause_of(mall: Mall, counter: Pausing) -> Pause | None:
    """The pause of a counter in the mall's time, to the second; None while it works."""
    if counter.paused_at is None:
        return None
    since, until = counter.paused_at.astimezone(mall.timezone), counter.paused_until
    planned = until.astimezone(mall.timezone).replace(microsecond=0) if until else None
    return Pause(counter.pause_reason, since.replace(microsecond=0), planned)


def held_by(session: Session, mall_id: int, person_id: int) -> int | None:
    """The open counter that a person holds."""
    return session.scalar(
        select(COUNTER.c.id)
        .where(COUNTER.c.mall_id == mall_id, COUNTER.c.holder_id == person_id, COUNTER.c.open)
        .order_by(COUNTER.c.id)
        .limit(1)
    )
