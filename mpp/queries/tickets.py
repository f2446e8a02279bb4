"""A visitor's ticket: where it stands in each line, and what the wait is likely to be."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.errors import UnknownTicket
from mpp.domain.plan import Plan
from mpp.domain.ticket import Slip, Ticket, token, token_hash
from mpp.domain.turn import State, Turn
from mpp.queries.lines import ahead, expected_wait, staffing

TICKET, TURN = table(Ticket), table(Turn)
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
    row = session.execute(select(TICKET).where(TICKET.c.id == ids["ticket"])).one()
    secret = token(token_key, row.id)
    turns = _turns(session, plan, row.id, row.language, now)
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


def mall_of(session: Session, secret: str) -> int:
    """Which mall a token belongs to. Raises `UnknownTicket`."""
    found = session.execute(
        select(TICKET.c.mall_id).where(TICKET.c.token_hash == token_hash(secret))
    ).scalar()
    if found is None:
        raise UnknownTicket
    return int(found)


def id_of(session: Session, secret: str) -> int:
    """Which ticket a token belongs to. Raises `UnknownTicket`."""
    found = session.execute(select(TICKET.c.id).where(TICKET.c.token_hash == token_hash(secret))).scalar()
    if found is None:
        raise UnknownTicket
    return int(found)


def view(session: Session, plan: Plan, secret: str, now: datetime) -> dict[str, Any]:
    """What the bearer of a token sees. Unknown and old ones answer alike: `UnknownTicket`."""
    row = session.execute(select(TICKET).where(TICKET.c.token_hash == token_hash(secret))).first()
    if row is None or not alive(plan, row.day, now):
        raise UnknownTicket
    turns = _turns(session, plan, row.id, row.language, now)
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


def slip_state(session: Session, slip_id: int) -> str | None:
    return session.scalar(select(Slip.state).where(Slip.id == slip_id))


def _turns(
    session: Session, plan: Plan, ticket_id: int, language: str, now: datetime
) -> list[dict[str, Any]]:
    rows = session.execute(select(TURN).where(TURN.c.ticket_id == ticket_id).order_by(TURN.c.position)).all()
    return [_turn(session, plan, row, language, now) for row in rows]


def _turn(session: Session, plan: Plan, row: Any, language: str, now: datetime) -> dict[str, Any]:
    queue, service = plan.queue_ids[row.queue_id], plan.service_ids[row.service_id]
    counter = plan.counters[row.counter_id] if row.counter_id else None
    people, wait = None, None
    if row.state == State.WAITING:
        people = ahead(session, queue.id, row.day, row.order_key, row.joined_seq)
        staff = staffing(session, plan.mall_id, queue.id).get(queue.id)
        wait = expected_wait(plan, queue, people, staff, now) if staff else None
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
