"""For an hour without the system: the waiting list to print, and the form for what paper says afterwards."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request

from mpp import clock
from mpp.auth import HELPERS
from mpp.domain.errors import NotFound
from mpp.domain.mall import Agency
from mpp.queries.reading import Reading
from mpp.queries.waiting_list import WaitingLine, WaitingRow, waiting_list
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import agencies
from mpp.web.greeter.pages import frame
from mpp.web.page import PAGE, names_itself

bp = Blueprint("greeter_paper", __name__, url_prefix="/greeter")
names_itself(bp)

HEADINGS = (
    "Instansi", "Antrean", "Urutan", "Nomor", "Layanan", "Datang", "Menunggu (menit)", "Tanda", "Catatan",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed for one agency."""

    agency: Agency
    lines: list[WaitingLine]


@route(bp, "GET /list", HELPERS, PAGE)
def waiting() -> str:
    """Who waits at this moment, in call order, to be printed."""
    day, lines = _lines()
    shown = [
        Sheet(agency, own)
        for agency in mall().agencies.values()
        if (own := [line for line in lines if line.agency == agency])
    ]
    return render_template(
        "greeter/list.html",
        **frame(),
        day=day,
        groups=shown,
        waiting=sum(len(line.turns) for line in lines),
        choices=_within(),
        wanted=request.args.get("instansi", ""),
    )


@route(bp, "GET /list.csv", HELPERS, PAGE)
def table() -> Response:
    """The same as a table; a cell that a spreadsheet would take for a formula is text."""
    day, lines = _lines()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for line in lines:
        for nth, turn in enumerate(line.turns, 1):
            writer.writerow([_plain(cell) for cell in _cells(line, nth, turn)])
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    name = f"antrean-{day:%Y-%m-%d}-{clock.now().astimezone(mall().timezone):%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@route(bp, "GET /paper", HELPERS, PAGE)
def paper() -> str:
    """Enter what was called from paper."""
    return render_template("greeter/paper.html", **frame(), groups=agencies(mall(), principal()))


def _lines() -> tuple[date, list[WaitingLine]]:
    """The lines that were asked for: one agency's, or all that one may see. Raises `NotFound`."""
    wanted, own = request.args.get("instansi") or None, _within()
    asked = [agency for agency in own if wanted in (None, agency.code)]
    if not asked:
        raise NotFound
    with container().db.reading() as session:
        reading = Reading.of(session, mall(), clock.now())
        return reading.day, waiting_list(reading, asked)


def _within() -> list[Agency]:
    """The agencies that one may see."""
    return [own.agency for own in agencies(mall(), principal())]


def _cells(line: WaitingLine, nth: int, turn: WaitingRow) -> list[str]:
    return [
        line.agency.short_name,
        line.queue.code,
        str(nth),
        turn.label,
        turn.service_name,
        f"{turn.arrived_at:%H.%M}",
        str(turn.minutes),
        "P" if turn.priority else "",
        "; ".join(turn.remarks),
    ]


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
