"""Telling the hall that an agency's system is disturbed, or that somebody needs help; and that it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field
from sqlalchemy import select

from mpp.actions.bodies import Body, Reason
from mpp.actions.change import change
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.errors import AlreadyRaised, Invalid, NotRaised, UnknownAgency
from mpp.domain.mall import Agency
from mpp.domain.notice import Notice, NoticeKind
from mpp.encoding import plain_row
from mpp.queries.notices import NoticeRow, notice_row
from mpp.queries.rows import extended

LONGEST = timedelta(days=7)


class RaiseDisturbance(Body):
    reason: Reason | None = None
    until: AwareDatetime | None = Field(None, strict=False)


class RaiseEmergency(Body):
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class NoticeState(NoticeRow):
    """A notice, and whether it is still raised."""

    open: bool


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """What is answered to whoever raises or lifts a notice."""

    notice: NoticeState
    seq: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a notice is about: an agency, or a zone."""

    kind: NoticeKind
    agency_id: int | None = None
    zone_id: int | None = None


def raise_disturbance(command: Command, code: str, told: RaiseDisturbance) -> Answer:
    """An agency's system is disturbed, until perhaps then.

    Raises `UnknownAgency` (also for another's), `AlreadyRaised` and `Invalid` (the end).
    """

    def done(tx: Transaction) -> Answer:
        agency = _own_agency(tx, code)
        if told.until is not None and not tx.now < told.until <= tx.now + LONGEST:
            raise Invalid("Perkiraan pulih harus di masa depan, paling lama tujuh hari lagi.")
        return _raise(tx, Scope(NoticeKind.DISTURBANCE, agency_id=agency.id), told.reason, told.until)

    return change(command, done)


def lift_disturbance(command: Command, code: str) -> Answer:
    """The agency works again. Raises `UnknownAgency` and `NotRaised`."""
    return change(
        command, lambda tx: _lift(tx, Scope(NoticeKind.DISTURBANCE, agency_id=_own_agency(tx, code).id))
    )


def raise_emergency(command: Command, code: str, told: RaiseEmergency) -> Answer:
    """Somebody needs help in a zone: its screens show whom to call, and say nothing else.

    Anybody of the mall may, whatever their agency. Raises `UnknownZone` and `AlreadyRaised`.
    """
    return change(command, lambda tx: _raise(tx, _in_zone(tx, code), told.reason, None))


def lift_emergency(command: Command, code: str) -> Answer:
    """Help has come; the zone's screens speak again. Raises `UnknownZone` and `NotRaised`."""
    return change(command, lambda tx: _lift(tx, _in_zone(tx, code)))


def _raise(tx: Transaction, scope: Scope, reason: str | None, until: datetime | None) -> Answer:
    if _raised(tx, scope) is not None:
        raise AlreadyRaised
    notice = Notice(
        id=tx.log.new_id("notice"),
        mall_id=tx.mall.mall_id,
        kind=scope.kind,
        agency_id=scope.agency_id,
        zone_id=scope.zone_id,
        reason=reason,
        until=until,
        raised_at=tx.now,
        raised_by=tx.log.actor,
    )
    tx.session.add(notice)
    notice.start(tx.log)
    return _answer(tx, notice)


def _lift(tx: Transaction, scope: Scope) -> Answer:
    if (notice := _raised(tx, scope)) is None:
        raise NotRaised
    notice.lift(tx.log)
    return _answer(tx, notice)


def _raised(tx: Transaction, scope: Scope) -> Notice | None:
    return tx.session.scalar(
        select(Notice).where(
            Notice.mall_id == tx.mall.mall_id,
            Notice.kind == scope.kind,
            Notice.agency_id.is_(None) if scope.agency_id is None else Notice.agency_id == scope.agency_id,
            Notice.zone_id.is_(None) if scope.zone_id is None else Notice.zone_id == scope.zone_id,
            Notice.ended_at.is_(None),
        )
    )


def _in_zone(tx: Transaction, code: str) -> Scope:
    return Scope(NoticeKind.EMERGENCY, zone_id=tx.mall.zone(code).id)


def _own_agency(tx: Transaction, code: str) -> Agency:
    agency = tx.mall.agencies.get(code)
    if agency is None or not tx.principal.serves(agency.id):
        raise UnknownAgency
    return agency


def _answer(tx: Transaction, notice: Notice) -> Answer:
    row = extended(notice_row(tx.mall, notice, tx.now), NoticeState, open=notice.ended_at is None)
    return plain_row(NoticeAnswer(row, tx.log.seq))
