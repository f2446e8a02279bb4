"""What must hold of a turn whenever it moves.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from mpp.domain.life import State, Verb, leads_to
from mpp.domain.turn import RECALL_PAUSE_S
from mpp.history.calls import at_counter
from mpp.history.entries import Entry, moment
from mpp.history.replayed import TurnLife
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken

AT_COUNTER = (
    Verb.CALLED, Verb.RECALLED, Verb.STARTED, Verb.FINISHED, Verb.MISSED, Verb.PUT_BACK, Verb.PARKED,
    Verb.RESUMED, Verb.TRANSFERRED, Verb.UNDONE,
)  # fmt: skip
UNDONE_WITHIN_S = 60  # the mall's own limit is a setting; no sensible one is longer
BY_STAFF = "wrong_service"  # a transfer that sets a wrong choice right, from anywhere in the agency


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
    yield from _right_call(hall, turn, entry)
    if is_at_counter(turn, entry):
        yield from at_counter(hall, turn, entry)
    elif entry.event != Verb.RECORDED and entry.counter != _whereabouts(turn, entry):
        yield "other_counter", f"{entry.event}: {turn.label} bukan di loket {entry.counter}."


def is_at_counter(turn: TurnLife, entry: Entry) -> bool:
    """Whether a move is one that the holder of a counter makes there."""
    by_staff = entry.event == Verb.TRANSFERRED and entry.reason == BY_STAFF
    taken_back = entry.event == Verb.UNDONE and turn.state == State.WAITING
    return entry.event in AT_COUNTER and not by_staff and not taken_back


def resumed(hall: Hall, entry: Entry) -> Broken:
    """Who was parked on the way to a counter is called again; nobody is served who never came."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is not None and turn.parked_from == State.CALLED and entry.after != State.CALLED:
        yield "wrong_to", f"{turn.label} ditunda sebelum dilayani; ia dipanggil dahulu, bukan {entry.after}."


def stepped_out(hall: Hall, entry: Entry) -> Broken:
    """A visitor goes out once for each turn, until a moment to come."""
    turn, until = hall.turns.get(entry.turn or 0), moment(entry.facts["until"])
    if turn is not None and turn.outs:
        yield "out_twice", f"{turn.label} keluar sebentar untuk kedua kali."
    if until is None or until <= entry.at:
        yield "out_until", f"{entry.label} keluar sampai waktu yang sudah lewat."


def came_back(hall: Hall, entry: Entry) -> Broken:
    """Only who is out comes back."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is not None and (turn.out_until is None or turn.out_until <= entry.at):
        yield "not_out", f"{turn.label} kembali, padahal tidak sedang keluar."


def recorded(hall: Hall, entry: Entry) -> Broken:
    """What happened on paper happened at a counter that serves the line."""
    place = hall.counters.get(entry.counter or 0)
    if place is None:
        yield "unknown_counter", f"{entry.label} dicatat dari kertas di loket yang tidak ada."
    elif entry.queue not in place.queues:
        yield "not_served_here", f"Loket {entry.counter} tidak melayani antrean {entry.queue}."
    if entry.reason != "paper":
        yield "no_reason", f"{entry.event} {entry.label} tanpa alasan bahwa ia dicatat dari kertas."


def finished(hall: Hall, entry: Entry) -> Broken:
    """What a finish says it planned are planned stops of the same number."""
    planned = {turn.id for turn in hall.turns_of(entry.ticket) if turn.state == State.PLANNED}
    if strange := [each for each in entry.facts.get("planned", ()) if each not in planned]:
        yield "wrong_stop", f"{entry.label} selesai dengan lanjutan {strange[0]} yang tidak direncanakan."


def undone(hall: Hall, entry: Entry) -> Broken:
    """Only the last finish or miss of a counter is undone, soon, and before the number moved on."""
    turn = hall.turns.get(entry.turn or 0)
    if turn is None:
        return
    if turn.state == State.WAITING:
        yield from taken_back(hall, entry)
        return
    place = hall.counters.get(entry.counter or 0)
    if place is not None and place.undo != turn.id:
        yield "nothing_to_undo", f"{turn.label} diurungkan di loket {entry.counter} yang sudah lanjut."
    if (since := (entry.at - turn.state_since).total_seconds()) > UNDONE_WITHIN_S:
        yield "undone_late", f"{turn.label} diurungkan {since:.0f} detik kemudian."
    others = [each for each in hall.turns_of(turn.ticket_id) if each.present and each.id != turn.id]
    if any(each.state != State.WAITING or each.calls or each.outs for each in others):
        yield "undone_late", f"{turn.label} diurungkan, padahal giliran berikutnya sudah berjalan."


def taken_back(hall: Hall, entry: Entry) -> Broken:
    """A stop leaves its line, or is taken away as undone, only together with the finish that brought it."""
    if not (hall.due and hall.due[0].is_met(entry)):
        yield "undone_alone", f"Giliran {entry.label} di {entry.queue} ditarik tanpa ada yang diurungkan."


def cancelled(hall: Hall, entry: Entry) -> Broken:
    if entry.reason == "undone":
        yield from taken_back(hall, entry)


def _path(turn: TurnLife, entry: Entry) -> Broken:
    ends = leads_to(Verb(entry.event), turn.state)
    if not ends:
        yield "illegal_move", f"{turn.label} sedang {turn.state}; {entry.event} tidak mungkin."
    elif entry.before != turn.state:
        yield "wrong_from", f"{turn.label} sedang {turn.state}, tercatat {entry.before}."
    elif entry.after not in ends:
        yield "wrong_to", f"{entry.event} membawa {turn.label} ke {entry.after}, seharusnya {ends[0]}."


def _whereabouts(turn: TurnLife, entry: Entry) -> int | None:
    """The counter that a move names which nobody makes at a counter: where the turn is."""
    return turn.counter_id if turn.active or entry.event == Verb.EXPIRED else None


def _right_day(hall: Hall, turn: TurnLife, entry: Entry) -> Broken:
    """Yesterday's turns are not touched, but for being finished until 04:00 and expiring after."""
    ended = entry.at >= hall.served_until(turn.day)
    if entry.event == Verb.EXPIRED:
        if turn.day == entry.day or (turn.state == State.SERVING and not ended):
            yield "expired_early", f"{turn.label} dihanguskan sebelum harinya berakhir."
    elif turn.day != entry.day and (entry.event != Verb.FINISHED or ended):
        yield "other_day", f"{entry.event} untuk {turn.label} dari {turn.day} pada hari {entry.day}."


def _right_call(hall: Hall, turn: TurnLife, entry: Entry) -> Broken:
    nth, called = entry.facts.get("nth"), entry.facts.get("call")
    if entry.event == Verb.CALLED or (entry.event, entry.after) == (Verb.RESUMED, State.CALLED):
        if nth != 1:
            yield "wrong_call", f"Panggilan {turn.label} dihitung {nth}, seharusnya 1."
        return
    # The first logs kept the call that was put back.
    put_back = hall.old and called == turn.put_back_from
    if entry.event != Verb.EXPIRED and called != turn.call_seq and not put_back:
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
