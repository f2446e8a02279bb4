"""The life of a turn: its states, its verbs, and the table of all moves."""

from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    DONE = "done"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verb(StrEnum):
    PLANNED = "turn_planned"
    JOINED = "turn_joined"
    CALLED = "turn_called"
    RECALLED = "turn_recalled"
    STARTED = "turn_started"
    SERVED = "turn_served"
    FINISHED = "turn_finished"
    MISSED = "turn_missed"
    RETURNED = "turn_returned"
    PARKED = "turn_parked"
    RESUMED = "turn_resumed"
    PUT_BACK = "turn_put_back"
    TRANSFERRED = "turn_transferred"
    CORRECTED = "turn_corrected"
    PRIORITY_SET = "turn_priority_set"
    STEPPED_OUT = "turn_stepped_out"
    CAME_BACK = "turn_came_back"
    RECORDED = "turn_recorded"
    UNDONE = "turn_undone"
    CANCELLED = "turn_cancelled"
    EXPIRED = "turn_expired"


ACTIVE = (State.CALLED, State.SERVING)
OVER = (State.DONE, State.TRANSFERRED, State.CANCELLED, State.EXPIRED)
# Where a visitor is in the hands of an agency: in its line, at its counter, or put aside there.
IN_HAND = (State.WAITING, *ACTIVE, State.PARKED)
LEFT_OVER = tuple(state for state in State if state not in OVER)

# The life of a turn: for each verb, from which state it leads to which.
MOVES: dict[Verb, frozenset[tuple[State, State]]] = {
    Verb.PLANNED: frozenset({(State.PLANNED, State.PLANNED)}),
    Verb.JOINED: frozenset({(State.PLANNED, State.WAITING)}),
    Verb.CALLED: frozenset({(State.WAITING, State.CALLED)}),
    Verb.RECALLED: frozenset({(State.CALLED, State.CALLED)}),
    Verb.STARTED: frozenset({(State.CALLED, State.SERVING)}),
    Verb.SERVED: frozenset({(State.PLANNED, State.SERVING)}),
    Verb.FINISHED: frozenset({(State.SERVING, State.DONE)}),
    Verb.MISSED: frozenset({(State.CALLED, State.MISSED)}),
    Verb.RETURNED: frozenset({(State.MISSED, State.WAITING)}),
    Verb.PARKED: frozenset({(State.CALLED, State.PARKED), (State.SERVING, State.PARKED)}),
    Verb.RESUMED: frozenset({(State.PARKED, State.CALLED), (State.PARKED, State.SERVING)}),
    Verb.PUT_BACK: frozenset({(State.CALLED, State.WAITING)}),
    Verb.TRANSFERRED: frozenset(
        (state, State.TRANSFERRED) for state in (State.WAITING, State.CALLED, State.SERVING)
    ),
    Verb.CORRECTED: frozenset((state, state) for state in LEFT_OVER),
    Verb.PRIORITY_SET: frozenset((state, state) for state in LEFT_OVER),
    Verb.STEPPED_OUT: frozenset({(State.WAITING, State.WAITING)}),
    Verb.CAME_BACK: frozenset({(State.WAITING, State.WAITING)}),
    Verb.RECORDED: frozenset({(State.WAITING, State.DONE), (State.WAITING, State.MISSED)}),
    Verb.UNDONE: frozenset(
        {(State.DONE, State.SERVING), (State.MISSED, State.CALLED), (State.WAITING, State.PLANNED)}
    ),
    Verb.CANCELLED: frozenset(
        (state, State.CANCELLED) for state in (State.PLANNED, State.WAITING, State.CALLED)
    ),
    Verb.EXPIRED: frozenset((state, State.EXPIRED) for state in LEFT_OVER),
}

# From where a turn may be cancelled.
MAY_CANCEL = frozenset(state for state, _ in MOVES[Verb.CANCELLED])

# Which part of the total time each state counts for.
SPENT_IN = {
    State.WAITING: "wait_us",
    State.CALLED: "walk_us",
    State.SERVING: "service_us",
    State.MISSED: "away_us",
    State.PARKED: "away_us",
}

STATE_WORDS = {
    State.PLANNED: "menunggu giliran sebelumnya",
    State.WAITING: "menunggu",
    State.CALLED: "dipanggil",
    State.SERVING: "dilayani",
    State.PARKED: "ditunda",
    State.MISSED: "tidak hadir",
    State.DONE: "selesai",
    State.TRANSFERRED: "dialihkan",
    State.CANCELLED: "batal",
    State.EXPIRED: "hangus",
}


def leads_to(verb: Verb, state: str) -> list[State]:
    """Where a verb may lead a turn in this state; nowhere when it is not its moment."""
    return [end for start, end in sorted(MOVES[verb]) if start == state]
