"""What is wrong in a mall file, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: a JSON pointer such as /agencies/3/queues/0/code, a sentence, and the line in the file."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = [f"baris {self.line}"] if self.line else []
        where += [self.place] if self.place else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class MallFileWrong(Exception):
    """The file is refused whole; `mistakes` has all of them, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda each: each.line or 0)
        super().__init__("\n".join(str(each) for each in self.mistakes))
