"""Papers over the API: staff ask a kiosk for one, and the kiosk asks what it is to print."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from mpp import clock
from mpp.actions import slips
from mpp.actions.slips import AskForSlip, SlipState
from mpp.api.route import Answers, answered, command
from mpp.auth import HELPERS, KIOSK
from mpp.domain.errors import Invalid
from mpp.domain.mall import Mall
from mpp.queries.reading import Reading
from mpp.queries.slips import AskedSlip, wanted_slips
from mpp.queries.tickets import Taken, TicketTaken, answer
from mpp.routes import container, mall, principal, route

bp = Blueprint("slips", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class SlipWanted:
    """A paper that a kiosk is asked for, with the whole number; a copy says so on its face."""

    id: int
    copy: bool
    asked_at: datetime
    ticket: TicketTaken


@dataclass(frozen=True, slots=True)
class SlipsWanted:
    slips: list[SlipWanted]


@route(bp, "POST /slips", HELPERS, Answers(SlipState, AskForSlip, refusals=(404, 409)))
def ask(body: AskForSlip) -> Response:
    """Let a kiosk print a ticket; any paper but the first one says that it is a copy."""
    return answered(slips.ask_for(command(), body))


@route(
    bp,
    "GET /slips",
    KIOSK,
    Answers(SlipsWanted, query=(("state", {"type": "string", "enum": ["wanted"]}),)),
)
def wanted() -> Response:
    """What this kiosk is asked to print, the oldest first, each with its whole ticket."""
    if request.args.get("state", "wanted") != "wanted":
        raise Invalid("Parameter state hanya dapat berisi wanted.")
    here, now = mall(), clock.now()
    with container().db.reading() as session:
        asked = wanted_slips(Reading.of(session, here, now), principal().id)
    return answered(SlipsWanted([_again(here, slip, now) for slip in asked]))


def _again(here: Mall, slip: AskedSlip, now: datetime) -> SlipWanted:
    """The number that was given then, with this paper."""
    taken = Taken({"ticket": slip.ticket_id, "slip": slip.id}, now)
    ticket = answer(container().db, here, taken, container().paper)
    return SlipWanted(slip.id, slip.copy, slip.asked_at, ticket)
