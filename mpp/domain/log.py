"""The log of a mall: every change, in order, each entry sealed with the hash of the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain import event as happened
from mpp.domain.base import Base, Document, Moment
from mpp.domain.event import NOWHERE, About
from mpp.domain.mall import Mall

GENESIS = bytes(32)
IDS_PER_MALL = 1_000_000_000


class MallLog(Base):
    """The head of a mall's log: the one row that every writing action locks first."""

    __tablename__ = "mall_log"

    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    zone_seqs: Mapped[dict[str, int]] = mapped_column(Document)
    plan_version: Mapped[int]
    day: Mapped[date | None] = mapped_column(Date)
    day_ended: Mapped[bool]
    ids: Mapped[dict[str, int]] = mapped_column(Document)
    last_at: Mapped[datetime | None] = mapped_column(Moment)
    last_uptime: Mapped[float | None]
    last_boot: Mapped[str | None] = mapped_column(String(40))


class LogHead(NamedTuple):
    """Where a mall's log stands: the values of its row."""

    mall_id: int
    seq: int
    head: bytes
    zone_seqs: dict[str, int]
    plan_version: int
    day: date | None
    day_ended: bool
    ids: dict[str, int]
    last_at: datetime | None
    last_uptime: float | None
    last_boot: str | None


class Event(Base):
    """One entry: `sealed` holds the exact bytes that were hashed, the columns are an index over them."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_turn", "turn_id"),
        Index("ix_event_day", "mall_id", "day"),
        Index(
            "ix_event_counter",
            "counter_id",
            "day",
            "seq",
            sqlite_where=text("counter_id IS NOT NULL"),
            postgresql_where=text("counter_id IS NOT NULL"),
        ),
    )

    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    day: Mapped[date] = mapped_column(Date)
    event: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str | None] = mapped_column(String(20))
    ticket_id: Mapped[int | None] = mapped_column(BigInteger)
    turn_id: Mapped[int | None] = mapped_column(BigInteger)
    label: Mapped[str | None] = mapped_column(String(20))
    queue: Mapped[str | None] = mapped_column(String(4))
    counter_id: Mapped[int | None]
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(60))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


def canonical(entry: Mapping[str, object]) -> bytes:
    """The one byte string of an entry: sorted keys, no spaces, UTF-8."""
    return CANONICAL.encode(entry).encode()


def seal(before: bytes, sealed: bytes) -> bytes:
    """The hash of an entry, which covers the hash before it. 32 bytes, SHA-256."""
    return sha256(before + sealed).digest()


@lru_cache(maxsize=64)
def stamp(at: datetime) -> str:
    """A moment as the log writes it: UTC with microseconds and a Z."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _as_text(value: date) -> str:
    return stamp(value) if isinstance(value, datetime) else value.isoformat()


CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, default=_as_text
)


@dataclass(slots=True)
class Log:
    """The log while one action writes to it. `now` is the action's one moment, `day` its service day.

    `was` is where the log stood when the action began.
    `mall` is the structure as of this action; a mall that is just being founded has none yet.
    """

    was: LogHead
    mall_id: int
    seq: int
    head: bytes
    zone_seqs: dict[str, int]
    ids: dict[str, int]
    now: datetime
    day: date
    actor: str
    mall: Mall = field(init=False)
    written: list[dict[str, Any]] = field(default_factory=list)

    def new_id(self, noun: str) -> int:
        """The next id of a noun: known before the row is written, without gaps, unique over all malls."""
        self.ids[noun] = self.ids.get(noun, 0) + 1
        return (self.mall_id - 1) * IDS_PER_MALL + self.ids[noun]

    def record(self, event: happened.Event, about: About = NOWHERE) -> int:
        """Append one entry and return its seq; `about` says where it happened and to what."""
        self.seq += 1
        zones = {zone: self.zone_seqs.get(zone, 0) for zone in about.zones}
        sealed = canonical(
            {
                "seq": self.seq,
                "at": stamp(self.now),
                "day": self.day.isoformat(),
                "event": event.name,
                "actor": self.actor,
                "agency": about.agency,
                "ticket": about.ticket,
                "turn": about.turn,
                "label": about.label,
                "queue": about.queue,
                "counter": about.counter,
                "from": about.before,
                "to": about.after,
                "reason": event.reason,
                "zones": zones,
                "facts": event.facts(),
            }
        )
        self.head = seal(self.head, sealed)
        self.zone_seqs.update(dict.fromkeys(zones, self.seq))
        self.written.append(self._row(event, about, sealed))
        return self.seq

    def _row(self, event: happened.Event, about: About, sealed: bytes) -> dict[str, Any]:
        return {
            "mall_id": self.mall_id,
            "seq": self.seq,
            "at": self.now,
            "day": self.day,
            "event": event.name,
            "actor": self.actor,
            "agency": about.agency,
            "ticket_id": about.ticket,
            "turn_id": about.turn,
            "label": about.label,
            "queue": about.queue,
            "counter_id": about.counter,
            "from_state": about.before,
            "to_state": about.after,
            "reason": event.reason,
            "sealed": sealed,
            "hash": self.head,
        }
