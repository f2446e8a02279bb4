"""The table behind the matrix: every route of the server, what it is asked with, and whose objects it names.

What is expected follows from a rule: the door says who may enter; of those who may, people of one agency find
their own objects and not another's (404), people of the whole mall find both. `Case` holds the exceptions.
"""

import re
from dataclasses import dataclass, field
from typing import Any

# Objects that belong to one agency. Everything else is the mall's, a device's or nobody's.
OWNED = {
    *("agency", "counter", "queue", "service", "ticket", "turn", "label", "parked", "missed", "appointment"),
    "code",
}
NAMED = re.compile(r"\{(\w+)\}")
# What the path's arguments are, where their name does not say it.
ARGUMENTS = {
    "counter_id": "counter",
    "ticket_id": "ticket",
    "turn_id": "turn",
    "appointment_id": "appointment",
    "person_id": "person",
    "slip_id": "slip",
    "token": "token",
    "zone": "zone",
}
CODES = {"agencies": "agency", "zones": "zone", "queues": "queue"}
FILES = {"/look/": "tokens.css", "/display/static/": "board.js", "/static/": "shared/staff.css"}


@dataclass(frozen=True)
class Case:
    """How a route is asked; words in braces stand for objects of one agency.

    `other`: what people of one agency get for another's objects. `always`: what everybody gets, at doors that
    are nobody's. `mixed`: what comes of another's object in the body beside one's own in the path.
    """

    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    other: int = 404
    always: int | tuple[int, ...] | None = None
    mixed: int | None = None
    mall_only: bool = False


def path_of(rule: str) -> str:
    """The path of a rule ("GET /desk") with its arguments as words in braces."""
    rule = rule.split(" ", 1)[1]
    for folder, name in FILES.items():
        if rule.startswith(folder):
            return folder + name
    path = re.sub(r"(agencies|zones|queues)/<code>", lambda found: f"{found[1]}/{{{CODES[found[1]]}}}", rule)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"{{{ARGUMENTS[found[1]]}}}", path)


def names(rule: str) -> set[str]:
    """The objects that a request names."""
    case = TABLE[rule]
    return set(NAMED.findall(path_of(rule) + str(case.body) + str(case.query)))


def filled(said: Any, objects: dict[str, Any]) -> Any:
    """The same with one agency's objects in place of the words; a number stays a number."""
    if isinstance(said, dict):
        return {name: filled(value, objects) for name, value in said.items()}
    if isinstance(said, list):
        return [filled(value, objects) for value in said]
    if not isinstance(said, str):
        return said
    if whole := NAMED.fullmatch(said):
        return objects[whole[1]]
    return NAMED.sub(lambda found: str(objects[found[1]]), said)


PLAIN = Case()
VERBS = {
    **dict.fromkeys(
        ["open", "close", "pause", "hand-over", "call-next", "recall", "start", "finish", "miss", "put-back"],
        PLAIN,
    ),
    "undo": PLAIN,
    "park": Case({"reason": "dokumen"}),
    "call": Case({"turn": "{turn}", "reason": "rentan"}, mixed=404),
    "resume": Case({"turn": "{parked}"}, mixed=404),
    "return": Case({"turn": "{missed}"}, mixed=404),
    "correct": Case({"service": "{service}", "turn": "{turn}"}, mixed=404),
    "transfer": Case({"queue": "{queue}"}),
    "serve": Case({"service": "{service}"}),
}
STAFF_DEEDS = {
    **dict.fromkeys(["return", "step-out", "come-back", "cancel"], PLAIN),
    "needs": Case({"needs": ["kursi_roda"]}),
    "priority": Case({"priority": None, "reason": "tidak_memenuhi"}),
    "stops": Case({"services": ["C-01"]}),
    "correct": Case({"service": "{service}"}),
}
BOOKING = {"layanan": "{service}", "tanggal": "2026-11-24", "jam": "10:00", "intent": "janji"}
NEW_PERSON = {"name": "baru-{person}", "role": "officer", "how": "generate"}

