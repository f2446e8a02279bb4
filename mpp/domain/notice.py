"""A notice: what the hall must know now, from the moment it is raised until it is lifted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Moment


class NoticeKind(StrEnum):
    DISTURBANCE = "disturbance"  # an agency's own system is down
    EMERGENCY = "emergency"  # somebody needs help in a zone: 119, and no announcements


class Notice(Base):
    """A disturbance of an agency, or an emergency in a zone. One of a kind at a time in a place."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_open", "mall_id", "ended_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    kind: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    reason: Mapped[str | None] = mapped_column(String(60))
    until: Mapped[datetime | None] = mapped_column(Moment)
    raised_at: Mapped[datetime] = mapped_column(Moment)
    raised_by: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
