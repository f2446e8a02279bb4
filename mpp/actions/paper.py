"""What was called from paper while the system was away, entered afterwards."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from sqlalchemy import select

from mpp.actions import journeys
from mpp.actions.bodies import ONE_LINE, Body, Name, Number
from mpp.actions.change import change
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.errors import PaperWrong
from mpp.domain.life import STATE_WORDS, State
from mpp.domain.mall import Counter, Mall
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.encoding import plain_row
from mpp.queries.labels import labelled, labels_of

Label = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=ONE_LINE)]


class PaperLine(Body):
    """One line of the paper: the label as it was written, the counter by id or name, whether they came."""

    label: Label
    counter: Number | Name
    result: Literal["served", "missed"]


class RecordPaper(Body):
    entries: Annotated[list[PaperLine], Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class PaperRecorded:
    """How many lines were recorded."""

    recorded: int


class _Wrong(Exception):
    """What is wrong with one line, in a sentence."""


def record(command: Command, paper: RecordPaper) -> Answer:
    """Record all lines in their order, or none of them. Gives `PaperRecorded`.

    Who was served goes on to the next stop of the route, so one label may stand on two lines. Raises
    `PaperWrong`, which says of every wrong line what is wrong with it.
    """

    def done(tx: Transaction) -> Answer:
        wrong = []
        for nth, line in enumerate(paper.entries, 1):
            try:
                _record(tx, line)
            except _Wrong as error:
                wrong.append({"line": nth, "label": line.label, "detail": str(error)})
        if wrong:
            raise PaperWrong(wrong)
        return plain_row(PaperRecorded(len(paper.entries)))

    return change(command, done)


def _record(tx: Transaction, line: PaperLine) -> None:
    counter = _counter(tx, line.counter)
    turn = _waiting(tx, _ticket(tx, line.label))
    queue = tx.mall.queue_ids[turn.queue_id]
    if queue not in counter.queues:
        raise _Wrong(f"{counter.name} tidak melayani antrean {queue.code} ({queue.name}).")
    turn.record_paper(line.result == "missed", counter, tx.log)
    tx.session.flush()
    if line.result == "served":
        journeys.go_on(tx, turn)


def _counter(tx: Transaction, named: int | str) -> Counter:
    """The counter by its id, or by its name as people write it: "Loket 3", "loket 3" or "3"."""
    words = str(named).strip().casefold()
    for counter in tx.mall.counters.values():
        meant = (
            counter.id == named
            if isinstance(named, int)
            else counter.name.casefold() in (words, f"loket {words}")
        )
        if meant and tx.principal.serves(counter.agency.id):
            return counter
    raise _Wrong("Loket ini tidak ada.")


def _ticket(tx: Transaction, written: str) -> Ticket:
    """The ticket of today with this label, in any usual spelling, that whoever records may see."""
    wanted = select(Ticket).where(Ticket.day == tx.log.day, labelled(tx.mall, labels_of(written)))
    found = [ticket for ticket in tx.session.scalars(wanted) if _sees(tx, ticket)]
    if not found:
        raise _Wrong("Nomor ini tidak ada hari ini.")
    if len(found) > 1:
        both = " atau ".join(sorted(ticket.label for ticket in found))
        raise _Wrong(f"Nomor ini dapat berarti {both}. Tulis dengan tanda hubung.")
    return found[0]


def _sees(tx: Transaction, ticket: Ticket) -> bool:
    queues = tx.session.scalars(select(Turn.queue_id).where(Turn.ticket_id == ticket.id))
    return any(tx.principal.serves(tx.mall.queue_ids[each].agency.id) for each in queues)


def _waiting(tx: Transaction, ticket: Ticket) -> Turn:
    """The turn of a ticket that waits now."""
    wanted = select(Turn).where(Turn.ticket_id == ticket.id).order_by(Turn.joined_seq, Turn.position)
    turns = tx.session.scalars(wanted).all()
    waiting = next((turn for turn in turns if turn.state == State.WAITING), None)
    if waiting is None:
        present = [turn for turn in turns if turn.state != State.PLANNED][-1]
        raise _Wrong(_not_waiting(tx.mall, present))
    return waiting


def _not_waiting(mall: Mall, turn: Turn) -> str:
    words, counter = STATE_WORDS[State(turn.state)], mall.counter_ids.get(turn.counter_id or 0)
    where = f" di {counter.name}" if counter else ""
    if turn.state in (State.CALLED, State.SERVING):
        return f"{turn.label} sedang {words}{where}. Selesaikan di loket itu."
    return f"{turn.label} sudah tercatat {words}{where}."
