"""How a turn, its line and its counter change with each move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mpp.domain.life import State, Verb
from mpp.domain.order import Place
from mpp.domain.ticket import ONLINE
from mpp.domain.turn import microseconds
from mpp.history.entries import Entry, moment
from mpp.history.replayed import CounterLife, TurnLife, person_id
from mpp.history.replayed_mall import Due, Hall

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A number gives its place in the quota back while all of its turns stand here.
UNUSED = (State.PLANNED, State.WAITING, State.CALLED)
BESIDE_THE_OUTCOME = ("call", "note", "note_seal")


def begin(hall: Hall, entry: Entry) -> None:
    """A turn begins as planned, whatever the same entry makes of it next."""
    turn = TurnLife(
        id=entry.turn or 0,
        ticket_id=entry.ticket or 0,
        position=entry.facts.get("position", 1),
        label=entry.label or "",
        queue=entry.queue or "",
        service=entry.facts["service"],
        day=hall.tickets[entry.ticket or 0].day,
        priority=entry.facts["priority"],
        state=State.PLANNED,
        state_since=entry.at,
        arrived_at=entry.at,
        seq=entry.seq,
        matters=entry.facts.get("matters"),
    )
    hall.turns[turn.id] = turn
    ticket = hall.tickets[turn.ticket_id]
    ticket.priority = ticket.priority if ticket.turns else turn.priority
    ticket.turns.append(turn.id)
    hall.give("turn", turn.id)
    hall.claimed[turn.queue][State.PLANNED] += 1


def move(hall: Hall, entry: Entry) -> None:
    """Follow one move of a turn, with its line and its counter."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is None:
        return
    hall.claimed[entry.queue or ""][entry.before or ""] -= 1
    hall.claimed[entry.queue or ""][entry.after or ""] += 1
    turn.seq = entry.seq
    line = hall.line(turn.queue, turn.day)
    line.leave(turn.id)
    DEEDS[entry.event](hall, turn, entry)
    turn.enter(entry.after or turn.state, entry.at)
    if turn.state == State.WAITING:
        line.stand(turn.seen())
    if not turn.active:
        _leave_counters(hall, turn)
    if turn.over:
        hall.yesterdays.discard(turn.id)


def came(entry: Entry) -> datetime:
    """When the visitor of an entrance counts as having come."""
    said = entry.facts.get("came")
    return entry.at if said is None else EPOCH + timedelta(microseconds=said)


def next_stop(hall: Hall, ticket: int, chosen: int | None = None) -> TurnLife | None:
    """The stop of a ticket that is due when one has ended: the chosen one, or the first that is planned."""
    planned = [turn for turn in hall.turns_of(ticket) if turn.state == State.PLANNED]
    return min(planned, key=lambda turn: (turn.id != chosen, turn.position), default=None)


def _leave_counters(hall: Hall, turn: TurnLife) -> None:
    for place in hall.counters.values():
        if place.turn == turn.id:
            place.turn = None


