"""Words on the pages: Indonesian is the source, the phone speaks English too; times as people say them."""

from datetime import date, datetime
from pathlib import Path

from flask import Flask, g
from flask_babel import Babel, format_date, get_locale, gettext  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from mpp.domain.hours import zone_label
from mpp.domain.mall import Mall
from mpp.domain.wait import WaitRange
from mpp.queries.waits import Wait

LANGUAGES = ("id", "en")
CATALOGUES = Path(__file__).parent / "translations"


def install(app: Flask) -> None:
    """Give templates the catalogues and the ways to say a time, a length and a label."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    Babel(app, default_locale="id", locale_selector=_language)
    app.add_template_global(time_zone, "time_zone")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(
        clock=clock, iso=iso, minutes=minutes, label=label, day=day, expected=expected
    )


def speak(language: str | None) -> None:
    """This page is in that language; None leaves it as it is."""
    if language is not None:
        g.language = language


def spoken() -> str:
    """The language of this page."""
    return str(get_locale() or "id")


def clock(at: str | datetime | None) -> str:
    """08.12"""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment:%H.%M}" if moment else ""


def iso(at: datetime | None) -> str:
    """A moment as scripts read it: 2026-11-23T08:12:00+07:00"""
    return at.isoformat() if at else ""


def time_zone(mall: Mall) -> str:
    """WIB, WITA or WIT"""
    return zone_label(mall.timezone)


def day(at: date) -> str:
    """Senin, 23 November 2026"""
    return str(format_date(at, "EEEE, d MMMM y"))


def minutes(length: float) -> str:
    """kurang dari 1 menit; 12 menit; 1 jam 5 menit"""
    if length < 1:
        return str(gettext("kurang dari 1 menit"))
    hours, rest = divmod(int(length), 60)
    if not hours:
        return str(gettext("%(n)s menit", n=rest))
    if not rest:
        return str(gettext("%(h)s jam", h=hours))
    return str(gettext("%(h)s jam %(n)s menit", h=hours, n=rest))


def expected(wait: Wait) -> str:
    """The range of an expected wait in the page's own language."""
    return WaitRange(wait.p50, wait.p90).text(spoken())


def label(text: str) -> Markup:
    """A ticket's label with its quiet dash, as the look asks for it."""
    letters, _, number = text.partition("-")
    dash = Markup('<span class="dash">-</span>')
    return Markup('<span class="label">{}{}{}</span>').format(letters, dash if number else "", escape(number))


def _language() -> str:
    return str(g.get("language", "id"))
