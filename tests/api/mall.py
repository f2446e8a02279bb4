"""The sample mall as a running server with one of everybody: devices of each kind, people of each role."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx

from mpp import schema
from mpp.actions import devices, malls, people
from mpp.actions.people import NewPerson
from mpp.db import Database
from mpp.domain.people import Role
from mpp.mallfile import read
from mpp.queries.malls import mall
from mpp.settings import Settings
from tests.servers import BIN, ROOT, Program, free_port
from tests.world import console, without_patience

PASSWORD = "Hujan-di-Sagara-2026"
SECRET = "rahasia-untuk-uji-" * 3
PEOPLE = {
    "officer_a": (Role.OFFICER, "A"),
    "officer_b": (Role.OFFICER, "B"),
    "supervisor": (Role.SUPERVISOR, None),
    "supervisor_a": (Role.SUPERVISOR, "A"),
    "greeter": (Role.GREETER, None),
    "greeter_a": (Role.GREETER, "A"),
    "admin": (Role.ADMIN, None),
}
DEVICES = {
    "kiosk": ("kiosk", ()),
    "kiosk_2": ("kiosk", ()),
    "display": ("display", ("merah",)),
    "display_biru": ("display", ("biru",)),
    "display_both": ("display", ("merah", "biru")),
}
TICKETS = "/api/v1/tickets"
KTP = {"services": ["A-01"], "priority": None, "language": "id"}
PASPOR = {"services": ["B-01"], "priority": None, "language": "id"}


@dataclass(frozen=True)
class Model:
    """A furnished mall to copy: its files, its database, its keys, the counters of each agency."""

    room: Path
    database_url: str
    keys: dict[str, str]
    counters: dict[str, list[int]]


def furnish(room: Path, database_url: str = "") -> Model:
    """The sample mall, open at any hour, with everybody in it."""
    room.mkdir(parents=True, exist_ok=True)
    db = Database(Settings(data_dir=room, database_url=database_url, secret_key=SECRET))
    schema.migrate(db)
    sample = without_patience(read(ROOT / "config" / "malls" / "sagara.json"))
    malls.found(db, sample, "console", always=True)
    with db.reading() as session:
        here = mall(session, 1)
    keys = {}
    for name, (role, agency) in PEOPLE.items():
        people.add(console(db, here.mall_id), NewPerson(name, role, agency, PASSWORD))
        keys[name] = people.make_token(console(db, here.mall_id), name)
    for name, (kind, zones) in DEVICES.items():
        keys[name] = devices.add(console(db, here.mall_id), kind, name, zones)
    counters: dict[str, list[int]] = {}
    for place in here.counters.values():
        counters.setdefault(place.agency.code, []).append(place.id)
    db.writer.dispose()
    db.reader.dispose()
    return Model(room, database_url, keys, counters)


class Mall:
    """A copy of the model with a server of its own; `as_` gives a client for each principal."""

    def __init__(self, model: Model, room: Path, database_url: str = "", **settings: str) -> None:
        self.model, self.room, self.keys = model, room, model.keys
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = {
            "MPP_DATA_DIR": str(room),
            "MPP_DATABASE_URL": database_url,
            "MPP_BIND": f"127.0.0.1:{self.port}",
            "MPP_SECRET_KEY": SECRET,
            "MPP_RATE_LIMITS": "off",
            **{f"MPP_{name.upper()}": value for name, value in settings.items()},
        }
        self._clients: dict[str, httpx.Client] = {}
        self._intents = (f"{self.port}-{number}" for number in count(1))
        self.server: Program | None = None

    @classmethod
    def copy(cls, model: Model, room: Path, database_url: str = "", **settings: str) -> "Mall":
        shutil.copytree(model.room, room, dirs_exist_ok=True)
        return cls(model, room, database_url, **settings)

    def serve(self, *before: str | Path) -> Program:
        """Start the server, as often as wanted, and wait until it is ready."""
        log = self.room.parent / f"{self.room.name}-serve.log"
        self.server = Program([*before, BIN / "mpp", "serve"], self.env, log=log)
        self.server.ready(f"{self.base}/readyz", 90)
        return self.server

    def end(self) -> None:
        for client in self._clients.values():
            client.close()
        if self.server and self.server.running:
            self.server.kill()

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `mpp` with these arguments in this installation."""
        env = {**os.environ, **self.env}
        command = [BIN / "mpp", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT, timeout=60)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def as_(self, who: str) -> httpx.Client:
        """The client of somebody; "nobody" has no key."""
        if who not in self._clients:
            headers = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
            self._clients[who] = httpx.Client(base_url=self.base, headers=headers, timeout=15)
        return self._clients[who]

    def intent(self) -> str:
        return next(self._intents)

    def get(self, who: str, path: str, **headers: str) -> httpx.Response:
        return self.as_(who).get(path, headers=headers)

    def post(
        self, who: str, path: str, body: object = None, intent: str | None = None, **headers: str
    ) -> httpx.Response:
        """A POST with an intent of its own unless one is given."""
        headers = {"Idempotency-Key": intent or self.intent(), **headers}
        return self.as_(who).post(path, json={} if body is None else body, headers=headers)

    def raw(self, who: str, path: str, content: bytes, kind: str = "application/json") -> httpx.Response:
        headers = {"Idempotency-Key": self.intent(), "Content-Type": kind}
        return self.as_(who).post(path, content=content, headers=headers)

    def take(self, body: dict | None = None, who: str = "kiosk") -> dict:
        answer = self.post(who, TICKETS, body or KTP)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def verb(self, counter: int, verb: str, body: object = None, who: str = "officer_a") -> httpx.Response:
        return self.post(who, f"/api/v1/counters/{counter}/{verb}", body)

    def do(self, counter: int, *verbs: str, who: str = "officer_a") -> dict:
        """These verbs, one after the other; returns the last answer."""
        for verb in verbs:
            answer = self.verb(counter, verb, who=who)
            assert answer.status_code == 200, f"{verb}: {answer.text}"
        return answer.json()

    def clear(self, counter: int, who: str = "officer_a") -> None:
        """Whoever is at the counter has gone, and it is closed."""
        for verb in ("start", "finish", "close"):
            self.verb(counter, verb, who=who)

    def events(self, who: str = "supervisor") -> list[dict]:
        found, after = [], 0
        while page := self.get(who, f"/api/v1/events?after={after}&limit=1000").json()["events"]:
            found += page
            after = page[-1]["seq"]
        return found


def code(answer: httpx.Response) -> str:
    """The code of a problem, after looking that it is a whole and proper one."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    document = json.loads(answer.text)
    assert {"type", "title", "status", "code", "detail"} <= set(document)
    assert document["status"] == answer.status_code
    assert document["detail"].strip().endswith(".")
    return document["code"]
