"""What greeters, officers and supervisors do for a visitor who comes to them with a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import select

from mpp.actions import journeys
from mpp.actions.bodies import Body, Code, Reason
from mpp.actions.tickets import give_up, open_or_refuse, priority_of
from mpp.actions.transaction import Answer, Transaction
from mpp.actions.verbs import Verb, Verbs
from mpp.domain.errors import AlreadyThere, TooLate, UnknownTicket, WrongMoment
from mpp.domain.event import About
from mpp.domain.events import NeedsMarked
from mpp.domain.life import ACTIVE, IN_HAND, OVER, State
from mpp.domain.mall import Counter, Queue
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.greeter import LARGEST_ID


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket while staff help with it: its turns in the order in which they were planned."""

    tx: Transaction
    ticket: Ticket
    turns: Sequence[Turn]

    def queue(self, turn: Turn) -> Queue:
        return self.tx.mall.queue_ids[turn.queue_id]

    def counter(self, turn: Turn) -> Counter | None:
        """The counter where the visitor of a turn is."""
        return self.tx.mall.counters.get(turn.counter_id or 0) if turn.state in ACTIVE else None

    def own(self, state: State) -> Turn:
        """The turn that stands so, in a line that whoever helps may touch. Raises `WrongMoment`."""
        mine = [turn for turn in self.turns if self._touches(turn)]
        found = next((turn for turn in mine if turn.state == state), None)
        if found is None:
            present = next((turn for turn in mine if turn.state not in (*OVER, State.PLANNED)), mine[-1])
            raise self._elsewhere(present, NOT_SO[state])
        return found

    def require_nobody_else(self) -> None:
        """Leave a visitor to the agency where they are. Raises `WrongMoment`, without its counter."""
        others = [turn for turn in self.turns if not self._touches(turn) and turn.state in IN_HAND]
        if others:
            raise WrongMoment(ELSEWHERE, state=others[0].state)

    def told(self, error: WrongMoment) -> WrongMoment:
        """A refusal as whoever helps may read it: without a counter of another agency."""
        counter = self.tx.mall.counters.get(error.counter or 0)
        if counter is None or self.tx.principal.serves(counter.agency.id):
            return error
        return WrongMoment(error.detail, state=error.state)

    def _elsewhere(self, turn: Turn, otherwise: str) -> WrongMoment:
        """Where the turn is instead; whoever lost a race reads at which counter."""
        return turn.elsewhere() if turn.state in ACTIVE else WrongMoment(otherwise, state=turn.state)

    def _touches(self, turn: Turn) -> bool:
        return self.tx.principal.serves(self.queue(turn).agency.id)


NOT_SO = {
    State.MISSED: "Nomor ini tidak tercatat sebagai tidak hadir.",
    State.WAITING: "Nomor ini tidak sedang menunggu.",
}
ELSEWHERE = (
    "Pengunjung sedang di instansi lain. Yang dapat membatalkan: instansi itu, pemandu mal, atau ia sendiri."
)


def _find(tx: Transaction, _verb: Verb, ticket_id: int, _body: Body) -> Case:
    ticket = seen(tx, ticket_id)
    return Case(tx, ticket, _turns(tx, ticket))


def _answer(case: Case, _turn: Turn | None) -> Answer:
    return {"ticket": case.ticket.id}


HELP = Verbs(_find, _answer)

Need = Literal["kursi_roda", "juru_bahasa_isyarat", "panggil_ke_kursi", "pendamping_netra"]


class MarkNeeds(Body):
    needs: Annotated[list[Need], Field(max_length=4)]


class SetPriority(Body):
    priority: Code | None
    reason: Reason


class AddStops(Body):
    services: Annotated[list[Code], Field(min_length=1, max_length=5)]


class CorrectService(Body):
    service: Code


@HELP.verb("needs", MarkNeeds)
def mark_needs(case: Case, needs: Sequence[str]) -> None:
    """Mark what the visitor needs at the counter; the log knows that it was marked, and not what."""
    ticket, queue = case.ticket, case.tx.mall.queue_ids[case.ticket.queue_id]
    ticket.needs = list(dict.fromkeys(needs))
    about = About(agency=queue.agency.code, ticket=ticket.id, label=ticket.label, queue=queue.code)
    case.tx.log.record(NeedsMarked(), about)


