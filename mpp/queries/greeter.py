"""A ticket as staff see it: found by label or QR, where it stands, its papers, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mpp.domain.errors import UnknownTicket
from mpp.domain.life import IN_HAND, MAY_CANCEL, OVER, State
from mpp.domain.mall import Mall
from mpp.domain.ticket import DESK, Ticket, token_hash
from mpp.domain.turn import Turn
from mpp.queries.labels import labelled, labels_of, token_of
from mpp.queries.lines import ahead, expected_wait, staffing_of
from mpp.queries.reading import Reading
from mpp.queries.rows import extended, to_second
from mpp.queries.slips import PaperRow, slips_of
from mpp.queries.waits import Wait
from mpp.queries.way import on_the_way, present_of

LARGEST_ID = 2**53


@dataclass(frozen=True, slots=True)
class StaffTurn:
    """What a stop of the route is, and where. Of another agency's, its people read no more."""

    id: int
    queue: str
    queue_name: str
    service: str
    service_name: str
    matters: list[str]
    agency: str
    agency_name: str
    zone: str
    zone_name: str
    floor: int
    state: str


@dataclass(frozen=True, slots=True)
class OwnTurn(StaffTurn):
    """A stop of one's own agency: where it stands in its line (`ahead`, `wait`), or at which counter."""

    ahead: int | None
    wait: Wait | None
    counter: str | None
    calls: int
    arrived_at: datetime
    since: datetime
    out_until: datetime | None
    return_until: datetime | None


@dataclass(frozen=True, slots=True)
class StaffTicket:
    """A number as staff see it: `present` is the turn that counts now, `may` what can be done for it now."""

    id: int
    label: str
    day: date
    issued_at: datetime
    state: str
    present: int
    priority: str | None
    needs: list[str]
    turns: list[OwnTurn | StaffTurn]
    slips: list[PaperRow]
    may: list[str]


@dataclass(frozen=True, slots=True)
class StaffTickets:
    tickets: list[StaffTicket]


def find(reading: Reading, agency_id: int | None, sought: str) -> StaffTickets:
    """The tickets of today that a label, a token or a scanned address means, as far as one may see them."""
    secret, labels = token_of(sought), labels_of(sought)
    if secret is None and not labels:
        return StaffTickets([])
    meant = Ticket.token_hash == token_hash(secret) if secret else labelled(reading.mall, labels)
    return StaffTickets(_tickets(reading, agency_id, meant))


def ticket(reading: Reading, agency_id: int | None, ticket_id: int) -> StaffTicket:
    """One ticket of today. Raises `UnknownTicket`, also for one of other agencies."""
    known = ticket_id <= LARGEST_ID
    found = _tickets(reading, agency_id, Ticket.id == ticket_id) if known else []
    if not found:
        raise UnknownTicket
    return found[0]


@dataclass(frozen=True, slots=True)
class _Found:
    """A ticket with its turns in the order of the way, those of them that are one's own, and its papers."""

    ticket: Ticket
    way: list[Turn]
    own: list[Turn]
    papers: list[PaperRow]


def _tickets(reading: Reading, agency_id: int | None, meant: ColumnElement[bool]) -> list[StaffTicket]:
    mall, session = reading.mall, reading.session
    of_today = select(Ticket).where(Ticket.mall_id == mall.mall_id, Ticket.day == reading.day, meant)
    rows = session.scalars(of_today.order_by(Ticket.id)).all()
    turns = _turns(session, [row.id for row in rows])
    own = {row.id: _own(mall, agency_id, turns[row.id]) for row in rows}
    seen = [row for row in rows if own[row.id]]
    papers = slips_of(session, mall, [row.id for row in seen])
    return [_ticket(reading, _Found(row, turns[row.id], own[row.id], papers[row.id])) for row in seen]


def _turns(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[Turn]]:
    """The turns of each ticket, in the order of its way."""
    found: dict[int, list[Turn]] = {each: [] for each in ticket_ids}
    for turn in session.scalars(select(Turn).where(Turn.ticket_id.in_(ticket_ids))):
        found[turn.ticket_id].append(turn)
    return {ticket: on_the_way(turns) for ticket, turns in found.items()}


