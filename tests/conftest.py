"""What every test may ask for: databases, Redis, Chromium, a free port, a running program."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import servers

CHROMIUM = "/usr/bin/chromium"
# The same Chromium without windows of its own, for which a new context costs much less.
WINDOWLESS = "/usr/bin/chromium-headless-shell"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """One PostgreSQL for the whole run, without fsync: nothing in it must outlive the run."""
    server = servers.Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Redis]:
    server = servers.Redis()
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'mpp.sqlite3'}"


@pytest.fixture
def postgres_url(postgres: servers.Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind, one after the other."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def free_port() -> int:
    return servers.free_port()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., servers.Program]]:
    """Start a console script: `program("mpp", "serve", env={…}, ready=URL)`; it ends with the test."""
    started: list[servers.Program] = []

    def start(
        name: str, *arguments: str | Path, env: Mapping[str, str] | None = None, ready: str | None = None
    ) -> servers.Program:
        log = tmp_path / f"{len(started)}-{name}.log"
        one = servers.Program([servers.BIN / name, *arguments], env, log=log)
        started.append(one)
        if ready:
            one.ready(ready)
        return one

    yield start
    for one in reversed(started):
        if one.running:
            one.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Debian's Chromium, driven by Playwright; a test makes its own context in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=WINDOWLESS, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory with a short name, for sockets whose path must be under 108 characters."""
    path = Path(tempfile.mkdtemp(prefix="mpp-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)
