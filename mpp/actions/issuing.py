"""The rows of a number given. It is the busiest moment of the house, so its statements are made once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from mpp.actions.work import Work
from mpp.domain.base import table
from mpp.domain.log import Log
from mpp.domain.order import order_key
from mpp.domain.plan import QueuePlan, ServicePlan
from mpp.domain.ticket import ONLINE, QueueDay, Slip, Ticket, label, token, token_hash
from mpp.domain.turn import State, Turn, Verb
from mpp.queries.lines import ahead
from mpp.queries.tickets import Row, Taken

QUEUE_DAY = table(QueueDay)
TICKET, TURN, SLIP = table(Ticket), table(Turn), table(Slip)
UNLIMITED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor asks for; `services` is the route, `channel` says through which door."""

    services: tuple[str, ...]
    priority: str | None
    language: str
    channel: str
    device_id: int | None = None


def _next(dialect: Any) -> Any:
    """One more number of a series, unless the quota is used up: then no row comes back."""
    return (
        dialect.insert(QUEUE_DAY)
        .on_conflict_do_update(
            index_elements=["queue_id", "day", "series"],
            set_={"last_number": QUEUE_DAY.c.last_number + 1, "quota_used": QUEUE_DAY.c.quota_used + 1},
            where=QUEUE_DAY.c.quota_used < bindparam("quota"),
        )
        .returning(QUEUE_DAY.c.last_number)
    )


NEXT_NUMBER = {"sqlite": _next(sqlite), "postgresql": _next(postgresql)}


def next_number(work: Work, queue: QueuePlan) -> int | None:
    """The next online number, or None when the quota is used up; a refused action gives it back."""
    if queue.quota == 0:
        return None
    connection = work.connection
    row = {"queue_id": queue.id, "day": work.log.day, "series": ONLINE, "last_number": 1, "quota_used": 1}
    quota = UNLIMITED if queue.quota is None else queue.quota
    number = connection.execute(NEXT_NUMBER[connection.dialect.name], {**row, "quota": quota}).scalar()
    return None if number is None else int(number)


def issue(
    work: Work, service: ServicePlan, number: int, priority: bool, request: Request, token_key: bytes
) -> Taken:
    """Write ticket, turn and wanted slip, and record them; how many are ahead is counted on the way."""
    log, queue = work.log, service.queue
    ids = {noun: log.new_id(noun) for noun in ("ticket", "turn", "slip")}
    printed = label(queue.code, ONLINE, number)
    key, joined = _record(log, service, ids, printed, number, priority, request.channel)
    ticket = _ticket_row(log, queue, ids, printed, number, request, token_key)
    turn = _turn_row(log, service, ids, printed, priority, key, joined)
    work.later(TICKET, ticket)
    work.later(TURN, turn)
    work.later(SLIP, _slip_row(log, ids, request))
    people = ahead(work.connection, queue.id, log.day, key, joined)
    return Taken({"ticket": ids["ticket"], "slip": ids["slip"]}, Row(ticket), Row(turn), people)


def _record(
    log: Log,
    service: ServicePlan,
    ids: dict[str, int],
    printed: str,
    number: int,
    priority: bool,
    channel: str,
) -> tuple[int, int]:
    queue = service.queue
    place: dict[str, Any] = {"agency": queue.agency.code, "label": printed, "queue": queue.code}
    place |= {"zones": (queue.agency.zone.code,), "ticket": ids["ticket"]}
    log.record("ticket_taken", **place, series=ONLINE, number=number, channel=channel)
    key = order_key(log.now, priority, queue.policy)
    place |= {"before": State.PLANNED, "after": State.WAITING}
    facts: dict[str, Any] = {"service": service.code, "priority": priority, "order_key": key}
    return key, log.record(Verb.JOINED, **place, turn=ids["turn"], **facts)


def _ticket_row(
    log: Log,
    queue: QueuePlan,
    ids: dict[str, int],
    printed: str,
    number: int,
    request: Request,
    token_key: bytes,
) -> dict[str, Any]:
    return {
        "id": ids["ticket"],
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
        "token_hash": token_hash(token(token_key, ids["ticket"])),
        "head": log.head.hex()[:6],
    }


def _turn_row(
    log: Log, service: ServicePlan, ids: dict[str, int], printed: str, priority: bool, key: int, joined: int
) -> dict[str, Any]:
    return {
        "id": ids["turn"],
        "mall_id": log.mall_id,
        "ticket_id": ids["ticket"],
        "position": 1,
        "queue_id": service.queue.id,
        "service_id": service.id,
        "day": log.day,
        "label": printed,
        "priority": priority,
        "state": State.WAITING.value,
        "state_since": log.now,
        "arrived_at": log.now,
        "order_key": key,
        "joined_seq": joined,
        "counter_id": None,
        **dict.fromkeys(("calls", "nth", "wait_us", "walk_us", "service_us", "away_us"), 0),
    }


def _slip_row(log: Log, ids: dict[str, int], request: Request) -> dict[str, Any]:
    return {
        "id": ids["slip"],
        "ticket_id": ids["ticket"],
        "device_id": request.device_id,
        "state": "wanted",
        "changed_at": log.now,
    }