API = {
    "GET /healthz": Case(always=200),
    "GET /readyz": Case(always=200),
    "GET /api/v1/openapi.json": Case(always=200),
    "GET /api/v1/catalogue": PLAIN,
    "GET /api/v1/queues": PLAIN,
    "GET /api/v1/events": PLAIN,
    "GET /api/v1/zones/<code>/board": Case(mall_only=True),
    "POST /api/v1/zones/<code>/emergency": Case({"reason": "medis"}),
    "POST /api/v1/zones/<code>/emergency/lift": PLAIN,
    "POST /api/v1/agencies/<code>/disturbance": Case({"reason": "sistem"}),
    "POST /api/v1/agencies/<code>/disturbance/lift": PLAIN,
    "GET /api/v1/counters/<int:counter_id>": PLAIN,
    **{f"POST /api/v1/counters/<int:counter_id>/{verb}": case for verb, case in VERBS.items()},
    "GET /api/v1/turns/<int:turn_id>/why": PLAIN,
    "POST /api/v1/tickets": Case({"services": ["{service}"]}),
    "GET /api/v1/tickets": Case(query={"q": "{label}"}, other=200),
    "POST /api/v1/tickets/offline": Case(always=404),
    "GET /api/v1/tickets/<token>": Case(always=200),
    "POST /api/v1/tickets/<token>/step-out": Case(always=200),
    "POST /api/v1/tickets/<token>/come-back": Case(always=200),
    "POST /api/v1/tickets/<token>/cancel": Case(always=200),
    **{f"POST /api/v1/staff/tickets/<int:ticket_id>/{deed}": case for deed, case in STAFF_DEEDS.items()},
    "POST /api/v1/paper": Case(
        {"entries": [{"label": "{label}", "counter": "{counter}", "result": "served"}]}, other=409
    ),
    "POST /api/v1/slips": Case({"ticket": "{ticket}", "kiosk": "anjungan-1"}),
    "GET /api/v1/slips": PLAIN,
    "POST /api/v1/slips/<int:slip_id>": Case({"result": "printed"}),
    "POST /api/v1/appointments": Case({"service": "{service}", "at": "2026-11-24T10:00:00+07:00"}),
    "GET /api/v1/appointments": PLAIN,
    "POST /api/v1/appointments/<int:appointment_id>/cancel": PLAIN,
    "POST /api/v1/appointments/check-in": Case({"code": "{code}"}),
}
PAGES = {
    "GET /": Case(always=(200, 303)),
    "POST /": Case(always=403),
    "POST /sign-out": PLAIN,
    "GET /lock": PLAIN,
    "POST /lock": Case({"password": "bukan-ini-juga"}),
    "POST /lock/close": PLAIN,
    "POST /touch": PLAIN,
    "GET /desk": PLAIN,
    "GET /desk/counters": PLAIN,
    "GET /desk/<int:counter_id>": PLAIN,
    "GET /desk/<int:counter_id>/live": PLAIN,
    "GET /supervisor": PLAIN,
    "GET /supervisor/live": PLAIN,
    "POST /supervisor/day": PLAIN,
    "GET /greeter": Case(query={"betulkan": "{ticket}"}),
    "GET /greeter/agencies": Case(query={"untuk": "{ticket}"}),
    "GET /greeter/services": Case(query={"cari": "paspor"}),
    "GET /greeter/emergencies": PLAIN,
    "GET /greeter/route": Case(query={"layanan": "{service}", "untuk": "{ticket}"}),
    "GET /greeter/list": Case(query={"instansi": "{agency}"}),
    "GET /greeter/list.csv": Case(query={"instansi": "{agency}"}),
    "GET /greeter/paper": PLAIN,
    "GET /greeter/tickets/<int:ticket_id>": PLAIN,
    "GET /greeter/tickets/<int:ticket_id>/live": PLAIN,
    "GET /greeter/tickets/<int:ticket_id>/taken": PLAIN,
    "GET /greeter/tickets/<int:ticket_id>/taken/live": PLAIN,
    "GET /greeter/appointments": Case(query={"dibuat": "{appointment}"}, other=200),
    "GET /greeter/appointments/live": PLAIN,
    "POST /greeter/appointments/book": Case(BOOKING, other=303),
    "POST /greeter/appointments/check-in": Case({"kode": "{code}", "intent": "datang"}, other=303),
    "GET /admin": Case(query={"q": "kanari"}),
    "GET /admin/people/new": PLAIN,
    "POST /admin/people": Case(NEW_PERSON),
    "GET /admin/people/<int:person_id>": PLAIN,
    "POST /admin/people/<int:person_id>/password": Case({"how": "generate"}),
    "POST /admin/people/<int:person_id>/rights": Case({"right": "call_chosen", "on": "on"}),
    "POST /admin/people/<int:person_id>/sign-out": PLAIN,
    "POST /admin/people/<int:person_id>/disable": PLAIN,
    "POST /admin/people/<int:person_id>/enable": PLAIN,
    "GET /admin/queues": PLAIN,
    "GET /admin/queues/<code>": PLAIN,
    "POST /admin/queues/<code>": Case({"kind": "strict", "quota": ""}),
    "GET /admin/counters/<int:counter_id>": PLAIN,
    "POST /admin/counters/<int:counter_id>": Case({"picks": "preference"}),
    "GET /t/<token>": Case(always=200),
    "GET /t/<token>/live": Case(always=200),
    "POST /t/<token>/step-out": Case({"intent": "keluar"}, always=303),
    "POST /t/<token>/come-back": Case({"intent": "kembali"}, always=303),
    "POST /t/<token>/cancel": Case({"intent": "batal"}, always=303),
    "GET /display/<zone>": Case(always=200),
    "POST /display/<zone>/key": Case({"key": "bukan kunci"}, always=403),
    "GET /display/static/<path:filename>": Case(always=200),
    "GET /look/<path:name>": Case(always=200),
    "GET /static/<path:name>": Case(always=200),
    "GET /favicon.ico": Case(always=200),
    "GET /robots.txt": Case(always=200),
}
TABLE = {**API, **PAGES}
