"""Access of the lobby screens: a device key opens the board of its zones, and a cookie remembers it."""

from flask import request
from werkzeug.wrappers import Response

from mpp.auth import ANYONE, DISPLAYS
from mpp.domain.errors import UnknownKey
from mpp.routes import ROUTES, Kind, Route, container

A_YEAR_S = 31_536_000
# The routes of the board, which `display` makes; without a key the page shows the form that asks for one.
ROUTES.update(
    {
        f"display.{name}": Route(method, f"/display/{path}", f"display.{name}", ANYONE, Kind())
        for name, method, path in (
            ("show", "GET", "<zone>"),
            ("enter", "POST", "<zone>/key"),
            ("static", "GET", "static/<path:filename>"),
        )
    }
)


def admit(zone: str, key: str) -> bool:
    """Whether this key belongs to a display of this zone."""
    try:
        found = container().authenticator.by_key(key)
    except UnknownKey:
        return False
    return found.passes(DISPLAYS) and zone in found.zones


def entered(zone: str) -> bool:
    """Whether the browser that asks remembers such a key."""
    key = request.cookies.get(container().display_cookie)
    return bool(key) and admit(zone, key or "")


def remember(answer: Response, key: str) -> None:
    """Let this browser keep the key where no script can read it."""
    answer.set_cookie(
        container().display_cookie,
        key,
        max_age=A_YEAR_S,
        httponly=True,
        samesite="Strict",
        secure=container().secure,
        path="/",
    )
