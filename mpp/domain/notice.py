"""A notice: what the hall must know now, from the moment it is raised until it is lifted."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Moment
from mpp.domain.calendar import moment_words, time_words
from mpp.domain.event import About
from mpp.domain.events import (
    DisturbanceLifted,
    DisturbanceRaised,
    EmergencyLifted,
    EmergencyRaised,
    NoticeEvent,
)
from mpp.domain.log import Log
from mpp.domain.mall import Agency, Mall
from mpp.domain.reasons import OTHER, reason_words

# A day that ran past midnight is over by then, as for turns and counters.
LAST_HOURS = timedelta(hours=4)


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

    def start(self, log: Log) -> None:
        """It is known from now on."""
        if self.kind == NoticeKind.EMERGENCY:
            self._record(EmergencyRaised(notice=self.id, reason=self.reason), log)
        else:
            self._record(DisturbanceRaised(notice=self.id, reason=self.reason, until=self.until), log)

    def lift(self, log: Log, reason: str | None = None) -> None:
        """It is over; a reason says that nobody lifted it by hand."""
        self.ended_at = log.now
        lifted = EmergencyLifted if self.kind == NoticeKind.EMERGENCY else DisturbanceLifted
        self._record(lifted(notice=self.id, reason=reason), log)

    def _record(self, event: NoticeEvent, log: Log) -> None:
        agency = agency_of(log.mall, self.agency_id)
        zones = zones_of(log.mall, agency, self.zone_id)
        log.record(event, About(zones, agency.code if agency else None))


def agency_of(mall: Mall, agency_id: int | None) -> Agency | None:
    return next((each for each in mall.agencies.values() if each.id == agency_id), None)


def zones_of(mall: Mall, agency: Agency | None, zone_id: int | None) -> list[str]:
    """Where a notice is shown: its zone, or wherever its agency waits or calls."""
    if agency is None:
        return [zone.code for zone in mall.zones.values() if zone.id == zone_id]
    counters = (place.zone.code for place in mall.counters.values() if place.agency == agency)
    return sorted({agency.zone.code, *counters})


def is_over(kind: str, raised_at: datetime, mall: Mall, now: datetime) -> bool:
    """Whether the day of a disturbance has ended; an emergency stays until somebody lifts it."""
    return kind == NoticeKind.DISTURBANCE and mall.day(raised_at) < mall.day(now - LAST_HOURS)


# By language: what is disturbed, and until when.
DISTURBED = {
    "id": (
        {
            "sistem": "Sistem {name} sedang gangguan",
            "jaringan": "Jaringan {name} sedang gangguan",
            "listrik": "Listrik {name} sedang gangguan",
            "pusat": "Sistem pusat {name} sedang gangguan",
            OTHER: "Layanan {name} sedang terganggu",
        },
        "{what}, diperkirakan pulih {when}.",
    ),
    "en": (
        {
            "sistem": "The system of {name} is down",
            "jaringan": "The network of {name} is down",
            "listrik": "The power of {name} is out",
            "pusat": "The central system of {name} is down",
            OTHER: "The services of {name} are disrupted",
        },
        "{what}, expected back {when}.",
    ),
}


def disturbance_sentence(
    name: str,
    reason: str | None,
    until: datetime | None,
    now: datetime,
    timezone: ZoneInfo,
    language: str = "id",
) -> str:
    """What a visitor reads; an end that has passed without the end of it is not promised any more."""
    causes, lasting = DISTURBED[language]
    what = causes.get(reason or OTHER, causes[OTHER]).format(name=name)
    if until is None or until <= now:
        return f"{what}."
    return lasting.format(what=what, when=_when(until, now, timezone, language))


def emergency_sentence(number: str, place: str = "", language: str = "id") -> str:
    """Whom to call, and for somebody who may be elsewhere in which `place`."""
    if language == "en":
        return f"Emergency{f' in {place}' if place else ''}, call {number}"
    return f"Darurat{f' di {place}' if place else ''}, hubungi {number}"


def pause_sentence(
    counter: str, reason: str | None, until: datetime | None, now: datetime, timezone: ZoneInfo
) -> str:
    """Why nobody is called to a counter: "Loket 2 istirahat sampai 13.00 WIB"."""
    words = reason_words("pause", reason)
    said = f"{counter} {'jeda' if words in ('', OTHER) else words}"
    if until is None or until <= now:
        return said
    return f"{said} sampai {_when(until, now, timezone, 'id').removeprefix('pukul ')}"


def _when(moment: datetime, now: datetime, timezone: ZoneInfo, language: str) -> str:
    """The time alone when it is today."""
    if moment.astimezone(timezone).date() == now.astimezone(timezone).date():
        return time_words(moment, timezone, language)
    return moment_words(moment, now, timezone, language)
