"""Sentences about what is closed or disturbed, in the language of the visit."""

from dataclasses import dataclass
from datetime import datetime

from kiosk import phrases
from kiosk.catalogue import Agency, Closure, Disturbance, Zone
from kiosk.i18n import DEFAULT, translations
from kiosk.web.rows import DisturbanceRow


@dataclass(frozen=True)
class Sentences:
    """`timezone_label` is WIB, WITA or WIT; `now` is in the mall's time zone."""

    language: str
    now: datetime
    timezone_label: str

    def closed(self, closure: Closure | None) -> str:
        """Why something is closed and when it opens: the server's sentence, or ours in English."""
        closure = closure or Closure()
        if self.language == DEFAULT and closure.text:
            return closure.text
        return self.reason(closure.reason, closure.next_opening)

    def closed_short(self, closure: Closure | None) -> str:
        """The same in the few words that a tile holds."""
        _ = translations(self.language).gettext
        closure = closure or Closure()
        if closure.reason == "quota_reached":
            return _("Kuota hari ini habis")
        if not closure.next_opening:
            return _("Tutup")
        when = phrases.short_opening(self._local(closure.next_opening), self.now, self.language)
        return _("Tutup, buka %(when)s") % {"when": when}

    def reason(self, code: str, next_opening: datetime | None) -> str:
        """Why no number is given, in words of our own."""
        _ = translations(self.language).gettext
        sentences = {
            "before_opening": _("Belum buka."),
            "after_cutoff": _("Pengambilan nomor hari ini sudah ditutup."),
            "day_ended": _("Pelayanan hari ini sudah selesai."),
            "closed_today": _("Tidak melayani hari ini."),
            "holiday": _("Tutup karena hari libur."),
            "break": _("Sedang istirahat."),
            "quota_reached": _("Kuota hari ini habis."),
            "inactive": _("Layanan ini sedang tidak aktif."),
        }
        sentence = sentences.get(code, _("Sedang tutup."))
        return f"{sentence} {self.opening(next_opening)}" if next_opening else sentence

    def refusal(self, code: str) -> str | None:
        """A sentence for the code of a problem; None for a code that is not known here."""
        _ = translations(self.language).gettext
        return {
            "key_refused": _("Anjungan ini sedang tidak bisa memberi nomor."),
            "client_too_old": _("Anjungan ini sedang diperbarui."),
            "left": _("Permintaan ini sudah ditutup. Silakan mulai lagi."),
            "closed": _("Layanan ini sedang tutup."),
            "too_many_requests": _("Terlalu banyak permintaan. Mohon tunggu sebentar."),
        }.get(code)

    def opening(self, moment: datetime) -> str:
        _ = translations(self.language).gettext
        when = phrases.next_opening(self._local(moment), self.now, self.timezone_label, self.language)
        return _("Buka lagi %(when)s.") % {"when": when}

    def disturbance(self, agency: Agency) -> DisturbanceRow | None:
        """What is wrong at an agency, with since when and until when; an end that has passed is not said."""
        trouble = agency.disturbance
        if trouble is None:
            return None
        since = translations(self.language).gettext("Gangguan sejak %(since)s.")
        sentence = self._disturbance(agency.short_name, trouble)
        return DisturbanceRow(sentence, since % {"since": self._when(trouble.since)})

    def _disturbance(self, agency: str, trouble: Disturbance) -> str:
        _ = translations(self.language).gettext
        until = trouble.until if trouble.until and trouble.until > self.now else None
        if self.language == DEFAULT and trouble.text and (until or not trouble.until):
            return trouble.text
        if until is None:
            return _("Sistem %(agency)s sedang gangguan.") % {"agency": agency}
        sentence = _("Sistem %(agency)s sedang gangguan, diperkirakan sampai %(until)s.")
        return sentence % {"agency": agency, "until": self._when(until)}

    def zone_and_floor(self, zone: Zone) -> str:
        if zone.floor is None:
            return zone.name
        floor = translations(self.language).gettext("lantai %(floor)s") % {"floor": zone.floor}
        return f"{zone.name}, {floor}"

    def _when(self, moment: datetime) -> str:
        """The time, with its day unless it is today."""
        moment = self._local(moment)
        time = phrases.time(moment, self.timezone_label)
        if moment.date() == self.now.date():
            return time
        return f"{phrases.date(moment, self.language)}, {time}"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.now.tzinfo)
