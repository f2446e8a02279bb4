"""The small mall with every object of agencies A and B, everybody who may ask for them, and a server."""

import itertools
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from mpp import clock
from mpp.actions import appointments, devices, people, settings, slips
from mpp.actions.appointments import BookAppointment
from mpp.actions.slips import AskForSlip
from mpp.app import create_app
from mpp.domain.appointment import Appointment
from mpp.domain.people import Device, Right, Role, SignIn, key_hash
from mpp.domain.principal import Principal
from mpp.routes import ROUTES
from tests.api.matrix import API, TABLE, filled, path_of
from tests.world import Time, World

PEOPLE = {
    "admin": (Role.ADMIN, None),
    "supervisor": (Role.SUPERVISOR, None),
    "supervisor_a": (Role.SUPERVISOR, "A"),
    "officer": (Role.OFFICER, None),
    "officer_a": (Role.OFFICER, "A"),
    "greeter": (Role.GREETER, None),
    "greeter_a": (Role.GREETER, "A"),
}
FILE = "mpp.sqlite3"
DEVICES = {"kiosk": (), "display": ("merah",)}
# Who works at agency B, and what was written there: nobody of agency A may ever read it.
SECRET_NAME, SECRET_NOTE = "kanari-orang-b", "kanari-catatan-b"


@dataclass
class Who:
    """Somebody at the door: a person by session on pages and by token in the API, a device by its key."""

    name: str
    kind: str
    agency: str | None = None
    key: str = ""
    person: int = 0


@dataclass(frozen=True)
class Model:
    """A furnished mall to copy: its database, who may come, and the objects of each agency."""

    url: str
    who: dict[str, Who]
    objects: dict[str, dict]


def furnish(room: Path, time: Time, url: str) -> Model:
    """Found the mall, let everybody in, and bring visitors to agencies A and B."""
    world = World(url, room, time)
    settings.set_queue(world.console, "BA", {"kind": "head_start", "minutes": 15}, None)
    who = {name: _person(world, name, role, agency) for name, (role, agency) in PEOPLE.items()}
    who |= {kind: _device(world, kind, zones) for kind, zones in DEVICES.items()}
    who["nobody"] = Who("nobody", "nobody")
    who["officer_b"] = _person(world, SECRET_NAME, Role.OFFICER, "B")
    people.grant(world.console, "officer_a", Right.CALL_CHOSEN)
    objects = {"A": _visitors(world, "A", 1, "A-01"), "B": _visitors(world, "B", 4, "B-01")}
    world.end()
    return Model(url, who, objects)


def _person(world: World, name: str, role: Role, agency: str | None) -> Who:
    person = world.officer(name, role, agency).id
    return Who(name, role.value, agency, people.make_token(world.console, name), person)


def _device(world: World, kind: str, zones: tuple[str, ...]) -> Who:
    return Who(kind, kind, key=devices.add(world.console, kind, kind, zones))


def _visitors(world: World, agency: str, counter: int, service: str) -> dict:
    """A visitor at the counter, one who waits, one put aside with a note, one missed, an appointment."""
    own, place, wanted = agency == "A", world.loket(counter), world.mall.service(service)
    worker = world.officer("officer_a" if own else SECRET_NAME, Role.OFFICER, agency)
    world.open(place, worker)
    parked, missed, _, waiting = (world.take(wanted) for _ in range(4))
    world.call_next(place, worker)
    world.start(place, worker)
    world.park(place, worker, reason="dokumen", note="arsip kurang" if own else SECRET_NOTE)
    world.call_next(place, worker)
    world.miss(place, worker)
    world.call_next(place, worker)
    booked = _booked(world, worker, service)
    return {
        "agency": agency,
        "zone": place.zone.code,
        "counter": place.id,
        "queue": wanted.queue.code,
        "service": service,
        "ticket": waiting.id,
        "turn": waiting.turn,
        "label": waiting.label,
        "token": waiting.token,
        "parked": parked.turn,
        "missed": missed.turn,
        "appointment": booked,
        "code": world.one(select(Appointment.code).where(Appointment.id == booked)),
        "slip": _slip(world, "kiosk" if own else "anjungan-1", waiting.id),
        "person": worker.id,
    }


