"""A mall, and screens in it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.conftest import CHROMIUM, QUIET
from tests.display.mall import KEY, Mall
from tests.display.screen import LISTEN, Screen

TELEVISION = {"width": 1920, "height": 1080}


@pytest.fixture(scope="session")
def building() -> Iterator[Mall]:
    """One stand-in for the whole run."""
    one = Mall()
    yield one
    one.stop()


@pytest.fixture
def mall(building: Mall) -> Iterator[Mall]:
    """The mall at the beginning of a day."""
    building.reset()
    yield building
    building.reset()


@pytest.fixture(scope="session")
def loud(chromium: Browser) -> Iterator[Browser]:
    """Chromium as the launcher starts it: sound needs no gesture."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*QUIET, "--autoplay-policy=no-user-gesture-required"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def television(loud: Browser, building: Mall) -> Iterator[BrowserContext]:
    """A browser that keeps its key, its memory and its files from one test to the next, as a screen does."""
    context = loud.new_context(viewport=TELEVISION)
    context.add_cookies([{"name": "screen", "value": KEY, "url": building.url}])
    context.add_init_script(LISTEN)
    yield context
    context.close()


@pytest.fixture
def troubled(television: BrowserContext, mall: Mall) -> Iterator[Screen]:
    """A screen whose browser may complain, about a server that is gone."""
    page = television.new_page()
    yield Screen(page).open(mall)
    page.close()


@pytest.fixture
def screen(troubled: Screen, mall: Mall) -> Iterator[Screen]:
    """A screen with sound, as large as a television; at its end it must not have complained."""
    yield troubled
    assert troubled.complaints == []
    assert {url.split("/")[2] for url in troubled.requests} == {mall.url.split("/")[2]}


@pytest.fixture
def screen_at(television: BrowserContext, mall: Mall) -> Iterator[Callable[[float], Screen]]:
    """Screens that speak more slowly than the others, so that there is time to look at them."""
    pages: list[Page] = []

    def make(speed: float) -> Screen:
        pages.append(television.new_page())
        pages[-1].route("**/display/static/config.js", lambda route: _speak_at(speed, route))
        return Screen(pages[-1]).open(mall)

    yield make
    for page in pages:
        page.close()


def _speak_at(speed: float, route: Route) -> None:
    script = route.fetch()
    route.fulfill(response=script, body=f"{script.text()}\npace.speed = {speed}\n")


@pytest.fixture
def fresh_screen(loud: Browser, mall: Mall) -> Iterator[Callable[..., Screen]]:
    """Screens that have never been here before."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Screen:
        contexts.append(loud.new_context(viewport=TELEVISION, **options))
        contexts[-1].add_init_script(LISTEN)
        return Screen(contexts[-1].new_page())

    yield make
    for context in contexts:
        context.close()
