"""The page of the journey: several services on one number, in the order of the visit."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.journey import MOST_SERVICES, codes, exchanged, stops
from kiosk.web import security, visit
from kiosk.web.catalogue_pages import chosen_priority
from kiosk.web.context import kiosk, presenter
from kiosk.web.visit_pages import known_priority

bp = Blueprint("journey", __name__, url_prefix="/rute")


@bp.get("")
def show() -> str | AnyResponse:
    """The stops so far, to be changed or to be taken as one number. Every entry is a new intent."""
    present = presenter()
    journey = stops(present.catalogue, visit.journey())
    if not journey:
        return redirect(url_for("pages.home"))
    return render_template(
        "journey.html",
        stops=present.journey(journey),
        services=codes(journey),
        most=MOST_SERVICES,
        priority=chosen_priority(present),
        has_priorities=bool(present.catalogue.priority_groups),
        moved=request.args.get("ke", type=int),
        intent=secrets.token_urlsafe(18),
    )


@bp.post("")
def add() -> AnyResponse:
    """One more service at the end; the first one leads back to the question where to go."""
    security.expect_token(kiosk().secret)
    service = presenter().catalogue.service(request.form.get("service", "")) or abort(404)
    if not service.open:
        return redirect(url_for("pages.service", code=service.code), 303)
    if "priority" in request.form:
        visit.choose_priority(known_priority(request.form["priority"]))
    before = visit.journey()
    if service.code not in before and len(before) < MOST_SERVICES:
        visit.choose_journey([*before, service.code])
    return redirect(url_for(".show" if before else "pages.home"), 303)


@bp.post("/ubah")
def change() -> AnyResponse:
    """A service less, or a stop earlier or later."""
    security.expect_token(kiosk().secret)
    form = request.form
    if "remove" in form:
        visit.choose_journey([code for code in visit.journey() if code != form["remove"]])
        return redirect(url_for(".show"), 303)
    button = "up" if "up" in form else "down"
    nth = form.get(button, 0, type=int)
    goal = nth - 1 if button == "up" else nth + 1
    journey = stops(presenter().catalogue, visit.journey())
    visit.choose_journey(codes(exchanged(journey, min(nth, goal))))
    return redirect(url_for(".show", ke=goal), 303)
