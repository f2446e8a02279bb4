"""The counters that somebody may sit down at: those that were handed over first, then as the desks stand."""

from dataclasses import dataclass
from datetime import datetime

from mpp.domain.mall import Agency
from mpp.domain.principal import Principal
from mpp.queries.counters import StaffedCounter, counters
from mpp.queries.desk_people import names, sittings
from mpp.queries.reading import Reading

FIRST = ("mine", "handed_over")


@dataclass(frozen=True, slots=True)
class Choice:
    """A counter to choose: `kind` is free, mine, held or handed_over; who holds it, since when."""

    staffed: StaffedCounter
    kind: str
    holder_name: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Choices:
    agency: Agency
    counters: list[Choice]


def choices_of(reading: Reading, who: Principal) -> list[Choices]:
    """The counters by agency; each says whether it is free, and who holds it since when."""
    rows = counters(reading, who.agency_id)
    since = {
        counter: sitting.at.astimezone(reading.mall.timezone)
        for counter, sitting in sittings(
            reading, [row.counter.id for row in rows if row.state != "closed"]
        ).items()
    }
    found = []
    for agency in reading.mall.agencies.values():
        if who.serves(agency.id):
            own = [row for row in rows if row.counter.agency == agency]
            holders = [f"person:{row.holder_id}" for row in own if row.holder_id is not None]
            known = names(reading.session, reading.mall, agency, holders)
            choices = [
                Choice(row, _kind(row, who), known.get(f"person:{row.holder_id}"), since.get(row.counter.id))
                for row in own
            ]
            found.append(Choices(agency, sorted(choices, key=lambda choice: choice.kind not in FIRST)))
    return found


def _kind(row: StaffedCounter, who: Principal) -> str:
    if row.state == "closed":
        return "free"
    if row.holder_id is None:
        return "handed_over"
    return "mine" if row.holder_id == who.id else "held"
