"""The route page: several services on one number, in the order of the visit."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk import doors, stops
from kiosk.pages import chosen_priority, kiosk, speaker

bp = Blueprint("route", __name__, url_prefix="/rute")


@bp.get("")
def show() -> str | AnyResponse:
    """The stops so far, to be changed or to be taken as one number. Every entry is a new intent."""
    say = speaker()
    route = stops.stops(say.catalogue, _codes())
    if not route:
        return redirect(url_for("pages.home"))
    queues = [stop[0]["queue"] for stop in route]
    return render_template(
        "route.html",
        stops=[
            {**say.stop(stop), "earlier": queues.index(queue) + 1 if queue in queues[:nth] else None}
            for nth, (stop, queue) in enumerate(zip(route, queues, strict=True))
        ],
        services=[service["code"] for stop in route for service in stop],
        most=stops.MOST,
        priority=chosen_priority(say),
        has_priorities=bool(say.catalogue.priorities),
        moved=request.args.get("ke", type=int),
        intent=secrets.token_urlsafe(18),
    )


@bp.post("")
def add() -> AnyResponse:
    """One more service at the end; the first one leads back to the question where to go."""
    doors.expect_token(kiosk().secret)
    say = speaker()
    service = say.catalogue.service(request.form.get("service", "")) or abort(404)
    if not service["open"]:
        return redirect(url_for("pages.service", code=service["code"]), 303)
    if (wish := request.form.get("priority")) is not None:
        session["priority"] = wish if wish in {row["code"] for row in say.catalogue.priorities} else ""
    before = _codes()
    if service["code"] not in before and len(before) < stops.MOST:
        session["route"] = [*before, service["code"]]
    return redirect(url_for(".show" if before else "pages.home"), 303)


@bp.post("/ubah")
def change() -> AnyResponse:
    """A service less, or a stop earlier or later."""
    doors.expect_token(kiosk().secret)
    form, codes = request.form, _codes()
    if "remove" in form:
        session["route"] = [code for code in codes if code != form["remove"]]
        return redirect(url_for(".show"), 303)
    way = "up" if "up" in form else "down"
    nth = form.get(way, 0, type=int)
    goal = nth - 1 if way == "up" else nth + 1
    session["route"] = stops.exchanged(speaker().catalogue, codes, min(nth, goal))
    return redirect(url_for(".show", ke=goal), 303)


def _codes() -> list[str]:
    return list(session.get("route", []))
