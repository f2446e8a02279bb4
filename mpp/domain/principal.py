"""Who acts, from the request to the log: a person, a device, the bearer of a ticket, the console."""

from dataclasses import dataclass

from mpp.domain.people import Right


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody known: `kind` is person, kiosk, display, ticket, console or scheduler.

    `agency_id` None is all of the mall.

    `csrf` is the token of a person's session; whoever comes by a key has none.
    """

    kind: str
    id: int
    mall_id: int
    role: str = ""
    agency_id: int | None = None
    zones: tuple[str, ...] = ()
    name: str = ""
    csrf: str | None = None
    rights: frozenset[Right] = frozenset()
    locked: bool = False

    @classmethod
    def console(cls, mall_id: int) -> "Principal":
        """Somebody at the machine itself, by a command."""
        return cls("console", 0, mall_id)

    @classmethod
    def scheduler(cls, mall_id: int) -> "Principal":
        """The program itself, when the time for something has come."""
        return cls("scheduler", 0, mall_id)

    @classmethod
    def bearer(cls, ticket_id: int, mall_id: int) -> "Principal":
        """Whoever holds the token of a ticket."""
        return cls("ticket", ticket_id, mall_id)

    @property
    def actor(self) -> str:
        """How the log names them: never by name."""
        if self.kind in ("console", "scheduler"):
            return self.kind
        return f"{self.kind if self.kind in ('person', 'ticket') else 'device'}:{self.id}"

    @property
    def by_session(self) -> bool:
        return self.csrf is not None

    @property
    def kiosk_id(self) -> int | None:
        """The kiosk that asks, if it is one."""
        return self.id if self.kind == "kiosk" else None

    def passes(self, allowed: tuple[str, ...]) -> bool:
        """Whether their kind of device or their role is among these."""
        return (self.role if self.kind == "person" else self.kind) in allowed

    def serves(self, agency_id: int) -> bool:
        """Whether they work for this agency, or for the whole mall."""
        return self.agency_id in (None, agency_id)
