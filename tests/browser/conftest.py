"""A running mall and people with browsers in it; every page must stay free of errors and of other origins."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.hall import Hall
from tests.browser.pages import Desk, Visit

REFUSED = "Failed to load resource: the server responded with a status of"
AWAY = ("net::ERR_", "WebSocket connection to")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One mall for a file of tests; each test uses counters of its own."""
    one = Hall(tmp_path_factory.mktemp("mall"))
    yield one
    one.stop()


@pytest.fixture
def visit(chromium, hall: Hall) -> Iterator[Callable[..., Visit]]:
    """Somebody with a browser: `visit()` or `visit(Desk)`, with a size of screen and Playwright's options.

    `expected` names console errors that belong to the story, such as a refusal or a server that is away.
    """
    visits: list[tuple[Visit, tuple[str, ...]]] = []

    def come(kind: type[Visit] = Visit, expected: tuple[str, ...] = (), **options) -> Visit:
        one = kind(chromium, hall, **options)
        visits.append((one, expected))
        return one

    yield come
    for one, expected in visits:
        complaints = [said for said in one.complaints if not any(words in said for words in expected)]
        one.close()
        assert complaints == []
        assert one.strangers == []


@pytest.fixture
def officer(visit) -> Callable[..., Desk]:
    """An officer who has signed in and opened a counter."""

    def sit_down(name: str, counter: str, **options) -> Desk:
        desk = visit(Desk, **options)
        desk.sit_down(name, counter)
        return desk

    return sit_down
