"""A visitor's ticket: where it stands in each line, and what the wait is likely to be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.errors import UnknownTicket
from mpp.domain.life import MAY_CANCEL, OVER, State
from mpp.domain.mall import Agency, Mall, Zone
from mpp.domain.notice import Notice, NoticeKind, emergency_sentence, is_over
from mpp.domain.ticket import Ticket, token, token_hash
from mpp.domain.turn import Turn
from mpp.queries.lines import ahead, expected_wait, recent_staffing, staffing_of
from mpp.queries.notices import emergency_number, sentence
from mpp.queries.reading import Reading
from mpp.queries.rows import extended, to_second
from mpp.queries.waits import Wait
from mpp.queries.way import on_the_way, present_of
from mpp.queries.why import why_visitor

BY_TOKEN = select(Ticket).where(Ticket.token_hash == bindparam("token"))
TURNS = select(Turn).where(Turn.ticket_id == bindparam("ticket")).order_by(Turn.position)
RAISED = select(Notice).where(Notice.mall_id == bindparam("mall"), Notice.ended_at.is_(None))
DEAD_FROM = time(4, 0)


@dataclass(frozen=True, slots=True)
class TicketTurn:
    """A turn in its line: `ahead` and `wait` while it waits; `matters` are the codes of its services."""

    id: int
    queue: str
    service: str
    service_name: str
    agency: str
    agency_name: str
    zone: str
    state: str
    ahead: int | None
    wait: Wait | None
    counter: str | None
    calls: int
    matters: list[str]


@dataclass(frozen=True, slots=True)
class BearersTurn(TicketTurn):
    """A turn with what its visitor needs besides: until when they are out or may return, why they wait."""

    out_until: datetime | None
    return_until: datetime | None
    missed_at: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class SlipOrder:
    """The paper of a number: whether a QR helps on it, and where the log stood."""

    id: int | None
    qr: bool
    head: str


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """A number given; the token is told here alone."""

    id: int
    label: str
    token: str
    url: str
    day: date
    issued_at: datetime
    state: str
    priority: str | None
    language: str
    turns: list[TicketTurn]
    slip: SlipOrder


@dataclass(frozen=True, slots=True)
class TicketView:
    """What the bearer of a token sees, the turns in the order of the way.

    `present` is the id of the turn that counts now; `may` are cancel, step_out, come_back; `emergency` is a
    sentence on the zone where the visitor is, `disturbances` are on the agencies that are still to come.
    """

    label: str
    day: date
    state: str
    language: str
    present: int
    turns: list[BearersTurn]
    may: list[str]
    emergency: str | None
    disturbances: list[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A number given: the ids of ticket and slip, as they are remembered, and when it was asked for.

    If it was given just now, also its fresh nouns and how many are ahead.
    """

    ids: dict[str, int]
    at: datetime
    ticket: Ticket | None = None
    turns: Sequence[Turn] = ()
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """What the answer needs of this installation: token key, where phones go, whether a QR helps."""

    token_key: bytes
    base_url: str
    with_qr: bool

    def address(self, ticket_id: int) -> str:
        """The phone page of a ticket."""
        return f"{self.base_url}/t/{token(self.token_key, ticket_id)}"


def answer(db: Database, mall: Mall, taken: Taken, paper: Paper) -> TicketTaken:
    """The answer to a taken number: ids, label and token for ever the same, what is ahead as of now."""
    if taken.ticket is not None:
        ticket, way, turns = taken.ticket, taken.turns, _fresh_turns(db, mall, taken)
    else:
        with db.reading() as session:
            ticket = session.get_one(Ticket, taken.ids["ticket"])
            way = _turns(session, ticket.id)
            reading = Reading(session, mall, taken.at, ticket.day, 0)
            turns = [_turn(reading, turn, ticket.language) for turn in way]
    return TicketTaken(
        id=ticket.id,
        label=ticket.label,
        token=token(paper.token_key, ticket.id),
        url=paper.address(ticket.id),
        day=ticket.day,
        issued_at=ticket.issued_at.astimezone(mall.timezone),
        state=present_of(way).state,
        priority=ticket.priority_code,
        language=ticket.language,
        turns=turns,
        slip=SlipOrder(taken.ids["slip"], paper.with_qr, ticket.head),
    )


def _fresh_turns(db: Database, mall: Mall, taken: Taken) -> list[TicketTurn]:
    """The turns of a number that was given just now; nothing of them is read again."""
    first, *later = taken.turns
    language = taken.ticket.language if taken.ticket else "id"
    queue = mall.queue_ids[first.queue_id]
    wait = expected_wait(queue, taken.ahead, recent_staffing(db, mall.mall_id, queue.id), taken.at)
    shown = _turn_row(mall, first, taken.ahead, Wait.of(wait, language))
    return [shown, *(_turn_row(mall, turn) for turn in later)]


def bearer(session: Session, secret: str) -> tuple[int, int]:
    """The mall and the ticket that a token belongs to. Raises `UnknownTicket`."""
    ticket = _ticket_of(session, secret)
    return ticket.mall_id, ticket.id


