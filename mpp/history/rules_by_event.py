"""Which rules each event has to keep."""

from collections.abc import Callable

from mpp.domain.life import Verb
from mpp.history import counters, entrances, moves, papers
from mpp.history.entries import Entry
from mpp.history.replayed_mall import Hall
from mpp.history.rules import Broken
from mpp.history.vocabulary import SLIP_EVENTS

Rule = Callable[[Hall, Entry], Broken]
ENTRANCES = (Verb.PLANNED, Verb.JOINED, Verb.SERVED)

RULES: dict[str, tuple[Rule, ...]] = {
    "ticket_taken": (entrances.taken,),
    "needs_marked": (papers.needs_marked,),
    "counter_opened": (counters.changed, counters.opened),
    "counter_paused": (counters.changed, counters.paused),
    "counter_taken_over": (counters.changed, counters.taken_over),
    "counter_handed_over": (counters.changed, counters.handed_over),
    "counter_closed": (counters.changed, counters.closed),
    **dict.fromkeys((str(verb) for verb in Verb if verb not in ENTRANCES), (moves.moved,)),
    Verb.PLANNED: (entrances.planned,),
    Verb.JOINED: (entrances.joined,),
    Verb.SERVED: (entrances.served,),
    Verb.CALLED: (moves.moved, papers.noted),
    Verb.FINISHED: (moves.moved, moves.finished, papers.noted),
    Verb.RETURNED: (moves.moved, entrances.returned),
    Verb.PARKED: (moves.moved, papers.noted),
    Verb.RESUMED: (moves.moved, moves.resumed),
    Verb.TRANSFERRED: (moves.moved, entrances.transferred, papers.noted),
    Verb.PRIORITY_SET: (moves.moved, entrances.priority_set),
    Verb.STEPPED_OUT: (moves.moved, moves.stepped_out),
    Verb.CAME_BACK: (moves.moved, moves.came_back),
    Verb.RECORDED: (moves.moved, moves.recorded),
    Verb.UNDONE: (moves.moved, moves.undone),
    Verb.CANCELLED: (moves.moved, moves.cancelled),
    "note_erased": (papers.note_erased,),
    "slip_wanted": (papers.slip_wanted,),
    **dict.fromkeys(SLIP_EVENTS, (papers.slip_reported,)),
    "disturbance_raised": (papers.notice_raised,),
    "disturbance_lifted": (papers.notice_lifted,),
    "emergency_raised": (papers.notice_raised,),
    "emergency_lifted": (papers.notice_lifted,),
    "appointment_booked": (papers.booked,),
    "appointment_checked_in": (papers.booking_moved,),
    "appointment_cancelled": (papers.booking_moved,),
    "appointment_missed": (papers.booking_moved,),
}
