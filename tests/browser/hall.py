"""A whole mall for tests of the pages: the sample mall, its people and devices, and a server of its own."""

import uuid
from pathlib import Path

import httpx

from mpp import schema
from mpp.actions import devices, malls, people
from mpp.actions.people import NewPerson
from mpp.db import Database
from mpp.domain.people import Right, Role
from mpp.mallfile import read
from mpp.queries.malls import mall
from mpp.settings import Settings
from tests import servers
from tests.world import console, without_patience

PASSWORD = "sagara-biru-7788"
PEOPLE = {
    "budi": ("officer", "A"),
    "dewi": ("officer", "A"),
    "eko": ("officer", "E"),
    "fitri": ("officer", "R"),
    "gita": ("officer", "B"),
    "hadi": ("officer", "K"),
    "rina": ("supervisor", None),
    "sari": ("supervisor", "A"),
    "wati": ("greeter", None),
    "agus": ("admin", None),
}
ZONES = ("lobi", "merah", "kuning", "biru", "hijau")


class Hall:
    """One server on SQLite; `take` is the kiosk, `verb` an officer's program, the rest are browsers.

    Nobody need wait to mark a visitor missed, unless `rules` say so.
    """

    def __init__(self, folder: Path, serving: bool = True, **rules: int) -> None:
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.settings = Settings(data_dir=folder, bind=f"127.0.0.1:{self.port}", secret_key="kunci" * 8)
        self.db = Database(self.settings)
        schema.migrate(self.db)
        sample = without_patience(read(servers.ROOT / "config/malls/sagara.json"))
        relaxed = sample.mall.model_copy(update={"rules": sample.mall.rules.model_copy(update=rules)})
        malls.found(self.db, sample.model_copy(update={"mall": relaxed}), "console", always=True)
        with self.db.reading() as session:
            self.mall = mall(session, 1)
        self._let_in()
        self._client = httpx.Client(base_url=self.url, timeout=10)
        if serving:
            self.start()

    def start(self) -> None:
        """Start the server, again where it was killed."""
        env = {
            "MPP_DATA_DIR": str(self.folder),
            "MPP_BIND": f"127.0.0.1:{self.port}",
            "MPP_SECRET_KEY": "kunci" * 8,
            "MPP_RATE_LIMITS": "off",
        }
        env["MPP_PUBLIC_URL"] = self.url
        self.server = servers.Program([servers.BIN / "mpp", "serve"], env, log=self.folder / "server.log")
        self.server.ready(f"{self.url}/readyz", 90)

    def stop(self) -> None:
        self._client.close()
        self.server.stop()

    def take(self, *services: str, priority: str | None = None, language: str = "id") -> dict:
        """A visitor takes a number at the kiosk."""
        body = {"services": list(services), "priority": priority, "language": language}
        return self._post("/api/v1/tickets", body, self.kiosk_key).raise_for_status().json()

    def verb(self, counter: int, verb: str, /, agency: str = "A", **body: object) -> httpx.Response:
        """The agency's first officer does this at a counter, through a program."""
        return self._post(f"/api/v1/counters/{counter}/{verb}", body, self.tokens[agency])

    def greet(self, ticket: int, deed: str, **body: object) -> httpx.Response:
        """A greeter does this for a visitor."""
        return self._post(f"/api/v1/staff/tickets/{ticket}/{deed}", body, self.greeter_key)

    def danger(self, zone: str, over: bool = False) -> None:
        """Somebody needs help in a zone, or does no more."""
        address = f"/api/v1/zones/{zone}/emergency{'/lift' if over else ''}"
        self._post(address, {} if over else {"reason": "medis"}, self.tokens[None]).raise_for_status()

    def grant(self, name: str, right: Right) -> None:
        """The admin gives somebody a right."""
        people.grant(console(self.db, 1), name, right)

    def clear(self, counter: int, agency: str = "A") -> None:
        """Whoever is at the counter has gone, and the counter is closed."""
        for verb in ("start", "finish", "close"):
            self.verb(counter, verb, agency)

    def empty(self, counter: int, agency: str = "A") -> None:
        """Nobody is at the counter or waits for it, and it is closed, whoever held it."""
        self.verb(counter, "open", agency, take_over=True)
        self.verb(counter, "start", agency)
        self.verb(counter, "finish", agency)
        self.verb(counter, "open", agency)
        while self.verb(counter, "call-next", agency).is_success:
            self.verb(counter, "start", agency)
            self.verb(counter, "finish", agency)
        self.verb(counter, "close", agency)

    def events(self, name: str | None = None) -> list[dict]:
        """The whole log, or its entries of one name."""
        found, after = [], 0
        headers = {"Authorization": f"Bearer {self.tokens[None]}"}
        while True:
            page = self._client.get(f"/api/v1/events?after={after}&limit=1000", headers=headers).json()
            if not page["events"]:
                return [event for event in found if name in (None, event["event"])]
            found += page["events"]
            after = page["next"]

    def counter(self, name: str) -> int:
        return next(place.id for place in self.mall.counters.values() if place.name == name)

    def _let_in(self) -> None:
        for name, (role, agency) in PEOPLE.items():
            people.add(console(self.db, 1), NewPerson(name, Role(role), agency, PASSWORD))
        holders = {agency: name for name, (_, agency) in reversed(PEOPLE.items()) if name != "sari"}
        self.tokens = {
            agency: people.make_token(console(self.db, 1), name) for agency, name in holders.items()
        }
        self.tokens[None] = people.make_token(console(self.db, 1), "rina")
        self.greeter_key = people.make_token(console(self.db, 1), "wati")
        self.kiosk_key = devices.add(console(self.db, 1), "kiosk", "anjungan-1", ())
        self.display_key = devices.add(console(self.db, 1), "display", "layar-1", ZONES)

    def _post(self, path: str, body: dict, key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid.uuid4())}
        return self._client.post(path, json=body, headers=headers)
