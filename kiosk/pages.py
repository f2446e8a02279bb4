"""The touch pages: agency, service, number, and the ways out of every dead end."""

import secrets
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from kiosk import doors, search, status, stops, words
from kiosk.catalogue import Catalogue
from kiosk.views import Speaker

if TYPE_CHECKING:
    from kiosk.app import Kiosk

bp = Blueprint("pages", __name__)


def kiosk() -> "Kiosk":
    """The kiosk whose pages these are."""
    found: Kiosk = current_app.extensions["kiosk"]
    return found


def speaker() -> Speaker:
    """What there is to say, in the visitor's language; raises 503 while no catalogue was ever heard."""
    catalogue = kiosk().keeper.current
    if catalogue is None:
        abort(503)
    return Speaker(catalogue, g.language, kiosk().keeper.now())


@bp.app_context_processor
def frame() -> dict[str, object]:
    """What the frame of every screen shows."""
    keeper = kiosk().keeper
    mall = keeper.body()["mall"]
    now = keeper.now()
    return {
        "mall": mall,
        "clock": f"{now:%H.%M}",
        "clock_zone": mall.get("timezone_label", ""),
        "clock_minutes": now.hour * 60 + now.minute,
        "clock_seconds": now.second,
        "language": g.get("language", "id"),
        "large": session.get("large", False),
        "away": keeper.away,
        "heard": f"{keeper.heard:%H.%M}" if keeper.heard else None,
        "paper": kiosk().worker.condition,
        "troubles": (status.PAPER_OUT, status.COVER_OPEN, status.FAULT, "away", "stalled", "broken"),
        "virtual": kiosk().virtual is not None,
        "desk": keeper.current.desk() if keeper.current else None,
        "route_length": len(session.get("route", [])),
        "emergencies": speaker().emergencies() if keeper.current else [],
        "changed": session.get("language", "id") != "id"
        or any(session.get(choice) for choice in ("large", "priority", "route")),
    }


@bp.get("/")
def home() -> str | tuple[str, int]:
    """Where do you want to go?"""
    if kiosk().keeper.current is None:
        return render_template("starting.html", refused=kiosk().keeper.key_refused), 503
    return render_template("home.html", **_home())


@bp.get("/ubin")
def tiles() -> str:
    """The living part of the first screen."""
    return render_template("_tiles.html", **_home())


@bp.get("/keadaan")
def strip() -> str:
    """The living strip under the frame: what is wrong with the line or the printer now."""
    return render_template("_strip.html")


def _home() -> dict[str, object]:
    say = speaker()
    return {"tiles": [say.tile(row) for row in say.catalogue.agencies], "priority": chosen_priority(say)}


def chosen_priority(say: Speaker) -> dict[str, object] | None:
    """The class that the visitor chose for this visit, if any."""
    return next((row for row in say.priorities() if row["code"] == session.get("priority")), None)


@bp.get("/instansi/<code>")
def agency(code: str) -> str:
    """The services of one agency."""
    say = speaker()
    row = say.catalogue.agency(code) or abort(404)
    cards = [say.card(service) for service in say.catalogue.services_of(code)]
    return render_template(
        "agency.html",
        agency=say.tile(row),
        closed=None if row["open"] else say.closed(row),
        cards=cards,
        is_desk=row == say.catalogue.desk(),
    )


@bp.get("/informasi")
def information() -> AnyResponse:
    """For those who do not know where to go: the services of the information desk."""
    desk = speaker().catalogue.desk()
    return redirect(url_for(".agency", code=desk["code"]) if desk else url_for(".find"))


@bp.get("/layanan/<code>")
def service(code: str) -> str:
    """What to bring, what it costs, how long it takes; and the number. Every entry is a new intent."""
    say = speaker()
    row = say.catalogue.service(code) or abort(404)
    return render_template(
        "service.html",
        service=say.sheet(row),
        priorities=say.priorities(),
        chosen=session.get("priority", ""),
        intent=secrets.token_urlsafe(18),
        back=_back(say.catalogue, code),
        on_route=code in session.get("route", []),
        route_full=len(session.get("route", [])) >= stops.MOST,
    )


def _back(catalogue: Catalogue, code: str) -> str:
    if "rute" in request.args:
        return url_for("route.show")
    if "cari" in request.args:
        return url_for(".find", q=request.args["cari"][:60])
    service = catalogue.service(code) or {}
    return url_for(".agency", code=service.get("agency", ""))


@bp.get("/cari")
def find() -> str:
    """Search by name, with letters on the screen."""
    say = speaker()
    wish = request.args.get("q", "")[:60]
    return render_template(
        "search.html", wish=wish, cards=_found(say, wish), total=len(say.catalogue.services)
    )


@bp.get("/cari/hasil")
def results() -> str:
    """What the letters so far find."""
    say = speaker()
    wish = request.args.get("q", "")[:60]
    total = len(say.catalogue.services)
    return render_template("_found.html", wish=wish, cards=_found(say, wish), total=total)


def _found(say: Speaker, wish: str) -> list[dict[str, object]]:
    return [say.card(row) for row in search.found(say.catalogue, wish)]


@bp.get("/prioritas")
def priority() -> str:
    """Who goes first by right, and a choice that holds for this visit and can be taken back."""
    return render_template(
        "priority.html",
        priorities=speaker().priorities(),
        chosen=session.get("priority", ""),
        for_route="rute" in request.args,
    )


@bp.post("/prioritas")
def choose_priority() -> AnyResponse:
    doors.expect_token(kiosk().secret)
    known = {row["code"] for row in speaker().catalogue.priorities}
    wish = request.form.get("priority", "")
    session["priority"] = wish if wish in known else ""
    return redirect(url_for("route.show" if "rute" in request.form else ".home"), 303)


@bp.post("/bahasa")
def language() -> AnyResponse:
    doors.expect_token(kiosk().secret)
    wish = request.form.get("language")
    session["language"] = wish if wish in words.LANGUAGES else "id"
    return redirect(_here(), 303)


@bp.post("/ukuran")
def size() -> AnyResponse:
    doors.expect_token(kiosk().secret)
    session["large"] = not session.get("large", False)
    return redirect(_here(), 303)


def _here() -> str:
    """The screen that the form stood on, never another place."""
    screen = request.form.get("screen", "/")
    return screen if screen.startswith("/") and not screen.startswith("//") and "\\" not in screen else "/"


@bp.post("/selesai")
def done() -> AnyResponse:
    """The visitor leaves: nothing of the visit stays."""
    doors.expect_token(kiosk().secret)
    if leaving := request.form.get("leaving"):
        kiosk().asker.leave(leaving)
    session.clear()
    return redirect(url_for(".home"), 303)


@bp.get("/healthz")
def health() -> Response:
    """For a watchdog: this process answers."""
    return make_response({"status": "ok", "server": "away" if kiosk().keeper.away else "ok"})


@bp.get("/look/<path:name>")
def look(name: str) -> Response:
    """The look that all faces share."""
    return send_from_directory(current_app.extensions["look"], name)
