"""The layout of a slip: which rows stand on it, in which order, and what gives way when paper is short."""

from dataclasses import dataclass

from kiosk import i18n, phrases, qr_code
from kiosk.printing.document import DOTS
from kiosk.printing.paper_rows import SPACING, Gap, Item, Picture, Row, Typesetter, dots
from kiosk.printing.slip import Slip, SlipStop
from kiosk.text import fold

# 14 cm at 8 dots a millimetre, less the 15 mm between the print head and the knife.
LONGEST = 1112 - 120
MOST_SERVICES = 3
# So many stops have room on 14 cm; a longer journey may need more paper, but is never cut.
FEW_STOPS = 3
# What to bring keeps a few lines beside a journey, which takes its room from the code first, down to what a
# phone still reads, then from its own words.
LEAST_REQUIREMENTS = 14 + 4 * SPACING
SCALES_AND_WORDS = ((6, True), (5, True), (6, False), (5, False), (4, False))


def layout(slip: Slip, columns: int) -> list[Item]:
    """All rows of a slip from the top; raises ValueError for paper that no printer has."""
    if columns not in DOTS:
        raise ValueError(f"tidak ada kertas dengan {columns} kolom")
    return _Layout(slip, Typesetter(columns)).items()


@dataclass(frozen=True)
class _Layout:
    slip: Slip
    rows: Typesetter

    def items(self) -> list[Item]:
        mark, top, end = self._mark(), self._top(), self._end()
        # A copy is the same paper below its mark, so the mark has its room on every slip.
        room = self._longest() - dots([*self.rows.double(self._copy_words()), *top, *end])
        code, journey = self._fitting(room)
        caption = self._caption() if code else []
        room -= dots([*code, *caption, *journey])
        return [*mark, *top, *journey, *code, *caption, *self._requirements(room), *end]

    def _longest(self) -> int:
        return LONGEST + max(0, len(self.slip.route) - FEW_STOPS) * 2 * SPACING

    def _fitting(self, room: int) -> tuple[list[Picture], list[Item]]:
        """Code and journey as large and wordy as the room allows; the last choice even where it does not."""
        choices = SCALES_AND_WORDS if self.slip.route else SCALES_AND_WORDS[:1]
        for scale, wordy in choices:
            code, journey = self._code(scale), self._journey(wordy)
            if dots([*code, *self._caption(), *journey]) + LEAST_REQUIREMENTS <= room:
                break
        return code, journey

    def _code(self, scale: int) -> list[Picture]:
        """The QR code at no more than this scale; empty when there is none or it does not fit."""
        widest = DOTS[self.rows.columns] - 48
        image = qr_code.paper_image(self.slip.url, widest, scale) if self.slip.url else None
        return [Picture(image)] if image else []

    def _caption(self) -> list[Row]:
        return self.rows.centred(self.gettext("Pantau giliran dari ponsel")) if self.slip.url else []

    def _mark(self) -> list[Row]:
        return self.rows.double(self._copy_words()) if self.slip.copy else []

    def _copy_words(self) -> str:
        return self.gettext("SALINAN")

    def _top(self) -> list[Item]:
        slip, rows = self.slip, self.rows
        items: list[Item] = [*rows.centred(slip.mall, bold=True), *rows.centred(slip.agency)]
        for service in (slip.service, *slip.matters)[:MOST_SERVICES]:
            items += rows.centred(service)
        if (more := len(slip.matters) + 1 - MOST_SERVICES) > 0:
            items += rows.centred(self.gettext("dan %(count)s keperluan lain") % {"count": more})
        items += [Gap(), rows.label(slip.label)]
        items += rows.double(self._zone_and_floor())
        if slip.ahead is not None:
            items += rows.centred(phrases.people_ahead(slip.ahead, slip.language))
        if slip.wait:
            minutes = phrases.minutes(*slip.wait, slip.language)
            items += rows.centred(self.gettext("Perkiraan tunggu: %(minutes)s") % {"minutes": minutes})
        elif slip.ahead is not None:
            items += rows.centred(phrases.nobody_serves(slip.language))
        return items

    def _journey(self, wordy: bool) -> list[Item]:
        """All stops in order, with what is next; when `wordy`, also what is done at the stops to come."""
        stops = self.slip.route
        if not stops:
            return []
        now = next((nth for nth, stop in enumerate(stops) if not stop.done), len(stops))
        items: list[Item] = [Gap(), *self.rows.left(self.gettext("Rute Anda"), bold=True)]
        for nth, stop in enumerate(stops):
            state = self._stop_state(nth, now)
            line = f"{nth + 1}. {stop.agency}, {self._short_zone(stop)}"
            items += self.rows.numbered(f"{line} ({state})" if state else line, bold=nth == now + 1)
            if wordy and nth > now:
                items += [row for name in stop.services for row in self.rows.indented(name)]
        return items

    def _stop_state(self, nth: int, now: int) -> str | None:
        """A word for the stop: done, now (once a stop is done), or next."""
        if self.slip.route[nth].done:
            return self.gettext("selesai")
        if nth == now:
            return self.gettext("sekarang") if now else None
        return self.gettext("berikutnya") if nth == now + 1 else None

    def _requirements(self, room: int) -> list[Item]:
        """What to bring, as much as `room` dots hold; a line says when something is left out."""
        if not self.slip.bring:
            return []
        title = Row(fold(self.gettext("Yang perlu dibawa")), bold=True, align="left")
        lines = (room - Gap().dots - title.dots) // SPACING
        items = [self.rows.list_item(item) for item in self.slip.bring]
        if sum(map(len, items)) <= lines:
            return [Gap(), title, *(row for item in items for row in item)]
        shown = self._as_many(items, lines)
        return [Gap(), title, *shown] if len(shown) <= lines else []

    def _as_many(self, items: list[list[Row]], lines: int) -> list[Row]:
        """Whole items from the first, and the sentence that there are more."""
        more = self.rows.left(self.gettext("dan lainnya: tanyakan kepada petugas"))
        kept: list[Row] = []
        for item in items:
            if len(kept) + len(item) + len(more) > lines:
                break
            kept += item
        return [*kept, *more] if kept else self.rows.left(self.gettext("Tanyakan kepada petugas"))

    def _end(self) -> list[Item]:
        slip = self.slip
        date, time = phrases.date(slip.taken_at, slip.language), phrases.time(slip.taken_at, slip.timezone)
        moment = f"{date}, {time}"
        whole = fold(f"{moment} - {slip.head}")
        parts = [whole] if len(whole) <= self.rows.columns else [moment, slip.head]
        return [Gap(), *(row for part in parts for row in self.rows.centred(part))]

    def _zone_and_floor(self) -> str:
        if self.slip.floor is None:
            return self.slip.zone
        floor = self.gettext("lantai %(floor)s") % {"floor": self.slip.floor}
        return f"{self.slip.zone}, {floor}"

    def _short_zone(self, stop: SlipStop) -> str:
        if stop.floor is None:
            return stop.zone
        return f"{stop.zone}, {self.gettext('lt.%(floor)s') % {'floor': stop.floor}}"

    def gettext(self, sentence: str) -> str:
        return i18n.translations(self.slip.language).gettext(sentence)
