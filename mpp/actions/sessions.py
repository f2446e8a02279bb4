"""Sessions: begun, locked, unlocked and ended; kept on the server, outside the log."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions.passwords import NOBODY, verified
from mpp.db import Database
from mpp.domain.errors import UnknownKey, WrongPassword
from mpp.domain.people import ENDED, LONGEST, Person, SignIn, key_hash


def sign_in(db: Database, name: str, password: str, mall_id: int | None = None) -> tuple[str, int]:
    """Open a session: its key, once, and the person's id. An unknown name takes as long as a known one."""
    with db.reading() as session:
        wanted = select(Person).where(Person.name == name, Person.active)
        wanted = wanted if mall_id is None else wanted.where(Person.mall_id == mall_id)
        # PostgreSQL knows no null byte, and nobody is called so.
        people = session.scalars(wanted).all() if name.isprintable() else []
    person = people[0] if len(people) == 1 else None
    if not verified(person.password_hash if person else NOBODY, password) or person is None:
        raise WrongPassword
    key, now = secrets.token_urlsafe(32), clock.now()
    with db.jotting() as session:
        _sweep(session, now)
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
    """End this session."""
    with db.jotting() as session:
        _end(session, SignIn.key_hash == key_hash(key))


def lock(db: Database, key: str) -> None:
    """Close the screen: until it is unlocked, this session opens nothing."""
    with db.jotting() as session:
        own = (SignIn.key_hash == key_hash(key), SignIn.locked_at.is_(None))
        session.execute(update(SignIn).where(*own).values(locked_at=clock.now()))


def unlock(db: Database, key: str, password: str) -> str:
    """Open the screen again under a new key, as after every sign-in. Raises `WrongPassword`, `UnknownKey`."""
    own = SignIn.key_hash == key_hash(key)
    with db.reading() as session:
        kept = session.scalar(
            select(Person.password_hash).join(SignIn, SignIn.person_id == Person.id).where(own, Person.active)
        )
    if not verified(kept or NOBODY, password):
        raise WrongPassword("Kata sandi tidak cocok.")
    fresh = secrets.token_urlsafe(32)
    anew = {"key_hash": key_hash(fresh), "csrf": secrets.token_urlsafe(24)}
    with db.jotting() as session:
        opened = update(SignIn).where(own).values(**anew, seen_at=clock.now(), locked_at=None)
        if session.scalar(opened.returning(SignIn.id)) is None:
            raise UnknownKey  # somebody ended it meanwhile
    return fresh


def touch(db: Database, hashed: bytes) -> None:
    """Note when a session was last used."""
    with db.jotting() as session:
        session.execute(update(SignIn).where(SignIn.key_hash == hashed).values(seen_at=clock.now()))


def end_sessions(session: Session, person_id: int) -> None:
    """End all sessions of a person."""
    _end(session, SignIn.person_id == person_id)


def _end(session: Session, which: ColumnElement[bool]) -> None:
    for each in session.scalars(select(SignIn.id).where(which, SignIn.csrf != ENDED)).all():
        closed = {"key_hash": secrets.token_bytes(32), "csrf": ENDED}
        session.execute(update(SignIn).where(SignIn.id == each).values(**closed))


def _sweep(session: Session, now: datetime) -> None:
    """Forget sessions that are over, except each person's newest: it says when they were last here."""
    newest = select(func.max(SignIn.id)).group_by(SignIn.person_id)
    session.execute(delete(SignIn).where(SignIn.started_at < now - LONGEST, SignIn.id.not_in(newest)))
