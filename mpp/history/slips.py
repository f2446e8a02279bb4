"""The papers as the log tells them, a byte for each: what is known of it, and whether it is a copy."""

from dataclasses import dataclass, field

STATES = ("wanted", "printed", "failed", "unknown")
STATE, ASKED, COPY = 3, 4, 8


@dataclass(frozen=True, slots=True)
class SlipLife:
    """What is known of one paper."""

    state: str
    asked: bool
    copy: bool


@dataclass(slots=True)
class Slips:
    """All papers of a mall, numbered from 1; `devices` are the kiosks that were asked for one."""

    known: bytearray = field(default_factory=bytearray)
    devices: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.known)

    def want(self) -> None:
        """One more paper, the first of its number."""
        self.known.append(0)

    def ask(self, number: int, device: int, copy: bool) -> None:
        """A paper is wanted from a kiosk: a new one, or one that nobody prints yet."""
        if number == len(self) + 1:
            self.want()
        if 0 < number <= len(self):
            state = self.known[number - 1] & STATE
            self.known[number - 1] = state | ASKED | (COPY if copy else 0)
            self.devices[number] = device

    def report(self, number: int, state: str) -> None:
        if 0 < number <= len(self) and state in STATES:
            kept = self.known[number - 1] & ~STATE
            self.known[number - 1] = kept | STATES.index(state)

    def get(self, number: int) -> SlipLife | None:
        """What is known of a paper; None when no such paper was wanted."""
        if not 0 < number <= len(self):
            return None
        byte = self.known[number - 1]
        return SlipLife(STATES[byte & STATE], bool(byte & ASKED), bool(byte & COPY))
