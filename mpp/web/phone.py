"""The visitor's phone: where one ticket stands, for whoever holds its token."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import VERSION, clock
from mpp.access import BEARER
from mpp.actions import tickets as taking
from mpp.actions.work import Wish
from mpp.domain.errors import Malformed, UnknownTicket
from mpp.domain.plan import Plan
from mpp.limits import STRANGE_TOKENS, TOKEN_VIEWS
from mpp.queries import tickets
from mpp.web.page import house, page
from mpp.web.problems import notice, said
from mpp.web.words import LANGUAGES, speak, spoken

bp = Blueprint("phone", __name__, url_prefix="/t/<token>", template_folder="templates")
LONGEST_INTENT = 64


@page(bp, "GET", "", BEARER)
def show(token: str) -> Response:
    """The whole page."""
    return said(
        render_template(
            "phone/show.html",
            **_ticket(token),
            token=token,
            version=VERSION,
            intent=secrets.token_urlsafe(12),
            languages=LANGUAGES,
            notice=notice(),
        )
    )


@page(bp, "GET", "/live", BEARER, part=True)
def live(token: str) -> str:
    """What changes of it."""
    return render_template("phone/_state.html", **_ticket(token))


@page(bp, "POST", "/cancel", BEARER, back="phone.show")
def cancel(token: str) -> Response:
    """Give the number up. Whoever can name the token may: nothing else is asked of them."""
    here, ticket_id = _bearer(token)
    actor = f"ticket:{ticket_id}"
    taking.cancel(house().db, here, token, Wish.of(actor, _intent(), request.method, request.path, {}))
    return make_response(redirect(url_for(".show", token=token, bahasa=_chosen(request.form)), 303))


def _ticket(token: str) -> dict[str, Any]:
    chosen = _chosen(request.args)
    speak(chosen)
    (here, _), now = _bearer(token), clock.now()
    with house().db.reading() as session:
        found = tickets.view(session, here, token, now)
    speak(chosen or found["language"])
    present = next((turn for turn in found["turns"] if turn["state"] == found["state"]), found["turns"][-1])
    return {
        "mall": here,
        "ticket": found,
        "turn": present,
        "agency": here.agencies[present["agency"]],
        "zone": here.zones[present["zone"]],
        "now": now.astimezone(here.timezone),
        "language": spoken(),
    }


def _chosen(said: Mapping[str, str]) -> str | None:
    """The language that the visitor asked for on the page."""
    language = said.get("bahasa")
    return language if language in LANGUAGES else None


def _bearer(token: str) -> tuple[Plan, int]:
    """The plan of the mall that gave this token, and the ticket's id; guesses are counted by address."""
    limits, address = house().limits, request.remote_addr or "?"
    limits.count(TOKEN_VIEWS, "token", token[:40])
    try:
        with house().db.reading() as session:
            mall_id, ticket_id = tickets.bearer(session, token)
    except UnknownTicket:
        limits.count(STRANGE_TOKENS, "address", address)
        raise
    return house().plans.of(mall_id), ticket_id


def _intent() -> str:
    intent = request.form.get("intent", "")
    if not (0 < len(intent) <= LONGEST_INTENT and intent.isascii() and intent.isprintable()):
        raise Malformed
    return f"page-{intent}"
