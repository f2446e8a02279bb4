"""People as an admin sees them: role, agency, rights, whether they may enter, when they were last here."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from mpp.domain.base import LARGEST_NUMBER, table
from mpp.domain.mall import Mall
from mpp.domain.people import ENDED, IDLE, LONGEST, ROLE_WORDS, Person, Role, SignIn

PERSON, SIGN_IN = table(Person), table(SignIn)


def people(session: Session, mall: Mall, now: datetime, search: str = "") -> list[dict[str, Any]]:
    """Everybody of the mall by name, or those in whose name, role or agency the words are found.

    `sessions` counts the screens on which they are signed in now, locked ones included.
    """
    rows = [_row(mall, row) for row in session.execute(_wanted(mall, now).order_by(PERSON.c.name))]
    words = search.casefold().split()
    return [row for row in rows if all(word in _text(row) for word in words)]


def person(session: Session, mall: Mall, now: datetime, person_id: int) -> dict[str, Any] | None:
    """One of them; None beyond what the column holds."""
    if person_id > LARGEST_NUMBER:
        return None
    row = session.execute(_wanted(mall, now).where(PERSON.c.id == person_id)).first()
    return _row(mall, row) if row is not None else None


def _wanted(mall: Mall, now: datetime) -> Any:
    here = and_(SIGN_IN.c.csrf != ENDED, SIGN_IN.c.seen_at > now - IDLE, SIGN_IN.c.started_at > now - LONGEST)
    seen = (
        select(
            SIGN_IN.c.person_id,
            func.max(SIGN_IN.c.seen_at).label("seen_at"),
            func.count().filter(here).label("sessions"),
        )
        .group_by(SIGN_IN.c.person_id)
        .subquery()
    )
    return (
        select(PERSON, seen.c.seen_at, seen.c.sessions)
        .outerjoin(seen, seen.c.person_id == PERSON.c.id)
        .where(PERSON.c.mall_id == mall.mall_id)
    )


def _row(mall: Mall, row: Any) -> dict[str, Any]:
    agency = next((one for one in mall.agencies.values() if one.id == row.agency_id), None)
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "role_name": ROLE_WORDS[Role(row.role)],
        "agency": agency.code if agency else None,
        "agency_name": agency.short_name if agency else None,
        "rights": list(row.rights),
        "active": row.active,
        "seen_at": row.seen_at.astimezone(mall.timezone) if row.seen_at else None,
        "sessions": row.sessions or 0,
    }


def _text(row: dict[str, Any]) -> str:
    """What a search looks in."""
    said = (row["name"], row["role_name"], row["agency"], row["agency_name"])
    return " ".join(word for word in said if word).casefold()
