"""The catalogue: everything a kiosk asks, shows and refuses by; read often, so built in two halves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp import VERSION
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.hours import Openness, closed_sentence
from mpp.domain.log import MallLog
from mpp.domain.mall import Agency, Mall, Queue, Service
from mpp.domain.notice import NoticeKind
from mpp.domain.ticket import ONLINE, QueueDay
from mpp.queries.catalogue_parts import Parts, Row, parts
from mpp.queries.lines import AT_WORK, Staffing, expected_wait, staffing, waiting_counts
from mpp.queries.notices import NoticeRow, notices

COUNTER, QUEUE_DAY, LOG = table(CounterState), table(QueueDay), table(MallLog)
OPEN: Row = {"open": True, "closed": None}
FULL = "Kuota hari ini sudah habis."


def catalogue(session: Session, mall: Mall, now: datetime) -> tuple[str, str]:
    """The JSON text and its ETag. The tag changes when anything but the time does."""
    still, hour = parts(mall), _hour(session, mall, now)
    queues = [hour.queue(queue, row) for queue, row in still.queues]
    hour.full.update(str(row["code"]) for row in queues if row["quota_left"] == 0)
    moving: Row = {
        "emergency": hour.emergency,
        "agencies": [hour.agency(agency, row) for agency, row in still.agencies],
        "queues": queues,
        "counters": [{**row, "open": counter.id in hour.at_work} for counter, row in still.counters],
    }
    states = {service.code: hour.service(service) for service, _ in still.services}
    day: Row = {"day": mall.day(now).isoformat()}
    changing = json.dumps({**day, **moving, "service_states": states}, ensure_ascii=False, sort_keys=True)
    tag = sha256(f"{VERSION}|{mall.version}|{changing}".encode()).hexdigest()[:32]
    at = now.astimezone(mall.timezone).isoformat(timespec="seconds")
    head = json.dumps({"version": tag, "at": at, **day, **moving}, ensure_ascii=False)
    return f"{head[:-1]},{still.inside},{_services(still, states)}}}", tag


def _services(still: Parts, states: Mapping[str, Row]) -> str:
    """Each service with its state of the hour; most are in the same state, whose text is made once."""
    texts: dict[int, str] = {}
    for state in states.values():
        if id(state) not in texts:
            texts[id(state)] = json.dumps(state, ensure_ascii=False)[1:]
    joined = ",".join(f"{text},{texts[id(states[service.code])]}" for service, text in still.services)
    return f'"services":[{joined}]'


def _hour(session: Session, mall: Mall, now: datetime) -> "_Hour":
    opened = session.execute(select(LOG.c.day).where(LOG.c.mall_id == mall.mall_id)).scalar()
    day = mall.service_day(now, opened)
    at_work = select(COUNTER.c.id).where(COUNTER.c.mall_id == mall.mall_id, AT_WORK)
    raised = notices(session, mall, now)
    return _Hour(
        mall=mall,
        now=now,
        waiting=waiting_counts(session, mall.mall_id, day),
        staff=staffing(session, mall.mall_id),
        used=_quota_used(session, mall, day),
        at_work=frozenset(session.scalars(at_work)),
        disturbed={
            row.agency: _disturbance(row)
            for row in raised
            if row.kind == NoticeKind.DISTURBANCE and row.agency
        },
        emergency=[
            {"zone": row.zone, "since": row.since.isoformat(), "number": row.number}
            for row in raised
            if row.kind == NoticeKind.EMERGENCY
        ],
        full=set(),
    )


def _disturbance(row: NoticeRow) -> Row:
    until = row.until.isoformat() if row.until else None
    return {"since": row.since.isoformat(), "until": until, "text": row.text}


def _quota_used(session: Session, mall: Mall, day: date) -> dict[int, int]:
    limited = [queue.id for queue in mall.queues.values() if queue.quota is not None]
    taken = select(QUEUE_DAY.c.queue_id, QUEUE_DAY.c.quota_used).where(
        QUEUE_DAY.c.queue_id.in_(limited), QUEUE_DAY.c.day == day, QUEUE_DAY.c.series == ONLINE
    )
    return {row.queue_id: row.quota_used for row in session.execute(taken)}


@dataclass(frozen=True, slots=True)
class _Hour:
    """What the catalogue says of now: `full` are the queues whose numbers of today are used up."""

    mall: Mall
    now: datetime
    waiting: Mapping[int, int]
    staff: Mapping[int, Staffing]
    used: Mapping[int, int]
    at_work: frozenset[int]
    disturbed: Mapping[str, Row]
    emergency: list[Row]
    full: set[str]

    def agency(self, agency: Agency, row: Row) -> Row:
        return {
            **row,
            "disturbance": self.disturbed.get(agency.code),
            **self._state(agency.openness(self.now)),
        }

    def queue(self, queue: Queue, row: Row) -> Row:
        today, waiting = queue.openness(self.now), self.waiting.get(queue.id, 0)
        left = None if queue.quota is None else max(0, queue.quota - self.used.get(queue.id, 0))
        wait = expected_wait(queue, waiting, self.staff.get(queue.id, Staffing()), self.now)
        return {
            **row,
            "quota_left": left,
            "waiting": waiting,
            "wait": {"p50": wait.p50, "p90": wait.p90, "text": wait.text()} if wait else None,
            "window": self._window(today),
            **(self._full(queue, today) if left == 0 and today.open else self._state(today)),
        }

    def service(self, service: Service) -> Row:
        state, queue = service.openness(self.now), service.queue
        if state.open and queue.code in self.full:
            return self._full(queue, queue.openness(self.now))
        return self._state(state)

    def _state(self, state: Openness) -> Row:
        if state.open:
            return OPEN
        text = closed_sentence(state, self.now, self.mall.timezone)
        closed: Row = {"reason": state.reason, "text": text, "next_opening": self._local(state.next_opening)}
        return {"open": False, "closed": closed}

    def _full(self, queue: Queue, today: Openness) -> Row:
        again = self._local(queue.opens_after(today))
        return {"open": False, "closed": {"reason": "quota_reached", "text": FULL, "next_opening": again}}

    def _window(self, today: Openness) -> Row | None:
        if today.opens is None:
            return None
        return {
            "from": self._local(today.numbers_from or today.opens),
            "cutoff": self._local(today.cutoff),
            "closes": self._local(today.closes),
        }

    def _local(self, at: datetime | None) -> str | None:
        return at.astimezone(self.mall.timezone).isoformat(timespec="seconds") if at else None
