"""People: added, given passwords and API tokens, signed in and out."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions.work import Work, writing
from mpp.db import Database
from mpp.domain.counter import Counter
from mpp.domain.errors import AlreadyThere, Invalid, NotFound, WrongPassword
from mpp.domain.life import ACTIVE
from mpp.domain.people import ApiToken, Person, Role, SignIn
from mpp.domain.plan import Plan
from mpp.domain.turn import Turn

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
SHORTEST = 12
WEAK = (
    "password",
    "katasandi",
    "kata sandi",
    "rahasia",
    "qwerty",
    "1234567",
    "abcdefg",
    "indonesia",
    "admin",
)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)


def add(
    db: Database, plan: Plan, actor: str, name: str, role: Role, agency: str | None, password: str
) -> int:
    """Add a person and return the id. Raises `AlreadyThere`, `NotFound` (agency) and `Invalid` (password)."""
    check_password(name, password)
    hashed = HASHER.hash(password)
    agency_id = _agency_id(plan, agency)
    with writing(db, plan.mall_id, actor) as work:
        if work.session.scalar(select(Person.id).where(Person.mall_id == plan.mall_id, Person.name == name)):
            raise AlreadyThere(f"Nama {name} sudah ada.")
        person = Person(
            mall_id=plan.mall_id,
            agency_id=agency_id,
            name=name,
            role=role.value,
            password_hash=hashed,
            active=True,
        )
        work.session.add(person)
        work.session.flush()
        work.log.record("person_added", agency=agency, after=role.value, person=person.id)
        return person.id


def make_token(db: Database, plan: Plan, actor: str, name: str) -> str:
    """A key for programs with the person's rights. It is shown once; only its hash is kept."""
    key = secrets.token_urlsafe(32)
    with writing(db, plan.mall_id, actor) as work:
        person = _person(work.session, plan, name)
        work.session.add(ApiToken(person_id=person.id, key_hash=key_hash(key), made_at=work.now))
        work.log.record("token_made", person=person.id)
    return key


def disable(db: Database, plan: Plan, actor: str, name: str) -> None:
    """Close the door for a person: sessions and tokens end; an open counter without a visitor is closed."""
    with writing(db, plan.mall_id, actor) as work:
        person = _person(work.session, plan, name)
        person.active = False
        _end_keys(work, person)
        _close_counters(work, person)
        work.log.record("person_disabled", person=person.id)


def set_password(db: Database, plan: Plan, actor: str, name: str, password: str) -> None:
    """Give a person another password; sessions that are open end."""
    check_password(name, password)
    hashed = HASHER.hash(password)
    with writing(db, plan.mall_id, actor) as work:
        person = _person(work.session, plan, name)
        person.password_hash = hashed
        work.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
        work.log.record("password_changed", person=person.id)


def check_password(name: str, password: str) -> None:
    """Refuse what is short, well known, or the name itself; no rules of composition (ASVS 5.0, 6.2)."""
    low = password.lower()
    if len(password) < SHORTEST:
        raise Invalid(f"Kata sandi paling sedikit {SHORTEST} karakter.")
    if len(set(low)) < 6 or name.lower() in low or any(low.startswith(weak) for weak in WEAK):
        raise Invalid("Kata sandi ini terlalu mudah ditebak.")


def sign_in(db: Database, name: str, password: str, mall_id: int | None = None) -> tuple[str, int]:
    """Open a session: its key, once, and the person's id. An unknown name takes as long as a known one."""
    with db.reading() as session:
        wanted = select(Person).where(Person.name == name, Person.active)
        wanted = wanted if mall_id is None else wanted.where(Person.mall_id == mall_id)
        # PostgreSQL knows no null byte, and nobody is called so.
        people = session.scalars(wanted).all() if name.isprintable() else []
    person = people[0] if len(people) == 1 else None
    if not _verified(person.password_hash if person else NOBODY, password) or person is None:
        raise WrongPassword
    key = secrets.token_urlsafe(32)
    now = clock.now()
    with db.jotting() as session:
        session.execute(delete(SignIn).where(SignIn.started_at < now - LONGEST))
        session.add(
            SignIn(
                person_id=person.id,
                key_hash=key_hash(key),
                csrf=secrets.token_urlsafe(24),
                started_at=now,
                seen_at=now,
            )
        )
    return key, person.id


def sign_out(db: Database, key: str) -> None:
    with db.jotting() as session:
        session.execute(delete(SignIn).where(SignIn.key_hash == key_hash(key)))


def key_hash(key: str) -> bytes:
    return sha256(key.encode()).digest()


def alive(sign_in: SignIn, now: datetime) -> bool:
    """A session ends after 30 minutes of silence, and after 12 hours anyway."""
    return now - sign_in.seen_at < IDLE and now - sign_in.started_at < LONGEST


def _verified(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _person(session: Session, plan: Plan, name: str) -> Person:
    person = session.scalar(select(Person).where(Person.mall_id == plan.mall_id, Person.name == name))
    if person is None:
        raise NotFound(f"Tidak ada orang bernama {name}.")
    return person


def _agency_id(plan: Plan, code: str | None) -> int | None:
    if code is None:
        return None
    if code not in plan.agencies:
        raise NotFound(f"Tidak ada instansi berkode {code}.")
    return plan.agencies[code].id


def _end_keys(work: Work, person: Person) -> None:
    for noun in (SignIn, ApiToken):
        work.session.execute(delete(noun).where(noun.person_id == person.id))


def _close_counters(work: Work, person: Person) -> None:
    for counter in work.session.scalars(select(Counter).where(Counter.holder_id == person.id, Counter.open)):
        at_desk = select(Turn.id).where(Turn.counter_id == counter.id, Turn.state.in_(ACTIVE))
        if work.session.scalar(at_desk.limit(1)) is None:
            counter.close(work.plan.counters[counter.id], work.log, "person_disabled", busy=False)
