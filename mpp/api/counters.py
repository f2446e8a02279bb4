"""Counters over the API: the desk, and every verb of it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Blueprint, Response
from pydantic import AwareDatetime, Field, StringConstraints

from mpp import clock
from mpp.actions import calls, desk, serving
from mpp.actions.desk import Officer
from mpp.api.fields import ONE_LINE, Code, Id, Note, Number, Reason
from mpp.api.route import Body, answered, container, intent, mall, principal, route
from mpp.api.tickets import Nothing
from mpp.auth import OFFICERS
from mpp.domain.errors import UnknownCounter
from mpp.domain.mall import Mall
from mpp.domain.order import Place
from mpp.queries.desks import desk as desk_of
from mpp.queries.head import head

bp = Blueprint("counters", __name__, url_prefix="/api/v1/counters/<int:counter_id>")


Person = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=ONE_LINE)]


class OpenCounter(Body):
    take_over: bool = False


class CloseCounter(Body):
    reason: Reason | None = None


class PauseCounter(Body):
    reason: Reason | None = None
    until: AwareDatetime | None = Field(None, strict=False)


class CallTurn(Body):
    turn: Id
    reason: Reason | None = None
    note: Note | None = None


class FinishTurn(Body):
    outcome: Literal["served", "incomplete", "refused", "referred"] | None = None
    services: Annotated[list[Code], Field(max_length=10)] | None = None
    next: Annotated[list[Code], Field(max_length=5)] = []
    note: Note | None = None


class ParkTurn(Body):
    reason: Reason | None = None
    note: Note | None = None


class ResumeTurn(Body):
    turn: Id
    call: bool = False


class ReturnTurn(Body):
    turn: Id


class TransferTurn(Body):
    queue: Code
    position: Literal["front", "end", "by_arrival"] = "by_arrival"
    service: Code | None = None
    counter: Number | None = None
    person: Person | None = None
    reason: Reason | None = None
    note: Note | None = None


class CorrectTurn(Body):
    service: Code
    turn: Id | None = None


class ServeService(Body):
    service: Code


@route(bp, "GET", "", OFFICERS, answer="Desk", refusals=(404,))
def show(counter_id: int) -> Response:
    """The desk: the counter, the visitor at it, and the line."""
    here, now = mall(), clock.now()
    place = here.counter(counter_id)
    if principal().agency_id not in (None, place.agency.id):
        raise UnknownCounter
    with container().db.reading() as session:
        seq, day = head(session, here, now)
        return answered(desk_of(session, here, counter_id, day, now, seq))


def verb(name: str, body: type[Body] = Nothing) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A verb of the desk: one address, one answer."""
    return route(bp, "POST", f"/{name}", OFFICERS, body=body, answer="DeskAnswer", refusals=(404, 409))


@verb("open", OpenCounter)
def open_counter(counter_id: int, body: OpenCounter) -> Response:
    """Take the counter and open it, or end its pause; take it over from somebody else when asked to."""
    return _deed(desk.open_counter, counter_id, take_over=body.take_over)


@verb("close", CloseCounter)
def close_counter(counter_id: int, body: CloseCounter) -> Response:
    """Close the counter."""
    return _deed(desk.close_counter, counter_id, reason=body.reason)


@verb("pause", PauseCounter)
def pause(counter_id: int, body: PauseCounter) -> Response:
    """Call nobody for a while, with a reason and a planned end."""
    return _deed(desk.pause, counter_id, reason=body.reason, until=body.until)


@verb("hand-over")
def hand_over(counter_id: int, body: Nothing) -> Response:
    """Leave the counter to the next officer, open as it is."""
    return _deed(desk.hand_over, counter_id)


@verb("call-next")
def call_next(counter_id: int, body: Nothing) -> Response:
    """Call the visitor whose turn it is."""
    return _deed(calls.call_next, counter_id)


@verb("call", CallTurn)
def call(counter_id: int, body: CallTurn) -> Response:
    """Call a chosen visitor: a right that an admin grants, with a reason."""
    return _deed(calls.call_chosen, counter_id, turn_id=body.turn, reason=body.reason, note=body.note)


@verb("recall")
def recall(counter_id: int, body: Nothing) -> Response:
    """Let the displays speak the call again."""
    return _deed(calls.recall, counter_id)


@verb("start")
def start(counter_id: int, body: Nothing) -> Response:
    """The visitor is here."""
    return _deed(calls.start, counter_id)


@verb("finish", FinishTurn)
def finish(counter_id: int, body: FinishTurn) -> Response:
    """The service is over: what came of it, and where the visitor goes on to."""
    outcome = body.model_dump(include={"outcome", "services"}, exclude_none=True)
    return _deed(serving.finish, counter_id, outcome=outcome, following=tuple(body.next), note=body.note)


@verb("miss")
def miss(counter_id: int, body: Nothing) -> Response:
    """The visitor did not come, after enough calls and seconds."""
    return _deed(calls.miss, counter_id)


@verb("return", ReturnTurn)
def return_missed(counter_id: int, body: ReturnTurn) -> Response:
    """A missed visitor is back within the grace."""
    return _deed(calls.return_missed, counter_id, turn_id=body.turn)


@verb("park", ParkTurn)
def park(counter_id: int, body: ParkTurn) -> Response:
    """Put the visitor aside."""
    return _deed(serving.park, counter_id, reason=body.reason, note=body.note)


@verb("resume", ResumeTurn)
def resume(counter_id: int, body: ResumeTurn) -> Response:
    """Go on with a parked visitor, or call them first."""
    return _deed(serving.resume, counter_id, turn_id=body.turn, call=body.call)


@verb("put-back")
def put_back(counter_id: int, body: Nothing) -> Response:
    """The call was a mistake; the visitor keeps the place."""
    return _deed(calls.put_back, counter_id)


@verb("transfer", TransferTurn)
def transfer(counter_id: int, body: TransferTurn) -> Response:
    """Send the visitor to another queue, and perhaps to one counter or person of it."""
    named = body.model_dump(exclude={"queue", "position"})
    return _deed(serving.transfer, counter_id, queue=body.queue, position=Place(body.position), **named)


@verb("correct", CorrectTurn)
def correct(counter_id: int, body: CorrectTurn) -> Response:
    """Set a wrongly chosen service right without losing the place."""
    return _deed(serving.correct, counter_id, service=body.service, turn_id=body.turn)


@verb("serve", ServeService)
def serve(counter_id: int, body: ServeService) -> Response:
    """Serve somebody who took no number."""
    return _deed(serving.serve, counter_id, service=body.service, token_key=container().paper.token_key)


@verb("undo")
def undo(counter_id: int, body: Nothing) -> Response:
    """Take the last finish or miss back, within its seconds."""
    return _deed(serving.undo, counter_id)


Deed = Callable[..., dict[str, Any]]


def _deed(deed: Deed, counter_id: int, **named: Any) -> Response:
    here: Mall = mall()
    return answered(deed(container().db, here, _officer(), counter_id, intent(), **named))


def _officer() -> Officer:
    who = principal()
    return Officer(who.actor, who.id, who.agency_id, not who.by_session, who.rights)
