"""The lock of a shared computer: the screen closes, the counter stays held, a password opens it again."""

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.actions import sessions
from mpp.auth import LOCK, STAFF
from mpp.domain.errors import RuleBroken
from mpp.queries.counters import held_by
from mpp.routes import container, mall, principal, route
from mpp.web.page import PAGE, PART, names_itself
from mpp.web.signin.sessions import onward, remember, wanted
from mpp.web.signin.throttle import LONGEST_PASSWORD, attempt, sentence

bp = Blueprint("lock", __name__)
names_itself(bp)
log = structlog.get_logger()


@route(bp, "GET /lock", LOCK, PAGE)
def show() -> Response:
    """The closed screen; whose is open goes on."""
    return _closed() if principal().locked else onward(principal())


@route(bp, "POST /lock/close", LOCK, PAGE)
def close() -> Response:
    """Close the screen: this session opens nothing until it is unlocked."""
    log.info("locked", actor=principal().actor)
    sessions.lock(container().db, _key())
    container().authenticator.forget()
    return make_response(redirect(url_for("lock.show", next=wanted()), 303))


@route(bp, "POST /lock", LOCK, PAGE)
def open_again() -> Response:
    """Open the screen again where it was closed, under a new key."""
    who, password = principal(), request.form.get("password", "")[:LONGEST_PASSWORD]
    if not who.locked:
        return onward(who)
    try:
        key = attempt(who.name, lambda: sessions.unlock(container().db, _key(), password))
    except RuleBroken as error:
        if error.status == 401 and error.code != "wrong_password":
            raise
        log.warning("unlock_refused", code=error.code, actor=who.actor)
        return _closed(error)
    log.info("unlocked", actor=who.actor)
    container().authenticator.forget()
    response = onward(who)
    remember(response, key)
    return response


@route(bp, "POST /touch", STAFF, PART)
def touch() -> Response:
    """Somebody is at this screen: the request itself is the touch, and asks for nothing."""
    return Response(status=204)


def _closed(error: RuleBroken | None = None) -> Response:
    here = mall()
    with container().db.reading() as session:
        held = held_by(session, here.mall_id, principal().id)
    text = render_template(
        "lock/show.html",
        mall=here,
        who=principal(),
        now=clock.now().astimezone(here.timezone),
        counter=here.counters.get(held or 0),
        next=wanted(),
        sentence=sentence(error) if error else None,
    )
    return make_response(text, error.status if error else 200)


def _key() -> str:
    return request.cookies[container().session_cookie]
