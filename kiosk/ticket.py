"""Tickets: what a visitor asks for, and what the server answers; every value is frozen."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, Field

from kiosk.catalogue import Value, Wait

DONE = "done"
# Turns in these states are no longer on the visitor's journey.
LEFT_STATES = ("transferred", "cancelled", "expired")


@dataclass(frozen=True)
class TicketIntent:
    """What a visitor wants once: one number for these services, in the order of the journey.

    `key` is the Idempotency-Key: however often the intent is sent, it is one number.
    """

    key: str
    services: tuple[str, ...]
    priority: str | None
    language: str


class Turn(Value):
    """A ticket's place in one queue; `service_codes` are all services of this turn."""

    service: str
    queue: str
    agency: str
    zone: str
    state: str = "waiting"
    ahead: int | None = None
    wait: Wait | None = None
    matters: tuple[str, ...] | None = None
    service_name: str | None = None

    @property
    def service_codes(self) -> tuple[str, ...]:
        return self.matters or (self.service,)


class TicketSlip(Value):
    """The slip at the server; `head` is its newest log entry in hex, `qr` whether a code is printed."""

    id: int
    head: str
    qr: bool = True


class Ticket(Value):
    """A number that was given."""

    id: int
    label: str = Field(min_length=1, max_length=16)
    token: str = Field(min_length=1)
    url: str
    language: str
    issued_at: AwareDatetime
    turns: tuple[Turn, ...] = Field(min_length=1)
    slip: TicketSlip

    @property
    def journey(self) -> tuple[Turn, ...]:
        """The turns that the visitor goes through, done ones included."""
        return tuple(turn for turn in self.turns if turn.state not in LEFT_STATES) or self.turns

    @property
    def current_turn(self) -> Turn:
        """Where the visitor goes now: the first turn that is not done."""
        return next((turn for turn in self.journey if turn.state != DONE), self.journey[-1])


class Problem(Value):
    """Why the server gives no number: a code, the Indonesian sentence, and when it would give one."""

    code: str
    detail: str | None = None
    reason: str | None = None
    next_opening: datetime | None = None


class WantedSlip(Value):
    """A slip that a greeter wants from this kiosk's printer."""

    id: int
    copy_: bool = Field(alias="copy")
    ticket: Ticket


class WantedSlips(Value):
    """The answer of `GET /api/v1/slips?state=wanted`."""

    slips: tuple[WantedSlip, ...]
