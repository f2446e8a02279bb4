"""What greeters, officers and supervisors do for a visitor who comes to them with a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from mpp.actions import journeys
from mpp.actions.tickets import give_up, open_or_refuse, priority_of
from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.errors import AlreadyThere, TooLate, UnknownTicket, WrongMoment
from mpp.domain.life import ACTIVE, IN_HAND, OVER, State
from mpp.domain.mall import Counter, Mall, Queue
from mpp.domain.order import key_set_right
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.greeter import LARGEST_ID


@dataclass(frozen=True, slots=True)
class Helper:
    """Who helps: a person, and their agency (None is all of the mall)."""

    actor: str
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket inside one action: its turns in the order in which they were planned, and who helps."""

    tx: Transaction
    helper: Helper
    ticket: Ticket
    turns: Sequence[Turn]

    def queue(self, turn: Turn) -> Queue:
        return self.tx.mall.queue_ids[turn.queue_id]

    def counter(self, turn: Turn) -> Counter | None:
        """The counter where the visitor of a turn is."""
        return self.tx.mall.counters.get(turn.counter_id or 0) if turn.state in ACTIVE else None

    def own(self, state: State) -> Turn:
        """The turn that stands so, in a line that the helper may touch. Raises `WrongMoment`."""
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
        """A refusal as this helper may read it: without a counter of another agency."""
        place = self.tx.mall.counters.get(error.counter or 0)
        if place is None or self.helper.agency_id in (None, place.agency.id):
            return error
        return WrongMoment(error.detail, state=error.state)

    def _elsewhere(self, turn: Turn, otherwise: str) -> WrongMoment:
        """Where the turn is instead; whoever lost a race reads at which counter."""
        return turn.elsewhere() if turn.state in ACTIVE else WrongMoment(otherwise, state=turn.state)

    def _touches(self, turn: Turn) -> bool:
        return self.helper.agency_id in (None, self.queue(turn).agency.id)


NOT_SO = {
    State.MISSED: "Nomor ini tidak tercatat sebagai tidak hadir.",
    State.WAITING: "Nomor ini tidak sedang menunggu.",
}
ELSEWHERE = (
    "Pengunjung sedang di instansi lain. Yang dapat membatalkan: instansi itu, pemandu mal, atau ia sendiri."
)
Deed = Callable[[Case], None]


def mark_needs(
    db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent, needs: Sequence[str]
) -> None:
    """Set what the visitor needs at the counter; the log knows that it was marked, and not what."""

    def deed(case: Case) -> None:
        ticket, queue = case.ticket, case.tx.mall.queue_ids[case.ticket.queue_id]
        ticket.needs = list(dict.fromkeys(needs))
        case.tx.log.record(
            "needs_marked",
            agency=queue.agency.code,
            ticket=ticket.id,
            label=ticket.label,
            queue=queue.code,
        )

    perform(db, mall, helper, ticket_id, intent, deed)


def set_priority(
    db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent, code: str | None, reason: str
) -> None:
    """Set right which class of the law a visitor belongs to, and the places that follow from priority.

    The log holds whether there is priority, never the class. Raises `NotFound` (no such class),
    `AlreadyThere` and `WrongMoment` (nothing is left to wait for).
    """

    def deed(case: Case) -> None:
        priority = priority_of(case.tx.mall, code)
        if case.ticket.priority_code == code:
            raise AlreadyThere("Golongan prioritas nomor ini sudah demikian.")
        left = [turn for turn in case.turns if turn.state not in OVER]
        if not left:
            raise WrongMoment("Nomor ini sudah selesai.", state=case.turns[-1].state)
        for turn in left:
            queue = case.queue(turn)
            key = key_set_right(turn, priority, queue.policy)
            turn.set_priority(priority, key, queue, case.counter(turn), case.tx.log, reason)
        case.ticket.priority_code = code

    perform(db, mall, helper, ticket_id, intent, deed)


def return_missed(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent) -> None:
    """A missed visitor is back within the grace, and waits again. Raises `TooLate` and `WrongMoment`."""

    def deed(case: Case) -> None:
        turn, tx = case.own(State.MISSED), case.tx
        journeys.take_back(tx, turn)

    perform(db, mall, helper, ticket_id, intent, deed)


