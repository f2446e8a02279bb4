"""The rows of a number given. It is the busiest moment of the server, so its statements are made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from mpp.actions.journeys import matters_of
from mpp.actions.transaction import Transaction
from mpp.domain.base import table
from mpp.domain.life import State, Verb
from mpp.domain.log import Log
from mpp.domain.mall import Counter, Queue, Service
from mpp.domain.order import Entrance, Place, order_key
from mpp.domain.ticket import DESK, ONLINE, QueueDay, Slip, Ticket, label, token, token_hash
from mpp.domain.turn import Turn
from mpp.queries.lines import AHEAD, ahead, standing
from mpp.queries.tickets import Row, Taken

QUEUE_DAY = table(QueueDay)
TICKET, TURN, SLIP = table(Ticket), table(Turn), table(Slip)
UNLIMITED = 2**31 - 1
COUNTED = (
    "order_key", "head_start", "joined_seq", "calls", "nth", "outs",
    "wait_us", "walk_us", "service_us", "away_us", "between_us",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor asks for; `services` is the route, `channel` says how it was asked for.

    A checked-in appointment enters its line at `booked_at`. Who gives numbers for one agency names it as
    `agency_id`: the route must come to it.
    """

    services: tuple[str, ...]
    priority: str | None
    language: str
    channel: str
    device_id: int | None = None
    booked_at: datetime | None = None
    agency_id: int | None = None


def _next(dialect: Any, *told: Any) -> Any:
    """One more number of a series, unless the quota is used up: then no row comes back."""
    return (
        dialect.insert(QUEUE_DAY)
        .on_conflict_do_update(
            index_elements=["queue_id", "day", "series"],
            set_={"last_number": QUEUE_DAY.c.last_number + 1, "quota_used": QUEUE_DAY.c.quota_used + 1},
            where=QUEUE_DAY.c.quota_used < bindparam("quota"),
        )
        .returning(QUEUE_DAY.c.last_number, *told)
    )


NEXT = {"sqlite": _next(sqlite), "postgresql": _next(postgresql)}
PEOPLE = AHEAD.scalar_subquery()
NEXT_AND_PEOPLE = {"sqlite": _next(sqlite, PEOPLE), "postgresql": _next(postgresql, PEOPLE)}


def issue(
    tx: Transaction,
    route: Sequence[Sequence[Service]],
    priority: bool,
    request: Request,
    token_key: bytes,
) -> Taken | None:
    """Write ticket, turns and wanted slip, and record them; None, and nothing, when the quota is used up.

    `route` are the stops: the first enters its line now, the others are planned. How many are ahead in its
    line is asked together with the number.
    """
    log, queue = tx.log, route[0][0].queue
    if queue.quota == 0:
        return None
    entrance = _entrance(log, priority, queue, request)
    place = standing(queue, log.day, entrance.order_key, log.seq + 1, log.now)
    following = NEXT_AND_PEOPLE[tx.connection.dialect.name]
    given = tx.connection.execute(following, _one_more(tx, queue, ONLINE) | place).first()
    if given is None:
        return None
    number, people = given
    ids = {noun: log.new_id(noun) for noun in ("ticket", "turn", "slip")}
    printed = label(queue.code, ONLINE, number)
    _record_ticket(log, queue, ids, printed, ONLINE, number, request.channel)
    joined = _record_joined(log, route[0], ids, printed, priority, entrance)
    ticket = _ticket_row(log, queue, ids, printed, ONLINE, number, request, token_key)
    turn = _turn_row(log, route[0], ids, printed, priority)
    turn |= {"state": State.WAITING.value, "arrived_at": entrance.came, "joined_at": log.now}
    turn |= {"place": entrance.place.value, "order_key": entrance.order_key, "joined_seq": joined}
    tx.later(TICKET, ticket)
    tx.later(TURN, turn)
    tx.later(SLIP, _slip_row(log, ids, request))
    stops = [_plan_stop(tx, stop, ids, printed, priority, nth) for nth, stop in enumerate(route[1:], 2)]
    if queue.policy["kind"] == "ratio":
        people = ahead(tx.connection, queue, log.day, Row(turn), log.now)
    return Taken({"ticket": ids["ticket"], "slip": ids["slip"]}, Row(ticket), [Row(turn), *stops], people)


def issue_at_desk(tx: Transaction, service: Service, place: Counter, token_key: bytes) -> Turn:
    """A number of the desk's own series, served at once; it has no paper and is never announced."""
    log, queue = tx.log, service.queue
    following = NEXT[tx.connection.dialect.name]
    number = int(tx.connection.execute(following, _one_more(tx, queue, DESK)).scalar_one())
    ids = {noun: log.new_id(noun) for noun in ("ticket", "turn")}
    printed = label(queue.code, DESK, number)
    request = Request((service.code,), None, "id", "desk")
    _record_ticket(log, queue, ids, printed, DESK, number, request.channel)
    turn = Turn(**_turn_row(log, [service], ids, printed, False))
    turn.serve(place, service.code, queue, log)
    tx.connection.execute(
        TICKET.insert().values(_ticket_row(log, queue, ids, printed, DESK, number, request, token_key))
    )
    tx.session.add(turn)
    return turn


