"""Compares the tables of a mall with what its log tells, page by page, in one look at the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.log import Event
from mpp.history.comparison import ROWS_AT_ONCE
from mpp.history.entries import Row, Violation
from mpp.history.other_tables import Surroundings
from mpp.history.replay import Replay
from mpp.history.tables import Tables

EVENT = table(Event)


@dataclass(slots=True)
class Examined:
    """What was looked at, and what was found."""

    violations: list[Violation]
    more: int
    entries: int
    tickets: int
    turns: int
    head: bytes
    days: dict[date, tuple[int, int]] = field(default_factory=dict)


def examine(session: Session, mall_id: int) -> Examined:
    """Replay a mall's whole log and compare the tables with it, as the session's one look shows both."""
    replay = Replay(mall_id)
    tables = Tables(session, replay)
    for rows in pages(session, mall_id):
        replay.read(rows)
        tables.compare_settled()
    tables.compare_rest()
    Surroundings(session, replay).compare()
    findings, ids = replay.findings, replay.hall.ids
    violations = sorted(findings.violations, key=lambda each: each.seq)
    return Examined(
        violations, findings.more, replay.entries, ids["ticket"], ids["turn"], replay.chain.head, replay.days
    )


def pages(session: Session, mall_id: int) -> Iterator[list[Row]]:
    """The stored log from its beginning, some thousand rows at a time."""
    after = -1
    wanted = select(EVENT).where(EVENT.c.mall_id == mall_id).order_by(EVENT.c.seq).limit(ROWS_AT_ONCE)
    while rows := [_row(each) for each in session.execute(wanted.where(EVENT.c.seq > after))]:
        yield rows
        after = rows[-1].seq


def _row(each: Any) -> Row:
    return Row(
        each.seq, each.at, each.day, each.event, each.actor, each.agency, each.ticket_id, each.turn_id,
        each.label, each.queue, each.counter_id, each.from_state, each.to_state, each.reason,
        bytes(each.sealed), bytes(each.hash),
    )  # fmt: skip
