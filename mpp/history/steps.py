"""How the hall changes with each entry, whether the entry was right or not."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from mpp.domain.life import MOVES, Verb
from mpp.domain.ticket import DESK
from mpp.history.entries import Entry, moment
from mpp.history.replayed import (
    AppointmentLife,
    CounterLife,
    NoteLife,
    NoticeLife,
    QueueLife,
    TicketLife,
)
from mpp.history.replayed_mall import Due, Hall
from mpp.history.turn_steps import begin, move
from mpp.history.vocabulary import WITHOUT_SLIP

NO_TURN = "Nomor {} tidak masuk antrean mana pun."


def follow(hall: Hall, entry: Entry, head: bytes) -> None:
    """Bring the hall to where it stands after the entry; `head` is the entry's hash."""
    if hall.due and hall.due[0].is_met(entry):
        del hall.due[0]
    if entry.event in STEPS:
        STEPS[entry.event](hall, entry)
    elif entry.event in MOVES:
        move(hall, entry)
    _anchor(hall, entry, head)
    _note(hall, entry)


def pass_by(hall: Hall, entry: Entry) -> None:
    """What holds after any entry, followed or not: its time, its day, the thread of its zones."""
    hall.at = max(hall.at or entry.at, entry.at)
    hall.day = max(hall.day or entry.day, entry.day)
    hall.zone_seqs.update(dict.fromkeys(entry.zones, entry.seq))


def _anchor(hall: Hall, entry: Entry, head: bytes) -> None:
    """The entry with which a number's first turn begins is the head that its slip prints."""
    if entry.event in (Verb.JOINED, Verb.SERVED) and (ticket := hall.tickets.get(entry.ticket or 0)):
        ticket.head = ticket.head or head


def _note(hall: Hall, entry: Entry) -> None:
    """A note that stands beside a deed."""
    number, seal = entry.facts.get("note"), entry.facts.get("note_seal")
    if number is None or seal is None:
        return
    note = NoteLife(number, entry.ticket or 0, entry.agency, seal, entry.at, entry.actor, entry.seq)
    hall.notes.setdefault(number, note)
    hall.give("note", number)


def _found(hall: Hall, entry: Entry) -> None:
    hall.zone = ZoneInfo(entry.facts["timezone"])


def _set_mall(hall: Hall, entry: Entry) -> None:
    """Another time zone holds from here on; of the days that notes are kept, the fewest ever set count."""
    hall.zone = ZoneInfo(entry.facts["now"].get("timezone", hall.zone.key))
    for said in (entry.facts["was"], entry.facts["now"]):
        if "rules" in said:
            hall.notes_kept_days.add(said["rules"]["notes_kept_days"])


def _set_queue(hall: Hall, entry: Entry) -> None:
    policy, quota, minutes = entry.facts["policy"], entry.facts["quota"], entry.facts.get("minutes")
    hall.queues[entry.queue or ""] = QueueLife(policy, quota, entry.agency, minutes)


def _set_counter(hall: Hall, entry: Entry) -> None:
    queues, picks = entry.facts["queues"], entry.facts["picks"]
    place = hall.counters.setdefault(entry.counter or 0, CounterLife(entry.agency, [], "", False))
    place.queues, place.picks, place.prefers_priority = queues, picks, entry.facts["prefers_priority"]


def _open_day(hall: Hall, entry: Entry) -> None:
    hall.mornings.add(entry.at)
    hall.opened = max(hall.opened or entry.day, entry.day)
    hall.yesterdays = {turn.id for turn in hall.turns.values() if not turn.over and turn.day < entry.day}


