"""Taking a number, and giving it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import Closed, NotFound, QuotaReached, UnknownTicket, WrongMoment
from mpp.domain.hours import Openness, closed_sentence, openness
from mpp.domain.order import order_key
from mpp.domain.plan import Plan, QueuePlan, ServicePlan
from mpp.domain.ticket import ONLINE, QueueDay, Slip, Ticket, label, token, token_hash
from mpp.domain.turn import State, Turn, Verb

TICKET, TURN, SLIP, QUEUE_DAY = table(Ticket), table(Turn), table(Slip), table(QueueDay)


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor asks for; `services` is the route, `channel` says through which door."""

    services: tuple[str, ...]
    priority: str | None
    language: str
    channel: str
    device_id: int | None = None


def take(
    db: Database, plan: Plan, actor: str, request: Request, wish: Wish, token_key: bytes
) -> dict[str, int]:
    """Give a number: `{"ticket": id, "slip": id}`. The same wish gets the same number again.

    Raises `UnknownService`, `Closed`, `QuotaReached` (both with the next opening) and `IntentReused`.
    """
    with writing(db, plan.mall_id, actor, wish) as work:
        if work.replayed is not None:
            return work.replayed
        service = work.plan.service(request.services[0])
        priority = _priority(work.plan, request.priority)
        state = _open_or_refuse(work, service)
        number = _next_number(work, service.queue, state)
        ids = _issue(work, service, number, priority, request, token_key)
        return work.remember(ids, kept=True)


def cancel(db: Database, plan: Plan, secret: str, wish: Wish) -> None:
    """The bearer of the token gives the number up; the place in the quota is free again."""
    with writing(db, plan.mall_id, wish.principal, wish) as work:
        if work.replayed is not None:
            return
        ticket = work.session.scalar(select(Ticket).where(Ticket.token_hash == token_hash(secret)))
        if ticket is None or ticket.mall_id != plan.mall_id or ticket.day != work.log.day:
            raise UnknownTicket
        turns = work.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id)).all()
        _cancel_turns(work, turns)
        if ticket.series == ONLINE:
            _free_place(work, ticket)
        work.remember({"ticket": ticket.id})


def report_slip(
    db: Database, plan: Plan, actor: str, device_id: int, slip_id: int, result: str, wish: Wish
) -> str:
    """What the kiosk knows of a paper: printed, failed or unknown. A paper once printed stays printed."""
    with writing(db, plan.mall_id, actor, wish) as work:
        if work.replayed is not None:
            return str(work.replayed["state"])
        slip = work.session.get(Slip, slip_id)
        if slip is None or slip.device_id != device_id:
            raise NotFound("Struk ini tidak ada.")
        if slip.state != "printed" and slip.state != result:
            before, slip.state, slip.changed_at = slip.state, result, work.now
            _record_slip(work, slip, before)
        return str(work.remember({"state": slip.state})["state"])


def _priority(plan: Plan, code: str | None) -> bool:
    if code is None:
        return False
    if code not in plan.priorities:
        raise NotFound("Golongan prioritas ini tidak ada.")
    return plan.priorities[code].priority


def _open_or_refuse(work: Work, service: ServicePlan) -> Openness:
    plan, queue = work.plan, service.queue
    levels = (plan.schedule, queue.agency.schedule, queue.schedule, service.schedule)
    state = openness(work.now, plan.timezone, *levels)
    if not state.open:
        raise Closed(closed_sentence(state, work.now, plan.timezone), next_opening=state.next_opening)
    return state


def _next_number(work: Work, queue: QueuePlan, state: Openness) -> int:
    """The next number of the online series, from the queue's own row; a refused action gives it back."""
    row = {"queue_id": queue.id, "day": work.log.day, "series": ONLINE, "last_number": 1, "quota_used": 1}
    upsert = (
        _upsert(work.session.get_bind().dialect)
        .values(row)
        .on_conflict_do_update(
            index_elements=["queue_id", "day", "series"],
            set_={"last_number": QUEUE_DAY.c.last_number + 1, "quota_used": QUEUE_DAY.c.quota_used + 1},
            where=None if queue.quota is None else QUEUE_DAY.c.quota_used < queue.quota,
        )
    )
    number = work.session.execute(upsert.returning(QUEUE_DAY.c.last_number)).scalar()
    if number is None or queue.quota == 0:
        raise QuotaReached(next_opening=_tomorrow(work, queue, state))
    return int(number)


