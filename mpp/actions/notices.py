"""Telling the hall that an agency's system is disturbed, or that somebody needs help; and that it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.errors import AlreadyRaised, Invalid, NotRaised, UnknownAgency
from mpp.domain.mall import Agency, Mall
from mpp.domain.notice import Notice, NoticeKind
from mpp.queries.notices import notice_row

LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who raises or lifts: an actor of the log, and their agency (None is all of the mall)."""

    actor: str
    agency_id: int | None


def raise_disturbance(
    db: Database,
    mall: Mall,
    teller: Teller,
    code: str,
    intent: Intent,
    reason: str | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """An agency's system is disturbed, until perhaps then.

    Raises `UnknownAgency` (also for another's), `AlreadyRaised` and `Invalid` (the end).
    """
    with writing(db, mall.mall_id, teller.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        agency = _own_agency(tx.mall, teller, code)
        if until is not None and not tx.now < until <= tx.now + LONGEST:
            raise Invalid("Perkiraan pulih harus di masa depan, paling lama tujuh hari lagi.")
        return _raise(tx, NoticeKind.DISTURBANCE, agency.id, None, reason, until)


def lift_disturbance(db: Database, mall: Mall, teller: Teller, code: str, intent: Intent) -> dict[str, Any]:
    """The agency works again. Raises `UnknownAgency` and `NotRaised`."""
    with writing(db, mall.mall_id, teller.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        return _lift(tx, NoticeKind.DISTURBANCE, _own_agency(tx.mall, teller, code).id, None)


def raise_emergency(
    db: Database, mall: Mall, teller: Teller, code: str, intent: Intent, reason: str | None = None
) -> dict[str, Any]:
    """Somebody needs help in a zone: its screens show whom to call, and say nothing else.

    Anybody of the mall may, whatever their agency. Raises `UnknownZone` and `AlreadyRaised`.
    """
    with writing(db, mall.mall_id, teller.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        return _raise(tx, NoticeKind.EMERGENCY, None, tx.mall.zone(code).id, reason, None)


def lift_emergency(db: Database, mall: Mall, teller: Teller, code: str, intent: Intent) -> dict[str, Any]:
    """Help has come; the zone's screens speak again. Raises `UnknownZone` and `NotRaised`."""
    with writing(db, mall.mall_id, teller.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        return _lift(tx, NoticeKind.EMERGENCY, None, tx.mall.zone(code).id)


def _raise(
    tx: Transaction,
    kind: NoticeKind,
    agency_id: int | None,
    zone_id: int | None,
    reason: str | None,
    until: datetime | None,
) -> dict[str, Any]:
    if _raised(tx, kind, agency_id, zone_id) is not None:
        raise AlreadyRaised
    notice = Notice(
        id=tx.log.new_id("notice"),
        mall_id=tx.mall.mall_id,
        kind=kind,
        agency_id=agency_id,
        zone_id=zone_id,
        reason=reason,
        until=until,
        raised_at=tx.now,
        raised_by=tx.log.actor,
    )
    tx.session.add(notice)
    notice.start(tx.mall, tx.log)
    return _answer(tx, notice)


def _lift(tx: Transaction, kind: NoticeKind, agency_id: int | None, zone_id: int | None) -> dict[str, Any]:
    if (notice := _raised(tx, kind, agency_id, zone_id)) is None:
        raise NotRaised
    notice.lift(tx.mall, tx.log)
    return _answer(tx, notice)


def _raised(tx: Transaction, kind: NoticeKind, agency_id: int | None, zone_id: int | None) -> Notice | None:
    return tx.session.scalar(
        select(Notice).where(
            Notice.mall_id == tx.mall.mall_id,
            Notice.kind == kind,
            Notice.agency_id.is_(None) if agency_id is None else Notice.agency_id == agency_id,
            Notice.zone_id.is_(None) if zone_id is None else Notice.zone_id == zone_id,
            Notice.ended_at.is_(None),
        )
    )


def _own_agency(mall: Mall, teller: Teller, code: str) -> Agency:
    agency = mall.agencies.get(code)
    if agency is None or teller.agency_id not in (None, agency.id):
        raise UnknownAgency
    return agency


def _answer(tx: Transaction, notice: Notice) -> dict[str, Any]:
    row = {**notice_row(tx.mall, notice, tx.now), "open": notice.ended_at is None}
    return tx.remember({"notice": row, "seq": tx.log.seq})
