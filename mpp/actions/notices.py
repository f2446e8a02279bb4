"""Telling the hall that an agency's system is disturbed, or that somebody needs help; and that it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.errors import AlreadyRaised, Invalid, NotRaised, UnknownAgency
from mpp.domain.notice import Notice, NoticeKind
from mpp.domain.plan import AgencyPlan, Plan
from mpp.queries.notices import notice_row

LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who raises or lifts: an actor of the log, and their agency (None is all of the mall)."""

    actor: str
    agency_id: int | None


def raise_disturbance(
    db: Database,
    plan: Plan,
    teller: Teller,
    code: str,
    wish: Wish,
    reason: str | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """An agency's system is disturbed, until perhaps then.

    Raises `UnknownAgency` (also for another's), `AlreadyRaised` and `Invalid` (the end).
    """
    with writing(db, plan.mall_id, teller.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        agency = _own_agency(work.plan, teller, code)
        if until is not None and not work.now < until <= work.now + LONGEST:
            raise Invalid("Perkiraan pulih harus di masa depan, paling lama tujuh hari lagi.")
        return _raise(work, NoticeKind.DISTURBANCE, agency.id, None, reason, until)


def lift_disturbance(db: Database, plan: Plan, teller: Teller, code: str, wish: Wish) -> dict[str, Any]:
    """The agency works again. Raises `UnknownAgency` and `NotRaised`."""
    with writing(db, plan.mall_id, teller.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        return _lift(work, NoticeKind.DISTURBANCE, _own_agency(work.plan, teller, code).id, None)


def raise_emergency(
    db: Database, plan: Plan, teller: Teller, code: str, wish: Wish, reason: str | None = None
) -> dict[str, Any]:
    """Somebody needs help in a zone: its screens show whom to call, and say nothing else.

    Anybody of the mall may, whatever their agency. Raises `UnknownZone` and `AlreadyRaised`.
    """
    with writing(db, plan.mall_id, teller.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        return _raise(work, NoticeKind.EMERGENCY, None, work.plan.zone(code).id, reason, None)


def lift_emergency(db: Database, plan: Plan, teller: Teller, code: str, wish: Wish) -> dict[str, Any]:
    """Help has come; the zone's screens speak again. Raises `UnknownZone` and `NotRaised`."""
    with writing(db, plan.mall_id, teller.actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        return _lift(work, NoticeKind.EMERGENCY, None, work.plan.zone(code).id)


def _raise(
    work: Work,
    kind: NoticeKind,
    agency_id: int | None,
    zone_id: int | None,
    reason: str | None,
    until: datetime | None,
) -> dict[str, Any]:
    if _raised(work, kind, agency_id, zone_id) is not None:
        raise AlreadyRaised
    notice = Notice(
        id=work.log.new_id("notice"),
        mall_id=work.plan.mall_id,
        kind=kind,
        agency_id=agency_id,
        zone_id=zone_id,
        reason=reason,
        until=until,
        raised_at=work.now,
        raised_by=work.log.actor,
    )
    work.session.add(notice)
    notice.start(work.plan, work.log)
    return _answer(work, notice)


def _lift(work: Work, kind: NoticeKind, agency_id: int | None, zone_id: int | None) -> dict[str, Any]:
    if (notice := _raised(work, kind, agency_id, zone_id)) is None:
        raise NotRaised
    notice.lift(work.plan, work.log)
    return _answer(work, notice)


def _raised(work: Work, kind: NoticeKind, agency_id: int | None, zone_id: int | None) -> Notice | None:
    return work.session.scalar(
        select(Notice).where(
            Notice.mall_id == work.plan.mall_id,
            Notice.kind == kind,
            Notice.agency_id.is_(None) if agency_id is None else Notice.agency_id == agency_id,
            Notice.zone_id.is_(None) if zone_id is None else Notice.zone_id == zone_id,
            Notice.ended_at.is_(None),
        )
    )


def _own_agency(plan: Plan, teller: Teller, code: str) -> AgencyPlan:
    agency = plan.agencies.get(code)
    if agency is None or teller.agency_id not in (None, agency.id):
        raise UnknownAgency
    return agency


def _answer(work: Work, notice: Notice) -> dict[str, Any]:
    row = {**notice_row(work.plan, notice, work.now), "open": notice.ended_at is None}
    return work.remember({"notice": row, "seq": work.log.seq})
