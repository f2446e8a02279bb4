"""What tests of the kiosk may ask for: a stand-in mall, a printer with faults, a kiosk, its screen."""

import re

import httpx
import pytest

from kiosk.app import create_app
from kiosk.container import Kiosk, Settings
from tests.kiosk.emulator import Printer
from tests.kiosk.mall import KEY, Mall, catalogue
from tests.servers import BIN, Program, free_port, wait_until


@pytest.fixture
def mall():
    device = Mall()
    yield device
    device.stop()


@pytest.fixture
def printer():
    device = Printer()
    yield device
    device.close()


@pytest.fixture
def kiosk(mall, tmp_path):
    """A kiosk inside the test, with a virtual printer; its threads run until the test ends."""
    parts = Kiosk(Settings(mall.url, KEY, 7000, "virtual", 48, tmp_path))
    parts.catalogue.refresh()
    parts.start()
    yield parts
    parts.stop()


@pytest.fixture
def client(kiosk):
    return Client(create_app(kiosk).test_client())


class Client:
    """A visitor's screen without a browser: it sends what the kiosk's own pages would send."""

    def __init__(self, inner):
        self.inner = inner

    def get(self, path):
        return self.inner.get(path, base_url="http://127.0.0.1:7000")

    def post(self, path, fields, origin="http://127.0.0.1:7000"):
        headers = {"Origin": origin} if origin else {}
        return self.inner.post(path, data=fields, headers=headers, base_url="http://127.0.0.1:7000")

    def hidden(self, page, action):
        """The hidden fields of the form that goes to `action`."""
        form = next(part for part in page.text.split("<form")[1:] if f'action="{action}"' in part)
        names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.split("</form>")[0])
        return {name: [value for one, value in names if one == name] for name, _ in names}

    def take(self, service, **fields):
        """Opens a service and takes its number; returns the page that follows and the intent."""
        return self._take(self.get(f"/layanan/{service}"), fields)

    def add(self, *services, **fields):
        """Puts services on the route, one after another; returns the last answer."""
        for service in services:
            page = self.get(f"/layanan/{service}")
            on_route = 'action="/rute"' in page.text
            hidden = self.hidden(page, "/rute" if on_route else "/nomor")
            answer = self.post("/rute", {**hidden, **fields})
        return answer

    def change(self, **button):
        """Presses a button of the route: `up`, `down` or `remove`."""
        return self.post("/rute/ubah", {**self.hidden(self.get("/rute"), "/rute/ubah"), **button})

    def take_route(self):
        """Takes one number for the route; returns the page that follows and the intent."""
        return self._take(self.get("/rute"), {})

    def _take(self, page, fields):
        hidden = self.hidden(page, "/nomor")
        place = self.post("/nomor", {**hidden, **fields}).headers["Location"]
        wait_until(lambda: "Kiosk-Look-Again" in self.get(f"{place}/keadaan?shown=asking").headers)
        return self.get(place), hidden["intent"][0]


@pytest.fixture
def start_kiosk(program, mall, free_port, tmp_path):
    """Starts the real command; gives its address and the program."""

    def start(printer="virtual", data=tmp_path / "kiosk"):
        url = f"http://127.0.0.1:{free_port}"
        arguments = ["--server", mall.url, "--port", str(free_port), "--printer", printer, "--data", data]
        one = program("mpp-kiosk", *arguments, env={"MPP_KIOSK_KEY": KEY}, ready=f"{url}/healthz")
        _until_heard(url)
        return url, one

    return start


def _until_heard(url):
    wait_until(lambda: httpx.get(f"{url}/").status_code == 200, 20, "the catalogue")


@pytest.fixture(scope="module")
def _hall(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hall")
    device, url = Mall(), f"http://127.0.0.1:{free_port()}"
    device.catalogue = catalogue(closed_agencies={"C"}, quota_queues={"H"})
    arguments = ["--server", device.url, "--port", url.rpartition(":")[2], "--printer", "virtual"]
    command = [BIN / "mpp-kiosk", *arguments, "--data", folder / "kiosk"]
    one = Program(command, {"MPP_KIOSK_KEY": KEY}, log=folder / "kiosk.log")
    one.ready(f"{url}/healthz")
    _until_heard(url)
    yield url, device
    one.stop(30)
    device.stop()


@pytest.fixture
def hall(_hall):
    """A kiosk that has been running for a while: its address, and the mall with nobody waiting yet."""
    url, device = _hall
    device.forget()
    return url, device


@pytest.fixture
def screen(chromium):
    """A touch screen of 1080 by 1920; a request to another origin or an error on its console is a fault."""
    context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("request", lambda asked: None if "//127.0.0.1:" in asked.url else faults.append(asked.url))
    yield page
    context.close()
    assert faults == []
