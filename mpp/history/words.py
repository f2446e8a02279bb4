"""The words that a log may use: its events, the facts of each, and the form of a code."""

import re
from collections.abc import Iterator
from typing import Any

from mpp.domain.life import Verb

NOTHING: frozenset[str] = frozenset()

# What each event may say besides its own columns. Nothing here can name or describe a person.
FACTS: dict[str, frozenset[str]] = {
    "mall_founded": frozenset({"always", "timezone"}),
    "queue_set": frozenset({"policy", "quota", "minutes"}),
    "counter_set": frozenset({"queues", "picks", "prefers_priority"}),
    "day_opened": NOTHING,
    "day_confirmed": NOTHING,
    "person_added": frozenset({"person"}),
    "person_disabled": frozenset({"person"}),
    "password_changed": frozenset({"person"}),
    "token_made": frozenset({"person"}),
    "device_added": frozenset({"device"}),
    "device_removed": frozenset({"device"}),
    "device_rotated": frozenset({"device"}),
    "counter_opened": NOTHING,
    "counter_closed": NOTHING,
    "ticket_taken": frozenset({"series", "number", "channel"}),
    Verb.JOINED: frozenset({"service", "priority", "order_key"}),
    Verb.CALLED: frozenset({"nth"}),
    Verb.RECALLED: frozenset({"nth", "call"}),
    Verb.STARTED: frozenset({"call"}),
    Verb.FINISHED: frozenset({"call", "outcome", "services"}),
    Verb.MISSED: frozenset({"call"}),
    Verb.PUT_BACK: frozenset({"call"}),
    Verb.CANCELLED: frozenset({"call"}),
    Verb.EXPIRED: NOTHING,
    "slip_printed": frozenset({"slip"}),
    "slip_failed": frozenset({"slip"}),
    "slip_unknown": frozenset({"slip"}),
}

TURN_EVENTS = frozenset(str(verb) for verb in Verb)
SLIP_EVENTS = frozenset({"slip_printed", "slip_failed", "slip_unknown"})
SHOWN = TURN_EVENTS | {"ticket_taken", "counter_opened", "counter_closed", "day_opened"}

# What each fact is; bool is an int in Python, and yet no number here.
TYPES: dict[str, tuple[type, ...]] = {
    "always": (bool,),
    "timezone": (str,),
    "policy": (dict,),
    "quota": (int, type(None)),
    "minutes": (int,),
    "queues": (list,),
    "picks": (str,),
    "prefers_priority": (bool,),
    "person": (int,),
    "device": (int,),
    "series": (str,),
    "number": (int,),
    "channel": (str,),
    "service": (str,),
    "priority": (bool,),
    "order_key": (int,),
    "nth": (int,),
    "call": (int,),
    "outcome": (str,),
    "services": (list,),
    "slip": (int,),
}

# What must be there so that the history can be followed: facts and columns.
NEEDED: dict[str, tuple[str, ...]] = {
    "mall_founded": ("timezone",),
    "queue_set": ("queue", "policy", "quota"),
    "counter_set": ("counter", "queues", "picks", "prefers_priority"),
    "counter_opened": ("counter",),
    "counter_closed": ("counter",),
    "day_opened": ("after",),
    "ticket_taken": ("ticket", "label", "queue", "series", "number", "channel"),
    **dict.fromkeys(TURN_EVENTS, ("ticket", "turn", "label", "queue", "before", "after")),
    Verb.JOINED: ("ticket", "turn", "label", "queue", "before", "after", "service", "priority", "order_key"),
    Verb.CALLED: ("ticket", "turn", "label", "queue", "counter", "before", "after", "nth"),
    Verb.RECALLED: ("ticket", "turn", "label", "queue", "counter", "before", "after", "nth"),
    **dict.fromkeys(SLIP_EVENTS, ("ticket", "label", "before", "after", "slip")),
}

ACTOR = re.compile(r"console|(?:person|device|ticket):[1-9][0-9]*")
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
