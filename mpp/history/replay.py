"""Reads a log from its beginning, entry by entry, and says of each which invariants it breaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from mpp.domain.log import GENESIS
from mpp.history.entries import WRITTEN_AS, Chain, Entry, Row, Unreadable, Violation, differences, unseal
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken, at_once, beginning, complete, form, left_over, moment, thread
from mpp.history.rules_by_event import RULES
from mpp.history.steps import follow, pass_by
from mpp.history.vocabulary import FACTS

MOST = 1_000  # violations kept; the others are counted


@dataclass(slots=True)
class Findings:
    """What was found: violations in the order of the log, as many as are worth reading, and how many more."""

    violations: list[Violation] = field(default_factory=list)
    more: int = 0

    def add(self, code: str, seq: int, sentence: str) -> None:
        if len(self.violations) < MOST:
            self.violations.append(Violation(code, seq, sentence))
        else:
            self.more += 1


class Replay:
    """The history so far: linear in its entries, and no more than the open day's turns in memory."""

    def __init__(self, mall_id: int, findings: Findings | None = None) -> None:
        self.findings = findings or Findings()
        self.hall = Hall(mall_id, ZoneInfo("UTC"))
        self.chain = Chain(GENESIS)
        self.entries = 0
        self.days: dict[date, tuple[int, int]] = {}

    def read(self, rows: Iterable[Row]) -> None:
        """Go on with these rows, in the order in which they are stored."""
        for row in rows:
            self._read(row)

    def _read(self, row: Row) -> None:
        self.entries += 1
        self._note(row, self.chain.add(row))
        try:
            entry = unseal(row.sealed)
        except Unreadable:
            self.findings.add("unreadable", row.seq, f"Isi entri {row.seq} bukan entri log yang sah.")
            return
        if wrong := differences(row, entry):
            names = ", ".join(WRITTEN_AS.get(name, name) for name in wrong)
            self.findings.add("column", row.seq, f"Kolom {names} berbeda dari isi yang disegel.")
        first, _ = self.days.get(entry.day, (row.seq, row.seq))
        self.days[entry.day] = (first, row.seq)
        self._judge(row, entry)

    def _judge(self, row: Row, entry: Entry) -> None:
        followed = complete(entry)
        if followed:
            self._zone_first(entry)
        for rule in (beginning, moment, thread, at_once, left_over):
            self._note(row, rule(self.hall, entry))
        self._note(row, form(entry))
        if followed:
            for judge in RULES.get(entry.event, ()):
                self._note(row, judge(self.hall, entry))
            follow(self.hall, entry, row.hash)
        elif entry.event in FACTS:
            self.findings.add("incomplete", row.seq, f"{entry.event} tidak memuat keterangan yang perlu.")
        pass_by(self.hall, entry)

    def _zone_first(self, entry: Entry) -> None:
        """The founding itself already happens on a date of the mall's own zone."""
        if entry.event == "mall_founded" and entry.seq == 1:
            self.hall.zone = ZoneInfo(entry.facts["timezone"])

    def _note(self, row: Row, broken: Broken) -> None:
        for code, sentence in broken:
            self.findings.add(code, row.seq, sentence)
