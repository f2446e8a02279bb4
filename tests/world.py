"""A small mall that tests live in, and a clock that stands still until a test moves it."""

import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from mpp import clock, mallfile, schema
from mpp.actions import bearing, devices, malls, people, slips, tickets
from mpp.actions.bearing import BEARERS
from mpp.actions.bodies import Nothing
from mpp.actions.desk import DESK, calling, holding, parking, sending, serving, undoing
from mpp.actions.greeting import HELP
from mpp.actions.issuing import TicketRequest
from mpp.actions.people import NewPerson
from mpp.actions.transaction import Command, Intent
from mpp.db import Database
from mpp.domain.log import Event, MallLog
from mpp.domain.mall import Counter, Mall, Service
from mpp.domain.people import Device, Person, Right, Role
from mpp.domain.principal import Principal
from mpp.domain.ticket import QueueDay, Slip, Ticket, token
from mpp.domain.turn import Turn
from mpp.mallfile import MallFile
from mpp.queries.malls import mall as mall_of
from mpp.settings import Settings
from tests.servers import Postgres

WIB = ZoneInfo("Asia/Jakarta")
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
SECRET = "kunci" * 8
TOKEN_KEY = Settings(secret_key=SECRET).token_key
PASSWORD = "sagara-biru-7788"

