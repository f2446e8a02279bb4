"""Who waits at this moment, in call order: the list on paper for an hour without the system."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.life import State
from mpp.domain.mall import Agency, Mall, Queue
from mpp.domain.people import Person
from mpp.domain.turn import Turn
from mpp.queries.order import ordered


def waiting_list(
    session: Session, mall: Mall, agencies: Iterable[Agency], day: date, now: datetime
) -> list[dict[str, Any]]:
    """The lines of these agencies that are not empty, each with its turns as they would be called.

    A turn says whether it has priority, never why, and what somebody who calls it has to know.
    """
    turns = _waiting(session, mall, day)
    names = _names(session, {turn.kept_person_id for turn in turns.values()} - {None})
    lines = []
    for queue in [queue for queue in mall.queues.values() if queue.agency in set(agencies)]:
        rows = [
            _row(mall, turns[each.turn], names, now)
            for each in ordered(session.connection(), queue, day)
            if each.turn in turns
        ]
        if rows:
            lines.append(_line(queue, rows))
    return lines


def _waiting(session: Session, mall: Mall, day: date) -> dict[int, Turn]:
    wanted = select(Turn).where(
        Turn.mall_id == mall.mall_id, Turn.day == day, Turn.state == State.WAITING.value
    )
    return {turn.id: turn for turn in session.scalars(wanted)}


def _names(session: Session, people: Iterable[int | None]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(people))))
    return {row.id: row.name for row in rows}


def _line(queue: Queue, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "agency": queue.agency,
        "queue": queue.code,
        "queue_name": queue.name,
        "turns": rows,
    }


def _row(mall: Mall, turn: Turn, names: dict[int, str], now: datetime) -> dict[str, Any]:
    service = mall.service_ids[turn.service_id]
    return {
        "label": turn.label,
        "service": service.code,
        "service_name": service.name,
        "priority": turn.priority,
        "arrived_at": turn.arrived_at.astimezone(mall.timezone),
        "minutes": max(0, int((now - turn.arrived_at).total_seconds() // 60)),
        "remarks": _remarks(mall, turn, names, now),
    }


def _remarks(mall: Mall, turn: Turn, names: dict[int, str], now: datetime) -> list[str]:
    """For whom the turn is kept, until when its visitor is out, and that it was called before."""
    said = []
    if (place := mall.counters.get(turn.kept_counter_id or 0)) is not None:
        said.append(f"khusus {place.name}")
    if (name := names.get(turn.kept_person_id or 0)) is not None:
        said.append(f"khusus petugas {name}")
    if turn.out_until is not None and turn.out_until > now:
        said.append(f"keluar sampai {turn.out_until.astimezone(mall.timezone):%H.%M}")
    if turn.calls:
        said.append("pernah dipanggil")
    return said
