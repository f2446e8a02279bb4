"""A strict reader of ESC/POS: it knows the commands that a slip may hold and refuses every other byte."""

from collections.abc import Iterator
from typing import TypeVar

from kiosk.printing.document import DOTS, Cut, Document, Feed, Item, Line, Raster, Run

T = TypeVar("T")
ALIGNMENTS = {0: "left", 1: "center", 2: "right"}


class Unreadable(ValueError):
    """These bytes are not a slip: an unknown command, a line too wide, or an end in the middle."""


def decode(data: bytes, columns: int) -> Document:
    """The one slip in these bytes; raises Unreadable unless it begins with initialise and ends with a cut."""
    documents = list(decode_all(data, columns))
    if len(documents) != 1:
        raise Unreadable(f"{len(documents)} struk, bukan satu")
    return documents[0]


def decode_all(data: bytes, columns: int) -> Iterator[Document]:
    """Every slip in these bytes, one after another; raises Unreadable as `decode` does."""
    reader = _Reader(data, columns)
    while reader.more():
        yield reader.slip()


class _Reader:
    def __init__(self, data: bytes, columns: int) -> None:
        if columns not in DOTS:
            raise Unreadable(f"tidak ada kertas dengan {columns} kolom")
        self._data = data
        self._at = 0
        self._columns = columns

    def more(self) -> bool:
        return self._at < len(self._data)

    def slip(self) -> Document:
        if self._take(2) != b"\x1b@":
            raise self._error("tidak diawali ESC @")
        self._reset()
        self._document = Document(self._columns)
        while not self._document.cuts:
            self._step()
        return self._document

    def _reset(self) -> None:
        self._align, self._spacing, self._bold = "left", 30, False
        self._width = self._height = 1
        self._runs: list[Run] = []

    def _step(self) -> None:
        byte = self._take(1)[0]
        if byte == 0x0A:
            self._line_feed()
        elif byte == 0x1B:
            self._escape(self._take(1))
        elif byte == 0x1D:
            self._group(self._take(1))
        elif 0x20 <= byte <= 0x7E:
            self._write(chr(byte))
        else:
            raise self._error(f"byte {byte:#04x} tidak dikenal")

    def _escape(self, command: bytes) -> None:
        if command in b"t{-MG":
            self._expect_zero(command)
        elif command == b"a":
            self._align = self._choice(ALIGNMENTS)
        elif command == b"E":
            self._bold = self._choice({0: False, 1: True})
        elif command == b"!":
            self._expect_zero(command)
            self._bold, self._width, self._height = False, 1, 1
        elif command == b"3":
            self._spacing = self._take(1)[0]
        elif command == b"2":
            self._spacing = 30
        elif command == b"d":
            self._add(Feed(self._take(1)[0] * self._spacing))
        elif command == b"J":
            self._add(Feed(self._take(1)[0]))
        else:
            raise self._error(f"ESC {command!r} tidak dikenal")

    def _group(self, command: bytes) -> None:
        if command == b"!":
            self._resize(self._take(1)[0])
        elif command in b"Bb":
            self._expect_zero(command)
        elif command == b"v":
            self._raster()
        elif command == b"V":
            self._cut()
        else:
            raise self._error(f"GS {command!r} tidak dikenal")

    def _resize(self, size: int) -> None:
        if size & 0x88:
            raise self._error(f"ukuran {size:#04x} tidak ada")
        self._width, self._height = (size >> 4) + 1, (size & 7) + 1

    def _write(self, character: str) -> None:
        run = Run(character, self._width, self._height, self._bold)
        last = self._runs[-1] if self._runs else None
        if last and (last.width, last.height, last.bold) == (run.width, run.height, run.bold):
            self._runs[-1] = Run(last.text + character, run.width, run.height, run.bold)
        else:
            self._runs.append(run)
        if sum(len(run.text) * run.width for run in self._runs) > self._columns:
            raise self._error(f"baris lebih lebar dari {self._columns} kolom")

    def _line_feed(self) -> None:
        self._document.items.append(Line(tuple(self._runs), self._align, self._spacing))
        self._runs = []

    def _raster(self) -> None:
        if self._take(2) != b"0\x00":
            raise self._error("gambar bukan GS v 0 biasa")
        columns = int.from_bytes(self._take(2), "little")
        height = int.from_bytes(self._take(2), "little")
        if not columns or not height or columns * 8 > DOTS[self._columns]:
            raise self._error(f"gambar {columns * 8} x {height} titik tidak muat")
        rows = tuple(self._take(columns) for _ in range(height))
        self._add(Raster(columns, rows, self._align))

    def _cut(self) -> None:
        mode = self._take(1)[0]
        if mode in (65, 66):
            self._add(Cut(120 + self._take(1)[0]))
        elif mode in (0, 1, 48, 49):
            self._add(Cut(0))
        else:
            raise self._error(f"cara potong {mode} tidak dikenal")

    def _add(self, item: Item) -> None:
        if self._runs:
            raise self._error("baris belum selesai")
        self._document.items.append(item)

    def _choice(self, choices: dict[int, T]) -> T:
        value = self._take(1)[0]
        if value not in choices:
            raise self._error(f"nilai {value} tidak dikenal")
        if self._runs and choices is ALIGNMENTS:
            raise self._error("perataan di tengah baris")
        return choices[value]

    def _expect_zero(self, command: bytes) -> None:
        if self._take(1)[0] != 0:
            raise self._error(f"{command!r} hanya dikenal dengan nilai 0")

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise self._error("berakhir di tengah")
        self._at += count
        return taken

    def _error(self, reason: str) -> Unreadable:
        return Unreadable(f"byte ke-{self._at}: {reason}")
