"""What an event is: a class that says its facts, who hears of it, and what it does to a board."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import Flag, auto
from typing import ClassVar, NamedTuple, TypeVar, cast, dataclass_transform

# What an entry of the log may hold: JSON, and moments and dates that become text in it.
Fact = None | bool | int | str | date | datetime | Sequence["Fact"] | Mapping[str, "Fact"]
Kind = TypeVar("Kind", bound=type["Event"])


class Hears(Flag):
    """Who hears of an event by its name. People of the whole mall hear of every one.

    Displays of a zone that do not hear the name are told that something changed: a line may be shorter.
    """

    MALL = 0
    ZONE = auto()  # the displays of the event's zones
    AGENCY = auto()  # the people of the event's agency
    EVERYBODY = auto()  # the people of every agency


class Board(Flag):
    """What an event does to a board, as its script applies it, which gets the names as data."""

    NOTHING = 0
    CALLS = auto()  # the turn is shown and spoken, when it is called now
    SERVES = auto()  # the visitor has come to the counter
    LEAVES = auto()  # the call goes off the board
    UNSAYS = auto()  # what was not yet spoken of it, never is
    OPENS = auto()  # the counter calls visitors
    PAUSES = auto()
    CLOSES = auto()
    RAISES = auto()  # a notice is shown
    LIFTS = auto()
    ASKS = auto()  # unless it is a call, it does not say all: the whole board is asked for


class About(NamedTuple):
    """Where an event happened and to what: the columns of an entry beside the event's own facts."""

    zones: Iterable[str] = ()
    agency: str | None = None
    ticket: int | None = None
    turn: int | None = None
    label: str | None = None
    queue: str | None = None
    counter: int | None = None
    before: str | None = None
    after: str | None = None


NOWHERE = About()


@dataclass_transform(frozen_default=True, kw_only_default=True)
def kind(declared: Kind) -> Kind:
    """A kind of events with facts in common; frozen for the type checker, as at work that costs time."""
    return cast(Kind, dataclass(slots=True, kw_only=True)(declared))


@kind
class Event:
    """Something that happened. `reason` is a code; no fact says anything about a person."""

    name: ClassVar[str]
    hears: ClassVar[Hears]
    board: ClassVar[Board]
    defaults: ClassVar[dict[str, object]]

    reason: str | None = None

    def facts(self) -> dict[str, Fact]:
        """What the log says of it beside its columns: whatever is not the very default of its declaration."""
        said = {}
        for name, default in self.defaults.items():
            if (value := getattr(self, name)) is not default:
                said[name] = value
        return said


EVENTS: dict[str, type[Event]] = {}
ALWAYS = object()  # differs from every value: a fact without a default is always written


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, hears: Hears = Hears.MALL, board: Board = Board.NOTHING) -> Callable[[Kind], Kind]:
    """Declare an event: its name in the log and in the news, who hears of it, and what a board does then."""

    def declare(declared: Kind) -> Kind:
        made = kind(declared)
        made.name, made.hears, made.board = str(name), hears, board
        own = [each for each in fields(made) if each.name != "reason"]
        made.defaults = {each.name: ALWAYS if each.default is MISSING else each.default for each in own}
        EVENTS[made.name] = made
        return made

    return declare
