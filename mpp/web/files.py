"""Files of the pages: our own, and the look that all faces share; an address carries what the file says."""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for

from mpp.auth import ANYONE
from mpp.web.page import page

OWN = Path(__file__).parent / "static"
LOOK = Path(str(files("display"))) / "look"
A_YEAR_S = 31_536_000

bp = Blueprint("files", __name__)


def install(app: Flask) -> None:
    """Let templates say `static('desk.css')` and `look('tokens.css')`."""
    app.add_template_global(_address("files.static", OWN), "static")
    app.add_template_global(_address("files.look", LOOK), "look")


@page(bp, "GET", "/static/<path:name>", ANYONE)
def static(name: str) -> Response:
    """A style, script or picture of these pages."""
    return _file(OWN, name)


@page(bp, "GET", "/look/<path:name>", ANYONE)
def look(name: str) -> Response:
    """A colour, font or icon of all faces."""
    return _file(LOOK, name)


@page(bp, "GET", "/favicon.ico", ANYONE)
def favicon() -> Response:
    """The sign in a browser's tab."""
    return _file(OWN, "favicon.svg")


@page(bp, "GET", "/robots.txt", ANYONE)
def robots() -> Response:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


def _address(endpoint: str, folder: Path):  # type: ignore[no-untyped-def]
    def address(name: str) -> str:
        return url_for(endpoint, name=name, v=_print(folder / name))

    return address


@lru_cache(maxsize=256)
def _print(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _file(folder: Path, name: str) -> Response:
    """Kept for a year under an address with its print; anything else is asked for again each time."""
    response = send_from_directory(folder, name)
    kept = request.args.get("v") and request.args["v"] == _print(folder / name)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable" if kept else "no-cache"
    return response
