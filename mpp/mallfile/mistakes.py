"""What is wrong in a mall file, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: a JSON pointer such as /agencies/3/queues/0/code, a sentence, and the line in the file."""

    place: str
    message: str
    line: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("place", self.place), ("message", self.message)):
            object.__setattr__(self, name, _printable(value))

    def __str__(self) -> str:
        where = [f"baris {self.line}"] if self.line else []
        where += [self.place] if self.place else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


def _printable(text: str) -> str:
    """A file may hold anything; a terminal and a log get what can be printed, and not too much of it."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:LONGEST])
    return shown if len(text) <= LONGEST else f"{shown}…"


class MallFileWrong(Exception):
    """The file is refused whole; `mistakes` has all of them, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda each: each.line or 0)
        super().__init__("\n".join(str(each) for each in self.mistakes))
