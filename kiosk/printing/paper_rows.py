"""Rows of a slip: text folded to ASCII, wrapped to the columns of the paper, and measured in dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL.Image import Image

from kiosk.text import fold, wrap

# A row of normal height moves the paper by 30 dots; 8 dots are a millimetre.
SPACING = 30
CELL_HEIGHT = 24
MOST_LINES = 3
INDENT = "   "


@dataclass(frozen=True)
class Row:
    """One line of print; width and height are multiples of a normal letter."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: str = "center"

    @property
    def dots(self) -> int:
        return max(SPACING, CELL_HEIGHT * self.height)


@dataclass(frozen=True)
class Gap:
    """Empty paper."""

    dots: int = 14


@dataclass(frozen=True)
class Picture:
    """Black dots in the middle of the paper."""

    image: Image

    @property
    def dots(self) -> int:
        return self.image.height


Item = Row | Gap | Picture


def dots(items: Sequence[Item]) -> int:
    """How long the paper of these items is."""
    return sum(item.dots for item in items)


@dataclass(frozen=True)
class Typesetter:
    """Makes rows for paper of so many columns; no text takes more than three lines, list items aside."""

    columns: int

    def centred(self, text: str, bold: bool = False) -> list[Row]:
        return [Row(line, bold=bold) for line in wrap(fold(text), self.columns)[:MOST_LINES]]

    def left(self, text: str, bold: bool = False) -> list[Row]:
        lines = wrap(fold(text), self.columns)[:MOST_LINES]
        return [Row(line, bold=bold, align="left") for line in lines]

    def label(self, text: str) -> Row:
        """The number itself, as large as the paper allows, up to eight times."""
        label = fold(text)[: self.columns]
        times = max(1, min(8, self.columns // max(1, len(label))))
        return Row(label, times, times, bold=True)

    def double(self, text: str) -> list[Row]:
        """Bold, twice as high, and twice as wide when that fits on one line."""
        wide = 2 if len(fold(text)) * 2 <= self.columns else 1
        lines = wrap(fold(text), self.columns // wide)[:MOST_LINES]
        return [Row(line, wide, 2, bold=True) for line in lines]

    def list_item(self, text: str) -> list[Row]:
        return [Row(line, align="left") for line in wrap("- " + fold(text), self.columns, hang="  ")]

    def numbered(self, text: str, bold: bool) -> list[Row]:
        """A line that begins with its number; what follows is indented behind it."""
        lines = wrap(fold(text), self.columns, hang=INDENT)[:MOST_LINES]
        return [Row(line, bold=bold, align="left") for line in lines]

    def indented(self, text: str) -> list[Row]:
        """What belongs to a numbered line."""
        lines = wrap(fold(text), self.columns - len(INDENT))[:MOST_LINES]
        return [Row(INDENT + line, align="left") for line in lines]
