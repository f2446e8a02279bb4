"""Compares the tables of a mall with what its log tells, page by page, in one look at the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.counter import Counter
from mpp.domain.log import GENESIS, IDS_PER_MALL, Event, MallLog
from mpp.domain.mall import CounterQueue, Queue, Service
from mpp.domain.ticket import QueueDay, Slip, Ticket
from mpp.domain.turn import Turn
from mpp.history.entries import Row, Violation
from mpp.history.hall import SLIP_STATES, TicketLife, TurnLife
from mpp.history.replay import Replay

EVENT, LOG, TICKET, TURN, SLIP = table(Event), table(MallLog), table(Ticket), table(Turn), table(Slip)
QUEUE, SERVICE, COUNTER = table(Queue), table(Service), table(Counter)
QUEUE_DAY, COUNTER_QUEUE = table(QueueDay), table(CounterQueue)

ROWS_AT_ONCE, IDS_AT_ONCE = 2_000, 500
STRAYS_NAMED = 20

# Columns of a turn and of a ticket that follow from the log and bear the same name here and there.
TURN_FACTS = (
    "ticket_id", "label", "day", "priority", "order_key", "joined_seq", "state", "state_since", "arrived_at",
    "counter_id", "calls", "nth", "call_seq", "spoken_seq", "first_called_at", "called_at", "started_at",
    "ended_at", "wait_us", "walk_us", "service_us", "away_us", "outcome",
)  # fmt: skip
TICKET_FACTS = ("label", "day", "series", "number", "channel", "issued_by", "issued_at")


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


class Tables:
    """The tables of one mall beside its replayed log."""

    def __init__(self, session: Session, replay: Replay) -> None:
        self.session, self.replay, self.hall = session, replay, replay.hall
        self.mall_id, self.findings = replay.hall.mall_id, replay.findings
        self.queue_ids = self._ids_by_code(QUEUE)
        self.service_ids = self._ids_by_code(SERVICE)
        self._settled_on: date | None = None

    def compare_settled(self) -> None:
        """Compare what is over with its rows, once a day of the log has ended."""
        if self.hall.day == self._settled_on:
            return
        self._settled_on = self.hall.day
        tickets, turns = self.hall.settle()
        self._compare(tickets, turns)

    def compare_rest(self) -> None:
        """At the end of the log: what is still going on, and everything that is counted."""
        self._compare(list(self.hall.tickets.values()), list(self.hall.turns.values()))
        self._head()
        self._strays(TICKET, "ticket", "nomor")
        self._strays(TURN, "turn", "giliran")
        self._slips()
        self._series()
        self._queues()
        self._counters()

    def _compare(self, tickets: list[TicketLife], turns: list[TurnLife]) -> None:
        for some in _chunks(tickets):
            rows = self._rows(TICKET, [each.id for each in some])
            for ticket in some:
                self._ticket(ticket, rows.get(ticket.id))
        for some in _chunks(turns):
            rows = self._rows(TURN, [each.id for each in some])
            for turn in some:
                self._turn(turn, rows.get(turn.id))

    def _ticket(self, ticket: TicketLife, row: Any) -> None:
        if row is None:
            self._add(
                "ticket_missing", ticket.seq, f"Nomor {ticket.label} ada di log, tetapi tidak di tabel."
            )
            return
        wrong = [name for name in TICKET_FACTS if getattr(row, name) != getattr(ticket, name)]
        wrong += ["mall_id"] * (row.mall_id != self.mall_id)
        wrong += ["queue_id"] * (row.queue_id != self.queue_ids.get(ticket.queue))
        wrong += ["head"] * (bool(ticket.head) and row.head != ticket.head.hex()[:6])
        self._differs("ticket_differs", f"Nomor {ticket.label}", ticket.seq, wrong)

    def _turn(self, turn: TurnLife, row: Any) -> None:
        if row is None:
            self._add("turn_missing", turn.seq, f"Giliran {turn.label} ada di log, tetapi tidak di tabel.")
            return
        wrong = [name for name in TURN_FACTS if getattr(row, name) != getattr(turn, name)]
        wrong += ["mall_id"] * (row.mall_id != self.mall_id)
        wrong += ["queue_id"] * (row.queue_id != self.queue_ids.get(turn.queue))
        wrong += ["service_id"] * (row.service_id != self.service_ids.get(turn.service))
        self._differs("turn_differs", f"Giliran {turn.label}", turn.seq, wrong)

    def _head(self) -> None:
        """The log's head row is anchored in every printed slip: a log cut short does not reach it."""
        row = self.session.execute(select(LOG).where(LOG.c.mall_id == self.mall_id)).first()
        last = self.replay.chain
        if row is None:
            self._add("head", last.seq, "Kepala log tidak ada.")
            return
        if (row.seq, row.head) != (last.seq, last.head if last.seq else GENESIS):
            self._add("head", last.seq, f"Log berakhir pada entri {last.seq}; kepala log mencatat {row.seq}.")
        ids = {**self.hall.ids, "slip": len(self.hall.slips)}
        wrong = ["ids"] * ({name: row.ids.get(name, 0) for name in ids} != ids) + ["zone_seqs"] * (
            row.zone_seqs != self.hall.zone_seqs
        )
        wrong += ["day"] * (row.day != self.hall.opened)
        wrong += ["last_at"] * (
            self.hall.at is not None and (row.last_at is None or row.last_at < self.hall.at)
        )
        self._differs("head_differs", "Kepala log", last.seq, wrong)

    def _strays(self, rows: Table, noun: str, word: str) -> None:
        """Rows that no entry of the log has made."""
        base = (self.mall_id - 1) * IDS_PER_MALL
        beyond = (rows.c.id <= base) | (rows.c.id > base + self.hall.ids[noun])
        wanted = select(rows.c.id, rows.c.label).where(rows.c.mall_id == self.mall_id, beyond)
        for row in self.session.execute(wanted.order_by(rows.c.id).limit(STRAYS_NAMED)):
            sentence = f"Tabel memuat {word} {row.label} (id {row.id}) yang tidak ada di log."
            self._add(f"{noun}_stray", self.replay.chain.seq, sentence)

    def _slips(self) -> None:
        """What is known of each paper is what the log last said."""
        base = (self.mall_id - 1) * IDS_PER_MALL
        for start in range(0, len(self.hall.slips), ROWS_AT_ONCE):
            wanted = range(base + start + 1, base + min(start + ROWS_AT_ONCE, len(self.hall.slips)) + 1)
            found = select(SLIP.c.id, SLIP.c.state).where(SLIP.c.id.between(wanted[0], wanted[-1]))
            states = {row.id: row.state for row in self.session.execute(found)}
            for slip in wanted:
                if states.get(slip) != (state := SLIP_STATES[self.hall.slips[slip - base - 1]]):
                    said = f"Struk {slip} di tabel {states.get(slip, 'tidak ada')}, di log {state}."
                    self._add("slip_differs", self.replay.chain.seq, said)

    def _series(self) -> None:
        """The last number and the used quota of each series of each day."""
        codes = {number: code for code, number in self.queue_ids.items()}
        rows = self.session.execute(select(QUEUE_DAY).where(QUEUE_DAY.c.queue_id.in_(codes))).all()
        stored = {(codes[r.queue_id], r.day, r.series): (r.last_number, r.quota_used) for r in rows}
        logged = {key: (each.last_number, each.quota_used) for key, each in self.hall.series.items()}
        for queue, day, series in sorted(stored.keys() | logged.keys()):
            key = (queue, day, series)
            if stored.get(key) != logged.get(key):
                said = f"Antrean {queue}{series} pada {day}: tabel {stored.get(key)}, log {logged.get(key)}."
                _, seq = self.replay.days.get(day, (0, self.replay.chain.seq))
                self._add("series_differs", seq, said + " (nomor terakhir, kuota terpakai)")

    def _queues(self) -> None:
        rows = self.session.execute(select(QUEUE).where(QUEUE.c.mall_id == self.mall_id)).all()
        stored = {row.code: (row.policy, row.quota) for row in rows}
        logged = {code: (each.policy, each.quota) for code, each in self.hall.queues.items()}
        for code in sorted(stored.keys() | logged.keys()):
            wrong = ["policy, quota"] * (stored.get(code) != logged.get(code))
            self._differs("setting_differs", f"Antrean {code}", self.replay.chain.seq, wrong)

    def _counters(self) -> None:
        """Whether each counter is open, since when and by whom; and its settings."""
        served = self._served()
        rows = self.session.execute(select(COUNTER).where(COUNTER.c.mall_id == self.mall_id)).all()
        for row in rows:
            place = self.hall.counters.get(row.id)
            if place is None:
                self._differs("setting_differs", row.name, self.replay.chain.seq, ["counter_set"])
                continue
            holder = f"person:{row.holder_id}" if row.holder_id else None
            wrong = ["open"] * (row.open != place.open) + ["holder_id"] * (holder != place.holder)
            wrong += ["opened_at"] * (row.opened_at != place.opened_at)
            self._differs("counter_differs", row.name, self.replay.chain.seq, wrong)
            logged = (place.queues, place.picks, place.prefers_priority)
            other = (served.get(row.id, []), row.picks, row.prefers_priority) != logged
            settings = ["queues, picks, prefers_priority"] * other
            self._differs("setting_differs", row.name, self.replay.chain.seq, settings)
        for counter in sorted(self.hall.counters.keys() - {row.id for row in rows}):
            self._add("counter_missing", self.replay.chain.seq, f"Loket {counter} tidak ada di tabel.")

    def _served(self) -> dict[int, list[str]]:
        codes = {number: code for code, number in self.queue_ids.items()}
        found: dict[int, list[str]] = {}
        order = (COUNTER_QUEUE.c.counter_id, COUNTER_QUEUE.c.position)
        for row in self.session.execute(select(COUNTER_QUEUE).order_by(*order)):
            if row.queue_id in codes:
                found.setdefault(row.counter_id, []).append(codes[row.queue_id])
        return found

    def _rows(self, rows: Table, ids: list[int]) -> dict[int, Any]:
        return {row.id: row for row in self.session.execute(select(rows).where(rows.c.id.in_(ids)))}

    def _ids_by_code(self, rows: Table) -> dict[str, int]:
        wanted = select(rows.c.code, rows.c.id).where(rows.c.mall_id == self.mall_id)
        return {row.code: row.id for row in self.session.execute(wanted)}

    def _differs(self, code: str, noun: str, seq: int, columns: list[str]) -> None:
        if columns:
            self._add(code, seq, f"{noun}: tabel dan log berbeda pada {', '.join(columns)}.")

    def _add(self, code: str, seq: int, sentence: str) -> None:
        self.findings.add(code, seq, sentence)


def _row(each: Any) -> Row:
    return Row(
        each.seq, each.at, each.day, each.event, each.actor, each.agency, each.ticket_id, each.turn_id,
        each.label, each.queue, each.counter_id, each.from_state, each.to_state, each.reason,
        bytes(each.sealed), bytes(each.hash),
    )  # fmt: skip


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), IDS_AT_ONCE):
        yield items[start : start + IDS_AT_ONCE]
