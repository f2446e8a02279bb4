"""What the hall must know now: disturbances of agencies, emergencies in zones."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.notice import (
    Notice,
    NoticeKind,
    agency_of,
    disturbance_sentence,
    emergency_sentence,
    is_over,
    zones_of,
)
from mpp.domain.plan import AgencyPlan, Plan

NOTICE = table(Notice)


def notices(session: Session, plan: Plan, now: datetime) -> list[dict[str, Any]]:
    """What is raised now in the mall: emergencies first, then disturbances, each as it was raised."""
    is_open = select(NOTICE).where(NOTICE.c.mall_id == plan.mall_id, NOTICE.c.ended_at.is_(None))
    rows = session.execute(is_open.order_by(NOTICE.c.kind.desc(), NOTICE.c.raised_at, NOTICE.c.id))
    return [notice_row(plan, row, now) for row in rows if not is_over(row.kind, row.raised_at, plan, now)]


def notice_row(plan: Plan, notice: Any, now: datetime) -> dict[str, Any]:
    """A notice as everybody reads it; `text` is ready to show, `zones` are those that show it."""
    agency = agency_of(plan, notice.agency_id)
    zones = zones_of(plan, agency, notice.zone_id)
    row = {
        "id": notice.id,
        "kind": str(notice.kind),
        "agency": agency.code if agency else None,
        "agency_name": agency.short_name if agency else None,
        "zone": agency.zone.code if agency else zones[0],
        "zones": zones,
        "reason": notice.reason,
        "since": _local(plan, notice.raised_at),
        "until": _local(plan, notice.until),
        "text": sentence(plan, notice, agency, now),
    }
    return row if agency else {**row, "number": emergency_number(plan)}


def sentence(plan: Plan, notice: Any, agency: AgencyPlan | None, now: datetime, language: str = "id") -> str:
    """A notice in one sentence."""
    if notice.kind == NoticeKind.EMERGENCY or agency is None:
        return emergency_sentence(emergency_number(plan))
    where = (now, plan.timezone, language)
    return disturbance_sentence(agency.short_name, notice.reason, notice.until, *where)


def emergency_number(plan: Plan) -> str:
    """Whom to call in this mall when somebody needs help."""
    return str(plan.rules.get("emergency", "119"))


def _local(plan: Plan, at: datetime | None) -> str | None:
    return at.astimezone(plan.timezone).isoformat(timespec="seconds") if at else None
