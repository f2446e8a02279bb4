"""Signing in and out: one name, one password, one session."""

import secrets

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import select

from mpp import csrf
from mpp.actions import sessions
from mpp.actions.people import LONGEST_NAME
from mpp.auth import ANYONE, LOCK
from mpp.domain.errors import CsrfFailed, RuleBroken
from mpp.domain.mall import Mall
from mpp.routes import container, principal, route
from mpp.web.page import PAGE, names_itself
from mpp.web.signin.sessions import end, onward, present, remember, wanted
from mpp.web.signin.throttle import LONGEST_PASSWORD, attempt, pseudonym, sentence

bp = Blueprint("signin", __name__, template_folder="templates")
names_itself(bp)
log = structlog.get_logger()


@route(bp, "GET /", ANYONE, PAGE)
def show() -> Response:
    """The way in; who is in already goes on."""
    if (found := present()) is None:
        return _form()
    if found.locked:
        return make_response(redirect(url_for("lock.show", next=wanted()), 303))
    return onward(found)


@route(bp, "POST /", ANYONE, PAGE)
def enter() -> Response:
    """Sign in with name and password; a new session at every sign-in."""
    name = request.form.get("name", "").strip()[:LONGEST_NAME]
    password = request.form.get("password", "")[:LONGEST_PASSWORD]
    try:
        _from_our_form()
        key, person_id = attempt(name, lambda: sessions.sign_in(container().db, name, password))
    except RuleBroken as error:
        log.warning("sign_in_refused", code=error.code, name=pseudonym(name))
        return _form(error, name)
    log.info("sign_in", actor=f"person:{person_id}")
    end()
    response = onward(container().authenticator.by_session(key))
    remember(response, key)
    return response


@route(bp, "POST /sign-out", LOCK, PAGE)
def leave() -> Response:
    """End this session, here and on the server; the next officer may go on where this one was."""
    log.info("sign_out", actor=principal().actor)
    end()
    response = make_response(redirect(url_for("signin.show", next=wanted()), 303))
    response.delete_cookie(container().session_cookie, path="/", secure=container().secure, httponly=True)
    return response


def _form(error: RuleBroken | None = None, name: str = "") -> Response:
    token = request.cookies.get(_form_cookie()) or secrets.token_urlsafe(24)
    said = sentence(error) if error else None
    text = render_template(
        "signin/show.html", mall=_mall_name(), csrf=token, next=wanted(), name=name, sentence=said
    )
    response = make_response(text, error.status if error else 200)
    response.set_cookie(
        _form_cookie(), token, httponly=True, samesite="Strict", secure=container().secure, path="/"
    )
    return response


def _from_our_form() -> None:
    """The form carries its cookie's token and comes from a page of this host. Raises `CsrfFailed`."""
    if not csrf.holds(request, request.cookies.get(_form_cookie())):
        raise CsrfFailed


def _form_cookie() -> str:
    return "__Host-mpp-form" if container().secure else "mpp-form"


def _mall_name() -> str:
    """The mall's name where there is only one; before signing in we know no more."""
    with container().db.reading() as session:
        names = session.scalars(select(Mall.name).limit(2)).all()
    return names[0] if len(names) == 1 else "Mal Pelayanan Publik"
