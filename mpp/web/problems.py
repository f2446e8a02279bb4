"""What was refused, as a sentence: a page of its own, a notice on the page one came from, or the way in."""

import re
from math import ceil

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from mpp.domain.errors import Locked, NotAllowed, RuleBroken
from mpp.routes import container
from mpp.web.page import page_of

NOTICE = "mpp-notice"
NOTICE_S = 30
SAFE_PLACE = re.compile(r"/[a-z]+(?:[/-][0-9A-Za-z]+)*(?:\?[0-9A-Za-z=&_-]{1,200})?")

# What one may mend on the page one came from.
CORRECTABLE = (400, 409, 422)

TITLES = {
    403: "Halaman ini bukan untuk Anda",
    404: "Tidak ditemukan",
    429: "Mohon tunggu sebentar",
    500: "Terjadi kesalahan",
    503: "Sistem sedang sibuk",
}


def page(error: RuleBroken) -> Response:
    """The answer of a page to a broken rule."""
    shown = page_of(request.endpoint)
    if shown and shown.part:
        return Response(error.detail, error.status, mimetype="text/plain")
    if error.status == 401 or (isinstance(error, NotAllowed) and not _has_session()):
        return _way_in("lock.show" if isinstance(error, Locked) else "signin.show")
    if error.status in CORRECTABLE and shown and shown.back:
        response = _found(url_for(shown.back, **(request.view_args or {})))
        leave_notice(response, error.detail)
        return response
    return _explained(error)


def leave_notice(response: Response, sentence: str) -> None:
    """Let the next page say this once. The cookie is signed, so that nobody else puts words on our pages."""
    response.set_cookie(
        NOTICE,
        _signer().dumps(sentence),
        max_age=NOTICE_S,
        httponly=True,
        samesite="Strict",
        secure=container().secure,
    )


def notice() -> str | None:
    """What the page before wanted to be said here."""
    try:
        return str(_signer().loads(request.cookies.get(NOTICE, ""), max_age=NOTICE_S))
    except BadSignature:
        return None


def said(text: str) -> Response:
    """A page that has said its notice; it will not be said again."""
    response = make_response(text)
    if NOTICE in request.cookies:
        response.delete_cookie(NOTICE)
    return response


def safe_place(place: str | None) -> str | None:
    """What may be an address of this server to go on to after signing in; anything else is nothing."""
    return place if place and SAFE_PLACE.fullmatch(place) else None


def _way_in(allowed: str) -> Response:
    place = safe_place(request.full_path.removesuffix("?")) if request.method == "GET" else None
    return _found(url_for(allowed, next=place))


def _found(address: str) -> Response:
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101
    return response


def _explained(error: RuleBroken) -> Response:
    title = TITLES.get(error.status, "Permintaan ini tidak dapat dilakukan")
    face = "phone" if request.path.startswith("/t/") else "desk"
    response = make_response(
        render_template("problem.html", title=title, detail=error.detail, status=error.status, face=face),
        error.status,
    )
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    return response


def _has_session() -> bool:
    return container().session_cookie in request.cookies


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="notice")
