"""What a mall, an agency, a queue or a service says of its own hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day: counters open, counters close, and the breaks between, in local time."""

    opens: time
    closes: time
    breaks: tuple[tuple[time, time], ...] = ()

    def __post_init__(self) -> None:
        edges = [self.opens, *(edge for pause in self.breaks for edge in pause), self.closes]
        if self.opens >= self.closes or edges != sorted(edges) or any(a >= b for a, b in self.breaks):
            raise ValueError("hours run forwards, and breaks lie inside them, one after another")


@dataclass(frozen=True, slots=True)
class Period:
    """Other hours between two dates, both included, such as Ramadan; other weekdays stay as usual."""

    name: str
    first: date
    last: date
    week: Mapping[int, DayHours | None]

    def __hash__(self) -> int:
        return hash((self.name, self.first, self.last, frozenset(self.week.items())))


@dataclass(frozen=True, slots=True)
class Schedule:
    """What one level (mall, agency, queue or service) says of its hours; what it leaves out it inherits.

    `week` counts from 0 = Monday; None is a closed weekday, a missing weekday is left to the other levels.
    `numbers_from` and `last_number_minutes` hold for the levels below too, until one of them says otherwise.
    `always` frees this level and those below it from every hour and date. A date in `open_dates` wins over
    the week, a holiday and the closures of the levels above, but never widens the hours of one that is open.
    """

    week: Mapping[int, DayHours | None] | None = None
    periods: tuple[Period, ...] = ()
    numbers_from: time | None = None
    last_number_minutes: int | None = None
    stops_at_break: bool = False
    rotating_breaks: bool = False  # officers take turns, so that the counters never rest
    active: bool = True
    closed_dates: Mapping[date, str] = field(default_factory=dict)
    open_dates: Mapping[date, DayHours] = field(default_factory=dict)
    always: bool = False
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        mappings = (frozenset(m.items()) for m in (self.week or {}, self.closed_dates, self.open_dates))
        plain = (self.periods, self.numbers_from, self.last_number_minutes, self.week is None)
        flags = (self.stops_at_break, self.rotating_breaks, self.active, self.always)
        object.__setattr__(self, "_hash", hash((*mappings, *plain, *flags)))

    def __hash__(self) -> int:
        return self._hash
