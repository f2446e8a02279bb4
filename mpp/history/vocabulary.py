"""The words that a log may use: its events, the facts of each, and the form of a code."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mpp.domain.life import Verb
from mpp.domain.order import Place
from mpp.history.entries import Entry

NOTHING: frozenset[str] = frozenset()

NOTED = frozenset({"note", "note_seal"})
KEPT = frozenset({"kept_counter", "kept_person", "out_until", "outs"})
ENTERED = KEPT | {"place", "came", "head_start", "between", "from_turn"}
ARRANGED = frozenset({"was", "now"})  # the mall's own published words, of no person
STOP = frozenset({"service", "priority", "position", "matters"})

# What each event may say besides its own columns. Nothing here can name or describe a person.
FACTS: dict[str, frozenset[str]] = {
    "mall_founded": frozenset({"always", "timezone"}),
    "queue_set": ARRANGED | {"policy", "quota", "minutes"},
    "counter_set": ARRANGED | {"queues", "picks", "prefers_priority"},
    "mall_set": ARRANGED,
    "agency_set": ARRANGED,
    "zone_set": ARRANGED | {"code"},
    "service_set": ARRANGED | {"code"},
    "priority_set": ARRANGED | {"code"},
    "day_opened": NOTHING,
    "day_confirmed": NOTHING,
    "person_added": frozenset({"person"}),
    "person_disabled": frozenset({"person"}),
    "person_enabled": frozenset({"person"}),
    "sessions_ended": frozenset({"person"}),
    "password_changed": frozenset({"person"}),
    "token_made": frozenset({"person"}),
    "right_granted": frozenset({"person", "right"}),
    "right_revoked": frozenset({"person", "right"}),
    "device_added": frozenset({"device"}),
    "device_removed": frozenset({"device"}),
    "device_rotated": frozenset({"device"}),
    "counter_opened": NOTHING,
    "counter_paused": frozenset({"until"}),
    "counter_taken_over": frozenset({"from_holder"}),
    "counter_handed_over": NOTHING,
    "counter_closed": NOTHING,
    "disturbance_raised": frozenset({"notice", "until"}),
    "disturbance_lifted": frozenset({"notice"}),
    "emergency_raised": frozenset({"notice"}),
    "emergency_lifted": frozenset({"notice"}),
    "ticket_taken": frozenset({"series", "number", "channel"}),
    "needs_marked": NOTHING,
    "note_erased": frozenset({"note"}),
    Verb.PLANNED: STOP,
    Verb.JOINED: STOP | ENTERED | {"order_key"},
    Verb.SERVED: frozenset({"service", "priority"}),
    Verb.CALLED: NOTED | {"nth"},
    Verb.RECALLED: frozenset({"nth", "call"}),
    Verb.STARTED: frozenset({"call"}),
    Verb.FINISHED: NOTED | {"call", "outcome", "services", "planned"},
    Verb.MISSED: frozenset({"call"}),
    Verb.RETURNED: frozenset({"order_key", "place", "came", "call"}),
    Verb.PARKED: NOTED | {"call"},
    Verb.RESUMED: frozenset({"nth", "call"}),
    Verb.PUT_BACK: frozenset({"call"}),
    Verb.TRANSFERRED: NOTED | {"call", "to_queue"},
    Verb.CORRECTED: frozenset({"service", "matters", "call"}),
    Verb.PRIORITY_SET: frozenset({"priority", "order_key", "call"}),
    Verb.STEPPED_OUT: frozenset({"until", "call"}),
    Verb.CAME_BACK: frozenset({"call"}),
    Verb.RECORDED: frozenset({"call"}),
    Verb.UNDONE: frozenset({"call"}),
    Verb.CANCELLED: frozenset({"call"}),
    Verb.EXPIRED: NOTHING,
    "slip_wanted": frozenset({"slip", "device", "copy"}),
    "slip_printed": frozenset({"slip"}),
    "slip_failed": frozenset({"slip"}),
    "slip_unknown": frozenset({"slip"}),
    "appointment_booked": frozenset({"appointment"}),
    "appointment_checked_in": frozenset({"appointment"}),
    "appointment_cancelled": frozenset({"appointment"}),
    "appointment_missed": frozenset({"appointment"}),
}

TURN_EVENTS = frozenset(str(verb) for verb in Verb)
WITHOUT_SLIP = frozenset({"desk"})
SLIP_EVENTS = frozenset({"slip_printed", "slip_failed", "slip_unknown"})
COUNTER_EVENTS = frozenset(name for name in FACTS if name.startswith("counter_")) - {"counter_set"}
NOTICE_EVENTS = frozenset(name for name in FACTS if name.startswith(("disturbance_", "emergency_")))
APPOINTMENT_EVENTS = frozenset(name for name in FACTS if name.startswith("appointment_"))
SHOWN = TURN_EVENTS | COUNTER_EVENTS | NOTICE_EVENTS | {"ticket_taken", "day_opened"}

# What each fact is; bool is an int in Python, and yet no number here.
TYPES: dict[str, tuple[type, ...]] = {
    "always": (bool,),
    "timezone": (str,),
    "policy": (dict,),
    "was": (dict,),
    "now": (dict,),
    "code": (str,),
    "quota": (int, type(None)),
    "minutes": (int,),
    "queues": (list,),
    "picks": (str,),
    "prefers_priority": (bool,),
    "person": (int,),
    "right": (str,),
    "device": (int,),
    "from_holder": (str,),
    "until": (str,),
    "notice": (int,),
    "series": (str,),
    "number": (int,),
    "channel": (str,),
    "service": (str,),
    "priority": (bool,),
    "position": (int,),
    "matters": (list,),
    "order_key": (int,),
    "place": (str,),
    "came": (int,),
    "head_start": (int,),
    "between": (int,),
    "kept_counter": (int,),
    "kept_person": (str,),
    "from_turn": (int,),
    "out_until": (int,),
    "outs": (int,),
    "to_queue": (str,),
    "nth": (int,),
    "call": (int,),
    "outcome": (str,),
    "services": (list,),
    "planned": (list,),
    "note": (int,),
    "note_seal": (str,),
    "slip": (int,),
    "copy": (bool,),
    "appointment": (int,),
}

# What must be there so that the history can be followed: facts and columns.
TURN_COLUMNS = ("ticket", "turn", "label", "queue", "before", "after")
NEEDED: dict[str, tuple[str, ...]] = {
    "mall_founded": ("timezone",),
    "queue_set": ("queue", "policy", "quota"),
    "counter_set": ("counter", "queues", "picks", "prefers_priority"),
    **dict.fromkeys(("mall_set", "agency_set"), ("was", "now")),
    **dict.fromkeys(("zone_set", "service_set", "priority_set"), ("code", "was", "now")),
    **dict.fromkeys(COUNTER_EVENTS, ("counter", "after")),
    "counter_taken_over": ("counter", "after", "from_holder"),
    "day_opened": ("after",),
    "ticket_taken": ("ticket", "label", "queue", "series", "number", "channel"),
    "note_erased": ("ticket", "note"),
    "right_granted": ("person", "right"),
    "right_revoked": ("person", "right"),
    "needs_marked": ("ticket", "label"),
    **dict.fromkeys(NOTICE_EVENTS, ("notice",)),
    **dict.fromkeys(TURN_EVENTS, TURN_COLUMNS),
    Verb.PLANNED: (*TURN_COLUMNS, "service", "priority"),
    Verb.JOINED: (*TURN_COLUMNS, "service", "priority", "order_key"),
    Verb.SERVED: (*TURN_COLUMNS, "counter", "service", "priority"),
    Verb.CALLED: (*TURN_COLUMNS, "counter", "nth"),
    Verb.RECALLED: (*TURN_COLUMNS, "counter", "nth"),
    Verb.RETURNED: (*TURN_COLUMNS, "order_key", "place", "came"),
    Verb.RESUMED: (*TURN_COLUMNS, "counter"),
    Verb.TRANSFERRED: (*TURN_COLUMNS, "to_queue"),
    Verb.CORRECTED: (*TURN_COLUMNS, "service"),
    Verb.PRIORITY_SET: (*TURN_COLUMNS, "priority", "order_key"),
    Verb.STEPPED_OUT: (*TURN_COLUMNS, "until"),
    Verb.RECORDED: (*TURN_COLUMNS, "counter"),
    "slip_wanted": ("ticket", "label", "after", "slip", "device", "copy"),
    **dict.fromkeys(SLIP_EVENTS, ("ticket", "label", "before", "after", "slip")),
    **dict.fromkeys(APPOINTMENT_EVENTS, ("queue", "after", "appointment")),
    "appointment_checked_in": ("queue", "after", "appointment", "ticket"),
}

ACTOR = re.compile(r"console|scheduler|(?:person|device|ticket):[1-9][0-9]*")
POLICIES = {"head_start": ("minutes",), "ratio": ("regular", "priority"), "strict": ()}
PLACES = frozenset(str(place) for place in Place)
SMALL, LARGEST = 100_000, 2**62
COUNTS = ("nth", "number", "position", "minutes", "head_start", "outs")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:-]{0,59}")
LONG_NUMBER = re.compile(r"[0-9]{10}")  # as long as the number of a phone or an identity card


def is_code(text: str) -> bool:
    """Whether a text is a code: short, without spaces, and without a number as long as a person's."""
    return CODE.fullmatch(text) is not None and LONG_NUMBER.search(text) is None


def texts(value: Any) -> Iterator[str]:
    """Every text in a fact, names of parts included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def is_plausible(entry: Entry) -> bool:
    """Whether the values of an entry are such that anybody can reckon with them."""
    facts = entry.facts
    columns = (entry.ticket or 0, entry.turn or 0, entry.counter or 0)
    numbers = [*columns, *(value for value in facts.values() if type(value) is int)]
    return (
        all(abs(number) < LARGEST for number in numbers)
        and all(0 <= value < SMALL for name, value in facts.items() if name in COUNTS and type(value) is int)
        and facts.get("minutes", 1) > 0
        and abs(facts.get("came", 0)) < 10**16
        and abs(facts.get("out_until", 0)) < 10**16
        and facts.get("place", Place.ARRIVAL) in PLACES
        and _is_moment(facts.get("until"))
        and ("policy" not in facts or _is_policy(facts["policy"]))
    )


def _is_policy(policy: Mapping[str, object]) -> bool:
    parts = POLICIES.get(str(policy.get("kind")))
    return parts is not None and all(
        type(value := policy.get(part)) is int and 0 <= value < SMALL for part in parts
    )


def _is_moment(said: str | None) -> bool:
    try:
        return said is None or datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False