def _upsert(dialect: Dialect) -> Any:
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(QUEUE_DAY)


def _tomorrow(work: Work, queue: QueuePlan, state: Openness) -> datetime | None:
    """When a full queue gives numbers again: the first opening after today's end."""
    if state.closes is None:
        return None
    levels = (work.plan.schedule, queue.agency.schedule, queue.schedule)
    return openness(state.closes, work.plan.timezone, *levels).next_opening


def _issue(
    work: Work, service: ServicePlan, number: int, priority: bool, request: Request, token_key: bytes
) -> dict[str, int]:
    log, queue = work.log, service.queue
    ticket_id, turn_id, slip_id = log.new_id("ticket"), log.new_id("turn"), log.new_id("slip")
    printed = label(queue.code, ONLINE, number)
    place: dict[str, Any] = {
        "agency": queue.agency.code,
        "ticket": ticket_id,
        "label": printed,
        "queue": queue.code,
    }
    zones = {queue.agency.zone.code}
    log.record("ticket_taken", zones=zones, **place, series=ONLINE, number=number, channel=request.channel)
    key = order_key(log.now, priority, queue.policy)
    joined = log.record(
        Verb.JOINED,
        zones=zones,
        **place,
        turn=turn_id,
        before=State.PLANNED,
        after=State.WAITING,
        service=service.code,
        priority=priority,
        order_key=key,
    )
    session = work.session
    session.execute(
        insert(TICKET),
        {
            "id": ticket_id,
            "mall_id": log.mall_id,
            "queue_id": queue.id,
            "day": log.day,
            "series": ONLINE,
            "number": number,
            "label": printed,
            "priority_code": request.priority,
            "language": request.language,
            "channel": request.channel,
            "issued_by": log.actor,
            "issued_at": log.now,
            "token_hash": token_hash(token(token_key, ticket_id)),
            "head": log.head.hex()[:6],
        },
    )
    session.execute(
        insert(TURN),
        {
            "id": turn_id,
            "mall_id": log.mall_id,
            "ticket_id": ticket_id,
            "position": 1,
            "queue_id": queue.id,
            "service_id": service.id,
            "day": log.day,
            "label": printed,
            "priority": priority,
            "state": State.WAITING.value,
            "state_since": log.now,
            "arrived_at": log.now,
            "order_key": key,
            "joined_seq": joined,
            "calls": 0,
            "nth": 0,
            "wait_us": 0,
            "walk_us": 0,
            "service_us": 0,
            "away_us": 0,
        },
    )
    session.execute(
        insert(SLIP),
        {
            "id": slip_id,
            "ticket_id": ticket_id,
            "device_id": request.device_id,
            "state": "wanted",
            "changed_at": log.now,
        },
    )
    return {"ticket": ticket_id, "slip": slip_id}


def _cancel_turns(work: Work, turns: Any) -> None:
    open_turns = [turn for turn in turns if turn.state in (State.PLANNED, State.WAITING, State.CALLED)]
    if not open_turns:
        raise WrongMoment("Nomor ini sudah dilayani, terlewat, atau dibatalkan.")
    for turn in open_turns:
        counter = work.plan.counters.get(turn.counter_id) if turn.counter_id else None
        turn.cancel(work.plan.queue_ids[turn.queue_id], work.log, counter)


def _free_place(work: Work, ticket: Ticket) -> None:
    work.session.execute(
        update(QUEUE_DAY)
        .where(
            QUEUE_DAY.c.queue_id == ticket.queue_id,
            QUEUE_DAY.c.day == ticket.day,
            QUEUE_DAY.c.series == ONLINE,
        )
        .values(quota_used=QUEUE_DAY.c.quota_used - 1)
    )


def _record_slip(work: Work, slip: Slip, before: str) -> None:
    ticket = work.session.get_one(Ticket, slip.ticket_id)
    queue = work.plan.queue_ids[ticket.queue_id]
    work.log.record(
        f"slip_{slip.state}",
        agency=queue.agency.code,
        ticket=ticket.id,
        label=ticket.label,
        queue=queue.code,
        before=before,
        after=slip.state,
        slip=slip.id,
    )
