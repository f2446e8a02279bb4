"""What holds for the whole visit: priority, language, size of the text, and its end."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.web import security, visit
from kiosk.web.context import kiosk, presenter

bp = Blueprint("visit", __name__)


@bp.get("/prioritas")
def priority() -> str:
    """Who goes first by right, and a choice that holds for this visit and can be taken back."""
    return render_template(
        "priority.html",
        priorities=presenter().priorities(),
        chosen=visit.priority(),
        for_journey="rute" in request.args,
    )


@bp.post("/prioritas")
def choose_priority() -> AnyResponse:
    security.expect_token(kiosk().secret)
    visit.choose_priority(known_priority(request.form.get("priority", "")))
    return redirect(url_for("journey.show" if "rute" in request.form else "pages.home"), 303)


def known_priority(code: str) -> str:
    """The code of a priority group, empty when the mall has no such group."""
    return code if code in {row.code for row in presenter().catalogue.priority_groups} else ""


@bp.post("/bahasa")
def language() -> AnyResponse:
    security.expect_token(kiosk().secret)
    visit.choose_language(request.form.get("language"))
    return redirect(_here(), 303)


@bp.post("/ukuran")
def size() -> AnyResponse:
    security.expect_token(kiosk().secret)
    visit.toggle_large_text()
    return redirect(_here(), 303)


def _here() -> str:
    """The screen that the form stood on, never another origin."""
    screen = request.form.get("screen", "/")
    return screen if screen.startswith("/") and not screen.startswith("//") and "\\" not in screen else "/"


@bp.post("/selesai")
def done() -> AnyResponse:
    """The visitor leaves; an intent that is still being asked is given up."""
    security.expect_token(kiosk().secret)
    if leaving := request.form.get("leaving"):
        kiosk().requests.leave(leaving)
    visit.end()
    return redirect(url_for("pages.home"), 303)