def add_stops(
    db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent, services: Sequence[str]
) -> None:
    """Let the visitor go on to more services; when nothing else is left, the first one begins at once.

    Raises `UnknownService`, `Closed`, `Invalid` (twice on one route), `WithoutNumber`, `WrongMoment` (was
    given up) and `TooLate` (was missed, and may return no more).
    """

    def deed(case: Case) -> None:
        tx, ticket = case.tx, case.ticket
        wanted = [tx.mall.service(code) for code in services]
        journeys.require_number(ticket)
        journeys.require_new(tx, case.turns, services)
        if all(turn.state == State.CANCELLED for turn in case.turns):
            raise WrongMoment("Nomor ini sudah dibatalkan. Silakan ambil nomor baru.", state=State.CANCELLED)
        if any(turn.missed_for_good(tx.now, tx.mall.how) for turn in case.turns):
            raise TooLate
        for service in wanted:
            open_or_refuse(tx, service)
        journeys.plan_stops(tx, ticket, wanted, priority_of(tx.mall, ticket.priority_code))
        if not journeys.unfinished(tx, ticket.id):
            journeys.go_on(tx, max(case.turns, key=lambda turn: (turn.ended_at, turn.id)))

    perform(db, mall, helper, ticket_id, intent, deed)


def correct(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent, service: str) -> None:
    """The visitor who waits chose a wrong service: set it right without losing the place.

    In the same line nothing moves; in another line, which must be open, the visitor stands by the first
    arrival. Raises `UnknownService`, `Closed`, `AlreadyThere` and `WrongMoment`.
    """

    def deed(case: Case) -> None:
        tx = case.tx
        right, turn = tx.mall.service(service), case.own(State.WAITING)
        if turn.service_id == right.id:
            raise AlreadyThere("Layanan nomor ini sudah demikian.")
        if right.queue.id != turn.queue_id:
            open_or_refuse(tx, right)
        journeys.set_right(tx, case.ticket, turn, right, None)

    perform(db, mall, helper, ticket_id, intent, deed)


def step_out(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent) -> None:
    """Let the visitor go out for a while. Raises `AlreadyOut`, `OutOnce` and `WrongMoment`."""

    def deed(case: Case) -> None:
        turn, tx = case.own(State.WAITING), case.tx
        turn.step_out(tx.now + timedelta(minutes=tx.mall.how.step_out_minutes), case.queue(turn), tx.log)

    perform(db, mall, helper, ticket_id, intent, deed)


def come_back(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent) -> None:
    """The visitor who went out is here again. Raises `WrongMoment`."""

    def deed(case: Case) -> None:
        turn = case.own(State.WAITING)
        turn.come_back(case.queue(turn), case.tx.log)

    perform(db, mall, helper, ticket_id, intent, deed)


def cancel(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent) -> None:
    """The visitor gives the number up at somebody's desk. Raises `WrongMoment`.

    An agency leaves a number alone while its visitor is in the hands of another.
    """

    def deed(case: Case) -> None:
        case.require_nobody_else()
        try:
            give_up(case.tx, case.ticket)
        except WrongMoment as error:
            raise case.told(error) from error

    perform(db, mall, helper, ticket_id, intent, deed)


def perform(db: Database, mall: Mall, helper: Helper, ticket_id: int, intent: Intent, deed: Deed) -> None:
    """One deed for one ticket of today; the same intent does it once. Raises `UnknownTicket`."""
    with writing(db, mall.mall_id, helper.actor, intent) as tx:
        if tx.replayed is not None:
            return
        ticket = seen(tx, helper, ticket_id)
        deed(Case(tx, helper, ticket, _turns(tx, ticket)))
        tx.remember({"ticket": ticket.id})


def seen(tx: Transaction, helper: Helper, ticket_id: int) -> Ticket:
    """A ticket of today that this helper may see: it has a turn in their agency. Raises `UnknownTicket`."""
    ticket = tx.session.get(Ticket, ticket_id) if ticket_id <= LARGEST_ID else None
    if ticket is None or ticket.mall_id != tx.mall.mall_id or ticket.day != tx.log.day:
        raise UnknownTicket
    agencies = {tx.mall.queue_ids[turn.queue_id].agency.id for turn in _turns(tx, ticket)}
    if helper.agency_id is not None and helper.agency_id not in agencies:
        raise UnknownTicket
    return ticket


def _turns(tx: Transaction, ticket: Ticket) -> Sequence[Turn]:
    return tx.session.scalars(select(Turn).where(Turn.ticket_id == ticket.id).order_by(Turn.position)).all()
