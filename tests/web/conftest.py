"""The pages inside this process: one mall, one app, and a browser without a screen for each test."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpp import clock
from mpp.app import create_app
from tests.browser.hall import PASSWORD, Hall


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return Hall(tmp_path_factory.mktemp("mall"), serving=False)


@pytest.fixture(scope="module")
def app(hall: Hall) -> Flask:
    return create_app(hall.settings)[0]


class Browser:
    """A person's browser: it keeps cookies, and fills in forms as they stand on the page."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.get = self.client.get

    def post(self, path: str, page: str, origin: str | None = "http://localhost", **fields: str):
        """Send a form of a page with its CSRF token."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page, follow_redirects=True).text)
        headers = {"Origin": origin} if origin else {}
        return self.client.post(path, data={"csrf": found[1] if found else "", **fields}, headers=headers)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str):
        return self.post("/", "/", name=name, password=password, **fields)

    def cookie(self, name: str):
        return self.client.get_cookie(name)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def another(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def take(app: Flask, hall: Hall) -> Callable[..., dict]:
    """A visitor takes a number at the kiosk, as often as a test needs one."""
    client, limits = app.test_client(), app.extensions["mpp"].limits

    def give(*services: str, language: str = "id", priority: str | None = None) -> dict:
        headers = {
            "Authorization": f"Bearer {hall.kiosk_key}",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        body = {"services": list(services), "priority": priority, "language": language}
        limits.on = False
        answer = client.post("/api/v1/tickets", json=body, headers=headers)
        limits.on = True
        assert answer.status_code == 201, answer.text
        return answer.json

    return give


@pytest.fixture
def verb(app: Flask, hall: Hall) -> Callable[..., int]:
    """A program of the agency does this at a counter; gives the status."""
    client = app.test_client()

    def do(counter: int, name: str, agency: str = "A") -> int:
        key = str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {hall.tokens[agency]}", "Idempotency-Key": key}
        return client.post(f"/api/v1/counters/{counter}/{name}", json={}, headers=headers).status_code

    return do


@pytest.fixture
def tell(app: Flask, hall: Hall) -> Callable[[str, dict], None]:
    """A program of the mall's supervisor posts this."""
    client = app.test_client()

    def post(path: str, body: dict) -> None:
        key = str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {hall.tokens[None]}", "Idempotency-Key": key}
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text

    return post


@pytest.fixture
def real_clock() -> Iterator[None]:
    """Whatever a test does to the clock ends with it."""
    yield
    clock.use(None)
