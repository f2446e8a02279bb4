"""The one place that introduces everybody: pages, API, news and the lobby board, on one database."""

import logging
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from display import board
from mpp import OLDEST_CLIENT, VERSION, schema, web
from mpp.api import (
    appointments,
    counters,
    greeting,
    health,
    mall,
    notices,
    problems,
    slips,
    tickets,
    turns,
)
from mpp.container import Container
from mpp.domain.errors import ClientTooOld, RuleBroken
from mpp.domain.events import on_boards
from mpp.live import websocket
from mpp.live.follower import Follower
from mpp.live.screen import Screen
from mpp.live.screens import Screens
from mpp.live.sockets import SocketIO
from mpp.settings import Settings
from mpp.web import problems as pages
from mpp.web.lobby import access as lobby

LARGEST_BODY = 64 * 1024
PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "media-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "MPP-Version": VERSION,
    "MPP-Oldest-Client": OLDEST_CLIENT,
}


def create_app(settings: Settings) -> tuple[Flask, SocketIO]:
    """Build one server process. Raises `SchemaWrong` when the database has another shape."""
    container = Container.build(settings)
    schema.require_current(container.db)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SECRET_KEY=settings.key_for("flask"))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # Such redirects would name whatever host the request names.
    app.url_map.merge_slashes = app.url_map.redirect_defaults = app.url_map.strict_slashes = False
    app.extensions["mpp"] = container
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
    app.before_request(_refuse_old_clients)
    app.before_request(_end_days(container))
    app.after_request(_stamp(container))
    _answer_problems(app)
    for blueprint in (
        health.bp,
        tickets.bp,
        appointments.bp,
        counters.bp,
        mall.bp,
        notices.bp,
        turns.bp,
        greeting.bp,
        slips.bp,
    ):
        app.register_blueprint(blueprint)
    _open_pages(app)
    return app, _live(app, container)


def _open_pages(app: Flask) -> None:
    web.install(app)
    allowed = board.Access(lobby.admit, lobby.entered, lobby.remember)
    app.register_blueprint(board.blueprint(allowed, VERSION, on_boards()))


def _live(app: Flask, container: Container) -> SocketIO:
    socketio = SocketIO(
        app,
        async_mode="gevent" if container.settings.async_mode == "gevent" else "threading",
        transports=["websocket"],
        ping_interval=5,
        ping_timeout=8,
        max_http_buffer_size=8_192,
        manage_session=False,
    )
    websocket.install(socketio)
    screen = Screen("/screen", container)
    socketio.on_namespace(screen)
    follower = Follower(container.db, container.settings.redis_url)
    follower.subscribe(Screens(socketio, screen))
    follower.start()
    app.extensions["follower"] = follower
    return socketio


def _refuse_old_clients() -> None:
    client = request.headers.get("MPP-Client")
    if client and _version(client) < _version(OLDEST_CLIENT):
        raise ClientTooOld


def _end_days(container: Container) -> Callable[[], None]:
    """Nobody looks at what a day that is over left open; whether the server lives is asked of it alone."""

    def end() -> None:
        if request.blueprint != health.bp.name:
            container.nights.end()

    return end


def _version(text: str) -> tuple[int, ...]:
    parts = text.split(".")[:3]
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0 for part in parts)


def _stamp(container: Container):  # type: ignore[no-untyped-def]
    headers = dict(HEADERS)
    if container.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"

    def stamp(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Security-Policy"] = _policy(headers["Content-Security-Policy"], container)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return stamp


def _policy(policy: str, container: Container) -> str:
    """Older browsers do not count sockets as `self`; a host that is none gets no word in the policy."""
    scheme = "wss" if container.secure else "ws"
    sockets = f" {scheme}://{request.host}" if PLAIN_HOST.fullmatch(request.host) else ""
    return policy.format(sockets=sockets)


def _answer_problems(app: Flask) -> None:
    def broken(error: RuleBroken) -> Response:
        if error.status >= 500:
            log.warning("busy", path=str(request.url_rule), cause=repr(error.__cause__))
        return problems.problem(error) if problems.wants_json() else _page(error)

    def refused(error: HTTPException) -> Response:
        if not problems.wants_json():
            return _page(problems.broken_by(error))
        return problems.http_problem(error)

    def bug(error: Exception) -> Response:
        log.error("bug", path=str(request.url_rule), exc_info=error)
        unexpected = problems.Unexpected()
        return problems.problem(unexpected) if problems.wants_json() else _page(unexpected)

    app.register_error_handler(RuleBroken, broken)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, bug)


def _page(error: RuleBroken) -> Response:
    return pages.page(error)


class _Patient:
    """A log that cannot be written (a full disk) must not turn a refusal into a failure."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        with suppress(OSError):
            self._stream.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure_logs(quiet: bool = False) -> None:
    """JSON lines on standard error; no personal data, no tokens, no paths with tokens."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(_Patient(sys.stdout)),  # type: ignore[arg-type]
    )
