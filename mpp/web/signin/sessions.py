"""The session of this browser: whose it is, its cookie, and where its person goes on to."""

from flask import Response, current_app, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from mpp.actions import sessions
from mpp.domain.errors import UnknownKey
from mpp.domain.people import Role
from mpp.domain.principal import Principal
from mpp.routes import ROUTES, container
from mpp.web.page import page_of
from mpp.web.problems import safe_place

HOMES = {
    Role.OFFICER: "desk.choose",
    Role.SUPERVISOR: "supervisor.show",
    Role.ADMIN: "admin.everybody",
    Role.GREETER: "greeter.show",
}


def present() -> Principal | None:
    """Who is signed in on this browser; their screen may be locked."""
    if not (key := request.cookies.get(container().session_cookie)):
        return None
    try:
        return container().authenticator.by_session(key, locked_too=True)
    except UnknownKey:
        return None


def remember(response: Response, key: str) -> None:
    """Let this browser keep the key where no script can read it."""
    response.set_cookie(
        container().session_cookie, key, httponly=True, samesite="Lax", secure=container().secure, path="/"
    )


def end() -> None:
    """End this browser's session on the server."""
    if key := request.cookies.get(container().session_cookie):
        sessions.sign_out(container().db, key)
        container().authenticator.forget()


def wanted() -> str | None:
    """Where somebody wanted to go before they were asked for a password."""
    return safe_place(request.values.get("next"))


def onward(found: Principal) -> Response:
    """To where they wanted to go when that is theirs to see, else to their own first page."""
    place = wanted()
    if place is None or not _theirs(found, place):
        place = url_for(HOMES[Role(found.role)])
    return make_response(redirect(place, 303))


def _theirs(found: Principal, place: str) -> bool:
    """On a shared computer the next officer may be of another role, or of another agency."""
    try:
        path = place.partition("?")[0]
        endpoint, named = current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    shown = page_of(endpoint)
    if shown is None or shown.part or not found.passes(ROUTES[endpoint].allowed):
        return False
    counter = container().mall(found.mall_id).counters.get(named.get("counter_id", 0))
    return counter is None or found.agency_id in (None, counter.agency.id)
