"""Choosing: agencies, the services of an agency, one service with all that is published about it."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.catalogue import Service
from kiosk.journey import MOST_SERVICES
from kiosk.web import visit
from kiosk.web.context import kiosk, presenter
from kiosk.web.presenter import Presenter
from kiosk.web.rows import PriorityRow

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> str | tuple[str, int]:
    """Where do you want to go?"""
    if kiosk().catalogue.current is None:
        return render_template("starting.html", refused=kiosk().catalogue.key_refused), 503
    return _agencies("home.html")


@bp.get("/ubin")
def tiles() -> str:
    """The living part of the first screen."""
    return _agencies("_tiles.html")


@bp.get("/keadaan")
def strip() -> str:
    """The living strip under the frame: what is wrong with the network or the printer now."""
    return render_template("_strip.html")


def _agencies(template: str) -> str:
    present = presenter()
    tiles = [present.agency(agency) for agency in present.catalogue.agencies]
    return render_template(template, tiles=tiles, priority=chosen_priority(present))


def chosen_priority(present: Presenter) -> PriorityRow | None:
    """The priority group that the visitor chose for this visit, if any."""
    return next((row for row in present.priorities() if row.code == visit.priority()), None)


@bp.get("/instansi/<code>")
def agency(code: str) -> str:
    """The services of one agency."""
    present = presenter()
    found = present.catalogue.agency(code) or abort(404)
    return render_template(
        "agency.html",
        agency=present.agency(found),
        closed=None if found.open else present.sentences.closed(found.closed),
        cards=[present.card(service) for service in present.catalogue.services_of(code)],
        is_desk=found == present.catalogue.information_desk,
    )


@bp.get("/informasi")
def information() -> AnyResponse:
    """For those who do not know where to go: the services of the information desk."""
    desk = presenter().catalogue.information_desk
    return redirect(url_for(".agency", code=desk.code) if desk else url_for("search.find"))


@bp.get("/layanan/<code>")
def service(code: str) -> str:
    """What to bring, what it costs, how long it takes; and the number. Every entry is a new intent."""
    present = presenter()
    found = present.catalogue.service(code) or abort(404)
    return render_template(
        "service.html",
        sheet=present.sheet(found),
        priorities=present.priorities(),
        chosen=visit.priority(),
        intent=secrets.token_urlsafe(18),
        back=_back(found),
        on_journey=code in visit.journey(),
        journey_full=len(visit.journey()) >= MOST_SERVICES,
    )


def _back(service: Service) -> str:
    if "rute" in request.args:
        return url_for("journey.show")
    if "cari" in request.args:
        return url_for("search.find", q=request.args["cari"][:60])
    return url_for(".agency", code=service.agency)
