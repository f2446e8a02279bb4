"""The kiosk's screens in Chromium, under fingers."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import TimeoutError as NoAnswer

from tests.servers import wait_until

pytestmark = pytest.mark.browser
LABEL = "[data-label]"


def tap(page, selector):
    page.locator(selector).first.tap()


def press(page, words):
    """A tap that waits until the screen no longer takes it for the echo of the last one."""
    page.locator(f"text={words}").first.wait_for()
    last = "JSON.parse(sessionStorage.getItem('tap') ?? '{\"at\": 0}').at"
    wait_until(lambda: page.evaluate(f"Date.now() - {last} > 600"), 5)
    tap(page, f"text={words}")


def touch(finger, kind, *points):
    """Put a finger down, move it or lift it; False when its page is gone, and the answer with it."""
    event = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
    try:
        finger.send("Input.dispatchTouchEvent", event, timeout=2_000)
    except NoAnswer:
        return False
    return True


def taken(mall):
    """The services of each number that was asked for."""
    return [body["services"] for path, _, body in mall.requests if path == "/api/v1/tickets"]


def headings(page):
    return [words.split("\n")[0].strip() for words in page.locator(".stop h2").all_inner_texts()]


def test_agency_service_number_are_three_taps(hall, screen):
    url, mall = hall
    screen.goto(url)

    tap(screen, 'a[href="/instansi/A"]')
    tap(screen, 'a[href="/layanan/A-02"]')
    tap(screen, "text=Ambil nomor")

    assert screen.locator(LABEL).get_attribute("data-label") == "AA-001"
    screen.locator('[data-print="printed"]').wait_for()
    assert len(mall.tickets) == 1


def test_five_taps_in_a_blink_are_one_number(hall, screen):
    url, mall = hall
    screen.goto(f"{url}/layanan/A-01")
    box = screen.locator("text=Ambil nomor").bounding_box()
    finger = screen.context.new_cdp_session(screen)
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    for _ in range(5):
        if not (touch(finger, "touchStart", spot) and touch(finger, "touchEnd")):
            break  # a later tap would no longer be of the same blink

    screen.locator(LABEL).wait_for()
    screen.locator('[data-print="printed"]').wait_for()
    assert len(mall.tickets) == 1
    assert len([1 for path, _, _ in mall.requests if path == "/api/v1/tickets"]) == 1
    assert screen.locator(LABEL).is_visible(), "the taps do not press what came after"


def test_a_finger_that_slips_still_means_what_it_touched(hall, screen):
    url, mall = hall
    screen.goto(f"{url}/layanan/A-01")
    box = screen.locator("text=Ambil nomor").bounding_box()
    finger = screen.context.new_cdp_session(screen)
    x, y = box["x"] + 60, box["y"] + 10

    touch(finger, "touchStart", (x, y))
    for step in (10, 20, 30):
        touch(finger, "touchMove", (x + step, y - step))
    touch(finger, "touchEnd")

    screen.locator(LABEL).wait_for()
    assert len(mall.tickets) == 1


def test_a_service_is_found_with_the_letters_on_the_screen(hall, screen):
    url, _ = hall
    screen.goto(url)
    tap(screen, "text=Cari layanan")

    for letter in "paspr":
        screen.tap(f'[data-key="{letter}"]')
    screen.tap('[data-key="back"]')
    screen.tap('[data-key="o"]')
    screen.wait_for_url("**/cari?q=paspo")
    tap(screen, "text=Paspor baru dewasa")

    assert "Paspor baru dewasa" in screen.locator("h1").inner_text()
    tap(screen, "text=Kembali")
    assert screen.locator("input[name=q]").input_value() == "paspo"
    screen.tap('[data-key="clear"]')
    screen.locator("text=Ketik beberapa huruf").wait_for()


def test_three_matters_become_one_number_under_a_finger(hall, screen):
    url, mall = hall
    screen.goto(f"{url}/layanan/A-01")
    tap(screen, "text=Tambah keperluan lain")
    screen.wait_for_url(f"{url}/")
    for agency, service in (("B", "B-01"), ("F", "F-01")):
        screen.goto(f"{url}/instansi/{agency}")
        tap(screen, f'a[href="/layanan/{service}"]')
        press(screen, "Tambahkan ke rute")
        screen.wait_for_url(f"{url}/rute")
    assert headings(screen) == ["Disdukcapil", "Imigrasi", "BPJS Kes"]

    screen.get_by_role("button", name="Naik: BPJS Kes").tap()
    screen.wait_for_url(f"{url}/rute?ke=1")
    assert headings(screen) == ["Disdukcapil", "BPJS Kes", "Imigrasi"]
    screen.get_by_role("button", name="Hapus: Paspor baru dewasa").tap()
    screen.wait_for_url(f"{url}/rute")
    press(screen, "Ambil nomor")

    assert screen.locator(LABEL).get_attribute("data-label") == "AA-001"
    assert "BPJS Kes" in screen.locator(".later").inner_text()
    screen.locator('[data-print="printed"]').wait_for()
    assert taken(mall) == [["A-01", "F-01"]]


def test_hasty_taps_on_add_do_not_press_what_comes_after(hall, screen):
    url, mall = hall
    screen.goto(f"{url}/layanan/A-01")
    tap(screen, "text=Tambah keperluan lain")
    screen.wait_for_url(f"{url}/")
    now = datetime.now().astimezone()
    screen.clock.set_fixed_time(now + timedelta(seconds=2))
    screen.goto(f"{url}/layanan/B-01")
    box = screen.locator("text=Tambahkan ke rute").bounding_box()
    screen.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    screen.wait_for_url(f"{url}/rute")

    for later in (2.5, 3.0):
        screen.clock.set_fixed_time(now + timedelta(seconds=later))
        screen.touchscreen.tap(box["x"] + 20, box["y"] + 20)

    assert headings(screen) == ["Disdukcapil", "Imigrasi"]
    screen.clock.set_fixed_time(now + timedelta(seconds=5))
    screen.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    screen.locator(LABEL).wait_for()
    assert len(mall.tickets) == 1


def test_the_enter_key_on_a_service_takes_one_number_and_adds_nothing(hall, screen):
    url, mall = hall
    screen.goto(f"{url}/layanan/A-01")
    screen.locator('input[name="priority"]').first.focus()

    screen.keyboard.press("Enter")

    screen.locator(LABEL).wait_for()
    assert taken(mall) == [["A-01"]]


def test_a_route_that_nobody_finishes_warns_at_home_too_and_is_forgotten(hall, screen):
    url, _ = hall
    screen.goto(f"{url}/layanan/A-01")
    tap(screen, "text=Tambah keperluan lain")
    screen.wait_for_url(f"{url}/")
    screen.clock.install()
    screen.reload()

    screen.clock.run_for(46_000)
    assert screen.locator("dialog").is_visible()
    screen.clock.run_for(16_000)

    screen.locator("text=Anda mau ke mana?").wait_for()


def test_an_idle_screen_warns_and_then_goes_home(hall, screen):
    url, _ = hall
    screen.clock.install()
    screen.goto(f"{url}/layanan/A-01")

    screen.clock.run_for(44_000)
    assert not screen.locator("dialog").is_visible()
    screen.clock.run_for(2_000)
    assert screen.locator("dialog").is_visible()
    screen.locator("text=Lanjutkan").tap()
    assert not screen.locator("dialog").is_visible()
    screen.clock.run_for(61_000)

    screen.wait_for_url(f"{url}/")


def test_the_next_visitor_starts_in_indonesian(hall, screen):
    url, _ = hall
    screen.goto(url)
    tap(screen, "text=English")
    screen.locator("text=Where would you like to go?").wait_for()
    screen.clock.install()
    screen.reload()

    screen.clock.run_for(61_000)

    screen.locator("text=Anda mau ke mana?").wait_for()


def test_while_paper_is_coming_the_screen_stays(start_kiosk, screen, printer):
    printer.mute = True
    url, _ = start_kiosk(printer.spec)
    screen.clock.install()
    screen.goto(f"{url}/layanan/A-01")
    screen.clock.run_for(1_000)
    screen.locator("text=Ambil nomor").tap()
    screen.locator('[data-print="printing"]').wait_for()

    screen.clock.run_for(20_000)

    assert screen.locator(LABEL).is_visible() and not screen.locator("dialog").is_visible()


def test_no_paper_no_harm_the_number_stays_and_can_be_printed_again(start_kiosk, screen, printer, mall):
    printer.paper_out = True
    url, _ = start_kiosk(printer.spec)
    screen.goto(f"{url}/layanan/A-01")
    tap(screen, "text=Ambil nomor")
    screen.locator("text=Struk tidak tercetak. Foto layar ini.").wait_for()
    assert screen.locator(LABEL).get_attribute("data-label") == "AA-001"
    printer.reload()

    tap(screen, "text=Cetak lagi")

    screen.locator("text=Struk sudah tercetak").wait_for()
    assert len(printer.papers) == 1 and b"SALINAN" not in printer.papers[0]
    assert mall.wait_for(lambda device: len(device.reports) == 2)
    assert [result for _, result in mall.reports] == ["failed", "printed"]


def test_a_server_that_is_away_is_a_calm_page_that_heals_itself(start_kiosk, screen, mall):
    url, _ = start_kiosk()
    screen.goto(f"{url}/layanan/A-01")
    mall.stop()
    tap(screen, "text=Ambil nomor")
    screen.locator("text=Mohon tunggu sebentar").wait_for()
    screen.locator("text=Nomor belum bisa diambil").wait_for(timeout=15_000)
    assert "Silakan ke petugas di Pusat Informasi" in screen.locator("main").inner_text()

    mall.start()

    screen.locator(LABEL).wait_for(timeout=15_000)
    assert len(mall.tickets) == 1


@pytest.mark.parametrize("text", ["biasa", "besar"])
def test_every_target_is_large_enough_and_nothing_is_cut_off(hall, screen, text):
    url, _ = hall
    screen.goto(url)
    if text == "besar":
        tap(screen, "text=Teks besar")
        screen.locator('[data-text="large"]').wait_for()
    for service, words in (("A-01", "Tambah keperluan lain"), ("B-01", "Tambahkan ke rute")):
        screen.goto(f"{url}/layanan/{service}")
        press(screen, words)
        screen.locator(".journey-bar, .stops").wait_for()
    for path in (
        "/",
        "/instansi/A",
        "/layanan/H-01",
        "/layanan/B-01",
        "/layanan/C-01",
        "/cari?q=ktp",
        "/prioritas",
        "/rute",
        "/layanan/D-01",
    ):
        screen.goto(f"{url}{path}")
        sizes = screen.evaluate(
            "[...document.querySelectorAll('a[href], button, label.choice')]"
            ".map(e => [e.textContent.trim(), e.getBoundingClientRect()])"
            ".filter(([, r]) => r.width).map(([words, r]) => [words, r.width, r.height, r.left, r.right])"
        )
        assert [one for one in sizes if min(one[1:3]) < 64] == []
        assert [one for one in sizes if one[3] < 0 or one[4] > 1080] == []
        assert screen.evaluate("document.documentElement.scrollWidth") == 1080
        assert screen.evaluate("document.documentElement.scrollHeight") == 1920


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 800), (1024, 768), (768, 1366)])
def test_on_a_smaller_screen_everything_that_matters_can_be_reached(hall, screen, size):
    url, _ = hall
    screen.set_viewport_size({"width": size[0], "height": size[1]})
    screen.goto(f"{url}/cari?q=ktp")
    reach(screen, '[data-key="m"]', ".card >> nth=-1", "text=Ke awal")
    screen.goto(f"{url}/")
    reach(screen, ".tile >> nth=-1", "text=Saya tidak tahu")
    screen.goto(f"{url}/layanan/A-01")
    reach(screen, "label.choice >> nth=-1", "text=Tambah keperluan lain", "text=Ambil nomor")

    tap(screen, "text=Ambil nomor")

    reach(screen, LABEL, ".phone img", "[data-print]", "text=Selesai")
    assert screen.evaluate("document.documentElement.scrollWidth") == size[0]


def reach(page, *selectors):
    """Scrolls to each and sees that nothing lies over its middle."""
    for selector in selectors:
        target = page.locator(selector).first
        target.scroll_into_view_if_needed()
        assert target.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)) }"
        ), selector
