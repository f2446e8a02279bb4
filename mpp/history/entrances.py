"""What must hold of numbers given, and of the place at which a turn enters a line.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mpp.domain.life import State, Verb
from mpp.domain.order import Place, key_at, key_set_right, micros, order_key
from mpp.domain.ticket import DESK, ONLINE, label
from mpp.domain.turn import microseconds
from mpp.history.calls import at_counter
from mpp.history.entries import Entry
from mpp.history.replayed import SeriesDay, TicketLife, TurnLife
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken
from mpp.history.turn_steps import came, next_stop

MINUTE = timedelta(minutes=1)


def taken(hall: Hall, entry: Entry) -> Broken:
    """A number follows the last one of its series, bears its label, and keeps to the quota."""
    queue, series, number = entry.queue or "", entry.facts["series"], entry.facts["number"]
    if queue not in hall.queues:
        yield "unknown_queue", f"Nomor diberikan untuk antrean {queue} yang tidak ada."
        return
    if not hall.is_next("ticket", entry.ticket or 0):
        yield "id_gap", f"Id nomor {entry.ticket} tidak melanjutkan id sebelumnya."
    so_far = hall.series.get((queue, entry.day, series), SeriesDay())
    if number <= so_far.last_number:
        yield "number_twice", f"{entry.label} diberikan lagi; nomor terakhir sudah {so_far.last_number}."
    elif number > so_far.last_number + 1:
        yield "number_skipped", f"Nomor {queue} meloncat dari {so_far.last_number} ke {number}."
    if entry.label != (right := label(queue, series, number)):
        yield "label_wrong", f"Nomor {number} antrean {queue} tertulis {entry.label}, seharusnya {right}."
    quota = hall.queues[queue].quota
    if series == ONLINE and quota is not None and so_far.quota_used >= quota:
        yield "quota_exceeded", f"{entry.label} melebihi kuota {quota} antrean {queue}."


def planned(hall: Hall, entry: Entry) -> Broken:
    """A stop of a journey is planned once, behind all others of its number."""
    if (ticket := hall.tickets.get(entry.ticket or 0)) is None:
        yield "unknown_ticket", f"Giliran {entry.turn} direncanakan tanpa nomor yang dikenal."
        return
    if (entry.before, entry.after) != (State.PLANNED, State.PLANNED):
        yield "illegal_move", f"{entry.label} direncanakan dari {entry.before} ke {entry.after}."
    yield from _begun(hall, ticket, entry)


def joined(hall: Hall, entry: Entry) -> Broken:
    """A turn joins once, as it was planned, at the place that the policy gives it."""
    ticket, turn = hall.tickets.get(entry.ticket or 0), hall.turns.get(entry.turn or 0)
    if ticket is None:
        yield "unknown_ticket", f"Giliran {entry.turn} masuk antrean tanpa nomor yang dikenal."
        return
    if (entry.before, entry.after) != (State.PLANNED, State.WAITING):
        yield "illegal_move", f"{entry.label} masuk antrean dari {entry.before} ke {entry.after}."
    if turn is None:
        yield from _begun(hall, ticket, entry)
        yield from _expected(hall, entry)
    elif turn.state != State.PLANNED:
        yield "turn_twice", f"Giliran {entry.label} masuk antrean dua kali."
    else:
        yield from _as_planned(hall, turn, entry)
    if any(each.present for each in hall.turns_of(ticket.id) if each.id != entry.turn):
        yield "ticket_double", f"{entry.label} masuk antrean {entry.queue} selagi ada di antrean lain."
    if entry.queue in hall.queues:
        yield from _placed(hall, ticket, entry)


def served(hall: Hall, entry: Entry) -> Broken:
    """Who took no number gets one of the desk's own series, and is served at once."""
    ticket = hall.tickets.get(entry.ticket or 0)
    if ticket is None:
        yield "unknown_ticket", f"Giliran {entry.turn} dilayani tanpa nomor yang dikenal."
        return
    if entry.turn in hall.turns:
        yield "turn_twice", f"Giliran {entry.label} dimulai dua kali."
    if (entry.before, entry.after) != (State.PLANNED, State.SERVING) or ticket.series != DESK:
        yield "illegal_move", f"{entry.label} dilayani langsung dari {entry.before} ke {entry.after}."
    yield from _begun(hall, ticket, entry)
    yield from _expected(hall, entry)
    yield from at_counter(hall, None, entry)


