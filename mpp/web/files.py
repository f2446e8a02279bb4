"""Files of the pages: our own, and the look that all faces share; an address carries what the file says."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory, url_for

from mpp.auth import ANYONE
from mpp.routes import route
from mpp.web.page import PAGE

FACES = {folder.parent.name: folder for folder in Path(__file__).parent.glob("*/static")}
LOOK = Path(str(files("display"))) / "look"
A_YEAR_S = 31_536_000

bp = Blueprint("files", __name__, template_folder="shared/templates")


def install(app: Flask) -> None:
    """Let templates say `static('desk/desk.css')` and `look('tokens.css')`."""
    app.add_template_global(_address("files.static", _own), "static")
    app.add_template_global(_address("files.look", LOOK.joinpath), "look")


@route(bp, "GET /static/<path:name>", ANYONE, PAGE)
def static(name: str) -> Response:
    """A style, script or picture of a face: `desk/desk.css` lies in `mpp/web/desk/static`."""
    face, _, file = name.partition("/")
    if face not in FACES:
        abort(404)
    return _file(FACES[face], file)


@route(bp, "GET /look/<path:name>", ANYONE, PAGE)
def look(name: str) -> Response:
    """A colour, font or icon of all faces."""
    return _file(LOOK, name)


@route(bp, "GET /favicon.ico", ANYONE, PAGE)
def favicon() -> Response:
    """The sign in a browser's tab."""
    return _file(FACES["shared"], "favicon.svg")


@route(bp, "GET /robots.txt", ANYONE, PAGE)
def robots() -> Response:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


def _address(endpoint: str, place: Callable[[str], Path]) -> Callable[[str], str]:
    def address(name: str) -> str:
        return url_for(endpoint, name=name, v=_print(place(name)))

    return address


def _own(name: str) -> Path:
    face, _, file = name.partition("/")
    return FACES[face] / file


@lru_cache(maxsize=256)
def _print(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _file(folder: Path, name: str) -> Response:
    """Kept for a year under an address with its print; anything else is asked for again each time."""
    response = send_from_directory(folder, name)
    kept = request.args.get("v") and request.args["v"] == _print(folder / name)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable" if kept else "no-cache"
    return response
