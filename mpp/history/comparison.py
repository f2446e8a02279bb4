"""What every comparison of a mall's tables with its replayed log needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Enum, String, Table, select, type_coerce
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.log import IDS_PER_MALL
from mpp.domain.mall import Agency, PriorityClass, Queue, Service, Zone
from mpp.history.replay import Replay

IDS_AT_ONCE, ROWS_AT_ONCE = 500, 2_000
STRAYS_NAMED = 20


class Comparison:
    """The tables of one mall beside its replayed log, in one look at the database."""

    def __init__(self, session: Session, replay: Replay) -> None:
        self.session, self.replay, self.hall = session, replay, replay.hall
        self.mall_id = replay.hall.mall_id
        nouns = {"queue": Queue, "service": Service, "agency": Agency, "zone": Zone}
        self.ids = {name: self._ids_by_code(table(noun)) for name, noun in nouns.items()}
        self.with_priority = {row.code for row in self.own(table(PriorityClass)) if row.priority}

    @property
    def last(self) -> int:
        """The seq of the newest entry."""
        return self.replay.chain.seq

    @property
    def base(self) -> int:
        """What the ids that this mall's log gives out begin after."""
        return (self.mall_id - 1) * IDS_PER_MALL

    def rows(self, rows: Table, ids: list[int]) -> dict[int, Any]:
        """The rows with these ids, by id."""
        return {row.id: row for row in self.session.execute(select(rows).where(rows.c.id.in_(ids)))}

    def own(self, rows: Table) -> list[Any]:
        """All rows of the mall in a small table, with the words that stand there, be they ours or not."""
        columns = (type_coerce(each, String) if isinstance(each.type, Enum) else each for each in rows.c)
        return list(self.session.execute(select(*columns).where(rows.c.mall_id == self.mall_id)))

    def strays(self, rows: Table, noun: str, word: str) -> None:
        """Rows that no entry of the log has made: their ids are beyond what the log gave out."""
        beyond = (rows.c.id <= self.base) | (rows.c.id > self.base + self.hall.ids[noun])
        wanted = select(rows.c.id).where(rows.c.mall_id == self.mall_id, beyond)
        for number in self.session.scalars(wanted.order_by(rows.c.id).limit(STRAYS_NAMED)):
            self.add(f"{noun}_stray", self.last, f"Tabel memuat {word} {number} yang tidak ada di log.")

    def differs(self, code: str, noun: str, seq: int, columns: Collection[str]) -> None:
        """Report that a row says something else than the log in these columns, if there are any."""
        if columns:
            self.add(code, seq, f"{noun}: tabel dan log berbeda pada {', '.join(columns)}.")

    def add(self, code: str, seq: int, sentence: str) -> None:
        self.replay.findings.add(code, seq, sentence)

    def _ids_by_code(self, rows: Table) -> dict[str, int]:
        wanted = select(rows.c.code, rows.c.id, rows.c.mall_id).where(rows.c.mall_id == self.mall_id)
        return {row.code: row.id for row in self.session.execute(wanted)}


def unlike(row: Any, life: Any, columns: Collection[str]) -> list[str]:
    """The columns that differ, of those that bear the same name in a row and in what the log tells."""
    return [name for name in columns if getattr(row, name) != getattr(life, name)]


def chunks(items: list[Any], size: int = IDS_AT_ONCE) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
