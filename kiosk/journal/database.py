"""The journal's SQLite file: one connection, durable transactions."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

from kiosk.journal import schema


class Database:
    """Raises RuntimeError when this SQLite can lose a journal, or the file was written by a newer kiosk."""

    def __init__(self, path: Path) -> None:
        if sqlite.sqlite_version_info < (3, 51, 3):
            raise RuntimeError(f"SQLite {sqlite.sqlite_version} can lose a journal, 3.51.3 or newer cannot")
        self._lock = threading.RLock()
        self._connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5)
        self._connection.row_factory = sqlite.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        schema.migrate(self._connection)
        self._connection.execute("PRAGMA foreign_keys=ON")
        if self._connection.execute("PRAGMA synchronous").fetchone()[0] != 2:
            raise RuntimeError("the journal cannot be made durable")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite.Connection]:
        """All of it is on the disk, or none of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite.Row]:
        with self._lock:
            found: list[sqlite.Row] = self._connection.execute(query, values).fetchall()
        return found
