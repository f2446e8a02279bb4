"""A visitor's ticket: where it stands in each line, and what the wait is likely to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import UnknownTicket
from mpp.domain.life import OVER, State
from mpp.domain.mall import Agency, Mall, Zone
from mpp.domain.notice import Notice, NoticeKind, emergency_sentence, is_over
from mpp.domain.ticket import Ticket, token, token_hash
from mpp.domain.turn import Turn
from mpp.domain.wait import WaitRange
from mpp.queries.lines import ahead, expected_wait, recent_staffing, staffing_of
from mpp.queries.notices import emergency_number, sentence
from mpp.queries.reading import Reading
from mpp.queries.way import on_the_way, present_of
from mpp.queries.why import why_visitor

TICKET, NOTICE = table(Ticket), table(Notice)
BY_ID = select(TICKET).where(TICKET.c.id == bindparam("ticket"))
BY_TOKEN = select(TICKET).where(TICKET.c.token_hash == bindparam("token"))
TURNS = select(Turn).where(Turn.ticket_id == bindparam("ticket")).order_by(Turn.position)
RAISED = select(NOTICE).where(NOTICE.c.mall_id == bindparam("mall"), NOTICE.c.ended_at.is_(None))
MAY_CANCEL = (State.PLANNED, State.WAITING, State.CALLED)
DEAD_FROM = time(4, 0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A number given: its ids, and if it was given just now, its fresh rows and how many are ahead."""

    ids: dict[str, int]
    ticket: Any = None
    turns: Sequence[Any] = ()
    ahead: int = 0


