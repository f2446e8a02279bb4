"""The lease by which one process of all, on whatever machine, may do something alone."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db import Database
from mpp.domain.job import Lease

LENGTH = timedelta(seconds=30)
RENEWED_AFTER_S = LENGTH.total_seconds() / 3


class Holder:
    """This process as one that would hold a lease; `fence` is its number while it does."""

    def __init__(self, db: Database, name: str) -> None:
        self._db, self._name = db, name
        self._me = f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._renew_at = 0.0
        self.fence = 0

    def hold(self) -> bool:
        """Take the lease if it is free, keep it if it is ours; whether this process holds it now."""
        asked = clock.uptime()
        if self.fence and asked < self._renew_at:
            return True
        with self._db.jotting() as session:
            self.fence = self._taken(session)
        self._renew_at = asked + RENEWED_AFTER_S
        return self.fence > 0

    def still_holds(self, session: Session) -> bool:
        """Whether nobody took it since; looked at in the transaction that depends on it."""
        row = session.get(Lease, self._name, with_for_update=True)
        return row is not None and (row.holder, row.fence) == (self._me, self.fence)

    def _taken(self, session: Session) -> int:
        """The number under which the lease is ours from now on; 0 when it is somebody else's."""
        row = session.get(Lease, self._name, with_for_update=True)
        now = self._now(session)
        if row is None:
            row = Lease(name=self._name, holder="", until=now, fence=0)
            session.add(row)
        if row.holder != self._me:
            # One that ends later than a lease can was given by a clock that ran ahead.
            if now < row.until <= now + 2 * LENGTH:
                return 0
            row.holder, row.fence = self._me, row.fence + 1
        row.until = now + LENGTH
        return row.fence

    def _now(self, session: Session) -> datetime:
        """The database's own time, which is one for all machines; a SQLite file has one machine."""
        if self._db.settings.on_sqlite:
            return clock.now()
        told: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return told
