"""A ticket in the greeter's hands: just taken, or found again, with what may be done for it."""

from datetime import timedelta

from flask import Blueprint, Response, render_template

from mpp import clock
from mpp.auth import HELPERS
from mpp.domain.calendar import time_words
from mpp.domain.life import OVER, STATE_WORDS, State
from mpp.domain.needs import NEEDS
from mpp.domain.reasons import reasons
from mpp.queries.greeter import OwnTurn, StaffTurn
from mpp.queries.greeter import ticket as ticket_of
from mpp.queries.lines import Unstaffed, unstaffed
from mpp.queries.reading import Reading
from mpp.queries.slips import PaperRow, kiosks
from mpp.routes import container, mall, principal, route
from mpp.web.greeter.pages import classes, frame
from mpp.web.greeter.qr import Code, code
from mpp.web.page import PAGE, PART, names_itself, part_of

bp = Blueprint("greeter_tickets", __name__, url_prefix="/greeter/tickets")
names_itself(bp)

# A paper takes seconds; after this long somebody should go and look.
SILENT_FOR = timedelta(minutes=2)


@route(bp, "GET /<int:ticket_id>", HELPERS, PAGE)
def show(ticket_id: int) -> str:
    """A ticket that was found, and every deed for it."""
    return render_template("greeter/ticket.html", **frame(), **_ticket(ticket_id), **_deeds())


@route(bp, "GET /<int:ticket_id>/live", HELPERS, PART)
def live(ticket_id: int) -> Response:
    """What changes of it."""
    return part_of(render_template("greeter/_ticket.html", **frame(), **_ticket(ticket_id)))


@route(bp, "GET /<int:ticket_id>/taken", HELPERS, PAGE)
def taken(ticket_id: int) -> str:
    """A number that was taken just now, to be shown to its visitor."""
    return render_template("greeter/taken.html", **frame(), **_ticket(ticket_id), **_deeds())


@route(bp, "GET /<int:ticket_id>/taken/live", HELPERS, PART)
def taken_live(ticket_id: int) -> Response:
    """What changes of it."""
    return part_of(render_template("greeter/_taken.html", **frame(), **_ticket(ticket_id)))


def _ticket(ticket_id: int) -> dict[str, object]:
    here = mall()
    with container().db.reading() as session:
        reading = Reading.of(session, here, clock.now())
        ticket = ticket_of(reading, principal().agency_id, ticket_id)
        present = next(turn for turn in ticket.turns if turn.id == ticket.present)
        line = here.queues.get(present.queue) if present.state == State.WAITING else None
        closed = unstaffed(reading, line) if line else None
    priority = here.priorities.get(ticket.priority or "")
    return {
        "ticket": ticket,
        "present": present,
        "sentence": _sentence(present, closed),
        "state_words": STATE_WORDS,
        "priority": priority if priority and priority.priority else None,
        "needs": NEEDS,
        "late": {paper.id for paper in ticket.slips if _is_late(paper)},
        "has_paper": any(paper.state != "failed" for paper in ticket.slips),
        "qr": _qr(ticket_id),
    }


def _is_late(paper: PaperRow) -> bool:
    """The kiosk said nothing of it for long."""
    return paper.state == "wanted" and clock.now() - paper.since > SILENT_FOR


def _deeds() -> dict[str, object]:
    """What the questions of the page offer."""
    with container().db.reading() as session:
        machines = kiosks(session, mall())
    return {"kiosks": machines, "classes": classes(), "priority_reasons": reasons("priority")}


def _qr(ticket_id: int) -> Code | None:
    """The code of the phone page, where phones can reach it."""
    paper = container().paper
    return code(paper.address(ticket_id)) if paper.with_qr else None


def _sentence(turn: StaffTurn, closed: Unstaffed | None) -> str:
    """Where a turn stands, as one would say it to its visitor."""
    state, place = State(turn.state), turn.counter if isinstance(turn, OwnTurn) else None
    if state == State.WAITING and isinstance(turn, OwnTurn):
        return _waiting(turn, closed)
    if state == State.CALLED and place:
        return f"Sedang dipanggil ke {place}."
    if state in (State.SERVING, State.PARKED) and place:
        return f"Sedang {STATE_WORDS[state]} di {place}."
    if state == State.MISSED:
        where = f" di {place}" if place else ""
        return f"Tidak hadir saat dipanggil{where}."
    if state in OVER:
        return {State.DONE: "Semua layanan selesai.", State.CANCELLED: "Nomor ini dibatalkan."}.get(
            state, "Nomor ini sudah berakhir."
        )
    return f"Di {turn.agency_name}: {STATE_WORDS[state]}."


def _waiting(turn: OwnTurn, closed: Unstaffed | None) -> str:
    ahead = f"{turn.ahead} orang di depan" if turn.ahead else ""
    wait = _about(turn.wait.text) if turn.ahead and turn.wait else ""
    staff = _closed(closed) if closed else "" if turn.ahead else "berikutnya dipanggil"
    said = ", ".join(part for part in (ahead, wait, staff) if part)
    return f"Menunggu di {turn.agency_name}: {said}."


def _closed(closed: Unstaffed) -> str:
    when = f", buka {time_words(closed.opens, mall().timezone)}" if closed.opens else ""
    return f"belum ada loket buka{when}"


def _about(length: str) -> str:
    return length if length.startswith("kurang") else f"kira-kira {length}"
