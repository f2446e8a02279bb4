"""The last writes of a transaction, which nothing in it reads again: sent together before the commit."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.domain.base import Base, table
from mpp.domain.log import Event, Log, LogHead, MallLog

LOG, EVENT = table(MallLog), table(Event)
HEAD = [LOG.c[name] for name in LogHead._fields]
# psycopg translates a statement of more values anew each time.
MOST_VALUES = 50
# More come with the first action of a day; then many values for one statement are faster than one statement.
FEW_ROWS = 20
MOVED = ("seq", "head", "zone_seqs", "ids", "last_at", "last_uptime", "last_boot")
MOVE_LOG = (
    update(LOG)
    .where(LOG.c.mall_id == bindparam("mall"))
    .values({name: bindparam(f"new_{name}") for name in MOVED})
)

Row = tuple[Table, Mapping[str, Any]]


def later(session: Session, noun: Base) -> None:
    """Insert this noun just before the commit; it never becomes an object of the session."""
    session.info.setdefault("later", []).append((table(type(noun)), values_of(noun)))


def values_of(noun: Base) -> dict[str, Any]:
    """What a new noun holds, by column; a column without a value keeps the default of its table."""
    held = vars(noun)
    return {name: held[name] for name in _columns(type(noun)) if held.get(name) is not None}


@lru_cache(maxsize=64)
def _columns(noun: type[Base]) -> list[str]:
    return [column.name for column in table(noun).columns]


def settle(session: Session) -> None:
    """Insert at once what was left for later: something in this transaction refers to it."""
    for into, values in session.info.pop("later", ()):
        session.connection().execute(_insert(into), values)


def write_last(session: Session, log: Log) -> None:
    """Write what was left for later, the log's entries, and where the log stands now."""
    rows: list[Row] = [*session.info.pop("later", ()), *((EVENT, entry) for entry in log.written)]
    connection = session.connection()
    if connection.dialect.name == "postgresql" and len(rows) <= FEW_ROWS:
        _together(connection, rows, log)
        return
    _in_order(connection, rows)
    connection.execute(MOVE_LOG, _moved(log))


def _in_order(connection: Connection, rows: Iterable[Row]) -> None:
    """Neighbours of one table and shape go as one statement with many values."""
    for (into, _shape), neighbours in groupby(rows, key=lambda row: (row[0], tuple(row[1]))):
        connection.execute(_insert(into), [values for _, values in neighbours])


def _together(connection: Connection, rows: Sequence[Row], log: Log) -> None:
    """PostgreSQL takes several rows, and the log's move, as one statement."""
    values = {f"r{nth}_{name}": value for nth, (_, row) in enumerate(rows) for name, value in row.items()}
    values |= _moved(log)
    for statement, names in _statements(tuple((into, tuple(row)) for into, row in rows)):
        connection.execute(statement, {name: values[name] for name in names})


@lru_cache(maxsize=256)
def _statements(
    shape: tuple[tuple[Table, tuple[str, ...]], ...],
) -> list[tuple[Insert | Update, list[str]]]:
    """The statements that write rows of this shape and move the log, with the names of their values."""
    writes: list[tuple[Insert | Update, list[str]]] = []
    for nth, (into, columns) in enumerate(shape):
        bound = {name: bindparam(f"r{nth}_{name}", type_=into.c[name].type) for name in columns}
        writes.append((insert(into).values(bound), [f"r{nth}_{name}" for name in columns]))
    writes.append((MOVE_LOG, ["mall", *(f"new_{name}" for name in MOVED)]))
    statements = [writes[0]]
    for nth, (write, names) in enumerate(writes[1:]):
        before, taken = statements[-1]
        if len(taken) + len(names) > MOST_VALUES:
            statements.append((write, names))
        else:
            statements[-1] = (write.add_cte(before.cte(f"write_{nth}")), [*taken, *names])
    return statements


@lru_cache(maxsize=64)
def _insert(into: Table) -> Insert:
    return insert(into)


def _moved(log: Log) -> dict[str, Any]:
    return {
        "mall": log.mall_id,
        "new_seq": log.seq,
        "new_head": log.head,
        "new_zone_seqs": log.zone_seqs,
        "new_ids": log.ids,
        "new_last_at": log.now,
        "new_last_uptime": clock.uptime(),
        "new_last_boot": clock.boot(),
    }
