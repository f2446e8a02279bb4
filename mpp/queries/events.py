"""The log as readers see it: in order, page by page; people of one agency see gaps."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.log import Event
from mpp.domain.mall import Mall

EVENT = table(Event)
MOST, USUAL = 1_000, 200


def events(session: Session, mall: Mall, after: int, limit: int, agency: str | None) -> dict[str, Any]:
    """Entries with seq > `after`, at most `limit` (clamped to 1,000); `next` is the seq to go on from."""
    wanted = select(EVENT).where(EVENT.c.mall_id == mall.mall_id, EVENT.c.seq > after)
    if agency is not None:
        wanted = wanted.where(EVENT.c.agency == agency)
    rows = session.execute(wanted.order_by(EVENT.c.seq).limit(min(limit, MOST))).all()
    return {"events": [row_of(mall, row) for row in rows], "next": rows[-1].seq if rows else after}


def row_of(mall: Mall, row: Any) -> dict[str, Any]:
    sealed = json.loads(row.sealed)
    return {
        "seq": row.seq,
        "at": row.at.astimezone(mall.timezone).isoformat(),
        "event": row.event,
        "actor": row.actor,
        "ticket": row.ticket_id,
        "turn": row.turn_id,
        "label": row.label,
        "queue": row.queue,
        "counter": row.counter_id,
        "from": row.from_state,
        "to": row.to_state,
        "reason": row.reason,
        "agency": row.agency,
        "facts": sealed["facts"],
        "hash": row.hash.hex(),
    }
