"""The pages of a number: taken, waited for, refused or given, with the state of its slip."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk import qr_code
from kiosk.journal import IntentRecord
from kiosk.journey import MOST_SERVICES
from kiosk.states import IntentState
from kiosk.ticket import TicketIntent
from kiosk.web import security, visit
from kiosk.web.context import kiosk, presenter
from kiosk.web.visit_pages import known_priority

bp = Blueprint("tickets", __name__, url_prefix="/nomor")
# A server nearby answers in less; then no page for waiting is shown.
QUICK_S = 0.8


@bp.post("")
def take() -> AnyResponse:
    """Takes a number for the intent of the screen; however often it is tapped, it is one number."""
    security.expect_token(kiosk().secret)
    key = request.form.get("intent") or abort(400)
    catalogue = presenter().catalogue
    services = [catalogue.service(code) or abort(404) for code in request.form.getlist("service")]
    if not 0 < len(services) <= MOST_SERVICES:
        abort(400)
    if len(services) > 1 and not all(service.open for service in services):
        return redirect(url_for("journey.show"), 303)
    priority = known_priority(request.form.get("priority", "")) or None
    codes = tuple(service.code for service in services)
    visit.keep_ticket(key)
    kiosk().requests.ask(TicketIntent(key, codes, priority, visit.language()), QUICK_S)
    return redirect(url_for(".number", intent=key), 303)


@bp.get("/<intent>")
def number(intent: str) -> str:
    """Where this intent stands."""
    record = _record(intent)
    if record.state == IntentState.ASKING:
        kiosk().requests.watch(intent)
        return render_template("asking.html", intent=intent, shown=_shown(record))
    if record.ticket is not None:
        visit.forget_choices()
        return render_template("ticket.html", ticket=presenter().ticket(record, record.ticket))
    return render_template("refused.html", refusal=presenter().refusal(record))


@bp.get("/<intent>/keadaan")
def state(intent: str) -> Response:
    """The living part: tells the screen to look again when it stands on something older."""
    record = _record(intent)
    if record.state == IntentState.ASKING:
        kiosk().requests.watch(intent)
    ticket = presenter().ticket(record, record.ticket) if record.ticket else None
    response = make_response(render_template("_slip_state.html", ticket=ticket) if ticket else "")
    shown = _shown(record)
    if request.args.get("shown") != shown:
        response.headers["Kiosk-Look-Again"] = shown
    return response


@bp.post("/<intent>/cetak")
def reprint(intent: str) -> AnyResponse:
    """Another try on paper, marked as a copy when the first may exist."""
    security.expect_token(kiosk().secret)
    if kiosk().journal.print_jobs.reprint(_record(intent).intent.key):
        kiosk().worker.wake()
    return redirect(url_for(".number", intent=intent), 303)


@bp.get("/<intent>/qr.svg")
def code(intent: str) -> Response:
    """The way from this screen to the visitor's phone."""
    ticket = _record(intent).ticket
    if not ticket or not ticket.slip.qr:
        abort(404)
    return Response(qr_code.svg(ticket.url), mimetype="image/svg+xml")


def _record(intent: str) -> IntentRecord:
    """What the journal knows of an intent of this visit; whoever comes later is shown nobody's number."""
    if not visit.has_ticket(intent):
        abort(404)
    return kiosk().journal.intents.get(intent) or abort(404)


def _shown(record: IntentRecord) -> str:
    """One word for the screen that this intent deserves."""
    if record.state == IntentState.ASKING and kiosk().requests.away(record.intent.key):
        return "away"
    return record.state
