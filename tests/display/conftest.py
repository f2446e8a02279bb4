"""A mall, and screens in it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.conftest import CHROMIUM, QUIET
from tests.display.mall import Mall
from tests.display.screen import LISTEN, Screen


@pytest.fixture
def mall() -> Iterator[Mall]:
    one = Mall()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def loud(chromium: Browser) -> Iterator[Browser]:
    """Chromium as the launcher starts it: sound needs no gesture."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*QUIET, "--autoplay-policy=no-user-gesture-required"]
    )
    yield browser
    browser.close()


@pytest.fixture
def screen(loud: Browser, mall: Mall) -> Iterator[Screen]:
    """A screen with sound, as large as a television; at its end it must not have complained."""
    context = loud.new_context(viewport={"width": 1920, "height": 1080})
    context.add_init_script(LISTEN)
    one = Screen(context.new_page()).open(mall)
    yield one
    context.close()
    assert one.complaints == []
    assert {url.split("/")[2] for url in one.requests} == {mall.url.split("/")[2]}


@pytest.fixture
def open_context(loud: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """More contexts with sound; closed with the test."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        contexts.append(loud.new_context(**options))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()
