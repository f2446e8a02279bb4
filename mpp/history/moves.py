"""What must hold of numbers, turns, counters, calls and papers as they move.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from collections.abc import Callable

from mpp.domain.life import State, Verb, leads_to
from mpp.domain.order import Caller, micros, next_for_counter, order_key
from mpp.domain.ticket import ONLINE, label
from mpp.domain.turn import RECALL_PAUSE_S
from mpp.history.entries import Entry
from mpp.history.hall import CounterLife, Hall, SeriesDay, TurnLife
from mpp.history.rules import Broken
from mpp.history.words import SLIP_EVENTS

AT_COUNTER = (Verb.CALLED, Verb.RECALLED, Verb.STARTED, Verb.FINISHED, Verb.MISSED, Verb.PUT_BACK)
CLOSED_FOR_OTHERS = ("day_ended", "person_disabled")


def taken(hall: Hall, entry: Entry) -> Broken:
    """A number follows the last one of its series, bears its label, and keeps to the quota."""
    queue, series, number = entry.queue or "", entry.facts["series"], entry.facts["number"]
    if queue not in hall.queues:
        yield "unknown_queue", f"Nomor diberikan untuk antrean {queue} yang tidak ada."
        return
    if hall.local_id(entry.ticket or 0) != hall.ids["ticket"] + 1:
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


def joined(hall: Hall, entry: Entry) -> Broken:
    """A turn joins once, with a ticket that exists, at the place that the policy gives it."""
    ticket = hall.tickets.get(entry.ticket or 0)
    if ticket is None:
        yield "unknown_ticket", f"Giliran {entry.turn} masuk antrean tanpa nomor yang dikenal."
        return
    if entry.turn in hall.turns:
        yield "turn_twice", f"Giliran {entry.label} masuk antrean dua kali."
    elif hall.local_id(entry.turn or 0) != hall.ids["turn"] + 1:
        yield "id_gap", f"Id giliran {entry.turn} tidak melanjutkan id sebelumnya."
    if entry.label != ticket.label or (hall.unjoined == ticket.id and entry.queue != ticket.queue):
        yield "wrong_ticket", f"Giliran {entry.label} di {entry.queue} memakai nomor {ticket.label}."
    if (entry.before, entry.after) != (State.PLANNED, State.WAITING):
        yield "illegal_move", f"{entry.label} masuk antrean dari {entry.before} ke {entry.after}."
    if (queue := hall.queues.get(entry.queue or "")) is None:
        yield "unknown_queue", f"{entry.label} masuk antrean {entry.queue} yang tidak ada."
    elif entry.facts["order_key"] != order_key(entry.at, entry.facts["priority"], queue.policy):
        yield "order_key", f"Urutan {entry.label} tidak sesuai dengan waktu datang dan aturan antrean."


def moved(hall: Hall, entry: Entry) -> Broken:
    """A turn moves as the table of moves allows, from where it is, at the counter where it is."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is None:
        yield (
            "unknown_turn",
            f"{entry.event} untuk giliran {entry.turn} yang tidak ada atau sudah lama selesai.",
        )
        return
    if (entry.ticket, entry.label, entry.queue) != (turn.ticket_id, turn.label, turn.queue):
        yield "wrong_ticket", f"{entry.event} menyebut {entry.label} untuk giliran {turn.label}."
    yield from _path(turn, entry)
    if hall.claimed[entry.queue or ""][entry.before or ""] < 1:
        yield "conservation", f"Tidak ada giliran {entry.queue} berkeadaan {entry.before} pada entri ini."
    yield from _right_day(hall, turn, entry)
    yield from _right_call(turn, entry)
    if entry.event in AT_COUNTER:
        yield from _at_counter(hall, turn, entry)
    elif entry.counter != turn.counter_id:
        yield "other_counter", f"{entry.event}: {turn.label} bukan di loket {entry.counter}."


def counter_opened(hall: Hall, entry: Entry) -> Broken:
    """A counter opens when it is closed."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        yield "unknown_counter", f"Loket {entry.counter} tidak ada."
    elif place.open:
        yield "opened_twice", f"Loket {entry.counter} dibuka, padahal sudah terbuka."


def counter_closed(hall: Hall, entry: Entry) -> Broken:
    """A counter is closed by its holder or with a reason, and never with a visitor at it."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        yield "unknown_counter", f"Loket {entry.counter} tidak ada."
        return
    if not place.open:
        yield "closed_twice", f"Loket {entry.counter} ditutup, padahal sudah tertutup."
    elif entry.actor != place.holder and entry.reason not in CLOSED_FOR_OTHERS:
        yield "not_holder", f"Loket {entry.counter} ditutup oleh yang tidak memegangnya."
    if place.turn is not None:
        yield "closed_while_busy", f"Loket {entry.counter} ditutup selagi ada pengunjung."