def _joined(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.joined_at, turn.joined_seq, turn.arrived_at = entry.at, entry.seq, came(entry)
    _stand(turn, entry)
    turn.between_us = entry.facts.get("between", 0)
    out_until = entry.facts.get("out_until")
    turn.out_until = None if out_until is None else EPOCH + timedelta(microseconds=out_until)
    turn.outs = entry.facts.get("outs", 0)
    turn.kept_counter_id = entry.facts.get("kept_counter")
    turn.kept_person_id = person_id(entry.facts.get("kept_person"))


def _stand(turn: TurnLife, entry: Entry) -> None:
    facts = entry.facts
    turn.place, turn.head_start = facts.get("place", Place.ARRIVAL), facts.get("head_start", 0)
    turn.order_key = facts["order_key"]


def _served(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    _arrive(hall, turn, entry)
    turn.joined_at = turn.started_at = entry.at
    turn.joined_seq = entry.seq


def _called(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    _arrive(hall, turn, entry)
    _speak_first(hall, turn, entry)


def _recalled(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.nth, turn.calls = turn.nth + 1, turn.calls + 1
    turn.spoken_seq, turn.called_at = entry.seq, entry.at


def _started(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.started_at = entry.at


def _finished(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.ended_at = entry.at
    outcome = {name: fact for name, fact in entry.facts.items() if name not in BESIDE_THE_OUTCOME}
    turn.outcome = outcome or None
    _may_be_undone(hall, turn, entry)
    if turn.day == entry.day:
        _go_on(hall, turn, next(iter(entry.facts.get("planned", ())), None))


def _missed(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    _may_be_undone(hall, turn, entry)


def _returned(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    _stand(turn, entry)
    turn.counter_id = turn.out_until = None
    for place in hall.counters.values():
        if place.undo == turn.id:
            place.undo = None


def _parked(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.parked_by, turn.parked_from, turn.parked_reason = entry.actor, turn.state, entry.reason


def _resumed(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    _arrive(hall, turn, entry)
    turn.parked_by = turn.parked_from = turn.parked_reason = None
    if entry.after == State.CALLED:
        _speak_first(hall, turn, entry)
    else:
        turn.started_at = turn.started_at or entry.at


def _put_back(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.put_back_from, turn.counter_id, turn.call_seq = turn.call_seq, None, None
    hall.line(turn.queue, turn.day).uncall(turn.id)


def _transferred(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.ended_at = entry.at
    to = entry.facts["to_queue"]
    broken = f"{turn.label} dialihkan ke {to}, tetapi tidak masuk antrean itu."
    due = Due("transfer_without_turn", broken, Verb.JOINED, turn.ticket_id, queue=to, from_turn=turn.id)
    hall.due = [due]


def _corrected(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.service, turn.matters = entry.facts["service"], entry.facts.get("matters")


def _priority_set(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.priority, turn.order_key = entry.facts["priority"], entry.facts["order_key"]
    if (ticket := hall.tickets.get(turn.ticket_id)) is not None:
        ticket.priority = turn.priority


def _stepped_out(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.out_until, turn.outs = moment(entry.facts["until"]), turn.outs + 1


def _came_back(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.out_until = None


def _recorded(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.counter_id, turn.out_until = entry.counter, None
    if entry.after == State.DONE:
        turn.ended_at, turn.outcome = entry.at, {"paper": True}
        _go_on(hall, turn)


def _undone(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    """A finish or a miss that was none: its time goes on, and what came of it is taken back next."""
    gap = microseconds(turn.state_since, entry.at)
    if turn.state == State.WAITING:
        turn.state_since = entry.at
        turn.wait_us = turn.between_us = turn.order_key = turn.joined_seq = turn.head_start = 0
        turn.joined_at = turn.place = None
        return
    if turn.state == State.DONE:
        turn.service_us += gap
        hall.due = _taken_back(hall, turn)
    else:
        turn.walk_us, turn.away_us = turn.walk_us + gap, turn.away_us - gap
    turn.ended_at = turn.outcome = None
    _arrive(hall, turn, entry)


def _cancelled(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    """A number that was never served gives its place in the quota back."""
    turn.ended_at = entry.at
    ticket = hall.tickets.get(turn.ticket_id)
    unused = all(each.state in UNUSED for each in hall.turns_of(turn.ticket_id))
    if ticket is not None and ticket.series == ONLINE and unused and entry.reason is None:
        hall.series_of(ticket).quota_used -= 1


def _expired(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.ended_at = entry.at


def _arrive(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    """A visitor is at, or on the way to, a counter; what was last there is past."""
    turn.counter_id = entry.counter
    if (place := _counter(hall, entry)) is not None:
        place.turn, place.undo = turn.id, None


def _speak_first(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.nth, turn.calls = 1, turn.calls + 1
    turn.call_seq = turn.spoken_seq = entry.seq
    turn.called_at, turn.out_until = entry.at, None
    turn.first_called_at = turn.first_called_at or entry.at
    hall.line(turn.queue, turn.day).call(turn.id)


def _may_be_undone(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    if (place := _counter(hall, entry)) is not None:
        place.undo = turn.id


def _go_on(hall: Hall, turn: TurnLife, chosen: int | None = None) -> None:
    """The ticket's next stop enters its line with the very next entry."""
    if (stop := next_stop(hall, turn.ticket_id, chosen)) is not None:
        broken = f"{turn.label} selesai di {turn.queue}, tetapi tidak lanjut ke {stop.queue}."
        hall.due = [Due("journey_stopped", broken, Verb.JOINED, turn.ticket_id, stop.id)]


def _taken_back(hall: Hall, turn: TurnLife) -> list[Due]:
    """The stop that joined leaves its line, and those that the finish planned are taken away."""
    joined = [each.id for each in hall.turns_of(turn.ticket_id) if each.present]
    planned = (turn.outcome or {}).get("planned", ())
    broken = f"Selesainya {turn.label} diurungkan, tetapi giliran berikutnya tidak ditarik."
    steps = [(Verb.UNDONE, number) for number in joined] + [(Verb.CANCELLED, number) for number in planned]
    return [Due("undo_incomplete", broken, verb, turn.ticket_id, number) for verb, number in steps]


def _counter(hall: Hall, entry: Entry) -> CounterLife | None:
    return hall.counters.get(entry.counter or 0)


DEEDS: dict[str, Callable[[Hall, TurnLife, Entry], None]] = {
    Verb.JOINED: _joined,
    Verb.CALLED: _called,
    Verb.RECALLED: _recalled,
    Verb.STARTED: _started,
    Verb.SERVED: _served,
    Verb.FINISHED: _finished,
    Verb.MISSED: _missed,
    Verb.RETURNED: _returned,
    Verb.PARKED: _parked,
    Verb.RESUMED: _resumed,
    Verb.PUT_BACK: _put_back,
    Verb.TRANSFERRED: _transferred,
    Verb.CORRECTED: _corrected,
    Verb.PRIORITY_SET: _priority_set,
    Verb.STEPPED_OUT: _stepped_out,
    Verb.CAME_BACK: _came_back,
    Verb.RECORDED: _recorded,
    Verb.UNDONE: _undone,
    Verb.CANCELLED: _cancelled,
    Verb.EXPIRED: _expired,
}