@HELP.verb("priority", SetPriority)
def set_priority(case: Case, priority: str | None, reason: str) -> None:
    """Set right whether the law gives the visitor priority, with a reason.

    The log holds whether there is priority, never the class. Raises `NotFound` (no such class),
    `AlreadyThere` and `WrongMoment` (nothing is left to wait for).
    """
    has_priority = priority_of(case.tx.mall, priority)
    if case.ticket.priority_code == priority:
        raise AlreadyThere("Golongan prioritas nomor ini sudah demikian.")
    left = [turn for turn in case.turns if turn.state not in OVER]
    if not left:
        raise WrongMoment("Nomor ini sudah selesai.", state=case.turns[-1].state)
    for turn in left:
        turn.set_priority(has_priority, case.counter(turn), case.tx.log, reason)
    case.ticket.priority_code = priority


@HELP.verb("return")
def return_missed(case: Case) -> None:
    """A missed visitor is back within the grace, and waits again. Raises `TooLate` and `WrongMoment`."""
    journeys.take_back(case.tx, case.own(State.MISSED))


@HELP.verb("step-out")
def step_out(case: Case) -> None:
    """The visitor goes out for a while and keeps the place. Raises `AlreadyOut`, `OutOnce`, `WrongMoment`."""
    case.own(State.WAITING).step_out(case.tx.log)


@HELP.verb("come-back")
def come_back(case: Case) -> None:
    """The visitor who went out is here again. Raises `WrongMoment`."""
    case.own(State.WAITING).come_back(case.tx.log)


@HELP.verb("stops", AddStops)
def add_stops(case: Case, services: Sequence[str]) -> None:
    """Add stops to the end of the route; when nothing else is left, the first one begins at once.

    Raises `UnknownService`, `Closed`, `Invalid` (twice on one route), `WithoutNumber`, `WrongMoment` (was
    given up) and `TooLate` (was missed, and may return no more).
    """
    tx, ticket = case.tx, case.ticket
    wanted = [tx.mall.service(code) for code in services]
    journeys.require_number(ticket)
    journeys.require_new(tx.mall, case.turns, services)
    if all(turn.state == State.CANCELLED for turn in case.turns):
        raise WrongMoment("Nomor ini sudah dibatalkan. Silakan ambil nomor baru.", state=State.CANCELLED)
    if any(turn.missed_for_good(tx.now, tx.mall.how) for turn in case.turns):
        raise TooLate
    for service in wanted:
        open_or_refuse(tx, service)
    journeys.plan_stops(tx, ticket, wanted, priority_of(tx.mall, ticket.priority_code))
    if not journeys.unfinished(tx, ticket.id):
        journeys.go_on(tx, max(case.turns, key=lambda turn: (turn.ended_at, turn.id)))


@HELP.verb("correct", CorrectService)
def correct(case: Case, service: str) -> None:
    """Set a wrongly chosen service right without losing the place.

    In the same line nothing moves; in another line, which must be open, the visitor stands by the first
    arrival. Raises `UnknownService`, `Closed`, `AlreadyThere` and `WrongMoment`.
    """
    right, turn = case.tx.mall.service(service), case.own(State.WAITING)
    if turn.service_id == right.id:
        raise AlreadyThere("Layanan nomor ini sudah demikian.")
    if right.queue.id != turn.queue_id:
        open_or_refuse(case.tx, right)
    journeys.set_right(case.tx, turn, right, None)


@HELP.verb("cancel")
def cancel(case: Case) -> None:
    """Give the number up for its visitor. Raises `WrongMoment`.

    An agency leaves a number alone while its visitor is in the hands of another.
    """
    case.require_nobody_else()
    try:
        give_up(case.tx, case.ticket)
    except WrongMoment as error:
        raise case.told(error) from error


def seen(tx: Transaction, ticket_id: int) -> Ticket:
    """A ticket of today that whoever acts may see: it has a turn in their agency. Raises `UnknownTicket`."""
    ticket = tx.session.get(Ticket, ticket_id) if ticket_id <= LARGEST_ID else None
    if ticket is None or ticket.mall_id != tx.mall.mall_id or ticket.day != tx.log.day:
        raise UnknownTicket
    if not any(
        tx.principal.serves(tx.mall.queue_ids[turn.queue_id].agency.id) for turn in _turns(tx, ticket)
    ):
        raise UnknownTicket
    return ticket


def _turns(tx: Transaction, ticket: Ticket) -> Sequence[Turn]:
    return tx.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id).order_by(Turn.position)).all()