def slip_reported(hall: Hall, entry: Entry) -> Broken:
    """What is known of a paper follows from what was known; printed stays printed."""
    state = hall.slip_state(entry.facts["slip"])
    if state is None:
        yield "unknown_slip", f"Struk {entry.facts['slip']} tidak pernah diminta."
        return
    if entry.event != f"slip_{entry.after}" or entry.before != state or state in ("printed", entry.after):
        yield "slip_move", f"Struk {entry.label}: dari {state}, tercatat {entry.before} ke {entry.after}."
    ticket = hall.tickets.get(entry.ticket or 0)
    if ticket is not None and ticket.label != entry.label:
        yield "wrong_ticket", f"Struk {entry.facts['slip']} menyebut {entry.label}, bukan {ticket.label}."


def _path(turn: TurnLife, entry: Entry) -> Broken:
    ends = leads_to(Verb(entry.event), turn.state)
    if not ends:
        yield "illegal_move", f"{turn.label} sedang {turn.state}; {entry.event} tidak mungkin."
    elif entry.before != turn.state:
        yield "wrong_from", f"{turn.label} sedang {turn.state}, tercatat {entry.before}."
    elif entry.after not in ends:
        yield "wrong_to", f"{entry.event} membawa {turn.label} ke {entry.after}, seharusnya {ends[0]}."


def _right_day(hall: Hall, turn: TurnLife, entry: Entry) -> Broken:
    """Yesterday's turns are not touched, but for being finished until 04:00 and expiring after."""
    ended = entry.at >= hall.served_until(turn.day)
    if entry.event == Verb.EXPIRED:
        if turn.day == entry.day or (turn.state == State.SERVING and not ended):
            yield "expired_early", f"{turn.label} dihanguskan sebelum harinya berakhir."
    elif turn.day != entry.day and (entry.event != Verb.FINISHED or ended):
        yield "other_day", f"{entry.event} untuk {turn.label} dari {turn.day} pada hari {entry.day}."


def _right_call(turn: TurnLife, entry: Entry) -> Broken:
    nth, called = entry.facts.get("nth"), entry.facts.get("call")
    if entry.event == Verb.CALLED:
        if nth != 1:
            yield "wrong_call", f"Panggilan {turn.label} dihitung {nth}, seharusnya 1."
        return
    if entry.event != Verb.EXPIRED and called != turn.call_seq:
        yield "wrong_call", f"{entry.event} {turn.label} menunjuk panggilan {called}, bukan {turn.call_seq}."
    if entry.event == Verb.RECALLED:
        if nth != turn.nth + 1:
            yield "wrong_call", f"Panggilan ulang {turn.label} dihitung {nth}, seharusnya {turn.nth + 1}."
        since = (entry.at - turn.called_at).total_seconds() if turn.called_at else RECALL_PAUSE_S
        if turn.nth > 1 and since < RECALL_PAUSE_S:
            yield (
                "recall_too_soon",
                f"{turn.label} dipanggil ulang {since:.1f} detik sesudah yang sebelumnya.",
            )


def _at_counter(hall: Hall, turn: TurnLife, entry: Entry) -> Broken:
    place = hall.counters.get(entry.counter or 0)
    if place is None:
        yield "unknown_counter", f"{entry.event} {turn.label} di loket yang tidak ada."
        return
    if not place.open:
        yield "counter_closed", f"{entry.event} {turn.label} di loket {entry.counter} yang tutup."
    elif entry.actor != place.holder:
        yield "not_holder", f"{entry.event} {turn.label} oleh yang tidak memegang loket {entry.counter}."
    if entry.event == Verb.CALLED:
        yield from _called(hall, turn, entry, place)
    elif entry.counter != turn.counter_id:
        yield "other_counter", f"{entry.event}: {turn.label} bukan di loket {entry.counter}."


def _called(hall: Hall, turn: TurnLife, entry: Entry, place: CounterLife) -> Broken:
    """The counter is free and serves the queue, and the turn, at no other counter, is the next one."""
    if place.turn not in (None, turn.id):
        yield "counter_double", f"Loket {entry.counter} memanggil {turn.label} selagi ada pengunjung lain."
    if turn.active and turn.counter_id is not None:
        yield "turn_double", f"{turn.label} dipanggil lagi selagi di loket {turn.counter_id}."
    if turn.queue not in place.queues:
        yield "not_served_here", f"Loket {entry.counter} tidak melayani antrean {turn.queue}."
        return
    heads = [head for queue in place.queues if (head := hall.first(queue, entry.day)) is not None]
    if turn.state != State.WAITING or turn.day != entry.day or not heads:
        return
    minutes = dict.fromkeys(place.queues, 1)
    asking = Caller(entry.counter or 0, None, place.queues, place.picks, place.prefers_priority, minutes)
    chosen = next_for_counter(heads, asking, micros(entry.at))
    if chosen.turn != turn.id:
        due = hall.turns[chosen.turn].label
        yield "out_of_order", f"Loket {entry.counter} memanggil {turn.label}, padahal giliran {due}."


RULES: dict[str, Callable[[Hall, Entry], Broken]] = {
    "ticket_taken": taken,
    "counter_opened": counter_opened,
    "counter_closed": counter_closed,
    Verb.JOINED: joined,
    **dict.fromkeys((str(verb) for verb in Verb if verb != Verb.JOINED), moved),
    **dict.fromkeys(SLIP_EVENTS, slip_reported),
}
