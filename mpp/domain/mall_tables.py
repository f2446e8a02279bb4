"""The building and who is in it: mall, zone, agency, queue, service, counter, priority class."""

from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, Document


class MallTable(Base):
    """One building under one manager, in one time zone."""

    __tablename__ = "mall"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str] = mapped_column(String(60))
    schedule: Mapped[dict[str, Any]] = mapped_column(Document)
    rules: Mapped[dict[str, Any]] = mapped_column(Document)


class ZoneTable(Base):
    """A part of the mall that sees the same screens and hears the same loudspeaker."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    floor: Mapped[int] = mapped_column(Integer)


class AgencyTable(Base):
    """An institution with a stand in the mall."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    floor: Mapped[int] = mapped_column(Integer)
    icon: Mapped[str] = mapped_column(String(60))
    break_mode: Mapped[str] = mapped_column(String(20))
    schedule: Mapped[dict[str, Any]] = mapped_column(Document)
    position: Mapped[int] = mapped_column(Integer)


class QueueTable(Base):
    """A line of one agency, with its letters and its own numbers each day."""

    __tablename__ = "queue"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120))
    lane: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int] = mapped_column(Integer)
    quota: Mapped[int | None] = mapped_column(Integer)
    policy: Mapped[dict[str, Any]] = mapped_column(Document)
    schedule: Mapped[dict[str, Any]] = mapped_column(Document)
    position: Mapped[int] = mapped_column(Integer)


class ServiceTable(Base):
    """One thing an agency does for visitors, with its published standard."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    desk_minutes: Mapped[int] = mapped_column(Integer)
    languages: Mapped[list[str]] = mapped_column(Document)
    note: Mapped[str | None] = mapped_column(String(500))
    standard: Mapped[dict[str, Any]] = mapped_column(Document)
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    schedule: Mapped[dict[str, Any]] = mapped_column(Document)
    position: Mapped[int] = mapped_column(Integer)


class PriorityClassTable(Base):
    """A group of visitors that the law gives special treatment, free of charge."""

    __tablename__ = "priority_class"
    __table_args__ = (UniqueConstraint("mall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    priority: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    position: Mapped[int] = mapped_column(Integer)


class CounterQueue(Base):
    """Which queues a counter serves, in its order of preference."""

    __tablename__ = "counter_queue"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
