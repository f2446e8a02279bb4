"""What visitors read, in Indonesian (the language of the sources) or in English."""

import gettext
from datetime import datetime
from functools import cache
from importlib.resources import files

LANGUAGES = ("id", "en")
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


@cache
def words(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; an unknown one is answered in Indonesian."""
    folder = str(files("kiosk") / "translations")
    return gettext.translation("messages", folder, languages=[language], fallback=True)


def waiting(ahead: int, language: str) -> str:
    """How many stand before the visitor, as a sentence."""
    if ahead == 0:
        return words(language).gettext("Tidak ada antrean di depan Anda")
    sentence = "%(count)s orang di depan Anda"
    return words(language).ngettext(sentence, sentence, ahead) % {"count": ahead}


def minutes(p50: int, p90: int, language: str) -> str:
    """A range of minutes, as said to a visitor."""
    _ = words(language).gettext
    if p90 <= 1:
        return _("kurang dari 1 menit")
    if p50 == p90:
        return _("kira-kira %(most)s menit") % {"most": p90}
    return _("%(least)s sampai %(most)s menit") % {"least": p50, "most": p90}


def clock(moment: datetime, zone: str) -> str:
    """The time of day with its Indonesian zone: `13.05 WIB`."""
    return f"{moment:%H.%M} {zone}"


def date(moment: datetime, language: str) -> str:
    """The day in words: `Minggu, 22 November 2026`."""
    if language == "en":
        return f"{moment:%A}, {moment.day} {moment:%B %Y}"
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def opening(moment: datetime, now: datetime, zone: str, language: str) -> str:
    """When something opens again, as short as the day allows."""
    _ = words(language).gettext
    parts = {"time": clock(moment, zone), "date": date(moment, language)}
    if moment.date() == now.date():
        return _("hari ini pukul %(time)s") % parts
    if 0 < (moment.date() - now.date()).days < 7:
        parts["day"] = f"{moment:%A}" if language == "en" else _DAYS[moment.weekday()]
        return _("%(day)s pukul %(time)s") % parts
    return _("%(date)s pukul %(time)s") % parts