class Row:
    """A row as it was written, read by name like one from the database."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


@dataclass(frozen=True, slots=True)
class Paper:
    """What the answer needs of this installation: token key, where phones go, whether a QR helps."""

    token_key: bytes
    base_url: str
    with_qr: bool


def answer(db: Database, mall: Mall, taken: Taken, paper: Paper, now: datetime) -> dict[str, Any]:
    """The answer to a taken number: ids, label and token for ever the same, what is ahead as of now."""
    if taken.ticket is not None:
        queue = mall.queue_ids[taken.ticket.queue_id]
        wait = expected_wait(queue, taken.ahead, recent_staffing(db, mall.mall_id, queue.id), now)
        first = _turn_row(mall, taken.turns[0], taken.ahead, wait, taken.ticket.language)
        later = [_turn_row(mall, turn, None, None, taken.ticket.language) for turn in taken.turns[1:]]
        turns = [first, *later]
        return _answer(mall, taken.ticket, State.WAITING, turns, taken.ids["slip"], paper)
    with db.reading() as session:
        row = session.connection().execute(BY_ID, {"ticket": taken.ids["ticket"]}).one()
        way = _turns(session, row.id)
        turns = [_turn(session, mall, turn, row.language, now) for turn in way]
        return _answer(mall, row, present_of(way).state, turns, taken.ids["slip"], paper)


def _answer(
    mall: Mall, row: Any, state: str, turns: list[dict[str, Any]], slip: int, paper: Paper
) -> dict[str, Any]:
    secret = token(paper.token_key, row.id)
    return {
        "id": row.id,
        "label": row.label,
        "token": secret,
        "url": f"{paper.base_url}/t/{secret}",
        "day": row.day.isoformat(),
        "issued_at": row.issued_at.astimezone(mall.timezone).isoformat(),
        "state": state,
        "priority": row.priority_code,
        "language": row.language,
        "turns": turns,
        "slip": {"id": slip, "qr": paper.with_qr, "head": row.head},
    }


def bearer(session: Session, secret: str) -> tuple[int, int]:
    """The mall and the ticket that a token belongs to. Raises `UnknownTicket`."""
    row = session.connection().execute(BY_TOKEN, {"token": token_hash(secret)}).first()
    if row is None:
        raise UnknownTicket
    return row.mall_id, row.id


def view(
    session: Session, mall: Mall, secret: str, now: datetime, language: str | None = None
) -> dict[str, Any]:
    """What the bearer of a token sees, in the ticket's language or another.

    Besides the turns in the order of the way: `present`, the id of the one that counts now; what the bearer
    `may` do (cancel, step_out, come_back); sentences on an `emergency` in the zone where they are and on
    `disturbances` of the agencies that are still to come.

    Unknown and old tokens answer alike: `UnknownTicket`.
    """
    row = session.connection().execute(BY_TOKEN, {"token": token_hash(secret)}).first()
    if row is None or not alive(mall, row.day, now):
        raise UnknownTicket
    words, turns = language or row.language, _turns(session, row.id)
    present = present_of(turns)
    coming = [turn for turn in turns if turn.state not in OVER]
    raised = _raised(session, mall, now) if coming else []
    return {
        "label": row.label,
        "day": row.day.isoformat(),
        "state": present.state,
        "language": row.language,
        "present": present.id,
        "turns": [_bearers_turn(session, mall, turn, words, now) for turn in turns],
        "may": _may(present, now) if row.day == mall.day(now) else [],
        "emergency": _emergency(mall, present, raised, words) if coming else None,
        "disturbances": _disturbances(mall, coming, raised, words, now),
    }


def alive(mall: Mall, day: date, now: datetime) -> bool:
    """A token opens its page until 04:00 of the day after."""
    end = datetime.combine(day + timedelta(days=1), DEAD_FROM, mall.timezone)
    return now < end


def _turns(session: Session, ticket_id: int) -> list[Turn]:
    return on_the_way(session.scalars(TURNS, {"ticket": ticket_id}))


def _bearers_turn(session: Session, mall: Mall, turn: Turn, language: str, now: datetime) -> dict[str, Any]:
    """A turn with what its visitor needs besides: until when they are out or may return, why they wait."""
    out = turn.out_until if turn.state == State.WAITING else None
    back = turn.may_return_until(mall.how) if turn.state == State.MISSED else None
    place = mall.counter_ids.get(turn.counter_id or 0) if back else None
    return {
        **_turn(session, mall, turn, language, now),
        "out_until": _later(mall, out, now),
        "return_until": _later(mall, back, now),
        "missed_at": place.name if place else None,
        "why": why_visitor(Reading(session, mall, now, turn.day, 0), turn, language),
    }


def _may(present: Turn, now: datetime) -> list[str]:
    """What the bearer may do with the ticket now."""
    deeds = ["cancel"] if present.state in MAY_CANCEL else []
    if present.state == State.WAITING:
        if present.out_until is not None and present.out_until > now:
            deeds.append("come_back")
        elif not present.outs:
            deeds.append("step_out")
    return deeds


def _raised(session: Session, mall: Mall, now: datetime) -> list[Any]:
    """The notices that stand in the mall now."""
    rows = session.connection().execute(RAISED, {"mall": mall.mall_id})
    return [row for row in rows if not is_over(row.kind, row.raised_at, mall, now)]


def _emergency(mall: Mall, present: Turn, raised: Sequence[Any], language: str) -> str | None:
    """What is said of an emergency where the visitor is; None while there is none."""
    zone = _zone(mall, present)
    if not any(row.kind == NoticeKind.EMERGENCY and row.zone_id == zone.id for row in raised):
        return None
    return emergency_sentence(emergency_number(mall), zone.name, language)


def _disturbances(
    mall: Mall, coming: Sequence[Turn], raised: Sequence[Any], language: str, now: datetime
) -> list[str]:
    """What is disturbed at the agencies that this ticket still has to do with, in the order of the way."""
    ways = [mall.queue_ids[turn.queue_id].agency for turn in coming]
    notices = {row.agency_id: row for row in raised if row.kind == NoticeKind.DISTURBANCE}
    met: dict[int, Agency] = {agency.id: agency for agency in ways if agency.id in notices}
    return [sentence(mall, notices[each.id], each, now, language) for each in met.values()]


def _turn(session: Session, mall: Mall, turn: Turn, language: str, now: datetime) -> dict[str, Any]:
    if turn.state != State.WAITING:
        return _turn_row(mall, turn, None, None, language)
    queue, connection = mall.queue_ids[turn.queue_id], session.connection()
    people = ahead(Reading(session, mall, now, turn.day, 0), queue, turn)
    wait = expected_wait(queue, people, staffing_of(connection, queue.id), now)
    return _turn_row(mall, turn, people, wait, language)


def _turn_row(
    mall: Mall, row: Any, people: int | None, wait: WaitRange | None, language: str
) -> dict[str, Any]:
    queue, service = mall.queue_ids[row.queue_id], mall.service_ids[row.service_id]
    counter = mall.counter_ids.get(row.counter_id or 0)
    return {
        "id": row.id,
        "queue": queue.code,
        "service": service.code,
        "service_name": service.name,
        "agency": queue.agency.code,
        "agency_name": queue.agency.short_name,
        "zone": _zone(mall, row).code,
        "state": row.state,
        "ahead": people,
        "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text(language)} if wait else None,
        "counter": counter.name if counter and row.state in (State.CALLED, State.SERVING) else None,
        "calls": row.calls,
        "matters": row.matters or [service.code],
    }


def _zone(mall: Mall, row: Any) -> Zone:
    """Where the visitor of a turn is expected: at its counter, else where its agency is."""
    place = mall.counter_ids.get(row.counter_id or 0)
    return place.zone if place else mall.queue_ids[row.queue_id].agency.zone


def _later(mall: Mall, at: datetime | None, now: datetime) -> str | None:
    """A moment that is still to come, in the mall's time."""
    return at.astimezone(mall.timezone).isoformat(timespec="seconds") if at and at > now else None