def _own(mall: Mall, agency_id: int | None, turns: Sequence[Turn]) -> list[Turn]:
    """The turns that stand in the agency; None is all of the mall."""
    return [turn for turn in turns if agency_id in (None, mall.queue_ids[turn.queue_id].agency.id)]


def _ticket(reading: Reading, found: _Found) -> StaffTicket:
    row, present = found.ticket, present_of(found.way)
    return StaffTicket(
        id=row.id,
        label=row.label,
        day=row.day,
        issued_at=to_second(reading.mall, row.issued_at),
        state=present.state,
        present=present.id,
        priority=row.priority_code,
        needs=list(row.needs),
        turns=[
            _own_turn(reading, turn) if turn in found.own else _stop(reading.mall, turn) for turn in found.way
        ],
        slips=found.papers,
        may=_may(reading, found),
    )


def _stop(mall: Mall, turn: Turn) -> StaffTurn:
    service, queue = mall.service_ids[turn.service_id], mall.queue_ids[turn.queue_id]
    zone = queue.agency.zone
    return StaffTurn(
        id=turn.id,
        queue=queue.code,
        queue_name=queue.name,
        service=service.code,
        service_name=service.name,
        matters=turn.matters or [service.code],
        agency=queue.agency.code,
        agency_name=queue.agency.short_name,
        zone=zone.code,
        zone_name=zone.name,
        floor=zone.floor,
        state=turn.state,
    )


def _own_turn(reading: Reading, turn: Turn) -> OwnTurn:
    mall, now = reading.mall, reading.now
    people, wait = _place(reading, turn)
    place = mall.counter_ids.get(turn.counter_id or 0)
    back = turn.may_return_until(mall.how) if turn.state == State.MISSED else None
    return extended(
        _stop(mall, turn),
        OwnTurn,
        ahead=people,
        wait=wait,
        counter=place.name if place else None,
        calls=turn.calls,
        arrived_at=to_second(mall, turn.arrived_at),
        since=to_second(mall, turn.state_since),
        out_until=to_second(mall, turn.out_until) if _is_out(turn, now) else None,
        return_until=to_second(mall, back) if back and back >= now else None,
    )


def _place(reading: Reading, turn: Turn) -> tuple[int | None, Wait | None]:
    """How many are ahead of a turn in its line, and the expected wait."""
    if turn.state != State.WAITING:
        return None, None
    queue = reading.mall.queue_ids[turn.queue_id]
    people = ahead(reading, queue, turn)
    staff = staffing_of(reading.connection, queue.id)
    return people, Wait.of(expected_wait(queue, people, staff, reading.now))


def _may(reading: Reading, found: _Found) -> list[str]:
    """What may be done for this ticket now, by somebody to whom some of its turns are their own."""
    turns, own, now, rules = found.way, found.own, reading.now, reading.mall.how
    waiting = next((turn for turn in own if turn.state == State.WAITING), None)
    missed = next((turn for turn in own if turn.state == State.MISSED), None)
    given_up = all(turn.state == State.CANCELLED for turn in turns)
    left = any(turn.state not in OVER for turn in turns)
    gone = given_up or any(turn.missed_for_good(now, rules) for turn in turns)
    elsewhere = any(turn.state in IN_HAND for turn in turns if turn not in own)
    from_kiosk = found.ticket.series != DESK
    deeds = {
        "return": missed is not None and now <= missed.may_return_until(rules),
        "come_back": waiting is not None and _is_out(waiting, now),
        "print": from_kiosk and not given_up,
        "stops": from_kiosk and not gone,
        "needs": left,
        "priority": left,
        "step_out": waiting is not None and not waiting.outs,
        "correct": waiting is not None,
        "cancel": not elsewhere and any(turn.state in MAY_CANCEL for turn in turns),
    }
    return [deed for deed, allowed in deeds.items() if allowed]


def _is_out(turn: Turn, now: datetime) -> bool:
    return turn.state == State.WAITING and turn.out_until is not None and turn.out_until > now
