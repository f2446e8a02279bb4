"""However long a mall has been open, no question that it asks looks through what is over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpp.auth import ANYONE, BEARER
from tests.api.building import Building, furnish
from tests.api.matrix import TABLE
from tests.past import Past
from tests.queries.plans import KNOWN, looks, overheard
from tests.world import PASSWORD, Time, World, time

__all__ = ["time"]

# As in a mall that has been open for a while: PostgreSQL weighs what its tables hold.
DAYS, VISITORS = 200, 60
DEEDS = "POST /api/v1/counters/<int:counter_id>"
STAFF = "POST /api/v1/staff/tickets/<int:ticket_id>"


@pytest.fixture
def building(database_url: str, tmp_path: Path, time: Time) -> Iterator[Building]:
    """The small mall with visitors of today and a past, on each database."""
    model = furnish(tmp_path, time, database_url)
    world = World(database_url, tmp_path, time)
    Past(DAYS, VISITORS, world.mall.day(time.now())).write(world.db, world.mall_id)
    world.end()
    made = Building(model, database_url, tmp_path, time)
    yield made
    made.end()


def test_no_question_looks_through_the_past(building, time):
    container = building.app.extensions["mpp"]
    with overheard([container.db]) as heard:
        work(building, time)
        visit_and_help(building, time)
        ask_at_every_door(building)
        sign_in(building)
        roll_over(building, time)

    assert {table for table in KNOWN if any(f" {table}" in statement for statement in heard)} == set(KNOWN)
    assert not (found := through_the_past(building, heard)), "\n".join(found)
    learn(building)
    assert not (found := through_the_past(building, heard)), "\n".join(found)


def work(building: Building, time: Time) -> None:
    """An officer does everything that a desk can do, and looks at every screen of it."""
    here, officer = building.objects["A"], building.who["officer_a"]
    for verb, body in (
        ("recall", {}),
        ("start", {}),
        ("park", {"reason": "dokumen", "note": "arsip kurang"}),
        ("resume", {"turn": here["parked"]}),
        ("finish", {"next": ["C-01"], "note": "lengkap"}),
        ("undo", {}),
        ("finish", {}),
        ("return", {"turn": here["missed"]}),
        ("call", {"turn": here["turn"], "reason": "rentan"}),
        ("put-back", {}),
        ("call-next", {}),
        ("miss", {}),
        ("undo", {}),
        ("start", {}),
        ("correct", {"service": "A-01"}),
        ("transfer", {"queue": "AB"}),
        ("serve", {"service": "A-01"}),
        ("finish", {}),
        ("pause", {"reason": "istirahat"}),
        ("open", {}),
        ("hand-over", {}),
        ("open", {}),
        ("call-next", {}),
        ("put-back", {}),
        ("close", {}),
        ("open", {}),
    ):
        time.forward(seconds=6)
        answer = building.ask(officer, f"{DEEDS}/{verb}", here, body)
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        look_around(building)


def look_around(building: Building) -> None:
    """The screens of a moment, each with what its own people see."""
    container, here = building.app.extensions["mpp"], building.objects["A"]
    container.db.recent.forget()
    container.authenticator.forget()
    for name, rule in (
        ("officer_a", "GET /desk/<int:counter_id>"),
        ("officer_a", "GET /desk/<int:counter_id>/live"),
        ("officer_a", "GET /api/v1/counters/<int:counter_id>"),
        ("supervisor", "GET /api/v1/zones/<code>/board"),
        ("supervisor", "GET /api/v1/queues"),
        ("kiosk", "GET /api/v1/catalogue"),
        ("kiosk", "GET /api/v1/slips"),
        ("greeter", "GET /api/v1/tickets"),
        ("nobody", "GET /t/<token>"),
    ):
        answer = building.ask(building.who[name], rule, here)
        assert answer.status_code == 200, f"{rule}: {answer.text}"


def visit_and_help(building: Building, time: Time) -> None:
    """Visitors take numbers and go out for a while; a greeter helps; somebody comes for an appointment."""
    here, kiosk, greeter = building.objects["A"], building.who["kiosk"], building.who["greeter"]
    route = {"services": ["A-01", "B-01"], "priority": "LANSIA"}
    number = building.ask(kiosk, "POST /api/v1/tickets", here, route).json
    fresh = {**here, "ticket": number["id"], "token": number["token"], "label": number["label"]}
    for who, rule in (
        (kiosk, "POST /api/v1/appointments/check-in"),
        (greeter, f"{STAFF}/needs"),
        (greeter, f"{STAFF}/priority"),
        (greeter, f"{STAFF}/step-out"),
        (greeter, f"{STAFF}/come-back"),
        (greeter, f"{STAFF}/stops"),
        (greeter, "POST /api/v1/slips"),
        (greeter, "POST /api/v1/paper"),
    ):
        answer = building.ask(who, rule, fresh)
        assert answer.status_code in (200, 201), f"{rule}: {answer.text}"
    slip = {**here, "slip": number["slip"]["id"]}
    assert building.ask(kiosk, "POST /api/v1/slips/<int:slip_id>", slip).status_code == 200


def ask_at_every_door(building: Building) -> None:
    """Every route there is, as everybody whom it lets in."""
    for rule in TABLE:
        allowed = building.allowed(rule)
        guests = [who for who in building.who.values() if (who.kind in allowed and who.agency in (None, "A"))]
        for who in guests or [building.who["nobody"]]:
            if allowed in (ANYONE, BEARER) or guests:
                assert building.ask(who, rule, building.objects["A"]).status_code < 500, rule


def sign_in(building: Building) -> None:
    client = building.app.test_client()
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/", follow_redirects=True).text)[1]
    answer = client.post("/", data={"csrf": csrf, "name": "budi", "password": PASSWORD})
    assert answer.status_code == 303, answer.text


def roll_over(building: Building, time: Time) -> None:
    """The first number of the next day, and the first after an earlier night."""
    kiosk = building.who["kiosk"]
    for hour, days in ((1, 1), (8, 0), (9, 1)):
        time.until(hour, days=days)
        building.ask(kiosk, "POST /api/v1/tickets", building.objects["A"])
    assert building.world.head().day == building.world.mall.day(time.now())


def learn(building: Building) -> None:
    """Let the database count what its tables hold."""
    with building.world.db.writer.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def through_the_past(building: Building, heard: dict) -> list[str]:
    """The statements that look into a table that grows without saying where, each with that look."""
    found = []
    with building.world.db.writer.connect() as connection:
        for statement, values in heard.items():
            found += [
                f"{look}: {' '.join(statement.split())}"
                for look in looks(connection, statement, values)
                if not look.bounded
            ]
            connection.rollback()
    return found
