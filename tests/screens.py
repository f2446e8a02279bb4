"""New pictures of every screen for the README: a running hall, real programs, real Chromium.

`make screens` writes docs/screens/*.png at half size.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mpp.domain.ticket import Ticket, token
from tests import servers
from tests.browser.hall import Hall
from tests.browser.pages import Desk, Visit
from tests.conftest import CHROMIUM, QUIET

# A tap so soon after another is taken for its echo.
RESTED = "Date.now() - JSON.parse(sessionStorage.getItem('tap') ?? '{\"at\": 0}').at > 600"
PICTURES = Path(__file__).parents[1] / "docs" / "screens"
SERVICES = [
    "A-01",
    "A-02",
    "A-03",
    "A-05",
    "A-06",
    "A-11",
    "C-01",
    "E-01",
    "E-02",
    "K-01",
    "Y-01",
    "A-01",
    "A-04",
]


def main() -> None:
    """Draw all of them."""
    PICTURES.mkdir(exist_ok=True)
    with ExitStack() as open_things, sync_playwright() as player:
        room = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        hall = Hall(room)
        open_things.callback(hall.stop)
        touch = open_things.enter_context(_kiosk(hall, room))
        loud = [*QUIET, "--autoplay-policy=no-user-gesture-required"]
        browser = player.chromium.launch(executable_path=CHROMIUM, args=loud)
        link = _kiosk_pictures(browser, hall, touch)
        _busy_morning(hall)
        _hall_pictures(browser, hall, link)
        browser.close()


@contextmanager
def _kiosk(hall: Hall, room: Path) -> Iterator[str]:
    port = servers.free_port()
    line = ["--server", hall.url, "--port", str(port), "--printer", "virtual", "--data", room / "kiosk"]
    one = servers.Program(
        [servers.BIN / "mpp-kiosk", *line], {"MPP_KIOSK_KEY": hall.kiosk_key}, log=room / "kiosk.log"
    )
    one.ready(f"http://127.0.0.1:{port}/healthz")
    yield f"http://127.0.0.1:{port}"
    one.stop()


def _kiosk_pictures(browser: Browser, hall: Hall, touch: str) -> str:
    """The visitor's way to a number; returns the address of the phone page."""
    visit = Visit(browser, hall, 1080, 1920, has_touch=True)
    page = visit.page
    page.goto(touch)
    page.locator('a[href="/instansi/A"]').first.wait_for()
    _keep(page, "kiosk-home")
    _route_picture(page, touch)
    page.locator('a[href="/instansi/A"]').first.tap()
    page.locator('a[href="/layanan/A-01"]').first.tap()
    page.locator("text=Ambil nomor").first.wait_for()
    _keep(page, "kiosk-service")
    page.locator("text=Ambil nomor").first.tap()
    page.locator('[data-print="printed"]').wait_for()
    _keep(page, "kiosk-number")
    page.locator("text=Lihat struk").first.tap()
    paper = page.locator("img").first
    paper.wait_for()
    Image.open(io.BytesIO(page.request.get(f"{touch}{paper.get_attribute('src')}").body())).save(
        PICTURES / "slip.png", optimize=True
    )
    visit.close()
    with hall.db.reading() as session:
        ticket = session.get(Ticket, 1)
        return f"/t/{token(hall.settings.key_for('ticket token'), ticket.id)}"


def _route_picture(page: Page, touch: str) -> None:
    """Bank, Samsat, Dukcapil on one number; then the kiosk is as before."""
    for service, words in (
        ("Y-02", "Tambah keperluan lain"),
        ("E-01", "Tambahkan ke rute"),
        ("A-01", "Tambahkan ke rute"),
    ):
        page.goto(f"{touch}/layanan/{service}")
        _rest(page)
        page.locator(f"text={words}").first.tap()
        page.locator(f"text={'Setelah itu ke mana?' if service == 'Y-02' else 'Rute Anda'}").first.wait_for()
    page.locator("text=Ambil nomor").first.wait_for()
    _keep(page, "kiosk-route")
    _rest(page)
    page.get_by_role("button", name="Ke awal").tap()
    page.locator("text=Anda mau ke mana?").first.wait_for()
    _rest(page)


def _rest(page: Page) -> None:
    servers.wait_until(lambda: page.evaluate(RESTED), 5)


def _busy_morning(hall: Hall) -> None:
    for service in SERVICES:
        hall.take(service, priority="LANSIA" if service == "A-04" else None)
    for name, agency in (("Loket 17", "E"), ("Loket 25", "K"), ("Loket 3", "A")):
        hall.verb(hall.counter(name), "open", agency)
        hall.verb(hall.counter(name), "call-next", agency)


def _hall_pictures(browser: Browser, hall: Hall, link: str) -> None:
    phone = Visit(browser, hall, 390, 844)
    phone.go(link)
    _keep(phone.page, "phone-waiting")
    board = Visit(browser, hall, 1920, 1080)
    board.go(f"/display/merah#key={hall.display_key}")
    expect(board.page.locator("#link")).to_contain_text("Tersambung")
    desk = Desk(browser, hall)
    desk.sit_down("dewi", "Loket 1")
    desk.press("Space")
    expect(board.page.locator("#call .label")).to_contain_text("AA", timeout=90_000)
    board.page.locator('#call[data-state="calm"]').wait_for(timeout=30_000)
    _keep(board.page, "board")
    desk.page.locator("#visitor h1").wait_for()
    _keep(desk.page, "desk")
    for verb in ("start", "finish", "call-next"):
        desk.page.locator("#verb-likely:enabled").wait_for()
        before = desk.page.locator("#verb-likely").inner_text()
        while desk.page.locator("#verb-likely").inner_text() == before:
            desk.page.keyboard.press("Space")
            desk.page.locator("#verb-likely:enabled").wait_for()
        if verb == "start":
            _keep(desk.page, "desk-serving")
    phone.page.reload()
    phone.page.locator("text=Loket 1").wait_for()
    _keep(phone.page, "phone-called")
    _greeter_picture(browser, hall)
    watch = Visit(browser, hall, 1920, 1080)
    watch.sign_in("rina")
    watch.page.locator("text=KTP-el dan IKD").first.wait_for()
    _keep(watch.page, "supervisor")
    _pause_picture(browser, hall)


def _greeter_picture(browser: Browser, hall: Hall) -> None:
    """A visitor for two agencies, with what they bring and what they need."""
    tablet = Visit(browser, hall, 1280, 800, has_touch=True)
    tablet.sign_in("wati")
    page = tablet.go("/greeter/route?layanan=K-01&layanan=A-01")
    for words in ("NOP/SPPT", "Lanjut usia", "Kursi roda"):
        page.locator("label", has_text=words).first.tap()
    page.evaluate("scrollTo(0, 0)")
    _keep(page, "greeter")
    tablet.close()


def _pause_picture(browser: Browser, hall: Hall) -> None:
    """The system is down, and an officer has a break until it is up again."""
    desk = Desk(browser, hall)
    desk.sign_in("budi")
    desk.is_connected()
    for keys, mood in (
        (("m",), "serving"),
        (("s",), "ready"),
        (("f", "Enter"), "ready"),
        (("j", "Enter"), "paused"),
    ):
        desk.press(keys[0])
        desk.type(*keys[1:])
        desk.feels(mood)
    desk.page.locator("#told .disturbed").wait_for()
    _keep(desk.page, "desk-paused")
    desk.close()


def _keep(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    half.quantize(256, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
