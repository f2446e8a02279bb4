"""The database: the only place that commits, and the only place that tells that something changed."""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db.batch import HEAD, LOG, write_last
from mpp.db.engines import BUSY_S, UnsafeDatabase, open_engines
from mpp.db.recent import Recent
from mpp.domain.errors import Busy, DatabaseBroken, NotFound
from mpp.domain.log import GENESIS, Log, LogHead
from mpp.domain.mall import Mall
from mpp.settings import Settings

if TYPE_CHECKING:
    import psycopg

WRITTEN_S = 2.0
DAMAGED = ("malformed", "not a database")  # SQLITE_CORRUPT, SQLITE_NOTADB
ANY_MALL = 0
STRUCTURES = "structures"
LOG_ROW = select(*HEAD).where(LOG.c.mall_id == bindparam("mall")).with_for_update()

__all__ = ["Database", "UnsafeDatabase"]

Listener = Callable[[int, int], None]


class Database:
    """One installation's database: a writer, readers, and who wants to hear of commits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.listeners: list[Listener] = []
        self.recent = Recent(self.reading)
        # By mall, of the newest version that was read; whoever reads or writes finds them in their session.
        self._structures: dict[int, Mall] = {}
        self.writer, self.reader = open_engines(settings)
        self._queues: dict[int, threading.Lock] = defaultdict(threading.Lock)
        self._file = (self.writer.url.database or None) if settings.on_sqlite else None
        self._known_file: tuple[int, int] | None = None
        self._broken, self._wrote_at = False, -WRITTEN_S

    @contextmanager
    def transaction(self, mall_id: int, actor: str) -> Iterator[tuple[Session, Log]]:
        """All of it happens, or none of it. The mall's one lock is taken first, so commit order is log order.

        Yields the session and the log to record in. Listeners hear of it only once it has happened. Raises
        `Busy` when the database cannot write now.
        """
        with self._session(mall_id) as session:
            row = session.connection().execute(LOG_ROW, {"mall": mall_id}).first()
            if row is None:
                raise NotFound
            log = _open_log(LogHead._make(row), actor)
            yield session, log
            session.flush()
            if log.written or "later" in session.info:
                with _with_its_commit(session.connection()):
                    write_last(session, log)
        if log.written:
            self._tell(mall_id, log.seq)

    @contextmanager
    def founding(self, actor: str) -> Iterator[tuple[Session, Callable[[int], Log]]]:
        """Write a new mall and the beginning of its log, whole or not at all."""
        begun: list[Log] = []

        def begin(mall_id: int) -> Log:
            head = LogHead(
                mall_id=mall_id,
                seq=0,
                head=GENESIS,
                zone_seqs={},
                plan_version=1,
                day=None,
                day_ended=True,
                ids={},
                last_at=None,
                last_uptime=None,
                last_boot=None,
            )
            session.execute(insert(LOG), head._asdict())
            begun.append(_open_log(head, actor))
            return begun[-1]

        with self._session() as session:
            yield session, begin
            session.flush()
            for log in begun:
                write_last(session, log)

    @contextmanager
    def jotting(self) -> Iterator[Session]:
        """Write what is no part of the log (sessions, keys, last seen), without the mall's lock."""
        with self._session() as session:
            yield session

    def try_writing(self) -> None:
        """Write a row as it is, unless that was tried just now: a full disk takes none.

        Raises `Busy`, and `DatabaseBroken` once a damaged page was met.
        """
        if self._broken:
            raise DatabaseBroken
        if time.monotonic() - self._wrote_at < WRITTEN_S:
            return
        with self.jotting() as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        self._wrote_at = time.monotonic()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look at the database; nothing can be written through it."""
        self._see_file()
        with self._busy_is_not_a_bug(), self._open(self.reader) as session:
            yield session

    def _open(self, engine: Engine) -> Session:
        writes = engine is self.writer
        return Session(
            engine, autoflush=writes, expire_on_commit=not writes, info={STRUCTURES: self._structures}
        )

    def _tell(self, mall_id: int, seq: int) -> None:
        for listener in self.listeners:
            listener(mall_id, seq)

    @contextmanager
    def _session(self, mall_id: int | None = None) -> Iterator[Session]:
        with (
            self._busy_is_not_a_bug(),
            self._one_at_a_time(mall_id),
            self._open(self.writer) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _one_at_a_time(self, mall_id: int | None) -> Iterator[None]:
        """Wait here and not in the database: all writers of a SQLite file, else those of one mall."""
        queue = ANY_MALL if self._file else mall_id
        if queue is None:
            yield
            return
        if not self._queues[queue].acquire(timeout=BUSY_S):
            raise Busy(retry_after=2)
        try:
            self._see_file()
            yield
        finally:
            self._queues[queue].release()

    @contextmanager
    def _busy_is_not_a_bug(self) -> Iterator[None]:
        """A full disk, a locked, absent or damaged file: nothing was half written, and the client hears."""
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise Busy(retry_after=2) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Busy(retry_after=2) from error
            if any(words in str(error.orig) for words in DAMAGED):
                self._broken = True
                raise DatabaseBroken from error
            raise

    def _see_file(self) -> None:
        """A SQLite file that is open lives on after its name is gone, and would swallow numbers: `Busy`.

        When another file stands in its place, as after a restore, that one counts from now on.
        """
        if self._file is None:
            return
        try:
            found = os.stat(self._file)
        except FileNotFoundError:
            if self._known_file is None:  # not made yet
                return
            raise Busy(retry_after=2) from None
        if self._known_file not in (None, (found.st_dev, found.st_ino)):
            self.writer.dispose()
            self.reader.dispose()
            self._structures.clear()
        self._known_file = (found.st_dev, found.st_ino)


def _open_log(head: LogHead, actor: str) -> Log:
    now = max(clock.now(), head.last_at or datetime.min.replace(tzinfo=UTC))
    return Log(
        was=head,
        mall_id=head.mall_id,
        seq=head.seq,
        head=head.head,
        zone_seqs=dict(head.zone_seqs),
        ids=dict(head.ids),
        now=now,
        day=head.day or now.date(),
        actor=actor,
    )


@contextmanager
def _with_its_commit(connection: Connection) -> Iterator[None]:
    """Let the last writes and their commit travel together: PostgreSQL's pipeline."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    with driver.pipeline():
        yield
        driver.commit()
