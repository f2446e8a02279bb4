"""One consistent look at a mall: the database as of one moment, the structure, the service day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from mpp.domain.mall import Mall
from mpp.queries.head import head


@dataclass(frozen=True, slots=True)
class Reading:
    """What every question needs. `day` is the service day whose lines are shown, `seq` the log's newest."""

    session: Session
    mall: Mall
    now: datetime
    day: date
    seq: int

    @classmethod
    def of(cls, session: Session, mall: Mall, now: datetime) -> "Reading":
        """Look at a mall as it is now."""
        seq, day = head(session, mall, now)
        return cls(session, mall, now, day, seq)

    @property
    def connection(self) -> Connection:
        """The session's connection, for statements that are made once."""
        return self.session.connection()
