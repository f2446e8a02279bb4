"""Where the log stands."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.domain.base import table
from mpp.domain.log import MallLog
from mpp.domain.mall import Mall

LOG = table(MallLog)


def head(session: Session, mall: Mall, now: datetime) -> tuple[int, date]:
    """The newest seq of the mall, and the service day whose lines are shown."""
    row = session.execute(select(LOG.c.seq, LOG.c.day).where(LOG.c.mall_id == mall.mall_id)).one()
    return row.seq, mall.service_day(now, row.day)
