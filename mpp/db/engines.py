"""The engines of an installation: a writer and readers on its SQLite file or its PostgreSQL."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from mpp.settings import Settings

if TYPE_CHECKING:
    import psycopg

OLDEST_SQLITE = (3, 51, 3)
BUSY_S = 5
REST_S = 2
POSTGRES_LIMITS = (
    "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000"
)


class UnsafeDatabase(Exception):
    """The database would lose or corrupt numbers; the program must not start on it."""


def open_engines(settings: Settings) -> tuple[Engine, Engine]:
    """The writer and the reader. Raises `UnsafeDatabase`."""
    return _sqlite(settings) if settings.on_sqlite else _postgres(settings)


def _sqlite(settings: Settings) -> tuple[Engine, Engine]:
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise UnsafeDatabase(f"SQLite {dbapi2.sqlite_version} can corrupt its log; 3.51.3 or newer is needed")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # what SQLite writes beside it gets the same mode
        os.close(os.open(settings.url.partition("///")[2], os.O_RDONLY | os.O_CREAT, 0o600))
    options = {"isolation_level": None, "check_same_thread": False, "timeout": BUSY_S}
    alike = partial(create_engine, settings.url, module=dbapi2, connect_args=options, hide_parameters=True)
    writer = alike(pool_size=1, max_overflow=0)
    reader = alike(pool_size=8, max_overflow=24)
    for engine, read_only in ((writer, False), (reader, True)):
        event.listen(engine, "connect", _pragmas(settings.sqlite_synchronous, read_only))
    event.listen(writer, "begin", _begin("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", _begin("BEGIN"))
    return writer, reader


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _pragmas(synchronous: str, read_only: bool) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_size_limit=67108864")
        cursor.execute("PRAGMA cache_size=-1024")
        cursor.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
        if synchronous == "FULL" and level != 2:
            raise UnsafeDatabase("SQLite does not keep synchronous=FULL; a power cut would lose numbers")
        cursor.close()

    return prepare


def _postgres(settings: Settings) -> tuple[Engine, Engine]:
    url = settings.url.replace("postgresql://", "postgresql+psycopg://", 1)
    options = {"options": POSTGRES_LIMITS, "connect_timeout": BUSY_S}
    alike = partial(create_engine, url, connect_args=options, hide_parameters=True)
    writer = alike(pool_size=8, max_overflow=8)
    reader = alike(
        pool_size=8,
        max_overflow=24,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    for engine in (writer, reader):
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", _ping_after_rest)
    return writer, reader


def _note_rest(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["rested"] = time.monotonic()


def _ping_after_rest(connection: "psycopg.Connection", record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection that rested whether it still lives; one in steady use shows it by its work."""
    import psycopg

    if time.monotonic() - record.info.get("rested", time.monotonic()) < REST_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error
