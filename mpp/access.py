"""Who is at the door: a device by its key, a person by a token or a session; and which doors exist."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions.people import alive, key_hash
from mpp.db import Database
from mpp.domain.errors import Busy, UnknownKey
from mpp.domain.people import ApiToken, Device, Person, Right, Role, SignIn

KNOWN_FOR_S = 2.0
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody known: `kind` is kiosk, display or person; `agency_id` None is all of the mall."""

    kind: str
    id: int
    mall_id: int
    role: str = ""
    agency_id: int | None = None
    zones: tuple[str, ...] = ()
    name: str = ""
    csrf: str | None = None
    rights: frozenset[Right] = frozenset()

    @property
    def actor(self) -> str:
        """How the log names them: never by name."""
        return f"person:{self.id}" if self.kind == "person" else f"device:{self.id}"

    @property
    def by_session(self) -> bool:
        return self.csrf is not None

    def passes(self, doors: tuple[str, ...]) -> bool:
        """Whether one of these doors is theirs: a device kind or a role."""
        return (self.role if self.kind == "person" else self.kind) in doors


# The doors of the house. Every route and the socket name one of these.
ANYONE: tuple[str, ...] = ("anyone",)
BEARER: tuple[str, ...] = ("bearer",)
KIOSK: tuple[str, ...] = ("kiosk",)
TAKERS: tuple[str, ...] = ("kiosk", Role.GREETER)
OFFICERS: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR)
SUPERVISORS: tuple[str, ...] = (Role.SUPERVISOR, Role.ADMIN)
STAFF: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN, Role.GREETER)
LOG_READERS: tuple[str, ...] = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)
DISPLAYS: tuple[str, ...] = ("display",)
EVERYBODY_KNOWN: tuple[str, ...] = ("kiosk", "display", *STAFF)
MONITORING: tuple[str, ...] = ("monitoring",)


class Porter:
    """Knows keys for two seconds at most, so that a removed one is refused within five."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, bytes], tuple[float, Principal]] = {}
        self._lock = threading.Lock()

    def by_key(self, key: str) -> Principal:
        """The device or the person of a bearer key. Raises `UnknownKey`."""
        return self._once("key", key, _bearer)

    def by_session(self, key: str) -> Principal:
        """The person of a session cookie. Raises `UnknownKey` when it is unknown or has ended."""
        return self._once("session", key, self._session)

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
            if len(self._known) > 5_000:
                self._known.clear()
            self._known[way, hashed] = (time.monotonic(), principal)
        return principal

    def _session(self, session: Session, hashed: bytes) -> Principal | None:
        found = session.execute(
            select(SignIn, Person)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.key_hash == hashed)
        ).first()
        now = clock.now()
        if found is None or not found[1].active or not alive(found[0], now):
            return None
        if now - found[0].seen_at > SEEN_EVERY:
            self._seen(hashed)
        return _person(found[1], csrf=found[0].csrf)

    def _seen(self, hashed: bytes) -> None:
        """Note when they were last here; while the database is busy, looking at a page does not need it."""
        with suppress(Busy), self._db.jotting() as session:
            session.execute(update(SignIn).where(SignIn.key_hash == hashed).values(seen_at=clock.now()))


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
