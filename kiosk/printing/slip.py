"""The slip: everything that a visitor takes home on paper, before it is laid out."""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter


@dataclass(frozen=True)
class SlipStop:
    """One stop of a journey, as the slip lists it."""

    agency: str
    zone: str
    floor: int | None
    services: tuple[str, ...]
    done: bool = False


@dataclass(frozen=True)
class Slip:
    """Everything on one slip, not yet folded to ASCII, wrapped or translated.

    Agency, service and zone are those of the stop where the visitor goes now; `matters` are the other
    services of that stop, `route` all stops when there are several. `wait` is a range of minutes, `head` the
    newest entry of the server's log in hex digits.
    """

    language: str
    mall: str
    agency: str
    service: str
    label: str
    zone: str
    floor: int | None
    ahead: int | None
    wait: tuple[int, int] | None
    taken_at: datetime
    timezone: str
    url: str | None
    bring: tuple[str, ...]
    head: str
    copy: bool = False
    matters: tuple[str, ...] = ()
    route: tuple[SlipStop, ...] = ()

    def as_copy(self) -> "Slip":
        """The same slip, marked as a second paper."""
        return replace(self, copy=True)

    def to_json(self) -> str:
        """For the journal."""
        return _JSON.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Slip":
        """From the journal, also one that was written before there were journeys."""
        return _JSON.validate_json(text)


_JSON = TypeAdapter(Slip)
