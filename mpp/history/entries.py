"""The entries of a log as they are stored, and what their sealed bytes say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from mpp.domain.entry import Entry as Entry
from mpp.domain.log import canonical, seal, stamp


class Unreadable(Exception):
    """The sealed bytes are no entry of a log."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken invariant: its code, the entry that broke it, and what happened, in Indonesian."""

    code: str
    seq: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One stored entry: the columns as they stand, the sealed bytes, and the hash."""

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
    sealed: bytes
    hash: bytes


SHARED = tuple(each.name for each in fields(Row) if each.name not in ("sealed", "hash"))
COLUMNS = attrgetter(*SHARED)
WRITTEN_AS = {"before": "from", "after": "to"}
KEYS = {*(WRITTEN_AS.get(name, name) for name in SHARED), "zones", "facts"}
TEXTS = ("agency", "label", "queue", "from", "to", "reason")
NUMBERS = ("ticket", "turn", "counter")


def unseal(sealed: bytes) -> Entry:
    """The entry in these bytes. Raises `Unreadable` unless they are exactly one entry in canonical form."""
    try:
        said = json.loads(sealed)
        if not isinstance(said, dict) or set(said) != KEYS or canonical(said) != sealed:
            raise Unreadable
        _require_types(said)
        at, day = datetime.fromisoformat(said["at"]), date.fromisoformat(said["day"])
        if stamp(at) != said["at"] or day.isoformat() != said["day"]:
            raise Unreadable
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable from error
    said |= {"at": at, "day": day, "before": said.pop("from"), "after": said.pop("to")}
    return Entry(**said)


def differences(row: Row, entry: Entry) -> list[str]:
    """The columns that say something else than the sealed bytes."""
    if COLUMNS(row) == COLUMNS(entry):
        return []
    return [name for name in SHARED if getattr(row, name) != getattr(entry, name)]


def moment(said: str | None) -> datetime | None:
    """A moment as a fact says it."""
    return datetime.fromisoformat(said) if said else None


class Chain:
    """The chain of hashes so far: where it stands, and what breaks it."""

    def __init__(self, head: bytes) -> None:
        self.seq, self.head = 0, head

    def add(self, row: Row) -> Iterator[tuple[str, str]]:
        """Go on by one row; yields the code and the sentence of each break, then follows the row."""
        if row.seq != self.seq + 1:
            yield "seq_gap", f"Urutan terputus: sesudah entri {self.seq} datang entri {row.seq}."
        if seal(self.head, row.sealed) != row.hash:
            yield "broken_chain", f"Segel entri {row.seq} tidak cocok dengan isinya dan entri sebelumnya."
        self.seq, self.head = row.seq, row.hash


def _require_types(said: Mapping[str, Any]) -> None:
    sound = (
        type(said["seq"]) is int
        and all(isinstance(said[key], str) for key in ("at", "day", "event", "actor"))
        and all(said[key] is None or isinstance(said[key], str) for key in TEXTS)
        and all(said[key] is None or type(said[key]) is int for key in NUMBERS)
        and isinstance(said["facts"], dict)
        and isinstance(said["zones"], dict)
        and all(type(previous) is int for previous in said["zones"].values())
    )
    if not sound:
        raise Unreadable
