"""What happens to a turn, as events: one for each verb of its life.

`call` is the seq of the call that an event is about, `nth` how often the turn was spoken with it.
"""

from collections.abc import Sequence
from datetime import datetime

from mpp.domain.event import Board, Event, Fact, Hears, event, kind
from mpp.domain.life import Verb
from mpp.domain.note import NoteSeal
from mpp.domain.order import Place

AGENCY = Hears.AGENCY
HALL = Hears.ZONE | Hears.AGENCY
GONE = Board.LEAVES | Board.UNSAYS


@kind
class TurnEvent(Event):
    pass


@kind
class OfCall(TurnEvent):
    call: int | None = None


@kind
class Noted(TurnEvent):
    """A note may stand beside it, of which the log keeps the number and the seal."""

    note: NoteSeal | None = None

    def facts(self) -> dict[str, Fact]:
        said = TurnEvent.facts(self)
        return said | {"note": self.note.number, "note_seal": self.note.seal} if self.note else said


@kind
class Stop(TurnEvent):
    """A turn that begins, with its `position` in the route, and its `matters` if there are several."""

    service: str
    priority: bool
    position: int = 1
    matters: Sequence[str] | None = None


@event(Verb.PLANNED, hears=AGENCY)
class TurnPlanned(Stop):
    pass


@event(Verb.JOINED, hears=HALL)
class TurnJoined(Stop):
    """What `Entrance` says; `came` and `out_until` are µs since 1970, `head_start` minutes, `between` µs."""

    order_key: int
    place: Place = Place.ARRIVAL
    came: int | None = None
    head_start: int = 0
    between: int = 0
    kept_counter: int | None = None
    kept_person: str | None = None
    from_turn: int | None = None
    out_until: int | None = None
    outs: int = 0


@event(Verb.SERVED, hears=AGENCY)
class TurnServed(TurnEvent):
    """Without a number, line or call."""

    service: str
    priority: bool


@event(Verb.CALLED, hears=HALL, board=Board.CALLS)
class TurnCalled(Noted):
    nth: int


@event(Verb.RECALLED, hears=HALL, board=Board.CALLS)
class TurnRecalled(OfCall):
    nth: int


@event(Verb.STARTED, hears=HALL, board=Board.SERVES)
class TurnStarted(OfCall):
    pass


@event(Verb.FINISHED, hears=HALL, board=Board.LEAVES)
class TurnFinished(Noted):
    """Codes of what came of it; `planned` are the turns that were added to the route."""

    call: int | None = None
    outcome: str | None = None
    services: Sequence[str] | None = None
    planned: Sequence[int] | None = None


@event(Verb.MISSED, hears=HALL, board=Board.LEAVES)
class TurnMissed(OfCall):
    pass


@event(Verb.RETURNED, hears=HALL)
class TurnReturned(OfCall):
    """Where it stands now, as for joining."""

    order_key: int
    place: Place
    came: int


@event(Verb.PARKED, hears=HALL, board=GONE)
class TurnParked(Noted):
    call: int | None = None


@event(Verb.RESUMED, hears=HALL, board=Board.CALLS | Board.ASKS)
class TurnResumed(OfCall):
    nth: int | None = None


@event(Verb.PUT_BACK, hears=HALL, board=GONE)
class TurnPutBack(OfCall):
    pass


@event(Verb.TRANSFERRED, hears=HALL, board=GONE)
class TurnTransferred(Noted):
    to_queue: str
    call: int | None = None


@event(Verb.CORRECTED, hears=AGENCY)
class TurnCorrected(OfCall):
    service: str
    matters: Sequence[str] | None = None


@event(Verb.PRIORITY_SET, hears=AGENCY)
class TurnPrioritySet(OfCall):
    priority: bool
    order_key: int


@event(Verb.STEPPED_OUT, hears=AGENCY)
class TurnSteppedOut(OfCall):
    until: datetime


@event(Verb.CAME_BACK, hears=AGENCY)
class TurnCameBack(OfCall):
    pass


@event(Verb.RECORDED, hears=AGENCY)
class TurnRecorded(OfCall):
    """It happened on paper."""


@event(Verb.UNDONE, hears=HALL, board=Board.ASKS)
class TurnUndone(OfCall):
    pass


@event(Verb.CANCELLED, hears=HALL, board=GONE)
class TurnCancelled(OfCall):
    pass


@event(Verb.EXPIRED, hears=HALL, board=GONE)
class TurnExpired(TurnEvent):
    pass