def _booked(world: World, clerk: Principal, service: str) -> int:
    asked = BookAppointment(service=service, at=world.time.now() + timedelta(minutes=15))
    return appointments.book(world.command(clerk), asked)


def _slip(world: World, kiosk: str, ticket: int) -> int:
    """A paper that this kiosk is asked for."""
    device = world.one(select(Device.id).where(Device.name == kiosk))
    asked = AskForSlip(ticket=ticket, kiosk=device, copy=False)
    return slips.ask_for(world.command(world.console.principal), asked)["id"]


class Building:
    """The model, or a copy of it at another address, with a server inside this process."""

    def __init__(self, model: Model, url: str, room: Path, time: Time) -> None:
        self.who, self.objects = model.who, model.objects
        self.world = World(url, room, time)
        self.world._keys = itertools.count(1_000_000)  # the model's own wishes are in the file
        self.app: Flask = create_app(self.world.settings.model_copy(update={"rate_limits": "off"}))[0]
        self._client, self._sessions = self.app.test_client(), dict[str, str]()

    def ask(self, who: Who, rule: str, objects: dict, body: dict | None = None) -> TestResponse:
        """One request of the table, with these objects."""
        said = filled(TABLE[rule].body, objects) if body is None else body
        query = filled(TABLE[rule].query, objects)
        return self.send(who, rule.split(" ")[0], filled(path_of(rule), objects), said, query, rule in API)

    def send(
        self, who: Who, method: str, path: str, body: dict, query: dict | None = None, api: bool = True
    ) -> TestResponse:
        """One request, as this one would send it."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        sent = {"json": body} if api and method == "POST" else {"data": body}
        self._client.delete_cookie("mpp-session")
        if who.person and not api:
            sent["data"] = {**body, "csrf": self._come_in(who)}
        elif who.key:
            headers["Authorization"] = f"Bearer {who.key}"
        answer = self._client.open(path, method=method, query_string=query, headers=headers, **sent)
        if path in ("/sign-out", "/lock/close"):
            self._sessions.pop(who.name, None)
        return answer

    def allowed(self, rule: str) -> tuple[str, ...]:
        """Who may enter this route."""
        method, path = rule.split(" ", 1)
        found = (
            each for each in self.app.url_map.iter_rules() if each.rule == path and method in each.methods
        )
        return ROUTES[next(found).endpoint].allowed

    def end(self) -> None:
        container = self.app.extensions["mpp"]
        container.db.writer.dispose()
        container.db.reader.dispose()
        self.world.end()

    def _come_in(self, who: Who) -> str:
        """The session of a person, a fresh one where the last was ended or locked. Gives the form's token."""
        if who.name not in self._sessions:
            key, now = secrets.token_urlsafe(16), clock.now()
            row = {"person_id": who.person, "csrf": key[::-1], "started_at": now, "seen_at": now}
            with self.world.db.jotting() as session:
                session.add(SignIn(key_hash=key_hash(key), **row))
            self._sessions[who.name] = key
        self._client.set_cookie("mpp-session", self._sessions[who.name])
        return self._sessions[who.name][::-1]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The building, made once and copied for each test."""
    still = Time()
    clock.use(still.now, lambda: still.uptime)
    room = tmp_path_factory.mktemp("furnished")
    made = furnish(room, still, f"sqlite:///{room / FILE}")
    clock.use(None)
    return made


@pytest.fixture
def building(furnished: Model, tmp_path: Path, time: Time) -> Iterator[Building]:
    """A building of the test's own."""
    shutil.copy(furnished.url.removeprefix("sqlite:///"), tmp_path)
    made = Building(furnished, f"sqlite:///{tmp_path / FILE}", tmp_path, time)
    yield made
    made.end()
