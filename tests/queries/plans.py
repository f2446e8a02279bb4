"""What the server asks of its database, and how each database says it would answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from mpp.db import Database

# What a search in a table that grows has to know, so that it never looks through the past.
KNOWN = {
    "ticket": ({"id"}, {"token_hash"}, {"queue_id", "day"}),
    "turn": ({"id"}, {"ticket_id"}, {"queue_id", "day"}, {"mall_id", "day"}),
    "event": ({"turn_id"}, {"mall_id", "day"}, {"mall_id", "seq"}, {"counter_id", "day"}),
    "intent": ({"principal", "key"},),
    "slip": ({"id"}, {"ticket_id"}),
    "queue_day": ({"queue_id", "day"},),
    "note": ({"id"}, {"ticket_id"}),
    "appointment": ({"id"}, {"token_hash"}, {"mall_id", "day"}, {"code"}),
}
# Indexes that hold only what is still open: few rows, however one looks into them.
OPEN = {
    "uq_turn_counter_day_active",
    "ix_slip_asked",
    "ix_note_kept",
    "ix_intent_forgotten",
    "ix_appointment_booked",
}
ASKS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


@dataclass(frozen=True, slots=True)
class Look:
    """One look into one table: by which columns, in which index; none is a scan."""

    table: str
    columns: frozenset[str]
    index: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it stays as it is however much is past."""
        if self.table not in KNOWN:
            return True
        enough = any(self.columns >= needed for needed in KNOWN[self.table])
        return enough or self.index in OPEN


@contextmanager
def overheard(databases: Iterable[Database]) -> Iterator[dict[str, Any]]:
    """Each statement that is sent meanwhile, with the values of its first time."""
    heard: dict[str, Any] = {}

    def hear(_line: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if ASKS.match(statement):
            heard.setdefault(statement, values[0] if many else values)

    engines = [engine for db in databases for engine in (db.writer, db.reader)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    yield heard
    for engine in engines:
        event.remove(engine, "before_cursor_execute", hear)


def looks(connection: Connection, statement: str, values: Any) -> list[Look]:
    """How the database would answer: one row for each table that it looks into."""
    if connection.dialect.name == "sqlite":
        return _on_sqlite(connection, statement, values)
    return _on_postgres(connection, statement, values)


def _on_sqlite(connection: Connection, statement: str, values: Any) -> list[Look]:
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [_sqlite_look(row.detail) for row in found if re.match("SCAN|SEARCH", row.detail)]


def _sqlite_look(detail: str) -> Look:
    """Out of words like "SEARCH turn USING INDEX ix_turn_line (queue_id=? AND day=?)"."""
    how, table = detail.split()[:2]
    index, known = re.search(r" INDEX (\w+)", detail), re.search(r"\((.*)\)", detail)
    # ANY(queue_id): once for each queue, and of those there are always few.
    columns = re.findall(r"(\w+)[=<>]|ANY\((queue_id)\)", known[1]) if known and how == "SEARCH" else ()
    names = {"id" if "rowid" in each else "".join(each) for each in columns}
    return Look(table, frozenset(names), index[1] if index else "")


def _on_postgres(connection: Connection, statement: str, values: Any) -> list[Look]:
    """By the plan that serves any values: a prepared statement that is asked often gets that one."""
    from psycopg._queries import PostgresQuery
    from psycopg.adapt import Transformer

    query = PostgresQuery(Transformer(connection.connection.driver_connection))
    query.convert(statement, values)
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    cursor.execute(b"PREPARE overheard AS " + query.query)
    blanks = ", ".join(["NULL"] * len(query.params or ()))
    cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE overheard{f'({blanks})' if blanks else ''}")
    ((plan,),) = cursor.fetchall()
    cursor.execute("DEALLOCATE overheard")
    return list(_postgres_looks(plan[0]["Plan"], connection))


def _postgres_looks(node: Mapping[str, Any], connection: Connection, table: str = "") -> Iterator[Look]:
    table = node.get("Relation Name", table)
    kind, known = node["Node Type"], node.get("Index Cond", "")
    if kind == "Seq Scan":
        yield Look(table, frozenset())
    elif "Index" in kind:
        columns = re.findall(r"\((\w+)\)?(?:::\w+)? (?:[=<>]|IS)", known)
        yield Look(table, frozenset(columns), node["Index Name"])
    for inner in node.get("Plans", ()):
        yield from _postgres_looks(inner, connection, table)
