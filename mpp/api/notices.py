"""Notices over the API: a disturbance of an agency, an emergency in a zone."""

from flask import Blueprint, Response

from mpp.actions import notices
from mpp.actions.bodies import Nothing
from mpp.actions.notices import NoticeAnswer, RaiseDisturbance, RaiseEmergency
from mpp.api.route import Answers, answered, command
from mpp.auth import STAFF
from mpp.routes import route

bp = Blueprint("notices", __name__, url_prefix="/api/v1")


@route(
    bp, "POST /agencies/<code>/disturbance", STAFF, Answers(NoticeAnswer, RaiseDisturbance, refusals=(404,))
)
def raise_disturbance(code: str, body: RaiseDisturbance) -> Response:
    """Tell the hall that an agency's system is disturbed."""
    return answered(notices.raise_disturbance(command(), code, body))


@route(bp, "POST /agencies/<code>/disturbance/lift", STAFF, Answers(NoticeAnswer, Nothing, refusals=(404,)))
def lift_disturbance(code: str, body: Nothing) -> Response:
    """The agency works again."""
    return answered(notices.lift_disturbance(command(), code))


@route(bp, "POST /zones/<code>/emergency", STAFF, Answers(NoticeAnswer, RaiseEmergency, refusals=(404,)))
def raise_emergency(code: str, body: RaiseEmergency) -> Response:
    """Somebody needs help in a zone; its screens show whom to call and fall silent."""
    return answered(notices.raise_emergency(command(), code, body))


@route(bp, "POST /zones/<code>/emergency/lift", STAFF, Answers(NoticeAnswer, Nothing, refusals=(404,)))
def lift_emergency(code: str, body: Nothing) -> Response:
    """Help has come; the zone's screens speak again."""
    return answered(notices.lift_emergency(command(), code))
