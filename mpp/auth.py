"""Who asks: a device by its key, a person by a token or a session; and who is allowed where."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions import sessions
from mpp.db import Database
from mpp.domain.errors import Busy, Locked, UnknownKey
from mpp.domain.people import ApiToken, Device, Person, Right, Role, SignIn, key_hash
from mpp.domain.principal import Principal

KNOWN_FOR_S = 2.0
MOST_KNOWN = 5_000
NOTED_EVERY_S = 30.0


# Who is allowed. Every route and the socket name one of these.
ANYONE: tuple[str, ...] = ("anyone",)
BEARER: tuple[str, ...] = ("bearer",)
KIOSK: tuple[str, ...] = ("kiosk",)
TAKERS: tuple[str, ...] = ("kiosk", Role.GREETER)
OFFICERS: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR)
HELPERS: tuple[str, ...] = (Role.GREETER, Role.OFFICER, Role.SUPERVISOR)
CHECKERS: tuple[str, ...] = ("kiosk", *HELPERS)
SUPERVISORS: tuple[str, ...] = (Role.SUPERVISOR, Role.ADMIN)
ADMINS: tuple[str, ...] = (Role.ADMIN,)
STAFF: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN, Role.GREETER)
# What a locked session may still do.
LOCK: tuple[str, ...] = (*STAFF, "locked")
LOG_READERS: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)
DISPLAYS: tuple[str, ...] = ("display",)
EVERYBODY_KNOWN: tuple[str, ...] = ("kiosk", "display", *STAFF)
MONITORING: tuple[str, ...] = ("monitoring",)


class Authenticator:
    """Knows keys for two seconds at most, so that a removed one is refused within five."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, bytes], tuple[float, Principal]] = {}
        self._touched: dict[bytes, float] = {}
        self._noted: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def by_key(self, key: str) -> Principal:
        """The device or the person of a bearer key. Raises `UnknownKey`."""
        return self._once("key", key, _bearer)

    def by_session(self, key: str, locked_too: bool = False) -> Principal:
        """The person of a session cookie. Raises `UnknownKey` when it is unknown or over, and `Locked`."""
        found = self._once("session", key, self._session)
        if found.locked and not locked_too:
            raise Locked
        return found

    def touch(self, key: str) -> None:
        """Somebody did something with this session just now: from here on it is idle."""
        hashed, now = key_hash(key), clock.uptime()
        with self._lock:
            if len(self._touched) > MOST_KNOWN:
                self._touched.clear()
                self._noted.clear()
            self._touched[hashed] = now
            if now - self._noted.get(hashed, -NOTED_EVERY_S) < NOTED_EVERY_S:
                return
            self._noted[hashed] = now
        with suppress(Busy):  # while the database is busy, looking at a page does not need it
            sessions.touch(self._db, hashed)

    def forget(self) -> None:
        """Look at the database again at the next request."""
        with self._lock:
            self._known.clear()

    def _once(self, way: str, key: str, look: Callable[[Session, bytes], Principal | None]) -> Principal:
        if not key.isascii():
            raise UnknownKey
        hashed = key_hash(key)
        known = self._known.get((way, hashed))
        if known and time.monotonic() - known[0] < KNOWN_FOR_S:
            return known[1]
        with self._db.reading() as session:
            principal = look(session, hashed)
        with self._lock:
            self._known.pop((way, hashed), None)
            if principal is None:
                raise UnknownKey
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[way, hashed] = (time.monotonic(), principal)
        return principal

    def _session(self, session: Session, hashed: bytes) -> Principal | None:
        found = session.execute(
            select(SignIn, Person)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.key_hash == hashed)
        ).first()
        if found is None or not found[1].active:
            return None
        now = clock.now()
        idle = self._idle(hashed, found[0], now)
        if found[0].over(idle, now):
            return None
        return replace(_person(found[1], found[0].csrf), locked=found[0].locked(idle))

    def _idle(self, hashed: bytes, sign_in: SignIn, now: datetime) -> timedelta:
        """How long nobody touched it. A clock that somebody sets ahead must not lock out the whole hall."""
        said = now - sign_in.seen_at
        if (touched := self._touched.get(hashed)) is None:
            return said
        return min(said, timedelta(seconds=clock.uptime() - touched))


def _bearer(session: Session, hashed: bytes) -> Principal | None:
    device = session.scalar(select(Device).where(Device.key_hash == hashed, Device.active))
    if device is not None:
        return Principal(device.kind, device.id, device.mall_id, zones=tuple(device.zones), name=device.name)
    person = session.scalar(
        select(Person)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(ApiToken.key_hash == hashed, Person.active)
    )
    return _person(person) if person else None


def _person(person: Person, csrf: str | None = None) -> Principal:
    return Principal(
        "person",
        person.id,
        person.mall_id,
        role=person.role,
        agency_id=person.agency_id,
        name=person.name,
        csrf=csrf,
        rights=frozenset(Right(each) for each in person.rights),
    )
