"""What the hall must know now: disturbances of agencies, emergencies in zones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.mall import Agency, Mall
from mpp.domain.notice import (
    Notice,
    NoticeKind,
    agency_of,
    disturbance_sentence,
    emergency_sentence,
    is_over,
    zones_of,
)
from mpp.queries.rows import to_second


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as everybody reads it.

    `text` is ready to show, `zones` are those that show it, `number` is whom to call in an emergency.
    """

    id: int
    kind: NoticeKind
    agency: str | None
    agency_name: str | None
    zone: str
    zones: list[str]
    reason: str | None
    since: datetime
    until: datetime | None
    text: str
    number: str | None


def notices(session: Session, mall: Mall, now: datetime) -> list[NoticeRow]:
    """What is raised now in the mall: emergencies first, then disturbances, each as it was raised."""
    is_open = select(Notice).where(Notice.mall_id == mall.mall_id, Notice.ended_at.is_(None))
    rows = session.scalars(is_open.order_by(Notice.kind.desc(), Notice.raised_at, Notice.id))
    return [notice_row(mall, row, now) for row in rows if not is_over(row.kind, row.raised_at, mall, now)]


def notice_row(mall: Mall, notice: Notice, now: datetime) -> NoticeRow:
    """A notice as it is said at a moment: an expected end that has passed is not promised any more."""
    agency = agency_of(mall, notice.agency_id)
    zones = zones_of(mall, agency, notice.zone_id)
    return NoticeRow(
        id=notice.id,
        kind=NoticeKind(notice.kind),
        agency=agency.code if agency else None,
        agency_name=agency.short_name if agency else None,
        zone=agency.zone.code if agency else zones[0],
        zones=zones,
        reason=notice.reason,
        since=to_second(mall, notice.raised_at),
        until=to_second(mall, notice.until),
        text=sentence(mall, notice, agency, now),
        number=None if agency else emergency_number(mall),
    )


def sentence(mall: Mall, notice: Notice, agency: Agency | None, now: datetime, language: str = "id") -> str:
    """A notice in one sentence."""
    if notice.kind == NoticeKind.EMERGENCY or agency is None:
        return emergency_sentence(emergency_number(mall))
    where = (now, mall.timezone, language)
    return disturbance_sentence(agency.short_name, notice.reason, notice.until, *where)


def emergency_number(mall: Mall) -> str:
    """Whom to call in this mall when somebody needs help."""
    return str(mall.rules.get("emergency", "119"))
