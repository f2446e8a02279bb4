"""Security: only the kiosk's own screen is answered, and only its own forms are accepted."""

import hashlib
import hmac
from collections.abc import Callable

from flask import Flask, Response, abort, request

from kiosk.web import visit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def guard(app: Flask, port: int, secret: bytes) -> None:
    """Checks every request, and sets strict headers on every answer."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    app.before_request(_check(hosts))
    app.after_request(_set_headers)
    app.jinja_env.globals["token"] = lambda intent="": screen_token(secret, request.path, intent)


def screen_token(secret: bytes, screen: str, intent: str = "") -> str:
    """The proof that this visitor was shown this screen, with this intent on it."""
    message = f"{visit.begin()}|{screen}|{intent}"
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


def expect_token(secret: bytes) -> None:
    """Refuses a form that did not come from a screen of this visit."""
    form = request.form
    expected = screen_token(secret, form.get("screen", ""), form.get("intent", ""))
    if not hmac.compare_digest(expected.encode(), form.get("token", "").encode()):
        abort(403)


def _check(hosts: set[str]) -> Callable[[], None]:
    origins = {f"http://{host}" for host in hosts}

    def check() -> None:
        if request.host not in hosts:
            abort(403)
        if request.method not in ("GET", "HEAD") and request.headers.get("Origin") not in origins:
            abort(403)
        visit.begin()

    return check


def _set_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    # "no-referrer" would also blank the Origin of our own forms.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint not in ("static", "device.look"):
        response.headers["Cache-Control"] = "no-store"
    return response
