"""A furnished sample mall on each kind of database, made once and copied for each test."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.hall import Hall
from tests.servers import Postgres

AGENCY = "A"


@dataclass(frozen=True)
class Model:
    """A furnished mall to copy: its files, its database, its keys."""

    room: Path
    database_url: str
    kiosk: str
    officer: str
    display: str


def furnish(room: Path, database_url: str) -> Model:
    hall = Hall(room, database_url)
    hall.furnish()
    kiosk = hall.device("kiosk", "anjungan-1")
    officer = hall.person("petugas", "officer", AGENCY)
    return Model(room, database_url, kiosk, officer, hall.device("display", "layar-1", "merah"))


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Model:
    room = tmp_path_factory.mktemp("sqlite")
    return furnish(room, f"sqlite:///{room / 'mpp.sqlite3'}")


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Model:
    return furnish(tmp_path_factory.mktemp("postgres"), postgres.database())


def copy(model: Model, room: Path, database_url: str | None = None) -> Hall:
    """A furnished mall in a room of its own, on a copy of the model's file unless a database is named."""
    shutil.copytree(model.room, room)
    on_file = model.database_url.startswith("sqlite")
    own = f"sqlite:///{room / 'mpp.sqlite3'}" if on_file else model.database_url
    hall = Hall(room, database_url or own)
    hall.kiosk, hall.officer, hall.display = model.kiosk, model.officer, model.display
    return hall


@pytest.fixture
def sqlite_hall(on_sqlite: Model, tmp_path: Path) -> Hall:
    """A mall of its own on a SQLite file of its own."""
    return copy(on_sqlite, tmp_path / "hall")


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    """The same mall on each kind of database, one after the other."""
    if request.param == "sqlite":
        sqlite: Hall = request.getfixturevalue("sqlite_hall")
        return sqlite
    model: Model = request.getfixturevalue("on_postgres")
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.database(template=model.database_url.rpartition("/")[2])
    request.addfinalizer(lambda: postgres.drop(url))
    return copy(model, tmp_path / "hall", url)
