"""A visitor's ticket: where it stands in each line, and what the wait is likely to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import UnknownTicket
from mpp.domain.life import OVER, State
from mpp.domain.plan import Plan
from mpp.domain.ticket import Ticket, token, token_hash
from mpp.domain.turn import Turn
from mpp.domain.wait import WaitRange
from mpp.queries.lines import ahead, expected_wait, recent_staffing, staffing_of

TICKET, TURN = table(Ticket), table(Turn)
BY_ID = select(TICKET).where(TICKET.c.id == bindparam("ticket"))
BY_TOKEN = select(TICKET).where(TICKET.c.token_hash == bindparam("token"))
TURNS = select(TURN).where(TURN.c.ticket_id == bindparam("ticket")).order_by(TURN.c.position)
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


def answer(db: Database, plan: Plan, taken: Taken, paper: Paper, now: datetime) -> dict[str, Any]:
    """The answer to a taken number: ids, label and token for ever the same, what is ahead as of now."""
    if taken.ticket is not None:
        queue = plan.queue_ids[taken.ticket.queue_id]
        wait = expected_wait(plan, queue, taken.ahead, recent_staffing(db, plan.mall_id, queue.id), now)
        first = _turn_row(plan, taken.turns[0], taken.ahead, wait, taken.ticket.language)
        later = [_turn_row(plan, turn, None, None, taken.ticket.language) for turn in taken.turns[1:]]
        turns = [first, *later]
        return _answer(plan, taken.ticket, turns, taken.ids["slip"], paper)
    with db.reading() as session:
        connection = session.connection()
        row = connection.execute(BY_ID, {"ticket": taken.ids["ticket"]}).one()
        turns = _turns(connection, plan, row.id, row.language, now)
        return _answer(plan, row, turns, taken.ids["slip"], paper)


def _answer(plan: Plan, row: Any, turns: list[dict[str, Any]], slip: int, paper: Paper) -> dict[str, Any]:
    secret = token(paper.token_key, row.id)
    return {
        "id": row.id,
        "label": row.label,
        "token": secret,
        "url": f"{paper.base_url}/t/{secret}",
        "day": row.day.isoformat(),
        "issued_at": row.issued_at.astimezone(plan.timezone).isoformat(),
        "state": state_of(turns),
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


def view(session: Session, plan: Plan, secret: str, now: datetime) -> dict[str, Any]:
    """What the bearer of a token sees. Unknown and old ones answer alike: `UnknownTicket`."""
    connection = session.connection()
    row = connection.execute(BY_TOKEN, {"token": token_hash(secret)}).first()
    if row is None or not alive(plan, row.day, now):
        raise UnknownTicket
    turns = _turns(connection, plan, row.id, row.language, now)
    return {
        "label": row.label,
        "day": row.day.isoformat(),
        "state": state_of(turns),
        "language": row.language,
        "turns": turns,
    }


def alive(plan: Plan, day: date, now: datetime) -> bool:
    """A token opens its page until 04:00 of the day after."""
    end = datetime.combine(day + timedelta(days=1), DEAD_FROM, plan.timezone)
    return now < end


def state_of(turns: list[dict[str, Any]]) -> str:
    """A ticket is where its present turn is: the first that is not over, else the last."""
    present = next((turn for turn in turns if turn["state"] not in OVER), turns[-1])
    return str(present["state"])


def _turns(
    connection: Connection, plan: Plan, ticket_id: int, language: str, now: datetime
) -> list[dict[str, Any]]:
    rows = sorted(connection.execute(TURNS, {"ticket": ticket_id}).all(), key=_on_the_way)
    return [_turn(connection, plan, row, language, now) for row in rows]


def _on_the_way(row: Any) -> tuple[bool, int]:
    """Turns in the order of the route: as they entered their lines, then as they are planned."""
    planned = row.joined_at is None
    return planned, row.position if planned else row.joined_seq


def _turn(connection: Connection, plan: Plan, row: Any, language: str, now: datetime) -> dict[str, Any]:
    if row.state != State.WAITING:
        return _turn_row(plan, row, None, None, language)
    queue = plan.queue_ids[row.queue_id]
    people = ahead(connection, queue, row.day, row)
    wait = expected_wait(plan, queue, people, staffing_of(connection, queue.id), now)
    return _turn_row(plan, row, people, wait, language)


def _turn_row(
    plan: Plan, row: Any, people: int | None, wait: WaitRange | None, language: str
) -> dict[str, Any]:
    queue, service = plan.queue_ids[row.queue_id], plan.service_ids[row.service_id]
    counter = plan.counters[row.counter_id] if row.counter_id else None
    return {
        "id": row.id,
        "queue": queue.code,
        "service": service.code,
        "service_name": service.name,
        "agency": queue.agency.code,
        "agency_name": queue.agency.short_name,
        "zone": (counter.zone if counter else queue.agency.zone).code,
        "state": row.state,
        "ahead": people,
        "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text(language)} if wait else None,
        "counter": counter.name if counter and row.state in (State.CALLED, State.SERVING) else None,
        "calls": row.calls,
        "matters": row.matters or [service.code],
    }
