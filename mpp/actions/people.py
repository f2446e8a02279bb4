"""People: added, given rights and passwords and API tokens, let in and shut out."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Select, delete, select

from mpp.actions.change import writing
from mpp.actions.passwords import HASHER, check_password
from mpp.actions.sessions import end_sessions
from mpp.actions.transaction import Command, Transaction
from mpp.domain.counter import CounterState
from mpp.domain.errors import AlreadyThere, Invalid, NotFound, NotYourself
from mpp.domain.event import About
from mpp.domain.events import (
    PasswordChanged,
    PersonAdded,
    PersonDisabled,
    PersonEnabled,
    RightGranted,
    RightRevoked,
    SessionsEnded,
    TokenMade,
)
from mpp.domain.mall import Mall
from mpp.domain.people import ApiToken, Person, Right, Role, key_hash
from mpp.domain.turn import IS_ACTIVE, Turn

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added; the agency by its code, None for the whole mall."""

    name: str
    role: Role
    agency: str | None
    password: str


def add(command: Command, new: NewPerson) -> int:
    """Add a person and return the id. Raises `AlreadyThere`, `NotFound` (agency) and `Invalid`.

    The `reason` of a refusal names what to mend: name, agency or password.
    """
    _check_name(new.name)
    if new.role == Role.ADMIN and new.agency is not None:
        raise Invalid("Admin selalu untuk seluruh mal.", reason="agency")
    check_password(new.name, new.password)
    hashed = HASHER.hash(new.password)
    with writing(command) as tx:
        agency_id = _agency_id(tx.mall, new.agency)
        if tx.session.scalar(_named(tx, new.name).with_only_columns(Person.id)):
            raise AlreadyThere(f"Nama {new.name} sudah ada.", reason="name")
        person = Person(
            mall_id=tx.mall.mall_id,
            agency_id=agency_id,
            name=new.name,
            role=new.role.value,
            password_hash=hashed,
            active=True,
        )
        tx.session.add(person)
        tx.session.flush()
        tx.log.record(PersonAdded(person=person.id), About(agency=new.agency, after=new.role.value))
        return person.id


def make_token(command: Command, name: str) -> str:
    """A key for programs with the person's rights. It is shown once; only its hash is kept."""
    key = secrets.token_urlsafe(32)
    with writing(command) as tx:
        person = _person(tx, name)
        tx.session.add(ApiToken(person_id=person.id, key_hash=key_hash(key), made_at=tx.now))
        tx.log.record(TokenMade(person=person.id))
    return key


def grant(command: Command, name: str, right: Right) -> None:
    """Give a person a right beyond the role; having it already changes nothing."""
    with writing(command) as tx:
        person = _person(tx, name)
        if right.value not in person.rights:
            person.rights = sorted([*person.rights, right.value])
            tx.log.record(RightGranted(person=person.id, right=right.value))


def revoke(command: Command, name: str, right: Right) -> None:
    """Take a right away; whoever is at work with it loses it within seconds."""
    with writing(command) as tx:
        person = _person(tx, name)
        if right.value in person.rights:
            person.rights = [each for each in person.rights if each != right.value]
            tx.log.record(RightRevoked(person=person.id, right=right.value))


def disable(command: Command, name: str) -> None:
    """Disable a person: sessions and tokens end; an open counter is closed, or left to the next
    with the visitor who is there.

    Raises `NotYourself`: nobody disables themselves.
    """
    with writing(command) as tx:
        person = _person(tx, name)
        if command.principal.actor == f"person:{person.id}":
            raise NotYourself("Anda tidak dapat menonaktifkan akun Anda sendiri.")
        person.active = False
        end_sessions(tx.session, person.id)
        tx.session.execute(delete(ApiToken).where(ApiToken.person_id == person.id))
        _leave_counters(tx, person)
        tx.log.record(PersonDisabled(person=person.id))


def enable(command: Command, name: str) -> None:
    """Enable a person again, with the password and the rights as they were; tokens have to be made anew."""
    with writing(command) as tx:
        person = _person(tx, name)
        if not person.active:
            person.active = True
            tx.log.record(PersonEnabled(person=person.id))


def set_password(command: Command, name: str, password: str) -> None:
    """Give a person another password; sessions that are open end."""
    check_password(name, password)
    hashed = HASHER.hash(password)
    with writing(command) as tx:
        person = _person(tx, name)
        person.password_hash = hashed
        end_sessions(tx.session, person.id)
        tx.log.record(PasswordChanged(person=person.id))


def sign_out_everywhere(command: Command, name: str) -> None:
    """End all sessions of a person; the counter they hold stays theirs."""
    with writing(command) as tx:
        person = _person(tx, name)
        end_sessions(tx.session, person.id)
        tx.log.record(SessionsEnded(person=person.id))


def _check_name(name: str) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(f"Nama harus 1 sampai {LONGEST_NAME} karakter.", reason="name")


def _person(tx: Transaction, name: str) -> Person:
    if (person := tx.session.scalar(_named(tx, name))) is None:
        raise NotFound(f"Tidak ada orang bernama {name}.")
    return person


def _named(tx: Transaction, name: str) -> Select[Person]:
    return select(Person).where(Person.mall_id == tx.mall.mall_id, Person.name == name)


def _agency_id(mall: Mall, code: str | None) -> int | None:
    if code is None:
        return None
    if code not in mall.agencies:
        raise NotFound(f"Tidak ada instansi berkode {code}.", reason="agency")
    return mall.agencies[code].id


def _leave_counters(tx: Transaction, person: Person) -> None:
    """Close the counters of somebody who may act no more; with a visitor there, leave them to the next."""
    for counter in tx.session.scalars(
        select(CounterState).where(CounterState.holder_id == person.id, CounterState.open)
    ):
        at_desk = select(Turn.id).where(Turn.counter_id == counter.id, IS_ACTIVE)
        if tx.session.scalar(at_desk.limit(1)) is None:
            counter.close(tx.log, "person_disabled", busy=False)
        else:
            counter.hand_over(tx.log, "person_disabled")
