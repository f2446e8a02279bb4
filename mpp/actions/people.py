"""People: added, given rights and passwords and API tokens, let in and shut out."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mpp.actions.passwords import HASHER, check_password
from mpp.actions.sessions import end_sessions
from mpp.actions.transaction import Transaction, writing
from mpp.db import Database
from mpp.domain.counter import CounterState
from mpp.domain.errors import AlreadyThere, Invalid, NotFound, NotYourself
from mpp.domain.mall import Mall
from mpp.domain.people import ApiToken, Person, Right, Role, key_hash
from mpp.domain.turn import IS_ACTIVE, Turn

LONGEST_NAME = 60


def add(
    db: Database, mall: Mall, actor: str, name: str, role: Role, agency: str | None, password: str
) -> int:
    """Add a person and return the id. Raises `AlreadyThere`, `NotFound` (agency) and `Invalid`.

    The `reason` of a refusal names what to mend: name, agency or password.
    """
    _check_name(name)
    if role == Role.ADMIN and agency is not None:
        raise Invalid("Admin selalu untuk seluruh mal.", reason="agency")
    check_password(name, password)
    hashed = HASHER.hash(password)
    agency_id = _agency_id(mall, agency)
    with writing(db, mall.mall_id, actor) as tx:
        if tx.session.scalar(select(Person.id).where(Person.mall_id == mall.mall_id, Person.name == name)):
            raise AlreadyThere(f"Nama {name} sudah ada.", reason="name")
        person = Person(
            mall_id=mall.mall_id,
            agency_id=agency_id,
            name=name,
            role=role.value,
            password_hash=hashed,
            active=True,
        )
        tx.session.add(person)
        tx.session.flush()
        tx.log.record("person_added", agency=agency, after=role.value, person=person.id)
        return person.id


def make_token(db: Database, mall: Mall, actor: str, name: str) -> str:
    """A key for programs with the person's rights. It is shown once; only its hash is kept."""
    key = secrets.token_urlsafe(32)
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        tx.session.add(ApiToken(person_id=person.id, key_hash=key_hash(key), made_at=tx.now))
        tx.log.record("token_made", person=person.id)
    return key


def grant(db: Database, mall: Mall, actor: str, name: str, right: Right) -> None:
    """Give a person a right beyond the role; having it already changes nothing."""
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        if right.value not in person.rights:
            person.rights = sorted([*person.rights, right.value])
            tx.log.record("right_granted", person=person.id, right=right.value)


def revoke(db: Database, mall: Mall, actor: str, name: str, right: Right) -> None:
    """Take a right away; whoever is at work with it loses it within seconds."""
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        if right.value in person.rights:
            person.rights = [each for each in person.rights if each != right.value]
            tx.log.record("right_revoked", person=person.id, right=right.value)


def disable(db: Database, mall: Mall, actor: str, name: str) -> None:
    """Close the door for a person: sessions and tokens end; an open counter without a visitor is closed.

    Raises `NotYourself`: who shuts the door from inside cannot open it again.
    """
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        if actor == f"person:{person.id}":
            raise NotYourself("Anda tidak dapat menonaktifkan akun Anda sendiri.")
        person.active = False
        end_sessions(tx.session, person.id)
        tx.session.execute(delete(ApiToken).where(ApiToken.person_id == person.id))
        _close_counters(tx, person)
        tx.log.record("person_disabled", person=person.id)


def enable(db: Database, mall: Mall, actor: str, name: str) -> None:
    """Open the door again, with the password and the rights as they were; tokens have to be made anew."""
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        if not person.active:
            person.active = True
            tx.log.record("person_enabled", person=person.id)


def set_password(db: Database, mall: Mall, actor: str, name: str, password: str) -> None:
    """Give a person another password; sessions that are open end."""
    check_password(name, password)
    hashed = HASHER.hash(password)
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        person.password_hash = hashed
        end_sessions(tx.session, person.id)
        tx.log.record("password_changed", person=person.id)


def sign_out_everywhere(db: Database, mall: Mall, actor: str, name: str) -> None:
    """End all sessions of a person; the counter they hold stays theirs."""
    with writing(db, mall.mall_id, actor) as tx:
        person = _person(tx.session, mall, name)
        end_sessions(tx.session, person.id)
        tx.log.record("sessions_ended", person=person.id)


def _check_name(name: str) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(f"Nama harus 1 sampai {LONGEST_NAME} karakter.", reason="name")


def _person(session: Session, mall: Mall, name: str) -> Person:
    person = session.scalar(select(Person).where(Person.mall_id == mall.mall_id, Person.name == name))
    if person is None:
        raise NotFound(f"Tidak ada orang bernama {name}.")
    return person


def _agency_id(mall: Mall, code: str | None) -> int | None:
    if code is None:
        return None
    if code not in mall.agencies:
        raise NotFound(f"Tidak ada instansi berkode {code}.", reason="agency")
    return mall.agencies[code].id


def _close_counters(tx: Transaction, person: Person) -> None:
    for counter in tx.session.scalars(
        select(CounterState).where(CounterState.holder_id == person.id, CounterState.open)
    ):
        at_desk = select(Turn.id).where(Turn.counter_id == counter.id, IS_ACTIVE)
        if tx.session.scalar(at_desk.limit(1)) is None:
            counter.close(tx.mall.counters[counter.id], tx.log, "person_disabled", busy=False)
