"""The people beside a desk by name, for pages of their own agency; the API and the log keep numbers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, RowMapping, or_, select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.life import Verb
from mpp.domain.log import Event
from mpp.domain.mall import Agency, Mall
from mpp.domain.people import Person, Role
from mpp.queries.reading import Reading

EVENT, PERSON = table(Event), table(Person)
SAT_DOWN = ("counter_opened", "counter_taken_over", "counter_handed_over")
MAY_SIT = (Role.OFFICER.value, Role.SUPERVISOR.value)


@dataclass(frozen=True, slots=True)
class Sitting:
    """The last time that somebody sat down at a counter or stood up from it: who, when, in whose place."""

    event: str
    actor: str
    at: datetime
    before: str | None


@dataclass(frozen=True, slots=True)
class Parking:
    """When a turn was put aside, by whom, why, and at which counter."""

    at: datetime
    actor: str
    reason: str | None
    counter_id: int | None


def names(session: Session, mall: Mall, agency: Agency, actors: Iterable[str | None]) -> dict[str, str]:
    """The names behind "person:3", of that agency and of the whole mall; anybody else is absent."""
    ids = {int(actor.removeprefix("person:")) for actor in actors if actor and actor.startswith("person:")}
    if not ids:
        return {}
    wanted = select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(ids), *_of(mall, agency))
    return {f"person:{row.id}": row.name for row in session.execute(wanted)}


def colleagues(session: Session, mall: Mall, agency: Agency) -> list[str]:
    """Who may sit at a counter of this agency, by name."""
    wanted = select(PERSON.c.name).where(
        PERSON.c.active, PERSON.c.agency_id == agency.id, PERSON.c.role.in_(MAY_SIT), *_of(mall, agency)
    )
    return list(session.scalars(wanted.order_by(PERSON.c.name)))


def sittings(reading: Reading, counters: Iterable[int]) -> dict[int, Sitting]:
    """Who sat down last at each of these counters today, by counter."""
    rows = reading.session.execute(
        select(EVENT.c.seq, EVENT.c.counter_id, EVENT.c.event, EVENT.c.actor, EVENT.c.at, EVENT.c.sealed)
        .where(EVENT.c.mall_id == reading.mall.mall_id, EVENT.c.day == reading.day)
        .where(EVENT.c.counter_id.in_(list(counters)), EVENT.c.event.in_(SAT_DOWN))
    )
    # Ordered here: asked to order them by seq, a database may walk through the whole log in that order.
    found = sorted(rows.mappings(), key=itemgetter("seq"))
    return {row["counter_id"]: _sitting(row) for row in found}


def last_parked(session: Session, turn_id: int) -> Parking | None:
    """When, by whom and why a turn was put aside last."""
    row = session.execute(
        select(EVENT.c.at, EVENT.c.actor, EVENT.c.reason, EVENT.c.counter_id)
        .where(EVENT.c.turn_id == turn_id, EVENT.c.event == Verb.PARKED.value)
        .order_by(EVENT.c.seq.desc())
        .limit(1)
    ).first()
    return Parking(row.at, row.actor, row.reason, row.counter_id) if row else None


def _of(mall: Mall, agency: Agency) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    own = or_(PERSON.c.agency_id == agency.id, PERSON.c.agency_id.is_(None))
    return PERSON.c.mall_id == mall.mall_id, own


def _sitting(row: RowMapping) -> Sitting:
    facts = json.loads(row["sealed"])["facts"]
    return Sitting(row["event"], row["actor"], row["at"], facts.get("from_holder"))
