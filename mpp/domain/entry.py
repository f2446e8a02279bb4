"""One entry of the log as its sealed bytes say it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Required, TypedDict

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Document = dict[str, Json]


class Policy(TypedDict, total=False):
    """The order of a line, as a queue's settings say it."""

    kind: Required[str]
    minutes: int
    regular: int
    priority: int


class Rules(TypedDict):
    notes_kept_days: int


class Said(TypedDict, total=False):
    """Of what the file says of a noun: the parts that a replay looks at."""

    timezone: str
    rules: Rules


class Facts(TypedDict, total=False):
    """What entries say beside their columns; mpp/domain/events.py declares which event says what."""

    always: bool
    timezone: str
    was: Said
    now: Said
    code: str
    policy: Policy
    quota: int | None
    minutes: int
    queues: list[str]
    picks: str
    prefers_priority: bool
    person: int
    right: str
    device: int
    from_holder: str
    until: str
    notice: int
    series: str
    number: int
    channel: str
    service: str
    priority: bool
    position: int
    matters: list[str]
    order_key: int
    place: str
    came: int
    head_start: int
    between: int
    kept_counter: int
    kept_person: str
    from_turn: int
    out_until: int
    outs: int
    to_queue: str
    nth: int
    call: int
    outcome: str
    services: list[str]
    planned: list[int]
    note: int
    note_seal: str
    slip: int
    copy: bool
    appointment: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: `before` and `after` are its "from" and "to", `zones` the entry before this in each zone."""

    seq: int
    at: datetime
    day: date
    event: str
    actor: str
    agency: str | None
    ticket: int | None
    turn: int | None
    label: str | None
    queue: str | None
    counter: int | None
    before: str | None
    after: str | None
    reason: str | None
    zones: Mapping[str, int]
    facts: Facts

    @classmethod
    def read(cls, sealed: bytes) -> "Entry":
        """The entry in these bytes. Raises `LookupError`, `TypeError` or `ValueError` when there is none."""
        said = json.loads(sealed)
        said |= {"at": datetime.fromisoformat(said["at"]), "day": date.fromisoformat(said["day"])}
        said |= {"before": said.pop("from"), "after": said.pop("to")}
        return cls(**said)
