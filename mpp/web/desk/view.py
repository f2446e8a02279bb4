"""What the desk page shows, made of the desk's rows: names for people, words for reasons, one mood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mpp.domain.mall import Counter
from mpp.domain.needs import NEEDS
from mpp.domain.people import Right
from mpp.domain.principal import Principal
from mpp.domain.reasons import reason_words
from mpp.domain.turn import RECALL_PAUSE_S
from mpp.queries.counters import Pause, StaffedCounter, counters
from mpp.queries.desk_people import Parking, Sitting, last_parked, names, sittings
from mpp.queries.desks import Coming, CurrentRow, Desk, NoteRow, ParkedRow, desk
from mpp.queries.reading import Reading
from mpp.queries.why import why_of_line

SOMEBODY = "petugas lain"
NOT_OURS = ("taken", "left", "closed")
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at a counter that is not ours, since when, and whether it was taken from us."""

    name: str
    since: datetime | None = None
    from_me: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """When a visitor was put aside last, by whom, where and why."""

    at: datetime
    by: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Words for the codes of the visitor at the desk; from when on a miss or a recall is allowed."""

    also: list[str]
    requirements: list[str]
    needs: list[tuple[str, str]]
    notes: list[NoteRow]
    miss_from: datetime | None
    recall_from: datetime | None
    aside: Aside | None


@dataclass(frozen=True, slots=True)
class Parked:
    """Somebody who was put aside (`row`), by whom and why in words."""

    row: ParkedRow
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the desk's template shows. Nothing in it changes by time alone: the page counts.

    `mood` is closed, left (open, held by nobody), taken (by somebody else), paused, ready, called or serving;
    `why` says what is special about the place of a turn, by its id.
    """

    place: Counter
    desk: Desk
    mood: str
    sitting: Seat
    visitor: Visitor | None
    parked: list[Parked]
    why: dict[int, str | None]
    others: list[StaffedCounter]
    may_choose: bool

    @property
    def mine(self) -> bool:
        return self.mood not in NOT_OURS

    @property
    def appointment(self) -> Coming | None:
        return next(iter(self.desk.appointments), None)

    @property
    def staffed(self) -> list[StaffedCounter]:
        """The agency's other counters that are open."""
        return [other for other in self.others if other.state != "closed"]

    @property
    def closed(self) -> list[str]:
        """The names of the agency's other counters that are closed."""
        return [other.counter.name for other in self.others if other.state == "closed"]


def desk_view(reading: Reading, place: Counter, who: Principal) -> View:
    """The desk of a counter as one person sees it."""
    found = desk(reading, place.id)
    mood = _mood(found, who)
    sitting = sittings(reading, [place.id]).get(place.id) if mood in ("taken", "left") else None
    aside = last_parked(reading.session, found.turn.id) if found.turn else None
    known = names(reading.session, reading.mall, place.agency, _actors(found, sitting, aside))
    others = counters(reading, place.agency.id)
    seat = _seat(reading, sitting, found.counter.holder, who)
    seat = replace(seat, name=known.get(seat.name, SOMEBODY))
    return View(
        place=place,
        desk=found,
        mood=mood,
        sitting=seat,
        visitor=_visitor(reading, found.turn, _aside(reading, aside, known), known) if found.turn else None,
        parked=[_parked(row, known) for row in found.parked],
        why=_why(reading, place, found),
        others=[other for other in others if other.counter.id != place.id],
        may_choose=Right.CALL_CHOSEN in who.rights,
    )


def pause_words(pause: Pause) -> str:
    """Why a counter pauses, in a word."""
    return reason_words("pause", pause.reason) or "jeda"


def _mood(found: Desk, who: Principal) -> str:
    if found.counter.state == "closed":
        return "closed"
    if found.counter.holder is None:
        return "left"
    if found.counter.holder != who.actor:
        return "taken"
    if found.counter.state == "paused":
        return "paused"
    return found.turn.state if found.turn else "ready"


def _actors(found: Desk, sitting: Sitting | None, aside: Parking | None) -> Iterable[str]:
    """Everybody whose name the page shows."""
    yield found.counter.holder or ""
    yield from (row.parked_by or "" for row in found.parked)
    yield from (note.by for note in (found.turn.notes if found.turn else ()))
    yield from (known.actor for known in (sitting, aside) if known)


def _seat(reading: Reading, sitting: Sitting | None, holder: str | None, who: Principal) -> Seat:
    if sitting is None:
        return Seat(holder or "")
    from_me = sitting.event == "counter_taken_over" and sitting.before == who.actor
    return Seat(holder or sitting.actor, sitting.at.astimezone(reading.mall.timezone), from_me)


def _visitor(reading: Reading, turn: CurrentRow, aside: Aside | None, known: Names) -> Visitor:
    services = reading.mall.services
    requirements = services[turn.service].standard.get("requirements")
    others = [code for code in turn.matters if code != turn.service and code in services]
    again = turn.called_at + timedelta(seconds=RECALL_PAUSE_S) if turn.called_at and turn.nth > 1 else None
    waits = turn.may_miss and reading.mall.how.missed_after_seconds
    return Visitor(
        also=[services[code].name for code in others],
        requirements=(requirements.get("items") if requirements else None) or [],
        needs=[(code, NEEDS.get(code, code)) for code in turn.needs],
        notes=[replace(note, by=known.get(note.by, SOMEBODY)) for note in reversed(turn.notes)],
        miss_from=turn.may_miss.at if turn.may_miss and waits else None,
        recall_from=again,
        aside=aside,
    )


def _aside(reading: Reading, parking: Parking | None, known: Names) -> Aside | None:
    if parking is None:
        return None
    counter = reading.mall.counters.get(parking.counter_id or 0)
    at, by = parking.at.astimezone(reading.mall.timezone), known.get(parking.actor, SOMEBODY)
    return Aside(at, by, counter.name if counter else "", reason_words("park", parking.reason))


def _parked(row: ParkedRow, known: Names) -> Parked:
    return Parked(row, known.get(row.parked_by or "", SOMEBODY), reason_words("park", row.reason))


def _why(reading: Reading, place: Counter, found: Desk) -> dict[int, str | None]:
    marks: dict[int, str | None] = {}
    for queue in place.queues if found.line else ():
        marks |= why_of_line(reading, queue)
    return marks
