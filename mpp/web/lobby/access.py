"""Access of the lobby screens: a device key opens the board of its zones, and a cookie remembers it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from mpp.auth import ANYONE, DISPLAYS
from mpp.domain.errors import UnknownKey
from mpp.web.page import container

A_YEAR_S = 31_536_000
DOORS = {
    "display.show": ANYONE,  # without a key it shows the form that asks for one
    "display.enter": ANYONE,
    "display.static": ANYONE,
}


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


def name_doors(app: Flask) -> None:
    """Say for each route of the board who may enter, as every route does."""
    for endpoint, allowed in DOORS.items():
        app.view_functions[endpoint] = _with_door(app.view_functions[endpoint], allowed)


def _with_door(view: Callable[..., Any], allowed: tuple[str, ...]) -> Callable[..., Any]:
    @wraps(view)
    def entered(**named: Any) -> Any:
        return view(**named)

    entered.allowed = allowed  # type: ignore[attr-defined]
    return entered