def _one_more(tx: Transaction, queue: Queue, series: str) -> dict[str, Any]:
    """The values of one more number: the first of its series, if it is; the desk's series has no quota."""
    limited = series == ONLINE and queue.quota is not None
    return {
        "queue_id": queue.id,
        "day": tx.log.day,
        "series": series,
        "last_number": 1,
        "quota_used": 1,
        "quota": queue.quota if limited else UNLIMITED,
    }


def _record_ticket(
    log: Log, queue: Queue, ids: dict[str, int], printed: str, series: str, number: int, channel: str
) -> None:
    log.record(
        "ticket_taken",
        zones=(queue.agency.zone.code,),
        agency=queue.agency.code,
        ticket=ids["ticket"],
        label=printed,
        queue=queue.code,
        series=series,
        number=number,
        channel=channel,
    )


def _entrance(log: Log, priority: bool, queue: Queue, request: Request) -> Entrance:
    came = request.booked_at or log.now
    place = Place.APPOINTMENT if request.booked_at else Place.ARRIVAL
    return Entrance(place, came, order_key(came, priority, queue.policy))


def _record_joined(
    log: Log,
    stop: Sequence[Service],
    ids: dict[str, int],
    printed: str,
    priority: bool,
    entrance: Entrance,
) -> int:
    more = {name: fact for name, fact in entrance.facts(0).items() if fact is not None}
    more |= {"matters": matters} if (matters := matters_of(stop)) else {}
    facts = {"service": stop[0].code, "priority": priority, "order_key": entrance.order_key, **more}
    return _record_turn(log, Verb.JOINED, stop[0], ids, printed, State.WAITING, facts)


def _plan_stop(
    tx: Transaction, stop: Sequence[Service], ids: dict[str, int], printed: str, priority: bool, nth: int
) -> Row:
    """A later stop of the route, written as the first one is."""
    own = {**ids, "turn": tx.log.new_id("turn")}
    matters = {"matters": found} if (found := matters_of(stop)) else {}
    facts = {"service": stop[0].code, "priority": priority, "position": nth, **matters}
    _record_turn(tx.log, Verb.PLANNED, stop[0], own, printed, State.PLANNED, facts)
    row = _turn_row(tx.log, stop, own, printed, priority) | {"position": nth}
    tx.later(TURN, row)
    return Row(row)


def _record_turn(
    log: Log,
    verb: Verb,
    service: Service,
    ids: dict[str, int],
    printed: str,
    after: State,
    facts: dict[str, Any],
) -> int:
    return log.record(
        verb,
        zones=(service.queue.agency.zone.code,),
        agency=service.queue.agency.code,
        ticket=ids["ticket"],
        turn=ids["turn"],
        label=printed,
        queue=service.queue.code,
        before=State.PLANNED,
        after=after,
        **facts,
    )


def _ticket_row(
    log: Log,
    queue: Queue,
    ids: dict[str, int],
    printed: str,
    series: str,
    number: int,
    request: Request,
    token_key: bytes,
) -> dict[str, Any]:
    return {
        "id": ids["ticket"],
        "mall_id": log.mall_id,
        "queue_id": queue.id,
        "day": log.day,
        "series": series,
        "number": number,
        "label": printed,
        "priority_code": request.priority,
        "language": request.language,
        "channel": request.channel,
        "issued_by": log.actor,
        "issued_at": log.now,
        "token_hash": token_hash(token(token_key, ids["ticket"])),
        "head": log.head.hex()[:6],
        "needs": [],
    }


def _turn_row(
    log: Log, stop: Sequence[Service], ids: dict[str, int], printed: str, priority: bool
) -> dict[str, Any]:
    """A turn that is planned; what its line gives it comes with joining."""
    return {
        "id": ids["turn"],
        "mall_id": log.mall_id,
        "ticket_id": ids["ticket"],
        "position": 1,
        "queue_id": stop[0].queue.id,
        "service_id": stop[0].id,
        "matters": matters_of(stop),
        "day": log.day,
        "label": printed,
        "priority": priority,
        "state": State.PLANNED.value,
        "state_since": log.now,
        "arrived_at": log.now,
        "joined_at": None,
        "place": None,
        "counter_id": None,
        **dict.fromkeys(COUNTED, 0),
    }


def _slip_row(log: Log, ids: dict[str, int], request: Request) -> dict[str, Any]:
    return {
        "id": ids["slip"],
        "ticket_id": ids["ticket"],
        "device_id": request.device_id,
        "state": "wanted",
        "asked": False,
        "copy": False,
        "changed_at": log.now,
    }
