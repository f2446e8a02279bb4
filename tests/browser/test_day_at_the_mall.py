"""A day at the mall, through the front doors: kiosk, paper, phone, desk, lobby, supervisor."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect
from pyzbar.pyzbar import decode as read_codes

from kiosk.printing import escpos_reader
from tests.browser.hall import Hall
from tests.browser.pages import Desk, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def hall(tmp_path):
    mall = Hall(tmp_path)
    yield mall
    mall.stop()


@pytest.fixture
def kiosk(hall, program, free_port, tmp_path):
    """The real kiosk program on a port of its own; its printer writes each slip into a file."""
    papers = tmp_path / "papers"
    papers.mkdir()
    program(
        "mpp-kiosk",
        *("--server", hall.url, "--port", str(free_port), "--printer", f"file:{papers}"),
        *("--data", tmp_path / "kiosk"),
        env={"MPP_KIOSK_KEY": hall.kiosk_key},
        ready=f"http://127.0.0.1:{free_port}/healthz",
    )
    return f"http://127.0.0.1:{free_port}", papers


@pytest.fixture
def visits(chromium, hall):
    """Opens browsers of different people, and looks at all of them when the day is over."""
    opened = []

    def open_one(kind=Visit, **options):
        opened.append(kind(chromium, hall, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_a_day_at_the_mall(hall, kiosk, visits):
    touch_url, papers = kiosk
    lobby = visits(width=1920, height=1080)
    lobby.go(f"/display/merah#key={hall.display_key}")
    expect(lobby.page.locator("#link")).to_contain_text("Tersambung")
    lobby.page.locator("#sound").click()
    expect(lobby.page.locator("#sound")).to_be_hidden()

    grandmother = visits(width=1080, height=1920, has_touch=True)
    label, link = take_a_number(grandmother, touch_url, papers)
    phone = visits(width=390, height=844)
    phone.page.goto(link)
    expect(phone.page.locator("h1")).to_have_text(shown(label))
    expect(phone.page.locator("main")).to_contain_text("Belum ada loket buka")
    supervisor = visits(width=1920, height=1080)
    supervisor.sign_in("rina")
    expect(supervisor.page.locator("main")).to_contain_text("KTP-el dan IKD")

    officer = visits(Desk)
    officer.sit_down("budi", "Loket 1")
    officer.press("Space")
    officer.shows(shown(label))

    expect(lobby.page.locator("#call .label")).to_have_text(shown(label))
    expect(lobby.page.locator("#call")).to_contain_text("Loket 1")
    call = hall.events("turn_called")[-1]["seq"]
    expect(lobby.page.locator("body")).to_have_attribute(
        "data-spoken", re.compile(rf"\b{call}\b"), timeout=30_000
    )
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.page.locator("main")).to_contain_text(re.compile(r"Silakan ke\s+Loket 1"), timeout=20_000)

    press_until(officer, "m", "Sedang dilayani")
    press_until(officer, "s", "Tidak ada yang menunggu")
    expect(lobby.page.locator("#counters")).not_to_contain_text(shown(label))
    expect(phone.page.locator("main")).to_contain_text("selesai", ignore_case=True, timeout=20_000)

    moves = [event["event"] for event in hall.events() if event["turn"]]
    assert moves == ["turn_joined", "turn_called", "turn_started", "turn_finished"]
    printed = hall.events("slip_printed") + hall.events("slip_unknown")
    assert len(printed) == 1
    for one in (lobby, phone, officer, supervisor, grandmother):
        assert one.complaints == []
        foreign = [url for url in one.strangers if not url.startswith(touch_url)]
        assert foreign == []


def press_until(officer, key, words):
    """An officer presses again when the desk was still resting from the press before."""
    told = officer.page.locator("#visitor", has_text=words)
    for _ in range(20):
        officer.page.keyboard.press(key)
        try:
            told.wait_for(timeout=1_000)
            return
        except TimeoutError:
            continue
    raise AssertionError(f"{key} never led to {words}")


def take_a_number(visit, touch_url, papers):
    """Three taps; returns the label on the screen and the address in the paper's QR."""
    visit.page.goto(touch_url)
    visit.page.locator('a[href="/instansi/A"]').first.tap()
    visit.page.locator('a[href="/layanan/A-01"]').first.tap()
    visit.page.locator("text=Ambil nomor").first.tap()
    label = visit.page.locator("[data-label]").get_attribute("data-label")
    visit.page.locator('[data-print]:not([data-print="printing"])').wait_for()
    (paper,) = papers.iterdir()
    document = escpos_reader.decode(paper.read_bytes(), 48)
    assert label in document.text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in document.text
    (code,) = read_codes(picture(document.rasters[0]))
    assert code.data.decode().startswith(visit.hall.url + "/t/")
    return label, code.data.decode()


def picture(raster):
    """The QR as a camera sees it: black on white, with a quiet zone."""
    dots = Image.frombytes("1", (raster.width, raster.dots), b"".join(raster.rows)).convert("L")
    framed = Image.new("L", (raster.width + 80, raster.dots + 80), 255)
    framed.paste(dots.point(lambda dot: 255 - dot), (40, 40))
    kept = io.BytesIO()
    framed.save(kept, "PNG")
    return Image.open(kept)


def shown(label):
    """A label as screens set it: thin spaces around the dash, or none."""
    letters, number = label.split("-")
    return re.compile(rf"{letters}\s*[-–‒]\s*{number}")
