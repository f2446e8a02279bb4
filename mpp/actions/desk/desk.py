"""The desk: one counter inside one change, who acts there, and what is true before any verb of it."""

from dataclasses import dataclass

from mpp.actions.bodies import Body
from mpp.actions.notes import keep
from mpp.actions.transaction import Answer, Transaction
from mpp.actions.verbs import Verb, Verbs
from mpp.domain.counter import CounterState
from mpp.domain.errors import CounterBusy, NotFound, UnknownCounter, WrongMoment
from mpp.domain.log import Log
from mpp.domain.mall import Counter, Mall
from mpp.domain.note import NoteSeal
from mpp.domain.principal import Principal
from mpp.domain.turn import Turn
from mpp.encoding import plain_row
from mpp.queries.desks import answer, at_desk, last_here


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter while somebody acts at it: `counter` is its structure, `state` whether it is open."""

    tx: Transaction
    counter: Counter
    state: CounterState

    @property
    def log(self) -> Log:
        return self.tx.log

    @property
    def mall(self) -> Mall:
        return self.tx.mall

    @property
    def principal(self) -> Principal:
        return self.tx.principal

    def turn(self) -> Turn | None:
        """The visitor at the counter."""
        return at_desk(self.tx.session, self.counter.id, self.log.day)

    def visitor(self, of_yesterday: bool = False) -> Turn:
        """The visitor at the counter. Raises `WrongMoment` when there is none; it says where they are now.

        Somebody who is still being served after midnight may only be finished.
        """
        if (turn := self.turn()) is None:
            left = last_here(self.tx.reading, self.counter.id)
            raise left.elsewhere() if left else WrongMoment("Tidak ada pengunjung di loket ini.")
        if turn.day != self.log.day and not of_yesterday:
            raise WrongMoment(f"{turn.label} dari hari sebelumnya hanya dapat diselesaikan.")
        return turn

    def chosen(self, turn_id: int) -> Turn:
        """A turn of today in a line of the counter's agency. Raises `NotFound`."""
        turn = self.tx.session.get(Turn, turn_id)
        own = (
            turn is not None
            and turn.mall_id == self.mall.mall_id
            and turn.day == self.log.day
            and self.mall.queue_ids[turn.queue_id].agency == self.counter.agency
        )
        if turn is None or not own:
            raise NotFound("Giliran ini tidak ada.")
        return turn

    def require_free(self) -> None:
        """Refuse to bring somebody to a counter that pauses or has a visitor; what was last there is past."""
        self.state.at_work()
        self.require_empty()
        self.state.undo_turn_id = None

    def require_empty(self) -> None:
        if self.turn() is not None:
            raise CounterBusy

    def keep(self, turn: Turn, note: str | None) -> NoteSeal | None:
        """Keep a note beside what happens to a turn, readable for this agency."""
        return keep(self.tx, turn.ticket_id, self.counter.agency, note)


def _find(tx: Transaction, verb: Verb, counter_id: int, body: Body) -> Desk:
    """The desk of a verb, if whoever asks may do it now, and it is what they saw."""
    counter = tx.mall.counter(counter_id)
    if not tx.principal.serves(counter.agency.id):
        raise UnknownCounter
    desk = Desk(tx, counter, tx.session.get_one(CounterState, counter_id))
    if verb.holding:
        desk.state.held_by(tx.principal.id)
    _require_seen(desk, verb, body)
    return desk


def _require_seen(desk: Desk, verb: Verb, body: Body) -> None:
    """Refuse a press that was meant for another visitor, or for another moment of this one: `WrongMoment`."""
    said = {name: getattr(body, name) for name in body.model_fields_set & body.GUARDS}
    if not said:
        return
    turn = verb.about(desk, body) if verb.about else desk.turn()
    if "turn" in said and (turn.id if turn else None) != said["turn"]:
        raise _not_meant(desk, said["turn"], turn)
    if said.get("state") is not None and (turn is None or turn.state != said["state"]):
        raise turn.elsewhere() if turn else WrongMoment("Tidak ada pengunjung di loket ini.")


def _not_meant(desk: Desk, meant: int | None, turn: Turn | None) -> WrongMoment:
    """Where whoever was meant is now; or that somebody is at a desk that was thought to be empty."""
    found = desk.tx.session.get(Turn, meant) if meant is not None else turn
    if found is None or found.mall_id != desk.mall.mall_id:
        return WrongMoment("Tidak ada pengunjung di loket ini.")
    if meant is None:
        return WrongMoment(f"{found.label} masih di loket ini.", state=found.state)
    return found.elsewhere()


def _answer(desk: Desk, turn: Turn | None) -> Answer:
    return plain_row(answer(desk.tx.reading, desk.state, turn))


DESK = Verbs(_find, _answer)
