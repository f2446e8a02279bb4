"""The last writes of a transaction, which nothing in it reads again: sent together before the commit."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Table, bindparam, insert, update
from sqlalchemy.orm import Session

from mpp import clock
from mpp.domain.base import table
from mpp.domain.log import Event, Log, MallLog

LOG, EVENT = table(MallLog), table(Event)
MOVED = ("seq", "head", "zone_seqs", "ids", "last_at", "last_uptime", "last_boot")
MOVE_LOG = (
    update(LOG)
    .where(LOG.c.mall_id == bindparam("mall"))
    .values({name: bindparam(f"new_{name}") for name in MOVED})
)

Row = tuple[Table, Mapping[str, Any]]


def later(session: Session, into: Table, values: Mapping[str, Any]) -> None:
    """Insert this row just before the commit."""
    session.info.setdefault("later", []).append((into, values))


def settle(session: Session) -> None:
    """Insert at once what was left for later: something in this transaction refers to it."""
    for into, values in session.info.pop("later", ()):
        session.connection().execute(_insert(into), values)


def close(session: Session, log: Log) -> None:
    """Write what was left for later, the log's entries, and where the log stands now."""
    rows: list[Row] = [*session.info.pop("later", ()), *((EVENT, entry) for entry in log.written)]
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _in_one_question(connection, rows, log)
        return
    for into, values in rows:
        connection.execute(_insert(into), values)
    connection.execute(MOVE_LOG, _moved(log))


def _in_one_question(connection: Connection, rows: Sequence[Row], log: Log) -> None:
    """PostgreSQL takes all rows and the log's move as one statement."""
    shape = tuple((into, tuple(values)) for into, values in rows)
    values = {f"r{nth}_{name}": value for nth, (_, row) in enumerate(rows) for name, value in row.items()}
    connection.execute(_all_at_once(shape), {**values, **_moved(log)})


@lru_cache(maxsize=256)
def _all_at_once(shape: tuple[tuple[Table, tuple[str, ...]], ...]) -> Executable:
    """Inserts as parts of the statement that moves the log, made once for each shape of an action."""
    inserts = [
        insert(into).values({name: bindparam(f"r{nth}_{name}", type_=into.c[name].type) for name in names})
        for nth, (into, names) in enumerate(shape)
    ]
    return MOVE_LOG.add_cte(*(each.cte(f"row_{nth}") for nth, each in enumerate(inserts)))


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
