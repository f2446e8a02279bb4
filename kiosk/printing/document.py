"""A printed slip as values: its lines, pictures, feeds and cuts, measured in dots (8 to the millimetre)."""

from dataclasses import dataclass, field

# The width of the paper in dots, by how many columns of normal letters it has.
DOTS = {48: 576, 42: 512, 32: 384}
CELL_WIDTH, CELL_HEIGHT = 12, 24


@dataclass(frozen=True)
class Run:
    """Characters of one size and weight."""

    text: str
    width: int
    height: int
    bold: bool


@dataclass(frozen=True)
class Line:
    """One printed line."""

    runs: tuple[Run, ...]
    align: str
    spacing: int

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def width(self) -> int:
        """How many columns of normal size it fills."""
        return sum(len(run.text) * run.width for run in self.runs)

    @property
    def size(self) -> tuple[int, int]:
        """The largest multiple of width and of height in it."""
        width = max((run.width for run in self.runs), default=1)
        return width, max((run.height for run in self.runs), default=1)

    @property
    def dots(self) -> int:
        """How far the paper moves for it."""
        return max(self.spacing, CELL_HEIGHT * self.size[1] if self.runs else 0)


@dataclass(frozen=True)
class Raster:
    """A picture of dots, rows from the top, eight dots to a byte."""

    columns: int
    rows: tuple[bytes, ...]
    align: str

    @property
    def width(self) -> int:
        return self.columns * 8

    @property
    def dots(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Feed:
    """Empty paper."""

    dots: int


@dataclass(frozen=True)
class Cut:
    """The knife, after the paper has moved from the head to it (about 15 mm)."""

    dots: int = 120


Item = Line | Raster | Feed | Cut


@dataclass
class Document:
    """What a printer would have on its paper."""

    columns: int
    items: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def rasters(self) -> list[Raster]:
        return [item for item in self.items if isinstance(item, Raster)]

    @property
    def cuts(self) -> int:
        return sum(isinstance(item, Cut) for item in self.items)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def dots(self) -> int:
        return sum(item.dots for item in self.items)

    @property
    def millimetres(self) -> float:
        return self.dots / 8
