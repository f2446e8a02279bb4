"""The greeter's tablet: what a visitor needs, the route with its requirements, and the way to a number."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.auth import HELPERS
from mpp.domain.mall import PriorityClass
from mpp.domain.needs import NEEDS
from mpp.domain.notice import NoticeKind
from mpp.domain.people import Role
from mpp.domain.reasons import reasons
from mpp.queries.catalogue import catalogue as catalogue_of
from mpp.queries.greeter import StaffTicket, ticket
from mpp.queries.notices import notices
from mpp.queries.reading import Reading
from mpp.queries.slips import kiosks
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import own_agency
from mpp.web.greeter.search import found
from mpp.web.page import PAGE, PART, names_itself, part_of

bp = Blueprint("greeter", __name__, url_prefix="/greeter", template_folder="templates")
names_itself(bp)

MOST_STOPS = 8
# Of an address.
Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """The services chosen so far, and what for: a new number, more stops of one, or its service set right."""

    kind: str
    chosen: tuple[str, ...]
    ticket: StaffTicket | None = None

    def args(self, *codes: str) -> Arguments:
        """The same selection with these services chosen, for the address of a page."""
        named = {"stops": "untuk", "correct": "betulkan"}
        kept = {named[self.kind]: self.ticket.id} if self.ticket else {}
        return {**kept, "layanan": list(codes)}

    def with_(self, code: str) -> Arguments:
        return self.args(*dict.fromkeys((*self.chosen, code)))

    def without(self, code: str) -> Arguments:
        return self.args(*(each for each in self.chosen if each != code))

    def earlier(self, code: str) -> Arguments:
        """The same route with this service one stop earlier."""
        codes = list(self.chosen)
        at = codes.index(code)
        codes[max(0, at - 1) : at + 1] = reversed(codes[max(0, at - 1) : at + 1])
        return self.args(*codes)


@route(bp, "GET", HELPERS, PAGE)
def show() -> str:
    """Where everything begins: a field for what is sought, and the agencies."""
    selection = _selection()
    return render_template("greeter/home.html", **frame(), **_choices(selection), selection=selection)


@route(bp, "GET /agencies", HELPERS, PART)
def agencies() -> Response:
    """The agencies, or the services of one, as they are now."""
    selection = _selection()
    return part_of(
        render_template("greeter/_choices.html", **frame(), **_choices(selection), selection=selection)
    )


@route(bp, "GET /services", HELPERS, PART)
def services() -> Response:
    """The services that people may mean."""
    selection, query, catalogue = _selection(), request.args.get("cari", ""), read_catalogue()
    rows = [_service(catalogue, row) for row in found(catalogue, query)]
    return part_of(
        render_template("greeter/_found.html", **frame(), rows=rows, query=query, selection=selection)
    )


@route(bp, "GET /route", HELPERS, PAGE)
def review() -> Response:
    """The chosen stops in their order, what to bring to each, and the number."""
    selection, catalogue = _selection(), read_catalogue()
    if not selection.chosen or selection.kind == "correct":
        return make_response(redirect(url_for(".show", **selection.args()), 303))
    by_code = {row["code"]: row for row in catalogue["services"]}
    stops = [_service(catalogue, by_code[code]) for code in selection.chosen]
    with container().db.reading() as session:
        machines = kiosks(session, mall())
    return make_response(
        render_template(
            "greeter/route.html",
            **frame(),
            selection=selection,
            stops=stops,
            closed=[stop for stop in stops if not stop["open"]],
            ours=selection.kind == "stops" or _ours(stops),
            full=len(stops) >= MOST_STOPS,
            kiosks=machines,
            classes=classes(),
            needs=NEEDS,
        )
    )


@route(bp, "GET /emergencies", HELPERS, PART)
def emergencies() -> Response:
    """Where somebody needs help now."""
    return part_of(render_template("greeter/_emergencies.html", **frame()))


def frame() -> dict[str, Any]:
    """What every page of the greeter shows."""
    here, who = mall(), principal()
    with container().db.reading() as session:
        raised = [row for row in notices(session, here, clock.now()) if row.kind == NoticeKind.EMERGENCY]
    return {
        "agency": own_agency(here, who),
        "takes": who.role == Role.GREETER,
        "emergencies": raised,
        "emergency_reasons": reasons("emergency"),
    }


def classes() -> list[PriorityClass]:
    """Whom the law lets go first, as a greeter may ask; no class that an appointment gives."""
    return [one for one in mall().priorities.values() if one.priority and not one.facts.get("by_appointment")]


def read_catalogue() -> dict[str, Any]:
    """What is open, closed, disturbed and waited for now: the same that the kiosks see."""
    with container().db.reading() as session:
        document: dict[str, Any] = json.loads(catalogue_of(session, mall(), clock.now())[0])
    return document


def _selection() -> Selection:
    """What the address says was chosen. Raises `UnknownTicket`."""
    known = mall().services
    chosen = tuple(code for code in dict.fromkeys(request.args.getlist("layanan")) if code in known)
    for kind, name in (("stops", "untuk"), ("correct", "betulkan")):
        number = request.args.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 16:
            return Selection(kind, chosen[:MOST_STOPS], _ticket(int(number)))
    return Selection("new", chosen[:MOST_STOPS])


def _ticket(ticket_id: int) -> StaffTicket:
    """A ticket of today, as far as one may see it. Raises `UnknownTicket`."""
    with container().db.reading() as session:
        return ticket(Reading.of(session, mall(), clock.now()), principal().agency_id, ticket_id)


def _choices(selection: Selection) -> dict[str, Any]:
    """The agencies as tiles, or the services of the one that was chosen."""
    catalogue, code = read_catalogue(), request.args.get("instansi")
    rows = {row["code"]: row for row in catalogue["agencies"]}
    if code is not None and code in rows:
        own = [_service(catalogue, row) for row in catalogue["services"] if row["agency"] == code]
        return {"chosen_agency": rows[code] | _place(code), "rows": own, "tiles": []}
    waiting = {row["code"]: row["waiting"] for row in catalogue["queues"]}
    tiles = [
        row | _place(row["code"]) | {"waiting": sum(waiting[queue] for queue in row["queues"])}
        for row in rows.values()
    ]
    return {"chosen_agency": None, "rows": [], "tiles": tiles}


def _place(code: str) -> dict[str, Any]:
    return {"place": mall().agencies[code].zone}


def _service(catalogue: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A service with what has to be said before a number is taken for it."""
    agency = next(each for each in catalogue["agencies"] if each["code"] == row["agency"])
    queue = next(each for each in catalogue["queues"] if each["code"] == row["queue"])
    brought = (row["standard"].get("requirements") or {}).get("items", [])
    return {
        **row,
        **_place(row["agency"]),
        "agency_row": agency,
        "waiting": queue["waiting"],
        "wait": queue["wait"]["text"] if queue["wait"] else None,
        "disturbance": agency["disturbance"],
        "brought": brought,
        "fee": (row["standard"].get("fee") or {}).get("text"),
    }


def _ours(stops: list[dict[str, Any]]) -> bool:
    """An agency's greeter gives numbers that come to the agency; other numbers they could not look after."""
    agency = own_agency(mall(), principal())
    return agency is None or any(stop["agency"] == agency.code for stop in stops)
