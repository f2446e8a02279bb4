"""People as an admin sees them: role, agency, rights, whether they may enter, when they were last here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from mpp.domain.base import LARGEST_NUMBER
from mpp.domain.mall import Mall
from mpp.domain.people import ENDED, IDLE, LONGEST, ROLE_WORDS, Person, Role, SignIn
from mpp.queries.rows import local


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who works in the mall; of an agency, or without one of all of it.

    `sessions` counts the screens on which they are signed in now, locked ones included; `seen_at` is when
    they were last here.
    """

    id: int
    name: str
    role: Role
    agency: str | None
    agency_name: str | None
    rights: Sequence[str]
    active: bool
    seen_at: datetime | None
    sessions: int


def people(session: Session, mall: Mall, now: datetime, search: str = "") -> list[PersonRow]:
    """Everybody of the mall by name, or those in whose name, role or agency the words are found."""
    found = session.execute(_wanted(mall, now).order_by(Person.name))
    rows = [_row(mall, person, seen_at, sessions) for person, seen_at, sessions in found]
    words = search.casefold().split()
    return [row for row in rows if all(word in _text(row) for word in words)]


def person(session: Session, mall: Mall, now: datetime, person_id: int) -> PersonRow | None:
    """One of them; None beyond what the column holds."""
    if person_id > LARGEST_NUMBER:
        return None
    found = session.execute(_wanted(mall, now).where(Person.id == person_id)).first()
    return _row(mall, *found) if found is not None else None


def _wanted(mall: Mall, now: datetime) -> Select[Person, datetime | None, int | None]:
    here = and_(SignIn.csrf != ENDED, SignIn.seen_at > now - IDLE, SignIn.started_at > now - LONGEST)
    seen = (
        select(
            SignIn.person_id,
            func.max(SignIn.seen_at).label("seen_at"),
            func.count().filter(here).label("sessions"),
        )
        .group_by(SignIn.person_id)
        .subquery()
    )
    return (
        select(Person, seen.c.seen_at, seen.c.sessions)
        .outerjoin(seen, seen.c.person_id == Person.id)
        .where(Person.mall_id == mall.mall_id)
    )


def _row(mall: Mall, person: Person, seen_at: datetime | None, sessions: int | None) -> PersonRow:
    agency = next((one for one in mall.agencies.values() if one.id == person.agency_id), None)
    return PersonRow(
        id=person.id,
        name=person.name,
        role=Role(person.role),
        agency=agency.code if agency else None,
        agency_name=agency.short_name if agency else None,
        rights=tuple(person.rights),
        active=person.active,
        seen_at=local(mall, seen_at),
        sessions=sessions or 0,
    )


def _text(row: PersonRow) -> str:
    """What a search looks in."""
    said = (row.name, ROLE_WORDS[row.role], row.agency, row.agency_name)
    return " ".join(word for word in said if word).casefold()
