"""The kiosk put together: its parts, its pages and the languages of its pages."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import structlog
from flask import Flask, g, render_template
from pysqlite3 import dbapi2 as sqlite
from werkzeug.exceptions import HTTPException

from kiosk import doors, numbers, pages, route, views, words
from kiosk.asking import Asker
from kiosk.catalogue import Keeper
from kiosk.errands import Errands
from kiosk.journal import Journal
from kiosk.printers import VirtualPrinter, WiredPrinter, printer_from
from kiosk.server import MallServer
from kiosk.wishes import Wishes
from kiosk.worker import PrintWorker

log = structlog.get_logger("kiosk")


@dataclass(frozen=True)
class Settings:
    """What the command line says."""

    server: str
    key: str
    port: int
    printer: str
    columns: int
    folder: Path


class Kiosk:
    """All parts of one kiosk, made once in the process that serves its pages."""

    def __init__(self, settings: Settings) -> None:
        self.secret = doors.secret_in(settings.folder)
        self.port = settings.port
        self.server = MallServer(settings.server, settings.key)
        self.journal = Journal(settings.folder / "journal.sqlite3")
        half_sent = self.journal.recover()
        self.keeper = Keeper(self.server, settings.folder / "catalogue.json")
        printer = printer_from(settings.printer, settings.columns, settings.folder)
        if half_sent and isinstance(printer, WiredPrinter):
            printer.distrust()
        self.virtual = printer if isinstance(printer, VirtualPrinter) else None
        self.worker = PrintWorker(self.journal, printer, settings.columns)
        self.asker = Asker(self.server, self.journal, self.keeper, self.worker)
        self.errands = Errands(self.server, self.journal, self.asker)
        self.wishes = Wishes(self.server, self.journal, self.keeper, self.asker, self.worker)

    def start(self) -> None:
        """Begins to print, to listen for the catalogue and to run errands."""
        for thread in (self.worker, self.keeper, self.errands, self.wishes):
            thread.start()

    def stop(self) -> None:
        """Ends cleanly; the paper in hand is finished first."""
        self.asker.end()
        self.wishes.end()
        self.errands.end()
        self.keeper.end()
        self.worker.end()
        self.worker.join(20)
        self.server.close()
        self.journal.close()


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
    _speak(app)
    doors.guard(app, kiosk.port, kiosk.secret)
    app.register_blueprint(pages.bp)
    app.register_blueprint(route.bp)
    app.register_blueprint(numbers.bp)
    app.register_error_handler(HTTPException, _wrong)
    app.register_error_handler(sqlite.DatabaseError, _unwell)
    return app


def _speak(app: Flask) -> None:
    """Templates speak the language of the visit."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.words(g.language).gettext(text),
        lambda one, many, count: words.words(g.language).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters["label"] = views.label_on_screen
    app.jinja_env.filters["breakable"] = views.breakable


def _wrong(error: HTTPException) -> tuple[str, int]:
    g.setdefault("language", "id")
    return render_template("wrong.html"), error.code or 500


def _unwell(error: sqlite.DatabaseError) -> tuple[str, int]:
    """The kiosk's disk is full or broken: nothing is given that could not be remembered."""
    log.error("journal failed", reason=str(error))
    return render_template("unwell.html"), 503