def _open_counter(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.opened_at = place.opened_at if place.open else entry.at
        place.open, place.holder = True, entry.actor
        place.end_pause()


def _pause_counter(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.paused_at, place.pause_reason, place.undo = entry.at, entry.reason, None
        place.paused_until = moment(entry.facts.get("until"))


def _take_counter_over(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.holder, place.undo = entry.actor, None


def _hand_counter_over(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.holder = place.undo = None


def _close_counter(hall: Hall, entry: Entry) -> None:
    if (place := hall.counters.get(entry.counter or 0)) is not None:
        place.open, place.opened_at, place.holder, place.undo = False, None, None, None
        place.end_pause()


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
    hall.give("ticket", ticket.id)
    if ticket.channel not in WITHOUT_SLIP:
        hall.slips.want()
    series = hall.series_of(ticket)
    series.last_number = max(series.last_number, ticket.number)
    series.quota_used += 1
    begins = Verb.SERVED if ticket.series == DESK else Verb.JOINED
    hall.due = [Due("ticket_without_turn", NO_TURN.format(ticket.label), begins, ticket.id)]


def _plan(hall: Hall, entry: Entry) -> None:
    if entry.turn not in hall.turns and entry.ticket in hall.tickets:
        begin(hall, entry)


def _enter(hall: Hall, entry: Entry) -> None:
    """A turn enters its line, or its service: one that was planned, or one that begins with this."""
    _plan(hall, entry)
    move(hall, entry)


def _ask_slip(hall: Hall, entry: Entry) -> None:
    number = hall.local_id(entry.facts["slip"])
    hall.slips.ask(number, entry.facts["device"], entry.facts["copy"])


def _report_slip(hall: Hall, entry: Entry) -> None:
    hall.slips.report(hall.local_id(entry.facts["slip"]), entry.after or "")


def _mark_needs(hall: Hall, entry: Entry) -> None:
    if (ticket := hall.tickets.get(entry.ticket or 0)) is not None:
        ticket.needs_marked = True


def _grant(hall: Hall, entry: Entry) -> None:
    hall.rights[entry.facts["person"]].add(entry.facts["right"])


def _revoke(hall: Hall, entry: Entry) -> None:
    hall.rights[entry.facts["person"]].discard(entry.facts["right"])


def _erase_note(hall: Hall, entry: Entry) -> None:
    if (note := hall.notes.get(entry.facts["note"])) is not None:
        note.erased = True


def _raise_notice(hall: Hall, entry: Entry) -> None:
    number, kind = entry.facts["notice"], entry.event.partition("_")[0]
    until, place = moment(entry.facts.get("until")), place_of(entry)
    notice = NoticeLife(number, kind, place, entry.reason, until, entry.at, entry.actor, entry.seq)
    hall.notices.setdefault(number, notice)
    hall.give("notice", number)


def _lift_notice(hall: Hall, entry: Entry) -> None:
    if (notice := hall.notices.get(entry.facts["notice"])) is not None:
        notice.ended_at = entry.at


def _book(hall: Hall, entry: Entry) -> None:
    number = entry.facts["appointment"]
    booking = AppointmentLife(number, entry.queue or "", entry.after or "", entry.at, entry.actor, entry.seq)
    hall.appointments.setdefault(number, booking)
    hall.give("appointment", number)


def _move_booking(hall: Hall, entry: Entry) -> None:
    if (booking := hall.appointments.get(entry.facts["appointment"])) is not None:
        booking.state, booking.state_since = entry.after or "", entry.at
        booking.ticket_id = entry.ticket


def place_of(entry: Entry) -> str:
    """Where a notice stands: its agency, or else its zone."""
    return entry.agency or next(iter(entry.zones), "")


STEPS: dict[str, Callable[[Hall, Entry], None]] = {
    "mall_founded": _found,
    "mall_set": _set_mall,
    "queue_set": _set_queue,
    "counter_set": _set_counter,
    "day_opened": _open_day,
    "counter_opened": _open_counter,
    "counter_paused": _pause_counter,
    "counter_taken_over": _take_counter_over,
    "counter_handed_over": _hand_counter_over,
    "counter_closed": _close_counter,
    "disturbance_raised": _raise_notice,
    "disturbance_lifted": _lift_notice,
    "emergency_raised": _raise_notice,
    "emergency_lifted": _lift_notice,
    "ticket_taken": _take,
    Verb.PLANNED: _plan,
    Verb.JOINED: _enter,
    Verb.SERVED: _enter,
    "needs_marked": _mark_needs,
    "right_granted": _grant,
    "right_revoked": _revoke,
    "note_erased": _erase_note,
    "slip_wanted": _ask_slip,
    "slip_printed": _report_slip,
    "slip_failed": _report_slip,
    "slip_unknown": _report_slip,
    "appointment_booked": _book,
    "appointment_checked_in": _move_booking,
    "appointment_cancelled": _move_booking,
    "appointment_missed": _move_booking,
}
