"""What happens in one agency changes nothing that another agency's people read (ASVS 5.0, 8.4.1)."""

import random

import pytest

from tests.api.building import Building, building, furnished
from tests.api.matrix import STAFF_DEEDS, VERBS, filled
from tests.world import time

__all__ = ["building", "furnished", "time"]

DEEDS, LOOK_EVERY = 120, 20
# What moves with every change of the mall, whoever makes it, and says nothing of it.
MOVING = ("seq", "at", "version")
# What everybody may know of every agency: its lines and counters as the kiosks show them.
PUBLIC = ("agencies", "queues", "services", "counters")
# What is done for the visitor where they are. Needs, the class and further stops are the number's own.
AT_HAND = ("step-out", "come-back", "return", "cancel")
PAGES = {
    "officer_a": (
        "/desk/counters",
        "/desk/{counter}/live",
        "/greeter/list",
        "/greeter/list.csv",
        "/greeter/tickets/{ticket}/live",
        "/greeter/appointments/live",
    ),
    "supervisor_a": ("/supervisor/live",),
}
CATALOGUE = "/api/v1/catalogue"
DOCUMENTS = (
    CATALOGUE,
    "/api/v1/queues",
    "/api/v1/events?limit=1000",
    "/api/v1/counters/{counter}",
    "/api/v1/turns/{turn}/why",
    "/api/v1/tickets?q={label}",
    "/api/v1/appointments",
)


def read(building: Building, name: str = "officer_a", agency: str = "A") -> dict[str, object]:
    """Everything that somebody of an agency can look at."""
    who, own = building.who[name], building.objects[agency]
    found: dict[str, object] = {}
    for path in DOCUMENTS:
        found[path] = still(path, building.send(who, "GET", filled(path, own), {}).json, own["agency"])
    for reader, paths in PAGES.items():
        for path in paths if agency == "A" else ():
            answer = building.send(building.who[reader], "GET", filled(path, own), {}, api=False)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            found[path] = answer.text
    return found


def still(path: str, document: dict, agency: str) -> dict:
    """A document without what moves anyhow; the catalogue without the public rows of other agencies."""
    kept = {name: value for name, value in document.items() if name not in MOVING}
    for name in PUBLIC:
        if path == CATALOGUE:
            kept[name] = [row for row in kept[name] if agency in (row.get("agency"), row.get("code"))]
    return kept


class Crowd:
    """Agency B on a wild day: its officer, its visitors and the admin do whatever comes to mind."""

    def __init__(self, building: Building, seed: int) -> None:
        self.building, self.chance = building, random.Random(seed)
        self.objects = dict(building.objects["B"])
        self.tickets = [(self.objects["ticket"], self.objects["turn"])]
        self.shared: list[int] = []
        self.done = 0

    def act(self) -> None:
        deeds = (
            self.verb,
            self.take,
            self.help,
            self.tell,
            self.set,
            *([self.help_shared] * bool(self.shared)),
        )
        deed = self.chance.choices(deeds, (10, 4, 3, 1, 1, 4)[: len(deeds)])[0]
        self.objects["ticket"], self.objects["turn"] = self.chance.choice(self.tickets)
        self.objects["parked"] = self.objects["missed"] = self.chance.choice(self.tickets)[1]
        self.done += deed() < 400

    def verb(self) -> int:
        verb = self.chance.choice([*VERBS, "open", "call-next", "call-next", "start", "finish"])
        body = {} if verb == "transfer" else VERBS[verb].body
        return self.post("officer_b", f"/api/v1/counters/{{counter}}/{verb}", body)

    def take(self) -> int:
        priority = self.chance.choice([None, None, "LANSIA"])
        body = {"services": ["B-01"], "priority": priority}
        answer = self.building.send(self.building.who["kiosk"], "POST", "/api/v1/tickets", body)
        if answer.status_code == 201:
            self.tickets.append((answer.json["id"], answer.json["turns"][0]["id"]))
        return answer.status_code

    def help(self) -> int:
        deed = self.chance.choice([each for each in STAFF_DEEDS if each != "stops"])
        return self.post("officer_b", f"/api/v1/staff/tickets/{{ticket}}/{deed}", STAFF_DEEDS[deed].body)

    def help_shared(self) -> int:
        """A visitor who is at agency A and comes to B later: B sees the number, and leaves it alone."""
        deed = self.chance.choice(AT_HAND)
        path = f"/api/v1/staff/tickets/{self.chance.choice(self.shared)}/{deed}"
        answer = self.building.send(self.building.who["officer_b"], "POST", path, STAFF_DEEDS[deed].body)
        assert "Loket" not in answer.text and '"counter"' not in answer.text
        return answer.status_code

    def book(self) -> int:
        at = f"2026-11-23T{self.chance.randint(10, 14)}:00:00+07:00"
        return self.post("officer_b", "/api/v1/appointments", {"service": "B-01", "at": at})

    def tell(self) -> int:
        lift = self.chance.choice(["", "/lift"])
        return self.post("officer_b", f"/api/v1/agencies/B/disturbance{lift}", {})

    def set(self) -> int:
        kind = self.chance.choice([{"kind": "strict"}, {"kind": "ratio", "regular": "2", "priority": "1"}])
        admin = self.building.who["admin"]
        return self.building.send(admin, "POST", "/admin/queues/BA", kind, api=False).status_code

    def post(self, who: str, path: str, body: dict) -> int:
        said = filled(body, self.objects)
        path = filled(path, self.objects)
        return self.building.send(self.building.who[who], "POST", path, said).status_code


def shared_tickets(building: Building) -> list[int]:
    """Numbers that begin at agency A and go on to B: two that wait, one that is called."""
    world, officer = building.world, building.world.officer("officer_a", agency="A")
    free = world.loket_2
    world.open(free, officer)
    called = world.take(world.kk, world.paspor)
    world.call_next(free, officer)
    return [called.id, *(world.take(world.kk, world.paspor).id for _ in range(2))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_wild_day_in_one_agency_changes_nothing_for_another(building, seed):
    crowd = Crowd(building, seed)
    crowd.shared = shared_tickets(building)
    before = read(building)
    at_first = read(building, "officer_b", "B")

    for nth in range(1, DEEDS + 1):
        crowd.act()
        if nth % LOOK_EVERY == 0:
            assert read(building) == before, f"after deed {nth}"

    changed = {path for path, said in read(building, "officer_b", "B").items() if said != at_first[path]}
    assert crowd.done > DEEDS / 4
    assert {"/api/v1/queues", "/api/v1/events?limit=1000", "/api/v1/counters/{counter}"} <= changed
