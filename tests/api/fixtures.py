"""Running malls for the tests of the API and of the sockets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.mall import Mall, Model, furnish
from tests.servers import Postgres


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return furnish(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def postgres_model(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Model:
    return furnish(tmp_path_factory.mktemp("postgres-model"), postgres.database())


@pytest.fixture(scope="module")
def mall(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    """One server for a whole file; no test may rely on what another left."""
    one = Mall.copy(model, tmp_path_factory.mktemp("mall") / "data")
    one.serve()
    yield one
    one.end()


@pytest.fixture
def another(model: Model, tmp_path: Path) -> Iterator[Callable[..., Mall]]:
    """A mall of the test's own, not running yet: `another(rate_limits="on")`."""
    made: list[Mall] = []

    def make(**settings: str) -> Mall:
        made.append(Mall.copy(model, tmp_path / f"mall-{len(made)}", **settings))
        return made[-1]

    yield make
    for one in made:
        one.end()
