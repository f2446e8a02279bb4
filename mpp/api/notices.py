"""Notices over the API: a disturbance of an agency, an emergency in a zone."""

from flask import Blueprint, Response
from pydantic import AwareDatetime, Field

from mpp.actions import notices
from mpp.actions.notices import Teller
from mpp.api.fields import Reason
from mpp.api.route import Body, answered, container, intent, mall, principal, route
from mpp.api.tickets import Nothing
from mpp.auth import STAFF

bp = Blueprint("notices", __name__, url_prefix="/api/v1")


class RaiseDisturbance(Body):
    reason: Reason | None = None
    until: AwareDatetime | None = Field(None, strict=False)


class RaiseEmergency(Body):
    reason: Reason | None = None


@route(
    bp, "POST", "/agencies/<code>/disturbance", STAFF, body=RaiseDisturbance, answer="Notice", refusals=(404,)
)
def raise_disturbance(code: str, body: RaiseDisturbance) -> Response:
    """Tell the hall that an agency's system is disturbed."""
    return answered(
        notices.raise_disturbance(container().db, mall(), _teller(), code, intent(), body.reason, body.until)
    )


@route(bp, "POST", "/agencies/<code>/disturbance/lift", STAFF, body=Nothing, answer="Notice", refusals=(404,))
def lift_disturbance(code: str, body: Nothing) -> Response:
    """The agency works again."""
    return answered(notices.lift_disturbance(container().db, mall(), _teller(), code, intent()))


@route(bp, "POST", "/zones/<code>/emergency", STAFF, body=RaiseEmergency, answer="Notice", refusals=(404,))
def raise_emergency(code: str, body: RaiseEmergency) -> Response:
    """Somebody needs help in a zone; its screens show whom to call and fall silent."""
    return answered(notices.raise_emergency(container().db, mall(), _teller(), code, intent(), body.reason))


@route(bp, "POST", "/zones/<code>/emergency/lift", STAFF, body=Nothing, answer="Notice", refusals=(404,))
def lift_emergency(code: str, body: Nothing) -> Response:
    """Help has come; the zone's screens speak again."""
    return answered(notices.lift_emergency(container().db, mall(), _teller(), code, intent()))


def _teller() -> Teller:
    return Teller(principal().actor, principal().agency_id)