HOURS = {day: {"opens": "08:00", "closes": "15:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
SMALL_MALL = {
    "format": "mpp-mall-1",
    "mall": {
        "code": "MPP-KECIL",
        "name": "Mal Pelayanan Publik Kecil",
        "city": "Kota Kecil",
        "timezone": "Asia/Jakarta",
        "hours": {**HOURS, "sat": None, "sun": None},
        # Most tests are not about patience; those that are set it themselves.
        "rules": {"missed_after_calls": 1, "missed_after_seconds": 0, "level": "I"},
    },
    "zones": [
        {"code": "merah", "name": "Zona Merah", "floor": 1},
        {"code": "biru", "name": "Zona Biru", "floor": 2},
    ],
    "priorities": [
        {"code": "LANSIA", "name": "Lanjut usia", "priority": True, "level": "V-LAW"},
        {"code": "UMUM", "name": "Umum", "priority": False, "level": "I"},
    ],
    "agencies": [
        {
            "code": "A",
            "name": "Dinas Kependudukan dan Pencatatan Sipil",
            "short_name": "Disdukcapil",
            "kind": "opd_daerah",
            "floor": 1,
            "zone": "merah",
            "queues": [
                {"code": "AA", "name": "KTP-el", "minutes": 10},
                {"code": "AB", "name": "Kartu keluarga", "minutes": 12},
            ],
            "counters": [
                {"number": 1, "name": "Loket 1", "queues": ["AA"]},
                {"number": 2, "name": "Loket 2", "queues": ["AB", "AA"], "picks": "longest_wait"},
                {"number": 3, "name": "Loket 3", "queues": ["AB", "AA"], "prefers_priority": True},
            ],
            "services": [
                {"code": "A-01", "name": "KTP-el", "queue": "AA", "kind": "regular", "desk_minutes": 10},
                {"code": "A-02", "name": "KK", "queue": "AB", "kind": "regular", "desk_minutes": 12},
            ],
        },
        {
            "code": "B",
            "name": "Kantor Imigrasi",
            "short_name": "Imigrasi",
            "kind": "vertikal",
            "floor": 2,
            "zone": "biru",
            "queues": [{"code": "BA", "name": "Paspor", "minutes": 20, "quota": 3}],
            "counters": [{"number": 4, "name": "Loket 4", "queues": ["BA"]}],
            "services": [
                {"code": "B-01", "name": "Paspor", "queue": "BA", "kind": "long", "desk_minutes": 20}
            ],
        },
        {
            "code": "C",
            "name": "Badan Pendapatan Daerah",
            "short_name": "Bapenda",
            "kind": "opd_daerah",
            "floor": 2,
            "zone": "biru",
            "queues": [
                {"code": "CA", "name": "Pajak", "minutes": 8, "policy": {"kind": "head_start", "minutes": 5}}
            ],
            "counters": [{"number": 5, "name": "Loket 5", "queues": ["CA"], "zone": "merah"}],
            "services": [
                {"code": "C-01", "name": "Pajak", "queue": "CA", "kind": "quick", "desk_minutes": 8}
            ],
        },
    ],
}


def without_patience(file: MallFile) -> MallFile:
    """The same mall, where a visitor who does not come may be marked missed at once."""
    rules = file.mall.rules.model_copy(update={"missed_after_calls": 1, "missed_after_seconds": 0})
    return file.model_copy(update={"mall": file.mall.model_copy(update={"rules": rules})})


class Time:
    """The time in the small mall; the machine's uptime goes with it, unless only its clock is set."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self.moment, self.uptime = start.astimezone(UTC), 1_000.0

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        """Time passes."""
        passed = timedelta(**parts)
        self.moment += passed
        self.uptime += passed.total_seconds()

    def until(self, hour: int, minute: int = 0, *, days: int = 0) -> None:
        """Time passes until this local time, of today or of a later day."""
        local = self.moment.astimezone(WIB)
        wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
        self.forward(seconds=(wanted - local).total_seconds())

    def set_clock(self, **parts: float) -> None:
        """Somebody sets the clock by so much, while hardly any time passes."""
        self.moment += timedelta(**parts)


@dataclass(frozen=True, slots=True)
class Taken:
    """A number that a visitor of the small mall holds."""

    id: int
    slip: int
    label: str
    token: str
    turn: int


class World:
    """The small mall on one database, with two officers, a kiosk, and a fresh intent for each deed."""

    def __init__(self, url: str, room: Path, time: Time, mall: dict = SMALL_MALL, *, always: bool = False):
        self.time = time
        self.settings = Settings(data_dir=room, database_url=url, secret_key=SECRET)
        self.db = Database(self.settings)
        self._keys = itertools.count(1)
        schema.migrate(self.db)
        if (founded := self.one(select(Mall.id))) is None:
            founded = malls.found(self.db, mallfile.parse(json.dumps(mall)), "console", always=always)
            devices.add(console(self.db, founded), "kiosk", "anjungan-1", ())
        self.mall_id = founded
        self.kiosk = self.one(select(Device.id))
        self.budi = self.officer("budi")
        self.sari = self.officer("sari")

    @property
    def mall(self) -> Mall:
        return self._plan_of(self.mall_id)

    def officer(
        self, name: str, role: Role = Role.OFFICER, agency: str | None = None, rights: tuple[Right, ...] = ()
    ) -> Principal:
        """Somebody who may hold several counters, as an API token may; new unless the name is known."""
        person = self.one(select(Person.id).where(Person.name == name))
        if person is None:
            person = people.add(self.console, NewPerson(name, role, agency, PASSWORD))
        agency_id = self.mall.agencies[agency].id if agency else None
        return Principal("person", person, self.mall_id, role.value, agency_id, rights=frozenset(rights))

    # The services and the counters by name.
    @property
    def ktp(self) -> Service:
        return self.mall.service("A-01")

    @property
    def kk(self) -> Service:
        return self.mall.service("A-02")

    @property
    def paspor(self) -> Service:
        return self.mall.service("B-01")

    @property
    def pajak(self) -> Service:
        return self.mall.service("C-01")

    def loket(self, number: int) -> Counter:
        return next(each for each in self.mall.counters.values() if each.name == f"Loket {number}")

    @property
    def loket_1(self) -> Counter:
        return self.loket(1)

    @property
    def loket_2(self) -> Counter:
        return self.loket(2)

    @property
    def loket_3(self) -> Counter:
        return self.loket(3)

    @property
    def loket_4(self) -> Counter:
        return self.loket(4)

    @property
    def loket_5(self) -> Counter:
        return self.loket(5)

    # What visitors and the kiosk do.
    def take(
        self,
        service: Service,
        *more: Service,
        priority: str | None = None,
        key: str | None = None,
        booked_in_minutes: int | None = None,
    ) -> Taken:
        """A number for one service, or for a route of several; whoever has a booking comes early for it."""
        codes = tuple(each.code for each in (service, *more))
        booked = None if booked_in_minutes is None else self.time.now() + timedelta(minutes=booked_in_minutes)
        request = TicketRequest(codes, priority, "id", "kiosk", self.kiosk, booked)
        command = self.command(self._kiosk, key, {"services": list(codes), "priority": priority})
        ids = tickets.take(command, request).ids
        label = self.one(select(Ticket.label).where(Ticket.id == ids["ticket"]))
        turn = self.one(select(Turn.id).where(Turn.ticket_id == ids["ticket"]).order_by(Turn.position))
        return Taken(ids["ticket"], ids["slip"], label, token(TOKEN_KEY, ids["ticket"]), turn)

    def cancel(self, taken: Taken, key: str | None = None) -> None:
        self.bear(bearing.cancel, taken, key)

    def report_slip(self, taken: Taken, result: str, key: str | None = None) -> str:
        return slips.report(self.command(self._kiosk, key, {"result": result}), taken.slip, result)["state"]

    # What officers do; each verb may say more in `said`, as the API's body does.
    def open(self, counter: Counter, officer: Principal | None = None, key: str | None = None, **said):
        return self._do(holding.open_counter, counter, officer, key, **said)

    def close(self, counter: Counter, officer: Principal | None = None, key: str | None = None, **said):
        return self._do(holding.close_counter, counter, officer, key, **said)

    def pause(self, counter: Counter, officer: Principal | None = None, key: str | None = None, **said):
        return self._do(holding.pause, counter, officer, key, **said)

    def hand_over(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(holding.hand_over, counter, officer, key)

    def call_next(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(calling.call_next, counter, officer, key)

    def call(self, counter: Counter, turn: int, officer: Principal | None = None, **said):
        return self._do(calling.call, counter, officer, None, turn=turn, **said)

    def recall(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(calling.recall, counter, officer, key)

    def start(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(calling.start, counter, officer, key)

    def finish(
        self,
        counter: Counter,
        officer: Principal | None = None,
        key: str | None = None,
        following: tuple[str, ...] = (),
        note: str | None = None,
        **outcome,
    ):
        said = {**outcome, "next": list(following), "note": note}
        return self._do(serving.finish, counter, officer, key, **said)

    def miss(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(calling.miss, counter, officer, key)

    def return_missed(self, counter: Counter, turn: int, officer: Principal | None = None):
        return self._do(calling.return_missed, counter, officer, None, turn=turn)

    def park(self, counter: Counter, officer: Principal | None = None, key: str | None = None, **said):
        return self._do(parking.park, counter, officer, key, **said)

    def resume(self, counter: Counter, turn: int, officer: Principal | None = None, **said):
        return self._do(parking.resume, counter, officer, None, turn=turn, **said)

    def put_back(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(calling.put_back, counter, officer, key)

    def transfer(self, at: Counter, queue: str, officer: Principal | None = None, /, **said):
        return self._do(sending.transfer, at, officer, None, queue=queue, **said)

    def correct(self, counter: Counter, service: Service, officer: Principal | None = None, **said):
        return self._do(sending.correct, counter, officer, None, service=service.code, **said)

    def serve_without_number(self, counter: Counter, service: Service, officer: Principal | None = None):
        return self._do(serving.serve, counter, officer, None, service=service.code)

    def undo(self, counter: Counter, officer: Principal | None = None, key: str | None = None):
        return self._do(undoing.undo, counter, officer, key)

    def serve(self, counter: Counter, officer: Principal | None = None) -> str:
        """Call, start and finish the next visitor; returns the label."""
        label = self.call_next(counter, officer).label
        self.start(counter, officer)
        self.finish(counter, officer)
        return label

    # What a test looks at.
    def turn(self, taken: Taken) -> Turn:
        return self.one(select(Turn).where(Turn.id == taken.turn))

    def turns(self, taken: Taken) -> list[Turn]:
        """All turns of a number, as they were planned."""
        with self.db.reading() as session:
            return list(
                session.scalars(select(Turn).where(Turn.ticket_id == taken.id).order_by(Turn.position))
            )

    def slip(self, taken: Taken) -> Slip:
        return self.one(select(Slip).where(Slip.id == taken.slip))

    def quota_used(self, queue: str) -> int:
        queue_id = self.mall.queues[queue].id
        return self.one(
            select(QueueDay.quota_used).where(QueueDay.queue_id == queue_id).order_by(QueueDay.day.desc())
        )

    def head(self) -> MallLog:
        return self.one(select(MallLog).where(MallLog.mall_id == self.mall_id))

    def events(self, *names: str) -> list[Event]:
        """The log from its beginning, or only the entries of these names."""
        wanted = select(Event).where(Event.mall_id == self.mall_id).order_by(Event.seq)
        with self.db.reading() as session:
            return list(session.scalars(wanted.where(Event.event.in_(names)) if names else wanted))

    def one(self, wanted):
        with self.db.reading() as session:
            return session.scalars(wanted).first()

    @property
    def console(self) -> Command:
        """Somebody at the machine itself."""
        return console(self.db, self.mall_id)

    @property
    def _kiosk(self) -> Principal:
        return Principal("kiosk", self.kiosk, self.mall_id)

    def command(self, who: Principal, key: str | None = None, body: dict | None = None) -> Command:
        """What somebody asks for once; a new intent unless its key is given."""
        intent = Intent.of(who.actor, key or f"intent-{next(self._keys)}", "POST /", body or {})
        return Command(self.db, who, intent)

    def help(self, run, who: Principal, ticket_id: int, /, **said):
        """A verb of staff for a ticket."""
        verb = HELP.of(run)
        body = verb.body.model_validate(said)
        return HELP.do(self.command(who, None, body.model_dump(mode="json")), verb, ticket_id, body)

    def bear(self, run, taken, key: str | None = None):
        """A verb of whoever holds a ticket's token."""
        who = Principal.bearer(taken.id, self.mall_id)
        return BEARERS.do(self.command(who, key), BEARERS.of(run), taken.id, Nothing())

    def _plan_of(self, mall_id: int) -> Mall:
        with self.db.reading() as session:
            return mall_of(session, mall_id)

    def end(self) -> None:
        self.db.writer.dispose()
        self.db.reader.dispose()

    def _do(self, run, counter, officer, key, /, **said):
        officer, verb = officer or self.budi, DESK.of(run)
        command = self.command(officer, key, {"verb": verb.name, "counter": counter.id})
        answer = DESK.do(command, verb, counter.id, verb.body.model_validate(said))
        return SimpleNamespace(**answer["turn"]) if answer["turn"] else None


def console(db: Database, mall_id: int) -> Command:
    """A command of somebody at the machine itself."""
    return Command(db, Principal.console(mall_id))


def somebody(actor: str, agency_id: int | None = None, mall_id: int = 1) -> Principal:
    """Whoever the log calls so: "person:7", "console"."""
    kind, _, number = actor.partition(":")
    return Principal(kind, int(number or 0), mall_id, agency_id=agency_id)


@pytest.fixture
def time() -> Iterator[Time]:
    """Monday, 23 November 2026, 09.00 WIB, until the test moves it."""
    still = Time()
    clock.use(still.now, lambda: still.uptime)
    yield still
    clock.use(None)


@pytest.fixture(scope="session")
def founded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small mall in a SQLite file, made once and copied for each test."""
    room = tmp_path_factory.mktemp("founded")
    _found(f"sqlite:///{room / 'mpp.sqlite3'}", room)
    return room / "mpp.sqlite3"


@pytest.fixture(scope="session")
def founded_database(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database that holds the small mall, copied for each test."""
    url = postgres.database()
    _found(url, tmp_path_factory.mktemp("founded"))
    return url.rpartition("/")[2]


@pytest.fixture
def world(founded_file: Path, tmp_path: Path, time: Time) -> Iterator[World]:
    """The small mall on SQLite."""
    small = World(f"sqlite:///{shutil.copy(founded_file, tmp_path)}", tmp_path, time)
    yield small
    small.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(
    request: pytest.FixtureRequest, founded_file: Path, founded_database: str, tmp_path: Path, time: Time
) -> Iterator[World]:
    """The small mall on SQLite, and then on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("world")
        return
    server = request.getfixturevalue("postgres")
    url = server.database(founded_database)
    small = World(url, tmp_path, time)
    yield small
    small.end()
    server.drop(url)


def _found(url: str, room: Path) -> None:
    still = Time()
    clock.use(still.now, lambda: still.uptime)
    World(url, room, still).end()
    clock.use(None)
