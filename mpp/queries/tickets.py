"""A visitor's ticket: where it stands in each line, and what the wait is likely to be."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.errors import UnknownTicket
from mpp.domain.plan import Plan
from mpp.domain.ticket import Ticket, token, token_hash
from mpp.domain.turn import State, Turn
from mpp.queries.lines import ahead, expected_wait, staffing_of

TICKET, TURN = table(Ticket), table(Turn)
BY_ID = select(TICKET).where(TICKET.c.id == bindparam("ticket"))
BY_TOKEN = select(TICKET).where(TICKET.c.token_hash == bindparam("token"))
TURNS = select(TURN).where(TURN.c.ticket_id == bindparam("ticket")).order_by(TURN.c.position)
DEAD_FROM = time(4, 0)


def taken(
    session: Session,
    plan: Plan,
    ids: dict[str, int],
    token_key: bytes,
    base_url: str,
    with_qr: bool,
    now: datetime,
) -> dict[str, Any]:
    """The answer to a taken number: ids, label and token for ever the same, what is ahead as of now."""
    connection = session.connection()
    row = connection.execute(BY_ID, {"ticket": ids["ticket"]}).one()
    secret = token(token_key, row.id)
    turns = _turns(connection, plan, row.id, row.language, now)
    return {
        "id": row.id,
        "label": row.label,
        "token": secret,
        "url": f"{base_url}/t/{secret}",
        "day": row.day.isoformat(),
        "issued_at": row.issued_at.astimezone(plan.timezone).isoformat(),
        "state": state_of(turns),
        "priority": row.priority_code,
        "language": row.language,
        "turns": turns,
        "slip": {"id": ids["slip"], "qr": with_qr, "head": row.head},
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
    over = (State.DONE, State.CANCELLED, State.EXPIRED)
    present = next((turn for turn in turns if turn["state"] not in over), turns[-1])
    return str(present["state"])


def _turns(
    connection: Connection, plan: Plan, ticket_id: int, language: str, now: datetime
) -> list[dict[str, Any]]:
    rows = connection.execute(TURNS, {"ticket": ticket_id}).all()
    return [_turn(connection, plan, row, language, now) for row in rows]


def _turn(connection: Connection, plan: Plan, row: Any, language: str, now: datetime) -> dict[str, Any]:
    queue, service = plan.queue_ids[row.queue_id], plan.service_ids[row.service_id]
    counter = plan.counters[row.counter_id] if row.counter_id else None
    people, wait = None, None
    if row.state == State.WAITING:
        people = ahead(connection, queue.id, row.day, row.order_key, row.joined_seq)
        wait = expected_wait(plan, queue, people, staffing_of(connection, queue.id), now)
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
    }
