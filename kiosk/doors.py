"""The kiosk's doors: only its own screen comes in, from its own address, with its own token."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort, g, request, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def secret_in(folder: Path) -> bytes:
    """The kiosk's own secret, made at the first start and readable by nobody else."""
    path = folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def guard(app: Flask, port: int, secret: bytes) -> None:
    """Puts a watch at every request and the strict headers on every answer."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    app.before_request(_watch(hosts))
    app.after_request(_harden)
    app.jinja_env.globals["token"] = lambda intent="": screen_token(secret, request.path, intent)


def screen_token(secret: bytes, screen: str, intent: str = "") -> str:
    """The proof that this visitor was shown this screen, with this intent on it."""
    words = f"{session['visit']}|{screen}|{intent}"
    return hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()


def expect_token(secret: bytes) -> None:
    """Refuses a form that did not come from a screen of this visit."""
    form = request.form
    wanted = screen_token(secret, form.get("screen", ""), form.get("intent", ""))
    if not hmac.compare_digest(wanted.encode(), form.get("token", "").encode()):
        abort(403)


def _watch(hosts: set[str]) -> Callable[[], None]:
    origins = {f"http://{host}" for host in hosts}

    def watch() -> None:
        if request.host not in hosts:
            abort(403)
        if request.method not in ("GET", "HEAD") and request.headers.get("Origin") not in origins:
            abort(403)
        session.setdefault("visit", secrets.token_urlsafe(16))
        g.language = session.get("language", "id")

    return watch


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    # "no-referrer" would also blank the Origin of our own forms.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint not in ("static", "pages.look"):
        response.headers["Cache-Control"] = "no-store"
    return response
