"""What the hall must know now: disturbances of agencies, emergencies in zones."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
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

NOTICE = table(Notice)


def notices(session: Session, mall: Mall, now: datetime) -> list[dict[str, Any]]:
    """What is raised now in the mall: emergencies first, then disturbances, each as it was raised."""
    is_open = select(NOTICE).where(NOTICE.c.mall_id == mall.mall_id, NOTICE.c.ended_at.is_(None))
    rows = session.execute(is_open.order_by(NOTICE.c.kind.desc(), NOTICE.c.raised_at, NOTICE.c.id))
    return [notice_row(mall, row, now) for row in rows if not is_over(row.kind, row.raised_at, mall, now)]


def notice_row(mall: Mall, notice: Any, now: datetime) -> dict[str, Any]:
    """A notice as everybody reads it; `text` is ready to show, `zones` are those that show it."""
    agency = agency_of(mall, notice.agency_id)
    zones = zones_of(mall, agency, notice.zone_id)
    row = {
        "id": notice.id,
        "kind": str(notice.kind),
        "agency": agency.code if agency else None,
        "agency_name": agency.short_name if agency else None,
        "zone": agency.zone.code if agency else zones[0],
        "zones": zones,
        "reason": notice.reason,
        "since": _local(mall, notice.raised_at),
        "until": _local(mall, notice.until),
        "text": sentence(mall, notice, agency, now),
    }
    return row if agency else {**row, "number": emergency_number(mall)}


def sentence(mall: Mall, notice: Any, agency: Agency | None, now: datetime, language: str = "id") -> str:
    """A notice in one sentence."""
    if notice.kind == NoticeKind.EMERGENCY or agency is None:
        return emergency_sentence(emergency_number(mall))
    where = (now, mall.timezone, language)
    return disturbance_sentence(agency.short_name, notice.reason, notice.until, *where)


def emergency_number(mall: Mall) -> str:
    """Whom to call in this mall when somebody needs help."""
    return str(mall.rules.get("emergency", "119"))


def _local(mall: Mall, at: datetime | None) -> str | None:
    return at.astimezone(mall.timezone).isoformat(timespec="seconds") if at else None
