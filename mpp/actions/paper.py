"""What was called from paper while the system was away, entered afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mpp.actions import journeys
from mpp.actions.greeting import Helper
from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.errors import PaperWrong
from mpp.domain.life import STATE_WORDS, State
from mpp.domain.mall import Counter, Mall
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.queries.labels import labelled, labels_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the paper: the label as it was written, the counter by id or name, whether they came."""

    label: str
    counter: int | str
    missed: bool


class _Wrong(Exception):
    """What is wrong with one line, in a sentence."""


def record(db: Database, mall: Mall, helper: Helper, lines: Sequence[Line], intent: Intent) -> dict[str, Any]:
    """Record all lines in their order, or none of them. Gives `{recorded}`, how many they were.

    Who was served goes on to the next stop of the route, so one label may stand on two lines. Raises
    `PaperWrong`, which says of every wrong line what is wrong with it.
    """
    with writing(db, mall.mall_id, helper.actor, intent) as tx:
        if tx.replayed is not None:
            return tx.replayed
        wrong = []
        for nth, line in enumerate(lines, 1):
            try:
                _record(tx, helper, line)
            except _Wrong as error:
                wrong.append({"line": nth, "label": line.label, "detail": str(error)})
        if wrong:
            raise PaperWrong(wrong)
        return tx.remember({"recorded": len(lines)})


def _record(tx: Transaction, helper: Helper, line: Line) -> None:
    place = _counter(tx.mall, helper, line.counter)
    turn = _waiting(tx, _ticket(tx, helper, line.label), line.label)
    queue = tx.mall.queue_ids[turn.queue_id]
    if queue not in place.queues:
        raise _Wrong(f"{place.name} tidak melayani antrean {queue.code} ({queue.name}).")
    turn.record_paper(line.missed, queue, place, tx.log)
    tx.session.flush()
    if not line.missed:
        journeys.go_on(tx, turn)


def _counter(mall: Mall, helper: Helper, named: int | str) -> Counter:
    """The counter by its id, or by its name as people write it: "Loket 3", "loket 3" or "3"."""
    words = str(named).strip().casefold()
    for place in mall.counters.values():
        own = helper.agency_id in (None, place.agency.id)
        meant = (
            place.id == named
            if isinstance(named, int)
            else place.name.casefold() in (words, f"loket {words}")
        )
        if own and meant:
            return place
    raise _Wrong("Loket ini tidak ada.")


def _ticket(tx: Transaction, helper: Helper, written: str) -> Ticket:
    """The ticket of today with this label, in any usual spelling, that the helper may see."""
    wanted = select(Ticket).where(Ticket.day == tx.log.day, labelled(tx.mall, labels_of(written)))
    found = [ticket for ticket in tx.session.scalars(wanted) if _sees(tx, helper, ticket)]
    if not found:
        raise _Wrong("Nomor ini tidak ada hari ini.")
    if len(found) > 1:
        both = " atau ".join(sorted(ticket.label for ticket in found))
        raise _Wrong(f"Nomor ini dapat berarti {both}. Tulis dengan tanda hubung.")
    return found[0]


def _sees(tx: Transaction, helper: Helper, ticket: Ticket) -> bool:
    if helper.agency_id is None:
        return True
    queues = tx.session.scalars(select(Turn.queue_id).where(Turn.ticket_id == ticket.id))
    return any(tx.mall.queue_ids[each].agency.id == helper.agency_id for each in queues)


def _waiting(tx: Transaction, ticket: Ticket, written: str) -> Turn:
    """The turn of a ticket that waits now."""
    wanted = select(Turn).where(Turn.ticket_id == ticket.id).order_by(Turn.joined_seq, Turn.position)
    turns = tx.session.scalars(wanted).all()
    waiting = next((turn for turn in turns if turn.state == State.WAITING), None)
    if waiting is None:
        present = [turn for turn in turns if turn.state != State.PLANNED][-1]
        raise _Wrong(_not_waiting(tx.mall, present))
    return waiting


def _not_waiting(mall: Mall, turn: Turn) -> str:
    words, place = STATE_WORDS[State(turn.state)], mall.counters.get(turn.counter_id or 0)
    where = f" di {place.name}" if place else ""
    if turn.state in (State.CALLED, State.SERVING):
        return f"{turn.label} sedang {words}{where}. Selesaikan di loket itu."
    return f"{turn.label} sudah tercatat {words}{where}."
