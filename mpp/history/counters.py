"""What must hold of counters as they open, pause, change hands and close.

Each rule looks at the hall as it stood before the entry, and yields code and sentence of what is broken.
"""

from mpp.history.entries import Entry
from mpp.history.replayed import CounterLife, person_id
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken

CLOSED_FOR_OTHERS = ("day_ended", "person_disabled")
LEADS_TO = {"counter_opened": "open", "counter_paused": "paused", "counter_closed": "closed"}


def changed(hall: Hall, entry: Entry) -> Broken:
    """A counter that is there goes from the state in which it is to where the event leads."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        yield "unknown_counter", f"Loket {entry.counter} tidak ada."
    elif (entry.before, entry.after) != (place.state, LEADS_TO.get(entry.event, place.state)):
        yield "counter_move", f"Loket {entry.counter}: {entry.event} dari {entry.before} ke {entry.after}."


def opened(hall: Hall, entry: Entry) -> Broken:
    """A closed counter is opened, a pause is ended by its holder, a counter that nobody holds is taken."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        return
    if person_id(entry.actor) is None:
        yield "not_holder", f"Loket {entry.counter} dibuka oleh yang bukan petugas."
    elif place.holder not in (None, entry.actor):
        yield "not_holder", f"Loket {entry.counter} dibuka, padahal petugas lain memegangnya."
    elif place.state == "open" and place.holder == entry.actor:
        yield "opened_twice", f"Loket {entry.counter} dibuka, padahal sudah terbuka."


def paused(hall: Hall, entry: Entry) -> Broken:
    """A counter pauses by its holder, and never with a visitor at it."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        return
    yield from _by_holder(place, entry, "dijeda")
    if place.turn is not None:
        yield "paused_while_busy", f"Loket {entry.counter} dijeda selagi ada pengunjung."


def taken_over(hall: Hall, entry: Entry) -> Broken:
    """Somebody takes an open counter from the person who holds it."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        return
    if not place.open:
        yield "counter_closed", f"Loket {entry.counter} diambil alih, padahal tertutup."
    elif person_id(entry.actor) is None or entry.actor == place.holder:
        yield "not_holder", f"Loket {entry.counter} diambil alih oleh yang tidak dapat memegangnya."
    elif entry.facts["from_holder"] != place.holder:
        yield "not_holder", f"Loket {entry.counter} diambil alih dari yang tidak memegangnya."


def handed_over(hall: Hall, entry: Entry) -> Broken:
    """Only who holds a counter can leave it to the next; it is left for them when they are disabled."""
    place = hall.counters.get(entry.counter or 0)
    if place is not None and (entry.reason != "person_disabled" or not place.open):
        yield from _by_holder(place, entry, "diserahkan")


def closed(hall: Hall, entry: Entry) -> Broken:
    """A counter is closed by its holder or with a reason, and never with a visitor at it."""
    if (place := hall.counters.get(entry.counter or 0)) is None:
        return
    if not place.open:
        yield "closed_twice", f"Loket {entry.counter} ditutup, padahal sudah tertutup."
    elif entry.actor != place.holder and entry.reason not in CLOSED_FOR_OTHERS:
        yield "not_holder", f"Loket {entry.counter} ditutup oleh yang tidak memegangnya."
    if place.turn is not None:
        yield "closed_while_busy", f"Loket {entry.counter} ditutup selagi ada pengunjung."


def _by_holder(place: CounterLife, entry: Entry, deed: str) -> Broken:
    if not place.open:
        yield "counter_closed", f"Loket {entry.counter} {deed}, padahal tertutup."
    elif entry.actor != place.holder:
        yield "not_holder", f"Loket {entry.counter} {deed} oleh yang tidak memegangnya."
