"""The touch pages of one kiosk as a Flask application, and the language of its templates."""

from datetime import timedelta
from importlib.resources import files

import structlog
from flask import Flask, render_template
from markupsafe import Markup, escape
from pysqlite3 import dbapi2 as sqlite
from werkzeug.exceptions import HTTPException

from kiosk.container import Kiosk
from kiosk.i18n import translations
from kiosk.web import (
    catalogue_pages,
    context,
    device_pages,
    journey_pages,
    search_pages,
    security,
    ticket_pages,
    visit,
    visit_pages,
)

log = structlog.get_logger("kiosk")
PAGES = (catalogue_pages, search_pages, visit_pages, journey_pages, ticket_pages, device_pages)


def create_app(kiosk: Kiosk) -> Flask:
    """The touch pages of this kiosk."""
    app = Flask(__name__)
    app.secret_key = kiosk.secret
    app.config.update(
        SESSION_COOKIE_NAME="kiosk",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=1),
        MAX_CONTENT_LENGTH=16 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.extensions["kiosk"] = kiosk
    app.extensions["look"] = str(files("display") / "look")
    security.guard(app, kiosk.port, kiosk.secret)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    app.context_processor(context.frame)
    _equip_templates(app)
    app.register_error_handler(HTTPException, _wrong)
    app.register_error_handler(sqlite.DatabaseError, _unwell)
    return app


def _equip_templates(app: Flask) -> None:
    """Templates speak the language of the visit."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: translations(visit.language()).gettext(text),
        lambda one, many, count: translations(visit.language()).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters["label"] = label_on_screen
    app.jinja_env.filters["breakable"] = breakable


def label_on_screen(label: str) -> Markup:
    """A label with a little air around its dash."""
    return Markup('<span class="dash">-</span>').join(escape(part) for part in label.split("-"))


def breakable(text: str) -> str:
    """Long words joined by a stroke may break behind it."""
    return text.replace("/", "/\N{ZERO WIDTH SPACE}")


def _wrong(error: HTTPException) -> tuple[str, int]:
    return render_template("wrong.html"), error.code or 500


def _unwell(error: sqlite.DatabaseError) -> tuple[str, int]:
    """The kiosk's disk is full or broken: nothing is given that could not be remembered."""
    log.error("journal failed", reason=str(error))
    return render_template("unwell.html"), 503