def view(reading: Reading, secret: str, language: str | None = None) -> TicketView:
    """What the bearer of a token sees, in the ticket's language or another.

    Unknown and old tokens answer alike: `UnknownTicket`.
    """
    ticket = _ticket_of(reading.session, secret)
    mall, now = reading.mall, reading.now
    if not alive(mall, ticket.day, now):
        raise UnknownTicket
    words, turns = language or ticket.language, _turns(reading.session, ticket.id)
    present, reading = present_of(turns), replace(reading, day=ticket.day)
    coming = [turn for turn in turns if turn.state not in OVER]
    raised = _raised(reading) if coming else []
    return TicketView(
        label=ticket.label,
        day=ticket.day,
        state=present.state,
        language=ticket.language,
        present=present.id,
        turns=[_bearers_turn(reading, turn, words) for turn in turns],
        may=_may(present, now) if ticket.day == mall.day(now) else [],
        emergency=_emergency(mall, present, raised, words) if coming else None,
        disturbances=_disturbances(reading, coming, raised, words),
    )


def alive(mall: Mall, day: date, now: datetime) -> bool:
    """A token opens its page until 04:00 of the day after."""
    end = datetime.combine(day + timedelta(days=1), DEAD_FROM, mall.timezone)
    return now < end


def _ticket_of(session: Session, secret: str) -> Ticket:
    ticket = session.scalar(BY_TOKEN, {"token": token_hash(secret)})
    if ticket is None:
        raise UnknownTicket
    return ticket


def _turns(session: Session, ticket_id: int) -> list[Turn]:
    return on_the_way(session.scalars(TURNS, {"ticket": ticket_id}))


def _bearers_turn(reading: Reading, turn: Turn, language: str) -> BearersTurn:
    mall, now = reading.mall, reading.now
    out = turn.out_until if turn.state == State.WAITING else None
    back = turn.may_return_until(mall.how) if turn.state == State.MISSED else None
    place = mall.counter_ids.get(turn.counter_id or 0) if back else None
    return extended(
        _turn(reading, turn, language),
        BearersTurn,
        out_until=to_second(mall, out) if out and out > now else None,
        return_until=to_second(mall, back) if back and back > now else None,
        missed_at=place.name if place else None,
        why=why_visitor(replace(reading, day=turn.day), turn, language),
    )


def _may(present: Turn, now: datetime) -> list[str]:
    """What the bearer may do with the ticket now."""
    deeds = ["cancel"] if present.state in MAY_CANCEL else []
    if present.state == State.WAITING:
        if present.out_until is not None and present.out_until > now:
            deeds.append("come_back")
        elif not present.outs:
            deeds.append("step_out")
    return deeds


def _raised(reading: Reading) -> list[Notice]:
    """The notices that stand in the mall now."""
    mall, now = reading.mall, reading.now
    rows = reading.session.scalars(RAISED, {"mall": mall.mall_id})
    return [row for row in rows if not is_over(row.kind, row.raised_at, mall, now)]


def _emergency(mall: Mall, present: Turn, raised: Sequence[Notice], language: str) -> str | None:
    """What is said of an emergency where the visitor is; None while there is none."""
    zone = _zone(mall, present)
    if not any(row.kind == NoticeKind.EMERGENCY and row.zone_id == zone.id for row in raised):
        return None
    return emergency_sentence(emergency_number(mall), zone.name, language)


def _disturbances(
    reading: Reading, coming: Sequence[Turn], raised: Sequence[Notice], language: str
) -> list[str]:
    """What is disturbed at the agencies that this ticket still has to do with, in the order of the way."""
    mall, now = reading.mall, reading.now
    ways = [mall.queue_ids[turn.queue_id].agency for turn in coming]
    notices = {row.agency_id: row for row in raised if row.kind == NoticeKind.DISTURBANCE}
    met: dict[int, Agency] = {agency.id: agency for agency in ways if agency.id in notices}
    return [sentence(mall, notices[each.id], each, now, language) for each in met.values()]


def _turn(reading: Reading, turn: Turn, language: str) -> TicketTurn:
    mall = reading.mall
    if turn.state != State.WAITING:
        return _turn_row(mall, turn)
    queue = mall.queue_ids[turn.queue_id]
    people = ahead(replace(reading, day=turn.day), queue, turn)
    wait = expected_wait(queue, people, staffing_of(reading.connection, queue.id), reading.now)
    return _turn_row(mall, turn, people, Wait.of(wait, language))


def _turn_row(mall: Mall, turn: Turn, people: int | None = None, wait: Wait | None = None) -> TicketTurn:
    queue, service = mall.queue_ids[turn.queue_id], mall.service_ids[turn.service_id]
    counter = mall.counter_ids.get(turn.counter_id or 0)
    return TicketTurn(
        id=turn.id,
        queue=queue.code,
        service=service.code,
        service_name=service.name,
        agency=queue.agency.code,
        agency_name=queue.agency.short_name,
        zone=_zone(mall, turn).code,
        state=turn.state,
        ahead=people,
        wait=wait,
        counter=counter.name if counter and turn.state in (State.CALLED, State.SERVING) else None,
        calls=turn.calls,
        matters=turn.matters or [service.code],
    )


def _zone(mall: Mall, turn: Turn) -> Zone:
    """Where the visitor of a turn is expected: at its counter, else where its agency is."""
    place = mall.counter_ids.get(turn.counter_id or 0)
    return place.zone if place else mall.queue_ids[turn.queue_id].agency.zone
