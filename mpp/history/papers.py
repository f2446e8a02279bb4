"""What must hold of papers, notes, notices and bookings.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

import re

from mpp.domain.appointment import Booked
from mpp.history.entries import Entry
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken
from mpp.history.steps import place_of

SEAL = re.compile(r"[a-p]{32}")


def slip_wanted(hall: Hall, entry: Entry) -> Broken:
    """Somebody asks a kiosk for one more paper, or for one that is wanted already."""
    number = hall.local_id(entry.facts["slip"])
    slip = hall.slips.get(number)
    if (entry.before, entry.after) != (None, "wanted") or (slip is not None and slip.state != "wanted"):
        yield "slip_move", f"Struk {entry.label} diminta, padahal sudah {slip and slip.state}."
    if slip is None and number != len(hall.slips) + 1:
        yield "id_gap", f"Id struk {entry.facts['slip']} tidak melanjutkan id sebelumnya."
    yield from _right_ticket(hall, entry)


def slip_reported(hall: Hall, entry: Entry) -> Broken:
    """What is known of a paper follows from what was known; printed stays printed."""
    slip = hall.slips.get(hall.local_id(entry.facts["slip"]))
    if slip is None:
        yield "unknown_slip", f"Struk {entry.facts['slip']} tidak pernah diminta."
        return
    right = entry.event == f"slip_{entry.after}" and entry.before == slip.state
    if not right or slip.state in ("printed", entry.after):
        yield (
            "slip_move",
            f"Struk {entry.label}: dari {slip.state}, tercatat {entry.before} ke {entry.after}.",
        )
    if (entry.ticket or 0) in hall.tickets:
        yield from _right_ticket(hall, entry)


def needs_marked(hall: Hall, entry: Entry) -> Broken:
    """What a visitor needs is marked for a number that is there; what it is, no log says."""
    yield from _right_ticket(hall, entry)


def noted(hall: Hall, entry: Entry) -> Broken:
    """A note beside a deed has the next number, and a seal of letters alone."""
    number, seal = entry.facts.get("note"), entry.facts.get("note_seal")
    if number is None and seal is None:
        return
    if number is None or seal is None or not SEAL.fullmatch(seal):
        yield "note_seal", f"Catatan pada {entry.event} {entry.label} tidak bersegel."
    elif not hall.is_next("note", number):
        yield "id_gap", f"Id catatan {number} tidak melanjutkan id sebelumnya."


def note_erased(hall: Hall, entry: Entry) -> Broken:
    """A note is erased once."""
    note = hall.notes.get(entry.facts["note"])
    if note is None or note.ticket_id != entry.ticket:
        yield "unknown_note", f"Catatan {entry.facts['note']} dihapus, padahal tidak pernah ditulis."
    elif note.erased:
        yield "erased_twice", f"Catatan {entry.facts['note']} dihapus dua kali."


def notice_raised(hall: Hall, entry: Entry) -> Broken:
    """One disturbance of an agency at a time, one emergency in a zone."""
    kind, place = entry.event.partition("_")[0], place_of(entry)
    if not hall.is_next("notice", entry.facts["notice"]):
        yield "id_gap", f"Id pemberitahuan {entry.facts['notice']} tidak melanjutkan id sebelumnya."
    if hall.raised(kind, place) is not None:
        yield "raised_twice", f"{entry.event} di {place}, padahal sudah menyala."
    if kind == "emergency" and (entry.agency is not None or len(entry.zones) != 1):
        yield "no_place", "Keadaan darurat dinyalakan tanpa satu zona."


def notice_lifted(hall: Hall, entry: Entry) -> Broken:
    """What is lifted was raised, in the same place."""
    notice = hall.notices.get(entry.facts["notice"])
    said = (entry.event.partition("_")[0], place_of(entry))
    if notice is None or (notice.kind, notice.place) != said or notice.ended_at is not None:
        yield "not_raised", f"{entry.event} di {said[1]}, padahal tidak menyala."


def booked(hall: Hall, entry: Entry) -> Broken:
    """A booking begins once, for a line that is there."""
    if not hall.is_next("appointment", entry.facts["appointment"]):
        yield "id_gap", f"Id janji temu {entry.facts['appointment']} tidak melanjutkan id sebelumnya."
    if entry.queue not in hall.queues:
        yield "unknown_queue", f"Janji temu untuk antrean {entry.queue} yang tidak ada."
    if entry.after != Booked.BOOKED:
        yield "booking_move", f"Janji temu {entry.facts['appointment']} dimulai sebagai {entry.after}."


def booking_moved(hall: Hall, entry: Entry) -> Broken:
    """A booking ends once: checked in with a number of its day, cancelled, or missed."""
    number = entry.facts["appointment"]
    booking = hall.appointments.get(number)
    if booking is None or booking.queue != entry.queue:
        yield "unknown_booking", f"{entry.event} untuk janji temu {number} yang tidak ada."
        return
    right = (booking.state, entry.event.removeprefix("appointment_"))
    if booking.state != Booked.BOOKED or (entry.before, entry.after) != right:
        yield "booking_move", f"Janji temu {number}: dari {booking.state}, tercatat ke {entry.after}."
    if entry.event == "appointment_checked_in":
        ticket = hall.tickets.get(entry.ticket or 0)
        if ticket is None or (ticket.queue, ticket.channel) != (entry.queue, "appointment"):
            yield "wrong_ticket", f"Janji temu {number} menjadi nomor yang bukan untuknya."


def _right_ticket(hall: Hall, entry: Entry) -> Broken:
    ticket = hall.tickets.get(entry.ticket or 0)
    if ticket is None:
        yield "unknown_ticket", f"{entry.event} untuk nomor {entry.label} yang tidak dikenal."
    elif ticket.label != entry.label:
        yield "wrong_ticket", f"{entry.event} menyebut {entry.label}, bukan {ticket.label}."
