"""Who waits at this moment, in call order: the list on paper for an hour without the system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpp.domain.life import State
from mpp.domain.mall import Agency, Queue
from mpp.domain.people import Person
from mpp.domain.turn import Turn
from mpp.queries.order import ordered
from mpp.queries.reading import Reading


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A turn in a line: whether it has priority, never why; what somebody who calls it has to know."""

    label: str
    service: str
    service_name: str
    priority: bool
    arrived_at: datetime
    minutes: int
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line that is not empty, its turns as they would be called."""

    agency: Agency
    queue: Queue
    turns: list[WaitingRow]


def waiting_list(reading: Reading, agencies: Iterable[Agency]) -> list[WaitingLine]:
    """The lines of these agencies that are not empty."""
    turns = _waiting(reading)
    names = _names(reading, turns.values())
    lines = []
    for queue in [queue for queue in reading.mall.queues.values() if queue.agency in set(agencies)]:
        in_order = ordered(reading.connection, queue, reading.day)
        rows = [_row(reading, turns[each.turn], names) for each in in_order if each.turn in turns]
        if rows:
            lines.append(WaitingLine(queue.agency, queue, rows))
    return lines


def _waiting(reading: Reading) -> dict[int, Turn]:
    wanted = select(Turn).where(
        Turn.mall_id == reading.mall.mall_id, Turn.day == reading.day, Turn.state == State.WAITING.value
    )
    return {turn.id: turn for turn in reading.session.scalars(wanted)}


def _names(reading: Reading, turns: Iterable[Turn]) -> dict[int, str]:
    """The names of those for whom turns are kept."""
    people = {turn.kept_person_id for turn in turns} - {None}
    rows = reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(rows.all())


def _row(reading: Reading, turn: Turn, names: dict[int, str]) -> WaitingRow:
    service = reading.mall.service_ids[turn.service_id]
    return WaitingRow(
        label=turn.label,
        service=service.code,
        service_name=service.name,
        priority=turn.priority,
        arrived_at=turn.arrived_at.astimezone(reading.mall.timezone),
        minutes=max(0, int((reading.now - turn.arrived_at).total_seconds() // 60)),
        remarks=_remarks(reading, turn, names),
    )


def _remarks(reading: Reading, turn: Turn, names: dict[int, str]) -> list[str]:
    """For whom the turn is kept, until when its visitor is out, and that it was called before."""
    mall, said = reading.mall, []
    if (place := mall.counters.get(turn.kept_counter_id or 0)) is not None:
        said.append(f"khusus {place.name}")
    if (name := names.get(turn.kept_person_id or 0)) is not None:
        said.append(f"khusus petugas {name}")
    if turn.out_until is not None and turn.out_until > reading.now:
        said.append(f"keluar sampai {turn.out_until.astimezone(mall.timezone):%H.%M}")
    if turn.calls:
        said.append("pernah dipanggil")
    return said
