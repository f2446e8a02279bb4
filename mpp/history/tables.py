"""Compares tickets, turns, papers and series with what the log tells, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from mpp.domain.base import table
from mpp.domain.log import GENESIS, MallLog
from mpp.domain.ticket import QueueDay, Slip, Ticket
from mpp.domain.turn import Turn
from mpp.history.comparison import ROWS_AT_ONCE, Comparison, chunks, unlike
from mpp.history.replayed import TicketLife, TurnLife

LOG, TICKET, TURN, SLIP = table(MallLog), table(Ticket), table(Turn), table(Slip)
QUEUE_DAY = table(QueueDay)

# Columns of a turn and of a ticket that follow from the log and bear the same name here and there.
TURN_FACTS = (
    "ticket_id", "position", "matters", "label", "day", "priority", "state", "state_since", "arrived_at",
    "joined_at", "place", "head_start", "order_key", "joined_seq", "kept_counter_id", "kept_person_id",
    "out_until", "outs", "counter_id", "calls", "nth", "spoken_seq", "first_called_at", "called_at",
    "started_at", "ended_at", "parked_by", "parked_from", "parked_reason",
    "wait_us", "walk_us", "service_us", "away_us", "between_us", "outcome",
)  # fmt: skip
TICKET_FACTS = ("label", "day", "series", "number", "channel", "issued_by", "issued_at")


class Tables(Comparison):
    """What visitors hold and where they stand, beside the replayed log."""

    _settled_on: date | None = None

    def compare_settled(self) -> None:
        """Compare what is over with its rows, once a day of the log has ended."""
        if self.hall.day == self._settled_on:
            return
        self._settled_on = self.hall.day
        self._compare(*self.hall.settle())

    def compare_rest(self) -> None:
        """At the end of the log: what is still going on, and everything that is counted."""
        self._compare(list(self.hall.tickets.values()), list(self.hall.turns.values()))
        self._head()
        self.strays(TICKET, "ticket", "nomor")
        self.strays(TURN, "turn", "giliran")
        self._slips()
        self._series()

    def _compare(self, tickets: list[TicketLife], turns: list[TurnLife]) -> None:
        for some in chunks(tickets):
            rows = self.rows(TICKET, [each.id for each in some])
            for ticket in some:
                self._ticket(ticket, rows.get(ticket.id))
        for some in chunks(turns):
            rows = self.rows(TURN, [each.id for each in some])
            for turn in some:
                self._turn(turn, rows.get(turn.id))

    def _ticket(self, ticket: TicketLife, row: Any) -> None:
        if row is None:
            self.add("ticket_missing", ticket.seq, f"Nomor {ticket.label} ada di log, tetapi tidak di tabel.")
            return
        wrong = unlike(row, ticket, TICKET_FACTS)
        wrong += ["mall_id"] * (row.mall_id != self.mall_id)
        wrong += ["queue_id"] * (row.queue_id != self.ids["queue"].get(ticket.queue))
        wrong += ["head"] * (bool(ticket.head) and row.head != ticket.head.hex()[:6])
        wrong += ["priority_code"] * ((row.priority_code in self.with_priority) != ticket.priority)
        wrong += ["needs"] * (bool(row.needs) and not ticket.needs_marked)
        self.differs("ticket_differs", f"Nomor {ticket.label}", ticket.seq, wrong)

    def _turn(self, turn: TurnLife, row: Any) -> None:
        if row is None:
            self.add("turn_missing", turn.seq, f"Giliran {turn.label} ada di log, tetapi tidak di tabel.")
            return
        wrong = unlike(row, turn, TURN_FACTS)
        # The first programs kept the call that was put back.
        put_back = self.hall.old and row.call_seq == turn.put_back_from
        wrong += ["call_seq"] * (row.call_seq != turn.call_seq and not put_back)
        wrong += ["mall_id"] * (row.mall_id != self.mall_id)
        wrong += ["queue_id"] * (row.queue_id != self.ids["queue"].get(turn.queue))
        wrong += ["service_id"] * (row.service_id != self.ids["service"].get(turn.service))
        self.differs("turn_differs", f"Giliran {turn.label}", turn.seq, wrong)

    def _head(self) -> None:
        """The log's head row is anchored in every printed slip: a log cut short does not reach it."""
        row = self.session.execute(select(LOG).where(LOG.c.mall_id == self.mall_id)).first()
        last = self.replay.chain
        if row is None:
            self.add("head", last.seq, "Kepala log tidak ada.")
            return
        if (row.seq, row.head) != (last.seq, last.head if last.seq else GENESIS):
            self.add("head", last.seq, f"Log berakhir pada entri {last.seq}; kepala log mencatat {row.seq}.")
        ids = {**self.hall.ids, "slip": len(self.hall.slips)}
        wrong = ["ids"] * ({name: row.ids.get(name, 0) for name in ids} != ids)
        wrong += ["zone_seqs"] * (row.zone_seqs != self.hall.zone_seqs)
        wrong += ["day"] * (row.day != self.hall.opened)
        reached = self.hall.at is None or (row.last_at is not None and row.last_at >= self.hall.at)
        wrong += ["last_at"] * (not reached)
        self.differs("head_differs", "Kepala log", last.seq, wrong)

    def _slips(self) -> None:
        """What is known of each paper is what the log last said."""
        for numbers in chunks(list(range(1, len(self.hall.slips) + 1)), ROWS_AT_ONCE):
            between = SLIP.c.id.between(self.base + numbers[0], self.base + numbers[-1])
            rows = {row.id: row for row in self.session.execute(select(SLIP).where(between))}
            for number in numbers:
                self._slip(number, rows.get(self.base + number))

    def _slip(self, number: int, row: Any) -> None:
        slip = self.hall.slips.get(number)
        if row is None or slip is None:
            self.add("slip_differs", self.last, f"Struk {number} ada di log, tetapi tidak di tabel.")
            return
        device = self.hall.slips.devices.get(number, row.device_id)
        wrong = unlike(row, slip, ("state", "asked", "copy"))
        wrong += ["device_id"] * (row.device_id != device)
        self.differs("slip_differs", f"Struk {number}", self.last, wrong)

    def _series(self) -> None:
        """The last number and the used quota of each series of each day."""
        codes = {number: code for code, number in self.ids["queue"].items()}
        rows = self.session.execute(select(QUEUE_DAY).where(QUEUE_DAY.c.queue_id.in_(codes))).all()
        stored = {(codes[r.queue_id], r.day, r.series): (r.last_number, r.quota_used) for r in rows}
        logged = {key: (each.last_number, each.quota_used) for key, each in self.hall.series.items()}
        for queue, day, series in sorted(stored.keys() | logged.keys()):
            key = (queue, day, series)
            if stored.get(key) != logged.get(key):
                said = f"Antrean {queue}{series} pada {day}: tabel {stored.get(key)}, log {logged.get(key)}."
                _, seq = self.replay.days.get(day, (0, self.last))
                self.add("series_differs", seq, said + " (nomor terakhir, kuota terpakai)")
