"""Search by name, with letters on the screen."""

from flask import Blueprint, render_template, request

from kiosk.service_search import LONGEST_QUERY
from kiosk.web.context import presenter

bp = Blueprint("search", __name__, url_prefix="/cari")


@bp.get("")
def find() -> str:
    return _found("search.html")


@bp.get("/hasil")
def results() -> str:
    """The living part: what the letters so far find."""
    return _found("_found.html")


def _found(template: str) -> str:
    present = presenter()
    query = request.args.get("q", "")[:LONGEST_QUERY]
    cards = [present.card(service) for service in present.catalogue.find(query)]
    # Who finds nothing chooses among the agencies.
    tiles = [] if cards else [present.agency(agency) for agency in present.catalogue.agencies]
    total = len(present.catalogue.services)
    return render_template(template, query=query, cards=cards, tiles=tiles, total=total)
