"""The visitor's phone: where one ticket stands, for whoever holds its token."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import VERSION, clock
from mpp.actions import bearing
from mpp.actions.bearing import BEARERS
from mpp.actions.bodies import Nothing
from mpp.actions.transaction import Command, Intent
from mpp.auth import BEARER
from mpp.domain.errors import Malformed, UnknownTicket, WrongMoment
from mpp.domain.life import State
from mpp.domain.mall import Agency, Mall, Zone
from mpp.domain.principal import Principal
from mpp.domain.turn import Turn
from mpp.limits import STRANGE_TOKENS, TOKEN_VIEWS
from mpp.queries import tickets
from mpp.queries.lines import unstaffed
from mpp.queries.reading import Reading
from mpp.queries.tickets import BearersTurn
from mpp.routes import container, route
from mpp.web.i18n import LANGUAGES, speak, spoken
from mpp.web.page import PAGE, PART, Page
from mpp.web.problems import notice, said

bp = Blueprint("phone", __name__, url_prefix="/t/<token>", template_folder="templates")
LONGEST_INTENT = 64
# How a stop of the route that is over is shown; one that was cancelled is on the route no more.
BEHIND = {State.DONE: "done", State.TRANSFERRED: "left", State.EXPIRED: "off"}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop as the visitor goes to it; `step` is done, left, off, now, next or later."""

    step: str
    agency: Agency
    services: str
    zone: Zone


@route(bp, "GET", BEARER, PAGE)
def show(token: str) -> Response:
    """The whole page."""
    return said(
        render_template(
            "phone/show.html",
            **_ticket(token),
            token=token,
            version=VERSION,
            intent=_new_intent,
            languages=LANGUAGES,
            notice=notice(),
        )
    )


@route(bp, "GET /live", BEARER, PART)
def live(token: str) -> str:
    """What changes of it."""
    return render_template("phone/_state.html", **_ticket(token))


@route(bp, "POST /cancel", BEARER, Page(back="phone.show"))
def cancel(token: str) -> Response:
    """Give the number up. Whoever can name the token may: nothing else is asked of them."""
    return _do(bearing.cancel, token)


@route(bp, "POST /step-out", BEARER, Page(back="phone.show"))
def step_out(token: str) -> Response:
    """Go out for a while; the place is kept."""
    return _do(bearing.step_out, token)


@route(bp, "POST /come-back", BEARER, Page(back="phone.show"))
def come_back(token: str) -> Response:
    """Be here again."""
    return _do(bearing.come_back, token)


def _do(run: Callable[..., Turn | None], token: str) -> Response:
    """A verb of the ticket's bearer, and the page again."""
    here, ticket_id = _bearer(token)
    who = Principal.bearer(ticket_id, here.mall_id)
    intent = Intent.of(who.actor, _intent_key(), f"{request.method} {request.path}", {})
    try:
        BEARERS.do(Command(container().db, who, intent), BEARERS.of(run), ticket_id, Nothing())
    except WrongMoment as error:
        raise WrongMoment("Keadaan nomor Anda baru saja berubah.") from error
    return _shown_again(token)


def _shown_again(token: str) -> Response:
    return make_response(redirect(url_for(".show", token=token, bahasa=_chosen(request.form)), 303))


def _ticket(token: str) -> dict[str, object]:
    """What the page shows; the first look finds the ticket's own language, unless another was asked for."""
    chosen = _chosen(request.args)
    speak(chosen)
    (here, _), now = _bearer(token), clock.now()
    with container().db.reading() as session:
        reading = Reading.of(session, here, now)
        found = tickets.view(reading, token, chosen)
        turns = found.turns
        nth = next(place for place, turn in enumerate(turns) if turn.id == found.present)
        present = turns[nth]
        line = here.queues.get(present.queue) if present.state == State.WAITING else None
        closed = unstaffed(reading, line) if line else None
    speak(chosen or found.language)
    return {
        "mall": here,
        "ticket": found,
        "turn": present,
        "closed": closed,
        "before": turns[nth - 1] if nth else None,
        "stops": _stops(here, turns, nth),
        "agency": here.agency_codes[present.agency],
        "services": _services(here, present),
        "zone": here.zone_codes[present.zone],
        "now": now.astimezone(here.timezone),
        "language": spoken(),
    }


def _stops(here: Mall, turns: Sequence[BearersTurn], present: int) -> list[Stop]:
    """The route as the visitor goes it: what is behind, what is now, what comes next and after that."""
    coming = iter(("next",))
    return [
        Stop(
            step=BEHIND.get(State(turn.state)) or ("now" if place == present else next(coming, "later")),
            agency=here.agency_codes[turn.agency],
            services=_services(here, turn),
            zone=here.zone_codes[turn.zone],
        )
        for place, turn in enumerate(turns)
        if turn.state != State.CANCELLED
    ]


def _services(here: Mall, turn: BearersTurn) -> str:
    """The names of what the visitor comes for at this stop."""
    names = {each.code: each.name for each in here.service_ids.values()}
    return "; ".join(names[code] for code in turn.matters)


def _chosen(said: Mapping[str, str]) -> str | None:
    """The language that the visitor asked for on the page."""
    language = said.get("bahasa")
    return language if language in LANGUAGES else None


def _bearer(token: str) -> tuple[Mall, int]:
    """The mall that gave this token, and the ticket's id; guesses are counted by address."""
    limits, address = container().limits, request.remote_addr or "?"
    limits.count(TOKEN_VIEWS, "token", token[:40])
    try:
        with container().db.reading() as session:
            mall_id, ticket_id = tickets.bearer(session, token)
    except UnknownTicket:
        limits.count(STRANGE_TOKENS, "address", address)
        raise
    return container().mall(mall_id), ticket_id


def _new_intent() -> str:
    """Each form of a page is an intent of its own."""
    return secrets.token_urlsafe(12)


def _intent_key() -> str:
    intent = request.form.get("intent", "")
    if not (0 < len(intent) <= LONGEST_INTENT and intent.isascii() and intent.isprintable()):
        raise Malformed
    return f"page-{intent}"
