"""Times, waits and amounts as a visitor reads them, in Indonesian or English."""

from datetime import datetime

from babel.dates import format_datetime

from kiosk.catalogue import Statement, TimeLimit
from kiosk.i18n import DEFAULT, LANGUAGES, translations

# A wait is said in steps of five minutes.
STEP = 5


def people_ahead(ahead: int, language: str) -> str:
    """How many stand before the visitor, as a sentence."""
    if ahead == 0:
        return translations(language).gettext("Tidak ada antrean di depan Anda")
    ngettext = translations(language).ngettext
    sentence = ngettext("%(count)s orang di depan Anda", "%(count)s orang di depan Anda", ahead)
    return sentence % {"count": ahead}


def nobody_serves(language: str) -> str:
    """Said in place of a wait while no counter of the line is open."""
    return translations(language).gettext("Belum ada loket buka")


def in_line(count: int, language: str) -> str:
    """How many wait in a line, for a card."""
    if count == 0:
        return translations(language).gettext("Tidak ada antrean")
    return translations(language).gettext("%(count)s menunggu") % {"count": count}


def minutes(p50: int, p90: int, language: str) -> str:
    """A range of minutes, as said to a visitor: in steps of five, for nobody knows it better."""
    _ = translations(language).gettext
    p50, p90 = p50 // STEP * STEP, max(STEP, -(-p90 // STEP) * STEP)
    if p50 <= 0:
        return _("kurang dari %(most)s menit") % {"most": p90}
    if p50 == p90:
        return _("kira-kira %(most)s menit") % {"most": p90}
    return _("%(least)s sampai %(most)s menit") % {"least": p50, "most": p90}


def time_limit(limit: TimeLimit | None, language: str) -> str | None:
    """How long until it is done: the mall's own words, or in English from its amount and unit."""
    if limit is None or language == "id" or not limit.amount:
        return limit.text if limit else None
    count, ngettext = limit.amount, translations(language).ngettext
    if limit.unit == "working_days":
        return ngettext("%(count)s hari kerja", "%(count)s hari kerja", count) % {"count": count}
    if limit.unit == "days":
        return ngettext("%(count)s hari", "%(count)s hari", count) % {"count": count}
    if limit.unit == "minutes":
        return ngettext("%(count)s menit", "%(count)s menit", count) % {"count": count}
    return limit.text


def fee(fee: Statement | None, language: str) -> str | None:
    """What it costs, in the mall's own words; only what is simply free is translated."""
    text = fee.text if fee else None
    return translations(language).gettext("Gratis") if text == "Gratis" else text


def time(moment: datetime, zone: str) -> str:
    """The time of day with its Indonesian zone: `13.05 WIB`."""
    return f"{moment:%H.%M} {zone}"


def date(moment: datetime, language: str) -> str:
    """The day in words: `Minggu, 22 November 2026`."""
    return _formatted(moment, "EEEE, d MMMM y", language)


def short_opening(moment: datetime, now: datetime, language: str) -> str:
    """When something opens again, for a tile: `13.00`, `Senin 08.00`, `7 Desember`."""
    days = (moment.date() - now.date()).days
    if days == 0:
        return f"{moment:%H.%M}"
    return _formatted(moment, "EEEE HH.mm" if 0 < days < 7 else "d MMMM", language)


def priority_names(language: str) -> dict[str, str]:
    """The usual classes of priority in a visitor's language; nothing for Indonesian, which the mall words."""
    if language == "id":
        return {}
    _ = translations(language).gettext
    return {
        "LANSIA": _("Lanjut usia (60 tahun ke atas)"),
        "DISABILITAS": _("Penyandang disabilitas"),
        "HAMIL": _("Ibu hamil"),
        "BALITA": _("Ibu menyusui/membawa balita"),
        "BENCANA": _("Korban bencana alam/sosial"),
    }


def next_opening(moment: datetime, now: datetime, zone: str, language: str) -> str:
    """When something opens again, as short as the day allows; `zone` is WIB, WITA or WIT."""
    _ = translations(language).gettext
    parts = {"time": time(moment, zone), "date": date(moment, language)}
    if moment.date() == now.date():
        return _("hari ini pukul %(time)s") % parts
    if 0 < (moment.date() - now.date()).days < 7:
        parts["day"] = _formatted(moment, "EEEE", language)
        return _("%(day)s pukul %(time)s") % parts
    return _("%(date)s pukul %(time)s") % parts


def _formatted(moment: datetime, pattern: str, language: str) -> str:
    """A moment in its own time zone, by a pattern of CLDR; an unknown language is Indonesian."""
    return format_datetime(moment, pattern, moment.tzinfo, language if language in LANGUAGES else DEFAULT)
