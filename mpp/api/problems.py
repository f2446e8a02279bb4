"""Whatever goes wrong, as application/problem+json (RFC 9457) with a code and an Indonesian sentence."""

from math import ceil

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from mpp.domain.errors import Malformed, NotFound, PaperWrong, RuleBroken, TooLarge

PIECE, HEARD_OUT = 65_536, 1_048_576

TITLES = {
    400: "Permintaan tidak benar",
    401: "Kunci tidak dikenal",
    403: "Tidak berwenang",
    404: "Tidak ditemukan",
    405: "Cara ini tidak tersedia",
    409: "Tidak sesuai aturan",
    413: "Terlalu besar",
    422: "Isi tidak sesuai",
    429: "Terlalu sering",
    500: "Terjadi kesalahan",
    503: "Sedang sibuk",
}


def problem(error: RuleBroken) -> Response:
    """The answer to a broken rule."""
    document: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES.get(error.status, "Terjadi kesalahan"),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.reason:
        document["reason"] = error.reason
    if error.state:
        document["state"] = error.state
    if error.counter is not None:
        document["counter"] = error.counter
    if error.next_opening:
        document["next_opening"] = error.next_opening.isoformat(timespec="seconds")
    if error.retry_after is not None:
        document["retry_after"] = max(1, ceil(error.retry_after))
    if isinstance(error, PaperWrong):
        document["lines"] = error.lines
    response = Response(json.dumps(document), error.status, mimetype="application/problem+json")
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    if error.status == 413:
        _hear_out()
        response.headers["Connection"] = "close"
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _hear_out() -> None:
    """Take most of a body that is too large: who is still sending would see a broken line, not the answer."""
    stream = request.environ["wsgi.input"]
    for _ in range(HEARD_OUT // PIECE):
        if not stream.read(PIECE):
            return


class NotThisWay(RuleBroken):
    status = 405
    message = "Alamat ini tidak menerima cara permintaan ini."


class Unexpected(RuleBroken):
    status = 500
    message = "Terjadi kesalahan yang tidak terduga. Sudah dicatat; coba lagi atau hubungi pengelola."


REFUSALS: dict[int, type[RuleBroken]] = {
    400: Malformed,
    404: NotFound,
    405: NotThisWay,
    413: TooLarge,
    415: Malformed,
}


def broken_by(error: HTTPException) -> RuleBroken:
    """What the web server refuses, in our own words."""
    return REFUSALS.get(error.code or 500, Unexpected)()


def http_problem(error: HTTPException) -> Response:
    """The answer to what the web server itself refuses."""
    response = problem(broken_by(error))
    if error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.path in ("/healthz", "/readyz", "/metrics")
