"""The languages of the kiosk: Indonesian, the language of the sources, and English."""

import gettext
from functools import cache
from importlib.resources import files

LANGUAGES = ("id", "en")
DEFAULT = "id"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; an unknown one is answered in Indonesian."""
    folder = str(files("kiosk") / "translations")
    return gettext.translation("messages", folder, languages=[language], fallback=True)
