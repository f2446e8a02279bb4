"""A counter: a desk where an officer serves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, Moment
from mpp.domain.errors import CounterBusy, CounterClosed, CounterHeld
from mpp.domain.log import Log
from mpp.domain.plan import CounterPlan


class Counter(Base):
    """A desk of an agency. While it is open, one person holds it; the active turn belongs to the desk."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("mall_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    name: Mapped[str] = mapped_column(String(60))
    picks: Mapped[str] = mapped_column(String(20))
    prefers_priority: Mapped[bool]
    position: Mapped[int] = mapped_column(Integer)
    open: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    def take(self, person_id: int, plan: CounterPlan, log: Log) -> None:
        """Open for a person; opening one's own open counter again changes nothing."""
        if self.open and self.holder_id != person_id:
            raise CounterHeld
        if self.open:
            return
        self.open, self.opened_at, self.holder_id = True, log.now, person_id
        self._record("counter_opened", plan, log)

    def close(self, plan: CounterPlan, log: Log, reason: str | None, busy: bool) -> None:
        """Close the counter; a visitor at the desk is finished, missed or put back first."""
        if not self.open:
            return
        if busy:
            raise CounterBusy
        self.open, self.opened_at, self.holder_id = False, None, None
        self._record("counter_closed", plan, log, reason)

    def held_by(self, person_id: int) -> None:
        """Refuse whoever does not hold this counter now."""
        if not self.open:
            raise CounterClosed
        if self.holder_id != person_id:
            raise CounterHeld

    def _record(self, event: str, plan: CounterPlan, log: Log, reason: str | None = None) -> None:
        log.record(
            event,
            zones={plan.zone.code, *(queue.agency.zone.code for queue in plan.queues)},
            agency=plan.agency.code,
            counter=self.id,
            before="closed" if event == "counter_opened" else "open",
            after="open" if event == "counter_opened" else "closed",
            reason=reason,
        )
