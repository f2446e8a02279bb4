"""The slip: what a visitor takes home on paper, and its bytes for a thermal printer."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from escpos.printer import Dummy
from PIL.Image import Image

from kiosk import qr, words
from kiosk.text import fold, wrap

DOTS = {48: 576, 42: 512, 32: 384}
SPACING = 30
# 14 cm at 8 dots a millimetre, less the 15 mm between the print head and the knife.
LONGEST = 1112 - 120
MOST_LINES = 3
MOST_MATTERS = 3
INSET = "   "
# So many stops have room on 14 cm; a longer route may need more paper, but is never cut.
FEW_STOPS = 3
# What to bring keeps a few lines beside a route, which takes its room from the code first, down to what a
# phone still reads, then from its own words.
LEAST_BRING = 14 + 4 * SPACING
SCALES_AND_WORDS = ((6, True), (5, True), (6, False), (5, False), (4, False))


@dataclass(frozen=True)
class Stop:
    """One stop of a route, as the slip lists it."""

    agency: str
    zone: str
    floor: int | None
    services: tuple[str, ...]
    done: bool = False


@dataclass(frozen=True)
class Slip:
    """Everything on one slip, not yet folded, wrapped or translated.

    Agency, service and zone are those of the stop where the visitor goes now; `matters` are the other
    services of that stop, `route` all stops when there are several.
    """

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
    matters: tuple[str, ...] = ()
    route: tuple[Stop, ...] = ()

    def as_copy(self) -> "Slip":
        """The same slip, marked for every eye as a second paper."""
        return replace(self, copy=True)

    def to_json(self) -> str:
        """For the journal."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Slip":
        """From the journal, also one that knew no routes yet."""
        fields = json.loads(text)
        wait = tuple(fields["wait"]) if fields["wait"] else None
        moment = datetime.fromisoformat(fields["taken_at"])
        stops = (Stop(**{**stop, "services": tuple(stop["services"])}) for stop in fields.pop("route", ()))
        lists = {"bring": tuple(fields["bring"]), "matters": tuple(fields.pop("matters", ()))}
        return cls(**{**fields, **lists, "wait": wait, "taken_at": moment, "route": tuple(stops)})

    def to_escpos(self, columns: int) -> bytes:
        """The bytes for paper of 48, 42 or 32 columns: initialise first, cut last, no surprise between."""
        if columns not in DOTS:
            raise ValueError(f"tidak ada kertas dengan {columns} kolom")
        return _Press(columns).press(self)


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
        mark, top, end = self._mark(slip), [*self._top(slip)], [*self._end(slip)]
        # A copy is the same paper below its mark, so the mark has its room on every slip.
        room = self._longest(slip) - _dots([*self._mark(slip.as_copy()), *top, *end])
        code, route = self._fitting(slip, room)
        caption = self._caption(slip) if code else []
        room -= _dots([*caption, *route]) + (code.height if code else 0)
        self._printer.hw("INIT")
        self._printer.line_spacing(SPACING)
        self._set([*mark, *top, *route])
        if code:
            self._printer.set(align="center")
            self._printer.image(code, impl="bitImageRaster", center=False)
        self._set([*caption, *self._bring(slip, room), *end])
        self._printer.cut(mode="PART", feed=False)
        return bytes(self._printer.output)

    def _longest(self, slip: Slip) -> int:
        return LONGEST + max(0, len(slip.route) - FEW_STOPS) * 2 * SPACING

    def _fitting(self, slip: Slip, room: int) -> tuple[Image | None, list[_Row | _Gap]]:
        """Code and route as large and wordy as the room allows; the last choice even where it does not."""
        choices = SCALES_AND_WORDS if slip.route else SCALES_AND_WORDS[:1]
        for scale, wordy in choices:
            widest = DOTS[self._columns] - 48
            code = qr.paper_image(slip.url, widest, scale) if slip.url else None
            route = self._route(slip, wordy)
            used = _dots([*self._caption(slip), *route]) + (code.height if code else 0)
            if used + LEAST_BRING <= room:
                break
        return code, route

    def _caption(self, slip: Slip) -> list[_Row]:
        _ = words.words(slip.language).gettext
        return [*self._wrapped(_("Pantau giliran dari ponsel"))] if slip.url else []

    def _set(self, rows: list[_Row | _Gap]) -> None:
        for row in rows:
            if isinstance(row, _Gap):
                self._printer._raw(b"\x1bJ" + bytes([row.dots]))
                continue
            self._printer.set(
                align=row.align, bold=row.bold, custom_size=True, width=row.width, height=row.height
            )
            self._printer.text(row.text + "\n")

    def _mark(self, slip: Slip) -> list[_Row]:
        _ = words.words(slip.language).gettext
        return [*self._fitted(_("SALINAN"), 2, bold=True)] if slip.copy else []

    def _top(self, slip: Slip) -> Iterator[_Row | _Gap]:
        _ = words.words(slip.language).gettext
        yield from self._wrapped(slip.mall, bold=True)
        yield from self._wrapped(slip.agency)
        for service in [slip.service, *slip.matters][:MOST_MATTERS]:
            yield from self._wrapped(service)
        if (more := len(slip.matters) + 1 - MOST_MATTERS) > 0:
            yield from self._wrapped(_("dan %(count)s keperluan lain") % {"count": more})
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

    def _route(self, slip: Slip, wordy: bool) -> list[_Row | _Gap]:
        """All stops in order, with what is next; with words, also what is done at the stops to come."""
        _ = words.words(slip.language).gettext
        if not slip.route:
            return []
        now = next((nth for nth, stop in enumerate(slip.route) if not stop.done), len(slip.route))
        tails = {now: _("sekarang") if now else None, now + 1: _("berikutnya")}
        rows: list[_Row | _Gap] = [_Gap(), *self._wrapped(_("Rute Anda"), bold=True, align="left")]
        for nth, stop in enumerate(slip.route):
            tail = _("selesai") if stop.done else tails.get(nth)
            line = f"{nth + 1}. {stop.agency}, {_short_place(stop, slip.language)}"
            rows += self._hung(f"{line} ({tail})" if tail else line, bold=nth == now + 1)
            if wordy and nth > now:
                rows += [row for name in stop.services for row in self._under(name)]
        return rows

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
        if not kept:
            more = [*self._wrapped(_("Tanyakan kepada petugas"), align="left")]
        return [_Gap(), title, *kept, *more] if len(more) <= lines else []

    def _item(self, item: str) -> list[_Row]:
        return [_Row(line, align="left") for line in wrap("- " + fold(item), self._columns, hang="  ")]

    def _hung(self, text: str, bold: bool) -> list[_Row]:
        """A numbered line, the rest of it behind its number."""
        lines = wrap(fold(text), self._columns, hang=INSET)[:MOST_LINES]
        return [_Row(line, bold=bold, align="left") for line in lines]

    def _under(self, text: str) -> list[_Row]:
        """What belongs to a numbered line, behind its number."""
        lines = wrap(fold(text), self._columns - len(INSET))[:MOST_LINES]
        return [_Row(INSET + line, align="left") for line in lines]

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


def _dots(rows: Sequence[_Row | _Gap]) -> int:
    return sum(row.dots for row in rows)


def _short_place(stop: Stop, language: str) -> str:
    if stop.floor is None:
        return stop.zone
    floor = words.words(language).gettext("lt.%(floor)s") % {"floor": stop.floor}
    return f"{stop.zone}, {floor}"


def _place(slip: Slip) -> str:
    if slip.floor is None:
        return slip.zone
    floor = words.words(slip.language).gettext("lantai %(floor)s") % {"floor": slip.floor}
    return f"{slip.zone}, {floor}"
