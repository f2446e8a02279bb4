"""What happens to a counter during its day: opened, paused, handed over, taken over, closed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain import events
from mpp.domain.base import Base, BigId, Moment
from mpp.domain.errors import CounterBusy, CounterClosed, CounterHeld, CounterPaused, WrongMoment
from mpp.domain.event import About
from mpp.domain.log import Log


class CounterState(Base):
    """A counter as it is now. While it is open, one person holds it; the active turn belongs to the desk.

    An open counter that nobody holds was handed over and waits for the next officer. `undo_turn_id` is the
    turn whose finish or miss was the last thing that its holder did here.
    """

    __tablename__ = "counter_state"

    id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    open: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    pause_reason: Mapped[str | None] = mapped_column(String(60))
    undo_turn_id: Mapped[int | None] = mapped_column(BigId)

    @property
    def state(self) -> str:
        """closed, open or paused."""
        return "closed" if not self.open else "paused" if self.paused_at else "open"

    def take(self, person_id: int, log: Log, take_over: bool = False) -> None:
        """Open for a person, end a pause, or sit down at a counter that was handed over.

        Opening one's own open counter again changes nothing. Raises `CounterHeld` unless it is taken over.
        """
        if self.open and self.holder_id not in (None, person_id):
            if not take_over:
                raise CounterHeld(reason="take_over")
            was, self.holder_id, self.undo_turn_id = self.holder_id, person_id, None
            self._record(events.CounterTakenOver(from_holder=f"person:{was}"), self.state, log)
            return
        if self.state == "open" and self.holder_id == person_id:
            return
        before = self.state
        self.opened_at = self.opened_at if self.open else log.now
        self.open, self.holder_id = True, person_id
        self._end_pause()
        self._record(events.CounterOpened(), before, log)

    def pause(self, log: Log, reason: str | None, until: datetime | None) -> None:
        """A break with the counter kept: nobody is called until it opens again."""
        before = self.state
        self.paused_at, self.paused_until, self.pause_reason = log.now, until, reason
        self.undo_turn_id = None
        self._record(events.CounterPaused(reason=reason, until=until), before, log)

    def hand_over(self, log: Log, reason: str | None = None) -> None:
        """Stand up for the next officer: the counter stays open, and whoever is at it stays.

        A reason says that it was not the holder who left.
        """
        self.holder_id = self.undo_turn_id = None
        self._record(events.CounterHandedOver(reason=reason), self.state, log)

    def close(self, log: Log, reason: str | None, busy: bool) -> None:
        """Close the counter; a visitor at the desk is finished, missed or put back first."""
        if not self.open:
            return
        if busy:
            raise CounterBusy
        before = self.state
        self.open, self.opened_at, self.holder_id, self.undo_turn_id = False, None, None, None
        self._end_pause()
        self._record(events.CounterClosed(reason=reason), before, log)

    def held_by(self, person_id: int) -> None:
        """Refuse whoever does not hold this counter now."""
        if not self.open:
            raise CounterClosed
        if self.holder_id is None:
            raise WrongMoment("Loket ini sudah diserahkan. Buka loket untuk mulai bertugas.")
        if self.holder_id != person_id:
            raise CounterHeld

    def at_work(self) -> None:
        """Refuse to call anybody during a pause."""
        if self.paused_at:
            raise CounterPaused

    def _end_pause(self) -> None:
        self.paused_at = self.paused_until = self.pause_reason = None

    def _record(self, event: events.CounterEvent, before: str, log: Log) -> None:
        counter = log.mall.counters[self.id]
        zones = {counter.zone.code, *(queue.agency.zone.code for queue in counter.queues)}
        agency = counter.agency.code
        log.record(event, About(zones, agency, counter=self.id, before=before, after=self.state))
