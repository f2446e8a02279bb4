"""What must hold of everything that is done at a counter, and whom a counter calls.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from mpp.domain.life import State, Verb
from mpp.domain.order import Caller, Waiting, may_be_called, micros, next_for_counter
from mpp.history.entries import Entry
from mpp.history.replayed import CounterLife, TurnLife
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken

BRINGS = (Verb.CALLED, Verb.RESUMED, Verb.SERVED, Verb.UNDONE)


def at_counter(hall: Hall, turn: TurnLife | None, entry: Entry) -> Broken:
    """What is done at a counter is done by its holder, while it is open, with the visitor who is there.

    `turn` is None for somebody who took no number.
    """
    place = hall.counters.get(entry.counter or 0)
    if place is None:
        yield "unknown_counter", f"{entry.event} {entry.label} di loket yang tidak ada."
        return
    if not place.open:
        yield "counter_closed", f"{entry.event} {entry.label} di loket {entry.counter} yang tutup."
    elif entry.actor != place.holder:
        yield "not_holder", f"{entry.event} {entry.label} oleh yang tidak memegang loket {entry.counter}."
    if entry.event in BRINGS:
        yield from _brought(turn, entry, place)
    elsewhere = turn is not None and entry.counter != turn.counter_id
    if elsewhere and entry.event not in (Verb.CALLED, Verb.RESUMED):
        yield "other_counter", f"{entry.event}: {entry.label} bukan di loket {entry.counter}."
    yield from _served_here(hall, entry, place)
    if turn is not None and entry.event == Verb.CALLED and entry.queue in place.queues:
        yield from _in_order(hall, turn, entry, place)


def _brought(turn: TurnLife | None, entry: Entry, place: CounterLife) -> Broken:
    """Somebody comes to a counter that is free and at work."""
    if place.turn is not None and (turn is None or place.turn != turn.id):
        yield "counter_double", f"Loket {entry.counter}: {entry.label} datang selagi ada pengunjung lain."
    if place.paused_at is not None:
        yield "counter_paused", f"{entry.event} {entry.label} di loket {entry.counter} yang sedang jeda."
    if turn is not None and turn.active and turn.counter_id is not None:
        yield "turn_double", f"{turn.label} dipanggil lagi selagi di loket {turn.counter_id}."


def _served_here(hall: Hall, entry: Entry, place: CounterLife) -> Broken:
    """A counter calls and serves its own queues, and goes on with anybody of its agency."""
    if entry.event in (Verb.CALLED, Verb.SERVED) and entry.queue not in place.queues:
        yield "not_served_here", f"Loket {entry.counter} tidak melayani antrean {entry.queue}."
    queue = hall.queues.get(entry.queue or "")
    if entry.event == Verb.RESUMED and (queue is None or queue.agency != place.agency):
        yield "not_served_here", f"Loket {entry.counter} melanjutkan {entry.label} dari instansi lain."


def _in_order(hall: Hall, turn: TurnLife, entry: Entry, place: CounterLife) -> Broken:
    """Without a reason, the turn that is called is the one that the policy names."""
    if entry.reason is not None or turn.state != State.WAITING or turn.day != entry.day:
        return
    due = _next(hall, entry, place)
    if due is not None and due.turn != turn.id:
        label = hall.turns[due.turn].label
        yield "out_of_order", f"Loket {entry.counter} memanggil {turn.label}, padahal giliran {label}."


def _next(hall: Hall, entry: Entry, place: CounterLife) -> Waiting | None:
    """Whom the counter would call now; None when the log does not hold what the choice looks at."""
    queues = [code for code in place.queues if code in hall.queues]
    if place.picks == "relative_wait" and hall.old:
        return None
    minutes = {code: hall.queues[code].minutes or 1 for code in queues}
    caller = Caller(entry.counter or 0, place.holder_id, queues, place.picks, place.prefers_priority, minutes)
    staff, now = {code: hall.staffed(code) for code in queues}, micros(entry.at)

    def may(turn: Waiting) -> bool:
        return may_be_called(turn, caller, staff[turn.queue], now)

    def is_priority(turn: int) -> bool:
        return turn in hall.turns and hall.turns[turn].priority

    lines = [(hall.line(code, entry.day), hall.queues[code].policy) for code in queues]
    heads = [first for line, policy in lines if (first := line.next(policy, may, is_priority)) is not None]
    return next_for_counter(heads, caller, now) if heads else None
