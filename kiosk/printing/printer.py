"""What every printer can do, and what it says of a slip."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.states import PrintState

# Reasons and conditions besides those that the printer itself reports.
AWAY, BROKEN, STALLED = "away", "broken", "stalled"


@dataclass(frozen=True)
class Outcome:
    """What became of a slip: `failed` means surely no paper, `unknown` that nobody can tell; and why."""

    result: PrintState
    reason: str = ""


class Printer(Protocol):
    """What the print worker needs of a printer."""

    def send(self, data: bytes) -> Outcome:
        """Prints one slip and waits until it is known what became of it."""

    def condition(self) -> str:
        """One word for its state now; never called while a slip is on its way."""
