"""Where the structure is arranged: the rows of one mall in one transaction, found by their codes."""

from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.log import Log, MallLog
from mpp.domain.mall import (
    Agency,
    Counter,
    CounterQueue,
    Mall,
    PartOfMall,
    PriorityClass,
    Queue,
    Service,
    Zone,
)

N = TypeVar("N", bound=PartOfMall)
C = TypeVar("C", Zone, Agency, Queue, Service, PriorityClass)
LOG = table(MallLog)


@dataclass
class Ground:
    """The rows of a mall while they are arranged. A mall that is `founding` tells of its order only."""

    session: Session
    log: Log
    founding: bool = False
    known: dict[tuple[type[PartOfMall], str], PartOfMall] = field(default_factory=dict)

    @property
    def mall(self) -> Mall:
        return self.session.get_one(Mall, self.log.mall_id)

    def find(self, noun: type[C], code: str) -> C:
        """The noun with this code, retired or not. Raises `NotFound`."""
        if isinstance(known := self.known.get((noun, code)), noun):
            return known
        own = select(noun).where(noun.mall_id == self.log.mall_id, noun.code == code)
        # PostgreSQL knows no null byte, and no code has a character that does not print.
        if not code.isprintable() or (found := self.session.scalar(own)) is None:
            raise NotFound(f"{code} tidak ada.")
        self.known[noun, code] = found
        return found

    def named(self, noun: type[C], code: str, field: str) -> C:
        """A standing noun that a field of another one names. Raises `Invalid` with that field."""
        try:
            found = self.find(noun, code)
        except NotFound as error:
            raise Invalid(f"{field}: {code} tidak ada.", reason=field) from error
        if found.retired_at is not None:
            raise Invalid(f"{field}: {code} sudah tidak dipakai.", reason=field)
        return found

    def standing(self, noun: type[N]) -> list[N]:
        """The nouns of a kind that are in use, in their order."""
        own = noun.mall_id == self.log.mall_id, noun.retired_at.is_(None)
        return list(self.session.scalars(select(noun).where(*own).order_by(noun.position, noun.id)))

    def next_position(self, noun: type[PartOfMall], first: int, beyond: int) -> int:
        """The place behind all others of a kind between two numbers."""
        own = noun.mall_id == self.log.mall_id, noun.position.between(first, beyond - 1)
        last = self.session.scalar(select(func.max(noun.position)).where(*own))
        return first if last is None else last + 1

    def open(self, counter: Counter) -> None:
        """A new counter, closed as yet."""
        self.session.add(counter)
        self.session.flush()
        self.session.add(CounterState(id=counter.id, mall_id=counter.mall_id))

    def serve(self, counter: Counter, queues: list[Queue]) -> None:
        """Let a counter serve these queues, in this order of preference."""
        self.session.flush()
        self.session.execute(delete(CounterQueue).where(CounterQueue.counter_id == counter.id))
        self.session.add_all(
            CounterQueue(counter_id=counter.id, queue_id=queue.id, position=place)
            for place, queue in enumerate(queues)
        )
        self.session.flush()
        self.session.expire(counter, ["queues"])

    def renew(self) -> None:
        """Everybody reads the structure again; whoever acts after this commit sees the change."""
        self.session.flush()
        newer = update(LOG).where(LOG.c.mall_id == self.log.mall_id)
        self.session.execute(newer.values(plan_version=LOG.c.plan_version + 1))
