"""The slip: what a visitor takes home on paper, and its bytes for a thermal printer."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from escpos.printer import Dummy

from kiosk import qr, words
from kiosk.text import fold, wrap

DOTS = {48: 576, 42: 512, 32: 384}
SPACING = 30
# 14 cm at 8 dots a millimetre, less the 15 mm between the print head and the knife.
LONGEST = 1112 - 120
MOST_LINES = 3


@dataclass(frozen=True)
class Slip:
    """Everything on one slip, not yet folded, wrapped or translated."""

    language: str
    mall: str
    agency: str
    service: str
    label: str
    zone: str
    floor: int | None
    ahead: int | None
    wait: tuple[int, int] | None
    taken_at: datetime
    timezone: str
    url: str | None
    bring: tuple[str, ...]
    head: str
    copy: bool = False

    def as_copy(self) -> "Slip":
        """The same slip, marked for every eye as a second paper."""
        return replace(self, copy=True)

    def to_json(self) -> str:
        """For the journal."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Slip":
        """From the journal."""
        fields = json.loads(text)
        wait = tuple(fields["wait"]) if fields["wait"] else None
        moment = datetime.fromisoformat(fields["taken_at"])
        return cls(**{**fields, "wait": wait, "taken_at": moment, "bring": tuple(fields["bring"])})

    def to_escpos(self, columns: int) -> bytes:
        """The bytes for paper of 48, 42 or 32 columns: initialise first, cut last, no surprise between."""
        if columns not in DOTS:
            raise ValueError(f"tidak ada kertas dengan {columns} kolom")
        return _Press(columns).press(self)


def compose(answer: dict[str, Any], catalogue: dict[str, Any]) -> Slip:
    """The slip of a ticket just given, in the words of the catalogue it was chosen from."""
    turn = answer["turns"][0]
    service = _by_code(catalogue["services"], turn["service"])
    zone = _by_code(catalogue["zones"], turn["zone"])
    standard = service.get("standard") or {}
    wait = turn.get("wait")
    return Slip(
        language=answer["language"],
        mall=catalogue["mall"]["name"],
        agency=_by_code(catalogue["agencies"], turn["agency"])["name"],
        service=service["name"],
        label=answer["label"],
        zone=zone["name"],
        floor=zone.get("floor"),
        ahead=turn.get("ahead"),
        wait=(round(wait["p50"]), round(wait["p90"])) if wait else None,
        taken_at=datetime.fromisoformat(answer["issued_at"]),
        timezone=catalogue["mall"]["timezone_label"],
        url=answer["url"] if answer["slip"].get("qr") else None,
        bring=tuple((standard.get("requirements") or {}).get("items") or ()),
        head=answer["slip"]["head"],
    )


def _by_code(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next((row for row in rows if row["code"] == code), {"code": code, "name": code})


@dataclass(frozen=True)
class _Row:
    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: str = "center"

    @property
    def dots(self) -> int:
        return max(SPACING, 24 * self.height)


@dataclass(frozen=True)
class _Gap:
    dots: int = 14


class _Press:
    """Sets one slip on paper of a given width."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._printer = Dummy(profile="TM-T20II")

    def press(self, slip: Slip) -> bytes:
        _ = words.words(slip.language).gettext
        code = qr.paper_image(slip.url, DOTS[self._columns] - 48) if slip.url else None
        caption = [*self._wrapped(_("Pantau giliran dari ponsel"))] if code else []
        top, end = [*self._top(slip)], [*self._end(slip)]
        used = sum(row.dots for row in [*top, *caption, *end]) + (code.height if code else 0)
        self._printer.hw("INIT")
        self._printer.line_spacing(SPACING)
        self._set(top)
        if code:
            self._printer.set(align="center")
            self._printer.image(code, impl="bitImageRaster", center=False)
        self._set([*caption, *self._bring(slip, LONGEST - used), *end])
        self._printer.cut(mode="PART", feed=False)
        return bytes(self._printer.output)

    def _set(self, rows: list[_Row | _Gap]) -> None:
        for row in rows:
            if isinstance(row, _Gap):
                self._printer._raw(b"\x1bJ" + bytes([row.dots]))
                continue
            self._printer.set(
                align=row.align, bold=row.bold, custom_size=True, width=row.width, height=row.height
            )
            self._printer.text(row.text + "\n")

    def _top(self, slip: Slip) -> Iterator[_Row | _Gap]:
        _ = words.words(slip.language).gettext
        if slip.copy:
            yield from self._fitted(_("SALINAN"), 2, bold=True)
        yield from self._wrapped(slip.mall, bold=True)
        yield from self._wrapped(slip.agency)
        yield from self._wrapped(slip.service)
        yield _Gap()
        label = fold(slip.label)[: self._columns]
        times = max(1, min(8, self._columns // max(1, len(label))))
        yield _Row(label, times, times, bold=True)
        yield from self._fitted(_place(slip), 2, bold=True)
        if slip.ahead is not None:
            yield from self._wrapped(words.waiting(slip.ahead, slip.language))
        if slip.wait:
            span = words.minutes(*slip.wait, slip.language)
            yield from self._wrapped(_("Perkiraan tunggu: %(minutes)s") % {"minutes": span})

    def _bring(self, slip: Slip, room: int) -> list[_Row | _Gap]:
        """What to bring, as much as `room` dots hold; what is left out is said so."""
        _ = words.words(slip.language).gettext
        if not slip.bring:
            return []
        title = _Row(fold(_("Yang perlu dibawa")), bold=True, align="left")
        lines = (room - _Gap().dots - title.dots) // SPACING
        items = [self._item(item) for item in slip.bring]
        if sum(map(len, items)) <= lines:
            return [_Gap(), title, *(row for item in items for row in item)]
        more = [*self._wrapped(_("dan lainnya: tanyakan kepada petugas"), align="left")]
        kept: list[_Row] = []
        for item in items:
            if len(kept) + len(item) + len(more) > lines:
                break
            kept += item
        return [_Gap(), title, *kept, *more] if kept else []

    def _item(self, item: str) -> list[_Row]:
        return [_Row(line, align="left") for line in wrap("- " + fold(item), self._columns, hang="  ")]

    def _end(self, slip: Slip) -> Iterator[_Row | _Gap]:
        yield _Gap()
        moment = f"{words.date(slip.taken_at, slip.language)}, {words.clock(slip.taken_at, slip.timezone)}"
        whole = fold(f"{moment} - {slip.head}")
        for part in [whole] if len(whole) <= self._columns else [moment, slip.head]:
            yield from self._wrapped(part)

    def _wrapped(self, text: str, bold: bool = False, align: str = "center") -> Iterator[_Row]:
        for line in wrap(fold(text), self._columns)[:MOST_LINES]:
            yield _Row(line, bold=bold, align=align)

    def _fitted(self, text: str, times: int, bold: bool = False) -> Iterator[_Row]:
        """As wide as asked when it fits on one line, else as high but narrow."""
        wide = times if len(fold(text)) * times <= self._columns else 1
        for line in wrap(fold(text), self._columns // wide)[:MOST_LINES]:
            yield _Row(line, wide, times, bold)


def _place(slip: Slip) -> str:
    if slip.floor is None:
        return slip.zone
    floor = words.words(slip.language).gettext("lantai %(floor)s") % {"floor": slip.floor}
    return f"{slip.zone}, {floor}"
