"""Signing in and out: one name, one password, one session."""

import secrets
from hashlib import sha256
from hmac import compare_digest
from threading import BoundedSemaphore
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import select

from mpp.access import ANYONE, STAFF, Principal
from mpp.actions import people
from mpp.domain.errors import Busy, CsrfFailed, RuleBroken, TooMany, UnknownKey, WrongPassword
from mpp.domain.mall import Mall
from mpp.domain.people import Role
from mpp.limits import FAILED_FROM_ADDRESS, FAILED_SIGN_INS
from mpp.web.page import house, names_itself, page, principal
from mpp.web.problems import safe_place

# Each password costs 19 MB and a good part of a second of one core; a crowd at the door waits its turn.
AT_ONCE = BoundedSemaphore(2)
PATIENCE_S = 5
LONGEST_NAME, LONGEST_PASSWORD = 60, 256
HOMES = {
    Role.OFFICER: "desk.choose",
    Role.SUPERVISOR: "supervisor.show",
    Role.ADMIN: "supervisor.show",
    Role.GREETER: "greeter.show",
}

bp = Blueprint("signin", __name__, template_folder="templates")
names_itself(bp)
log = structlog.get_logger()


@page(bp, "GET", "/", ANYONE)
def show() -> Response:
    """The way in; who is in already goes on."""
    if (found := _present()) is not None:
        return _on(found)
    return _form()


@page(bp, "POST", "/", ANYONE)
def enter() -> Response:
    """Sign in with name and password; a new session at every sign-in."""
    name = request.form.get("name", "").strip()[:LONGEST_NAME]
    try:
        _from_our_form()
        key, person_id = _verified(name, request.form.get("password", "")[:LONGEST_PASSWORD])
    except RuleBroken as error:
        log.warning("sign_in_refused", code=error.code, name=_pseudonym(name))
        return _form(error, name)
    log.info("sign_in", actor=f"person:{person_id}")
    _end_session()
    response = _on(house().porter.by_session(key))
    _remember(response, key)
    return response


@page(bp, "POST", "/sign-out", STAFF)
def leave() -> Response:
    """End this session, here and on the server."""
    log.info("sign_out", actor=principal().actor)
    _end_session()
    response = make_response(redirect(url_for("signin.show"), 303))
    response.delete_cookie(house().session_cookie, path="/", secure=house().secure, httponly=True)
    return response


def _verified(name: str, password: str) -> tuple[str, int]:
    """The new session's key and the person. Only failures count, by the name and by the address."""
    limits, address = house().limits, request.remote_addr or "?"
    limits.check(FAILED_SIGN_INS, "sign-in", _pseudonym(name))
    limits.check(FAILED_FROM_ADDRESS, "sign-in", address)
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        raise Busy("Banyak yang sedang masuk. Coba lagi sebentar.", retry_after=PATIENCE_S)
    try:
        return people.sign_in(house().db, name, password)
    except WrongPassword:
        limits.count(FAILED_SIGN_INS, "sign-in", _pseudonym(name))
        limits.count(FAILED_FROM_ADDRESS, "sign-in", address)
        raise
    finally:
        AT_ONCE.release()


def _form(error: RuleBroken | None = None, name: str = "") -> Response:
    token = request.cookies.get(_form_cookie()) or secrets.token_urlsafe(24)
    sentence = _sentence(error) if error else None
    text = render_template(
        "signin/show.html", mall=_mall_name(), csrf=token, next=_next(), name=name, sentence=sentence
    )
    response = make_response(text, error.status if error else 200)
    response.set_cookie(
        _form_cookie(), token, httponly=True, samesite="Strict", secure=house().secure, path="/"
    )
    return response


def _sentence(error: RuleBroken) -> str:
    if isinstance(error, TooMany):
        return "Terlalu banyak percobaan. Tunggu 15 menit, atau minta pengelola mengganti kata sandi Anda."
    return error.detail


def _from_our_form() -> None:
    """The form carries its cookie's token and comes from a page of this host. Raises `CsrfFailed`."""
    sent, kept = request.form.get("csrf", ""), request.cookies.get(_form_cookie(), "")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise CsrfFailed
    if not kept or not compare_digest(sent.encode(), kept.encode()):
        raise CsrfFailed


def _present() -> Principal | None:
    """Who is signed in on this browser."""
    if not (key := request.cookies.get(house().session_cookie)):
        return None
    try:
        return house().porter.by_session(key)
    except UnknownKey:
        return None


def _on(found: Principal) -> Response:
    return make_response(redirect(_next() or url_for(HOMES[Role(found.role)]), 303))


def _next() -> str | None:
    return safe_place(request.values.get("next"))


def _remember(response: Response, key: str) -> None:
    response.set_cookie(
        house().session_cookie, key, httponly=True, samesite="Lax", secure=house().secure, path="/"
    )


def _end_session() -> None:
    if key := request.cookies.get(house().session_cookie):
        people.sign_out(house().db, key)
        house().porter.forget()


def _form_cookie() -> str:
    return "__Host-mpp-form" if house().secure else "mpp-form"


def _pseudonym(name: str) -> str:
    """The same name gives the same word, and the word gives no name away."""
    return sha256(house().settings.key_for("names in logs") + name.lower().encode()).hexdigest()[:16]


def _mall_name() -> str:
    """The mall's name where there is only one; before signing in we know no more."""
    with house().db.reading() as session:
        names = session.scalars(select(Mall.name).limit(2)).all()
    return names[0] if len(names) == 1 else "Mal Pelayanan Publik"