def returned(hall: Hall, entry: Entry) -> Broken:
    """Who is back within the grace stands by the first arrival, or where the mall puts them."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is None or entry.queue not in hall.queues:
        return
    if came(entry) != turn.arrived_at:
        yield "came_wrong", f"{turn.label} kembali dengan waktu datang yang bukan miliknya."
    yield from _key(hall, entry, turn.priority)


def priority_set(hall: Hall, entry: Entry) -> Broken:
    """Priority is set right with a reason, and the place in the line follows from it."""
    turn, queue = hall.turns.get(entry.turn or 0), hall.queues.get(entry.queue or "")
    if entry.reason is None:
        yield "no_reason", f"Prioritas {entry.label} diubah tanpa alasan."
    if turn is None or queue is None:
        return
    if entry.facts["order_key"] != key_set_right(turn, entry.facts["priority"], queue.policy):
        yield "order_key", f"Urutan {entry.label} tidak sesuai dengan prioritas yang diubah."


def transferred(hall: Hall, entry: Entry) -> Broken:
    """A transfer leads to a line that is there."""
    if (queue := entry.facts["to_queue"]) not in hall.queues:
        yield "unknown_queue", f"{entry.label} dialihkan ke antrean {queue} yang tidak ada."


def _begun(hall: Hall, ticket: TicketLife, entry: Entry) -> Broken:
    """A turn that begins is the next of its number, of the same day."""
    if entry.turn in hall.turns and entry.event == Verb.PLANNED:
        yield "turn_twice", f"Giliran {entry.label} direncanakan dua kali."
    elif entry.turn not in hall.turns and not hall.is_next("turn", entry.turn or 0):
        yield "id_gap", f"Id giliran {entry.turn} tidak melanjutkan id sebelumnya."
    if entry.label != ticket.label or (not ticket.turns and entry.queue != ticket.queue):
        yield "wrong_ticket", f"Giliran {entry.label} di {entry.queue} memakai nomor {ticket.label}."
    if entry.facts.get("position", 1) != len(ticket.turns) + 1:
        yield "wrong_stop", f"Giliran {entry.label} di {entry.queue} tercatat pada tempat yang salah."
    if entry.day != ticket.day:
        yield "other_day", f"{entry.event} untuk {entry.label} dari {ticket.day} pada hari {entry.day}."
    if entry.queue not in hall.queues:
        yield "unknown_queue", f"{entry.label} masuk antrean {entry.queue} yang tidak ada."


def _expected(hall: Hall, entry: Entry) -> Broken:
    """A turn that was not planned follows the number that was taken, or the turn that was transferred."""
    if not (hall.due and hall.due[0].is_met(entry)):
        yield "turn_unplanned", f"Giliran {entry.label} di {entry.queue} tidak direncanakan."


def _as_planned(hall: Hall, turn: TurnLife, entry: Entry) -> Broken:
    facts = entry.facts
    said = (entry.ticket, entry.label, entry.queue, facts["service"], facts["priority"])
    stop = (facts.get("position", 1), facts.get("matters"))
    mall = (turn.ticket_id, turn.label, turn.queue, turn.service, turn.priority)
    if (*said, *stop) != (*mall, turn.position, turn.matters):
        yield "wrong_stop", f"{entry.label} masuk antrean {entry.queue} lain dari yang direncanakan."
    following = next_stop(hall, turn.ticket_id)
    if not hall.due and following is not None and following.id != turn.id:
        yield "wrong_stop", f"{entry.label} masuk antrean {entry.queue} sebelum {following.queue}."
    if turn.day != entry.day:
        yield "other_day", f"{entry.label} dari {turn.day} masuk antrean pada hari {entry.day}."
    if hall.claimed[entry.queue or ""][State.PLANNED] < 1:
        yield "conservation", f"Tidak ada giliran {entry.queue} yang direncanakan pada entri ini."


def _placed(hall: Hall, ticket: TicketLife, entry: Entry) -> Broken:
    """When the visitor counts as having come, the key that follows, and for whom the turn is kept."""
    origin = hall.turns.get(entry.facts.get("from_turn") or 0)
    if came(entry) not in _arrivals(hall, ticket, origin, entry):
        yield "came_wrong", f"{entry.label} masuk antrean dengan waktu datang yang tidak dikenal."
    if origin is not None and entry.facts["priority"] != origin.priority:
        yield "wrong_stop", f"{entry.label} dialihkan dengan golongan yang lain."
    if entry.facts.get("between", 0) != _between(hall, ticket, origin, entry):
        yield "between_wrong", f"{entry.label}: jeda sejak giliran sebelumnya tercatat salah."
    out = (entry.facts.get("out_until"), entry.facts.get("outs", 0))
    if out != (None, 0) and out != _out(origin):
        yield "out_wrong", f"{entry.label} masuk antrean seolah-olah sedang keluar."
    kept = entry.facts.get("kept_counter")
    if kept is not None and (kept not in hall.counters or entry.queue not in hall.counters[kept].queues):
        yield "kept_wrong", f"{entry.label} disimpan untuk loket {kept} yang tidak melayaninya."
    yield from _key(hall, entry, entry.facts["priority"])


def _out(origin: TurnLife | None) -> tuple[int | None, int]:
    """Until when the visitor of a turn stepped out (µs), and how often."""
    if origin is None:
        return None, 0
    return micros(origin.out_until) if origin.out_until else None, origin.outs


def _arrivals(
    hall: Hall, ticket: TicketLife, origin: TurnLife | None, entry: Entry
) -> Iterable[datetime | None]:
    """When a visitor may count as having come, by the place at which the turn enters."""
    place = Place(entry.facts.get("place", Place.ARRIVAL))
    if place == Place.APPOINTMENT:
        own_day = hall.local_day(came(entry)) == entry.day
        return (came(entry) if own_day else None,)
    if origin is not None:
        return (origin.arrived_at,)
    return (ticket.issued_at if place == Place.BY_ARRIVAL else entry.at,)


def _between(hall: Hall, ticket: TicketLife, origin: TurnLife | None, entry: Entry) -> int:
    """The time since the turn before ended, in µs; a transfer has none."""
    over = [turn for turn in hall.turns_of(ticket.id) if turn.over and turn.joined_at is not None]
    ended = [turn.ended_at for turn in over if turn.ended_at is not None]
    return microseconds(max(ended), entry.at) if ended and origin is None else 0


def _key(hall: Hall, entry: Entry, priority: bool) -> Broken:
    """The order key follows from place, arrival, head start, policy and those who wait in the line."""
    policy = hall.queues[entry.queue or ""].policy
    place = Place(entry.facts.get("place", Place.ARRIVAL))
    start = came(entry) - entry.facts.get("head_start", 0) * MINUTE
    waiting = hall.line(entry.queue or "", entry.day).keys() if place in (Place.FRONT, Place.END) else ()
    if entry.facts["order_key"] != key_at(place, order_key(start, priority, policy), entry.at, waiting):
        yield "order_key", f"Urutan {entry.label} tidak sesuai dengan waktu datang dan aturan antrean."
