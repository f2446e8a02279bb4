"""A ticket as staff see it: found by label or QR, where it stands, its papers, and what may be done now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.errors import UnknownTicket
from mpp.domain.life import IN_HAND, OVER, State
from mpp.domain.mall import Mall
from mpp.domain.ticket import DESK, Ticket, token_hash
from mpp.domain.turn import Turn
from mpp.encoding import plain_row
from mpp.queries.head import head
from mpp.queries.labels import labelled, labels_of, token_of
from mpp.queries.lines import ahead, expected_wait, staffing_of
from mpp.queries.reading import Reading
from mpp.queries.slips import PaperRow, slips_of
from mpp.queries.way import on_the_way, present_of

LARGEST_ID = 2**53
MAY_CANCEL = (State.PLANNED, State.WAITING, State.CALLED)


def find(
    session: Session, mall: Mall, agency_id: int | None, intent: str, now: datetime
) -> list[dict[str, Any]]:
    """The tickets of today that a label, a token or a scanned address means, as far as one may see them."""
    secret, labels = token_of(intent), labels_of(intent)
    if secret is None and not labels:
        return []
    meant = Ticket.token_hash == token_hash(secret) if secret else labelled(mall, labels)
    return _documents(session, mall, agency_id, meant, now)


def ticket(
    session: Session, mall: Mall, agency_id: int | None, ticket_id: int, now: datetime
) -> dict[str, Any]:
    """One ticket of today. Raises `UnknownTicket`, also for one of other agencies."""
    known = ticket_id <= LARGEST_ID
    found = _documents(session, mall, agency_id, Ticket.id == ticket_id, now) if known else []
    if not found:
        raise UnknownTicket
    return found[0]


def _documents(
    session: Session, mall: Mall, agency_id: int | None, meant: Any, now: datetime
) -> list[dict[str, Any]]:
    day = head(session, mall, now)[1]
    of_today = select(Ticket).where(Ticket.mall_id == mall.mall_id, Ticket.day == day, meant)
    rows = session.scalars(of_today.order_by(Ticket.id)).all()
    turns = _turns(session, [row.id for row in rows])
    seen = [row for row in rows if _own(mall, agency_id, turns[row.id])]
    papers = slips_of(session, mall, [row.id for row in seen])
    return [_document(session, mall, agency_id, row, turns[row.id], papers[row.id], now) for row in seen]


def _turns(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[Turn]]:
    """The turns of each ticket, in the order of its way."""
    found: dict[int, list[Turn]] = {each: [] for each in ticket_ids}
    for turn in session.scalars(select(Turn).where(Turn.ticket_id.in_(ticket_ids))):
        found[turn.ticket_id].append(turn)
    return {ticket: on_the_way(turns) for ticket, turns in found.items()}


def _own(mall: Mall, agency_id: int | None, turns: Sequence[Turn]) -> list[Turn]:
    """The turns that stand in the agency; None is all of the mall."""
    return [turn for turn in turns if agency_id in (None, mall.queue_ids[turn.queue_id].agency.id)]


def _document(
    session: Session,
    mall: Mall,
    agency_id: int | None,
    row: Ticket,
    turns: list[Turn],
    papers: list[PaperRow],
    now: datetime,
) -> dict[str, Any]:
    own, present = _own(mall, agency_id, turns), present_of(turns)
    shown = [
        _stop(mall, turn) | (_standing(session, mall, turn, now) if turn in own else {}) for turn in turns
    ]
    return {
        "id": row.id,
        "label": row.label,
        "day": row.day.isoformat(),
        "issued_at": _local(mall, row.issued_at),
        "state": present.state,
        "present": present.id,
        "priority": row.priority_code,
        "needs": list(row.needs),
        "turns": shown,
        "slips": [plain_row(paper) for paper in papers],
        "may": _may(mall, row, turns, own, now),
    }


def _stop(mall: Mall, turn: Turn) -> dict[str, Any]:
    """What a stop of the route is, and where. Of another agency's, its people read no more."""
    service, queue = mall.service_ids[turn.service_id], mall.queue_ids[turn.queue_id]
    zone = queue.agency.zone
    return {
        "id": turn.id,
        "queue": queue.code,
        "queue_name": queue.name,
        "service": service.code,
        "service_name": service.name,
        "matters": turn.matters or [service.code],
        "agency": queue.agency.code,
        "agency_name": queue.agency.short_name,
        "zone": zone.code,
        "zone_name": zone.name,
        "floor": zone.floor,
        "state": turn.state,
    }


def _standing(session: Session, mall: Mall, turn: Turn, now: datetime) -> dict[str, Any]:
    """Where a turn stands in its line, or at which counter."""
    people = wait = None
    if turn.state == State.WAITING:
        connection, queue = session.connection(), mall.queue_ids[turn.queue_id]
        people = ahead(Reading(session, mall, now, turn.day, 0), queue, turn)
        wait = expected_wait(queue, people, staffing_of(connection, queue.id), now)
    place = mall.counter_ids.get(turn.counter_id or 0)
    back = turn.may_return_until(mall.how) if turn.state == State.MISSED else None
    return {
        "ahead": people,
        "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text()} if wait else None,
        "counter": place.name if place else None,
        "calls": turn.calls,
        "arrived_at": _local(mall, turn.arrived_at),
        "since": _local(mall, turn.state_since),
        "out_until": _local(mall, turn.out_until) if _is_out(turn, now) else None,
        "return_until": _local(mall, back) if back and back >= now else None,
    }


def _may(mall: Mall, row: Ticket, turns: list[Turn], own: list[Turn], now: datetime) -> list[str]:
    """What may be done for this ticket now, by somebody to whom these turns are their own."""
    waiting = next((turn for turn in own if turn.state == State.WAITING), None)
    missed = next((turn for turn in own if turn.state == State.MISSED), None)
    given_up = all(turn.state == State.CANCELLED for turn in turns)
    left = any(turn.state not in OVER for turn in turns)
    gone = given_up or any(turn.missed_for_good(now, mall.how) for turn in turns)
    elsewhere = any(turn.state in IN_HAND for turn in turns if turn not in own)
    deeds = {
        "return": missed is not None and now <= missed.may_return_until(mall.how),
        "come_back": waiting is not None and _is_out(waiting, now),
        "print": row.series != DESK and not given_up,
        "stops": row.series != DESK and not gone,
        "needs": left,
        "priority": left,
        "step_out": waiting is not None and not waiting.outs,
        "correct": waiting is not None,
        "cancel": not elsewhere and any(turn.state in MAY_CANCEL for turn in turns),
    }
    return [deed for deed, allowed in deeds.items() if allowed]


def _is_out(turn: Turn, now: datetime) -> bool:
    return turn.state == State.WAITING and turn.out_until is not None and turn.out_until > now


def _local(mall: Mall, at: datetime | None) -> str | None:
    return at.astimezone(mall.timezone).isoformat(timespec="seconds") if at else None
