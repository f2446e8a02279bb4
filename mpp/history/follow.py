"""How the hall changes with each entry, whether the entry was right or not."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from mpp.domain.life import MOVES, State, Verb
from mpp.history.entries import Entry
from mpp.history.hall import SLIP_STATES, CounterLife, Hall, QueueLife, TicketLife, TurnLife


def follow(hall: Hall, entry: Entry, head: bytes) -> None:
    """Bring the hall to where it stands after the entry; `head` is the entry's hash."""
    if entry.event in STEPS:
        STEPS[entry.event](hall, entry)
    elif entry.event in MOVES:
        _move(hall, entry)
    if entry.event == Verb.JOINED and hall.unjoined == entry.ticket and entry.ticket in hall.tickets:
        hall.tickets[entry.ticket].head, hall.unjoined = head, None


def pass_by(hall: Hall, entry: Entry) -> None:
    """What holds after any entry, followed or not: its time, its day, the thread of its zones."""
    hall.at = max(hall.at or entry.at, entry.at)
    hall.day = max(hall.day or entry.day, entry.day)
    hall.zone_seqs.update(dict.fromkeys(entry.zones, entry.seq))


def _found(hall: Hall, entry: Entry) -> None:
    hall.zone = ZoneInfo(entry.facts["timezone"])


def _set_queue(hall: Hall, entry: Entry) -> None:
    hall.queues[entry.queue or ""] = QueueLife(entry.facts["policy"], entry.facts["quota"], entry.agency)


def _set_counter(hall: Hall, entry: Entry) -> None:
    queues, picks = entry.facts["queues"], entry.facts["picks"]
    place = hall.counters.setdefault(entry.counter or 0, CounterLife([], "", False))
    place.queues, place.picks, place.prefers_priority = queues, picks, entry.facts["prefers_priority"]


def _open_day(hall: Hall, entry: Entry) -> None:
    hall.opened = max(hall.opened or entry.day, entry.day)
    hall.yesterdays = {turn.id for turn in hall.turns.values() if not turn.over and turn.day < entry.day}


def _open_counter(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.open, place.opened_at, place.holder = True, entry.at, entry.actor


def _close_counter(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.open, place.opened_at, place.holder = False, None, None


def _take(hall: Hall, entry: Entry) -> None:
    if entry.queue not in hall.queues:
        return
    ticket = TicketLife(
        id=entry.ticket or 0,
        label=entry.label or "",
        queue=entry.queue or "",
        day=entry.day,
        series=entry.facts["series"],
        number=entry.facts["number"],
        channel=entry.facts["channel"],
        issued_by=entry.actor,
        issued_at=entry.at,
        seq=entry.seq,
    )
    hall.tickets[ticket.id] = ticket
    hall.ids["ticket"] = max(hall.ids["ticket"], hall.local_id(ticket.id))
    hall.slips.append(SLIP_STATES.index("wanted"))
    series = hall.series_of(ticket)
    series.last_number = max(series.last_number, ticket.number)
    series.quota_used += 1
    hall.unjoined = ticket.id


def _join(hall: Hall, entry: Entry) -> None:
    if entry.turn in hall.turns or entry.ticket not in hall.tickets:
        return
    turn = TurnLife(
        id=entry.turn or 0,
        ticket_id=entry.ticket or 0,
        label=entry.label or "",
        queue=entry.queue or "",
        service=entry.facts["service"],
        day=entry.day,
        priority=entry.facts["priority"],
        order_key=entry.facts["order_key"],
        joined_seq=entry.seq,
        state=State.WAITING,
        state_since=entry.at,
        arrived_at=entry.at,
        seq=entry.seq,
    )
    hall.turns[turn.id] = turn
    hall.ids["turn"] = max(hall.ids["turn"], hall.local_id(turn.id))
    hall.claimed[turn.queue][entry.after or ""] += 1
    hall.stand_in_line(turn)


def _move(hall: Hall, entry: Entry) -> None:
    turn = hall.turns.get(entry.turn or 0)
    if turn is None:
        return
    hall.claimed[entry.queue or ""][entry.before or ""] -= 1
    hall.claimed[entry.queue or ""][entry.after or ""] += 1
    turn.seq = entry.seq
    DEEDS.get(entry.event, _nothing)(hall, turn, entry)
    turn.enter(entry.after or turn.state, entry.at)
    if turn.state == State.WAITING:
        hall.stand_in_line(turn)
    if not turn.active:
        _leave_counters(hall, turn)
    if turn.over:
        hall.yesterdays.discard(turn.id)


def _leave_counters(hall: Hall, turn: TurnLife) -> None:
    for place in hall.counters.values():
        if place.turn == turn.id:
            place.turn = None


def _nothing(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    """A miss changes the state alone."""


def _called(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.counter_id, turn.nth, turn.calls = entry.counter, 1, turn.calls + 1
    turn.call_seq = turn.spoken_seq = entry.seq
    turn.called_at, turn.first_called_at = entry.at, turn.first_called_at or entry.at
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.turn = turn.id


def _recalled(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.nth, turn.calls = turn.nth + 1, turn.calls + 1
    turn.spoken_seq, turn.called_at = entry.seq, entry.at


def _started(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.started_at = entry.at


def _finished(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.ended_at = entry.at
    turn.outcome = {name: fact for name, fact in entry.facts.items() if name != "call"} or None


def _put_back(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.counter_id = turn.call_seq = None


def _cancelled(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    """The first turn that is cancelled gives the ticket's place in the quota back."""
    turn.ended_at = entry.at
    ticket = hall.tickets.get(turn.ticket_id)
    if ticket is not None and not ticket.freed:
        ticket.freed = True
        hall.series_of(ticket).quota_used -= 1


def _expired(hall: Hall, turn: TurnLife, entry: Entry) -> None:
    turn.ended_at = entry.at


def _slip(hall: Hall, entry: Entry) -> None:
    place = hall.local_id(entry.facts["slip"]) - 1
    if 0 <= place < len(hall.slips) and entry.after in SLIP_STATES:
        hall.slips[place] = SLIP_STATES.index(entry.after)


DEEDS: dict[str, Callable[[Hall, TurnLife, Entry], None]] = {
    Verb.CALLED: _called,
    Verb.RECALLED: _recalled,
    Verb.STARTED: _started,
    Verb.FINISHED: _finished,
    Verb.PUT_BACK: _put_back,
    Verb.CANCELLED: _cancelled,
    Verb.EXPIRED: _expired,
}
STEPS: dict[str, Callable[[Hall, Entry], None]] = {
    "mall_founded": _found,
    "queue_set": _set_queue,
    "counter_set": _set_counter,
    "day_opened": _open_day,
    "counter_opened": _open_counter,
    "counter_closed": _close_counter,
    "ticket_taken": _take,
    Verb.JOINED: _join,
    "slip_printed": _slip,
    "slip_failed": _slip,
    "slip_unknown": _slip,
}
