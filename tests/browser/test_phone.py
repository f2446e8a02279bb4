"""The visitor's phone in a real browser: small, honest about its age, loud when called."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import AWAY, REFUSED

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
BUDGET = 60_000
SAFFRON = "rgb(242, 169, 0)"
FEEL = "navigator.vibrate = () => { document.body.dataset.felt = -~document.body.dataset.felt }"


@pytest.fixture
def phone(visit):
    """A visitor looks at a ticket on their phone."""

    def look(ticket, expected=(), query="", **options):
        one = visit(expected=expected, **PHONE, **options)
        one.go(f"/t/{ticket['token']}{query}")
        return one.page

    return look


@pytest.fixture
def counter(hall):
    """Loket 25 of Bapenda, open and empty."""
    number = hall.counter("Loket 25")
    hall.clear(number, "K")
    hall.verb(number, "open", "K")
    while hall.verb(number, "call-next", "K").is_success:
        hall.verb(number, "start", "K")
        hall.verb(number, "finish", "K")
    return number


def test_the_first_load_is_small(hall, visit):
    ticket = hall.take("K-01")
    one = visit(**PHONE)
    line = one.context.new_cdp_session(one.page)
    line.send("Network.enable")
    sizes = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    one.go(f"/t/{ticket['token']}")
    one.page.wait_for_load_state("networkidle")

    fonts = one.page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length")
    assert fonts == 1
    assert 10_000 < sum(sizes) <= BUDGET


def test_a_call_turns_the_whole_page(hall, phone, counter):
    ticket = hall.take("K-01")
    page = phone(ticket)
    expect(page.locator("body")).to_have_attribute("data-state", "waiting")

    hall.verb(counter, "call-next", "K")

    expect(page.locator(".counter")).to_have_text("Loket 25", timeout=8_000)
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == SAFFRON
    expect(page).to_have_title("Giliran Anda")

    hall.verb(counter, "miss", "K")

    expect(page.locator(".card")).to_contain_text("tidak hadir", timeout=15_000)
    expect(page.locator(".how-long")).to_contain_text("datang ke pemandu atau Loket 25 sebelum")


def test_every_call_is_felt_in_the_pocket(hall, phone, counter):
    page = phone(hall.take("K-01"))
    page.evaluate(FEEL)
    page.wait_for_load_state("networkidle")

    hall.verb(counter, "call-next", "K")
    expect(page.locator("body")).to_have_attribute("data-felt", "1", timeout=8_000)
    hall.verb(counter, "recall", "K")

    expect(page.locator("body")).to_have_attribute("data-felt", "2", timeout=15_000)


def test_stepping_out_is_asked_about_first_and_ends_with_one_press(hall, phone, counter):
    page = phone(hall.take("K-01"))
    expect(page.get_by_role("button", name="Saya sudah kembali")).to_be_hidden()
    expect(page.get_by_role("button", name="Ya, saya keluar sebentar")).to_be_hidden()

    page.get_by_text("Keluar sebentar", exact=True).tap()
    page.get_by_role("button", name="Ya, saya keluar sebentar").tap()

    expect(page.locator(".how-long")).to_contain_text("Tempat Anda dijaga sampai")
    assert hall.verb(counter, "call-next", "K").status_code == 409
    page.get_by_role("button", name="Saya sudah kembali").tap()
    expect(page.locator(".how-long")).to_contain_text("Anda berikutnya")
    expect(page.get_by_text("Keluar sebentar", exact=True)).to_be_hidden()


def test_what_the_visitor_unfolded_stays_so_when_the_page_changes(hall, phone, counter):
    hall.take("K-01")
    page = phone(hall.take("K-01"))
    page.locator("#why summary").tap()
    expect(page.locator("#why p")).to_contain_text("1 orang di depan Anda")

    hall.verb(counter, "call-next", "K")

    expect(page.locator("#why p")).to_contain_text("Tidak ada orang di depan Anda", timeout=15_000)
    expect(page.locator("#why p")).to_be_visible()


def test_a_long_route_fits_the_phone(hall, phone):
    page = phone(hall.take("A-01", "K-01", "B-01", "R-01"))

    expect(page.locator(".route li")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_an_emergency_stands_above_everything_until_it_is_over(hall, phone, counter):
    ticket = hall.take("K-01")
    page = phone(ticket)
    zone = page.locator(".ticket .zone").get_attribute("data-zone")
    danger = page.locator(".emergency")
    expect(danger).to_have_count(0)

    hall.danger(zone)
    expect(danger).to_contain_text("hubungi 119. Ikuti petunjuk petugas.", timeout=15_000)
    hall.verb(counter, "call-next", "K")
    expect(page.locator(".counter")).to_have_text("Loket 25", timeout=15_000)
    expect(danger).to_be_in_viewport()

    hall.danger(zone, over=True)
    expect(danger).to_have_count(0, timeout=15_000)


def test_an_old_call_is_never_shown(hall, phone, counter):
    ticket = hall.take("K-01")
    hall.verb(counter, "call-next", "K")
    page = phone(ticket, expected=AWAY)
    page.clock.install()
    page.reload()
    expect(page.locator(".counter")).to_be_visible()

    page.context.set_offline(True)
    page.clock.run_for(45_000)

    expect(page.locator(".counter")).to_be_hidden()
    expect(page.locator("#freshness .stale")).to_contain_text("Data terakhir")
    page.context.set_offline(False)
    back = page.locator(".counter:visible")
    for _ in range(20):  # a question that failed is asked again later, by the page's own clock
        page.clock.run_for(15_000)
        with suppress(TimeoutError):
            back.wait_for(timeout=1_000)
            break
    expect(back).to_be_visible()


def test_coming_back_to_the_page_looks_at_once(hall, phone, counter):
    ticket = hall.take("K-01")
    page = phone(ticket)
    page.wait_for_load_state("networkidle")
    hall.verb(counter, "call-next", "K")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".counter")).to_have_text("Loket 25", timeout=2_000)


def test_without_scripts_everything_is_there(hall, phone):
    page = phone(hall.take("K-01"), java_script_enabled=False)
    expect(page.locator(".how-long")).to_be_visible()

    page.get_by_text("Batalkan nomor", exact=True).click()
    page.get_by_role("button", name="Ya, batalkan nomor saya").click()

    expect(page.locator(".how-long")).to_have_text("Nomor ini sudah dibatalkan.")


def test_the_language_is_one_tap_away_and_stays(hall, phone, counter):
    page = phone(hall.take("K-01"))

    page.get_by_text("English").click()
    expect(page.locator(".lead")).to_have_text("Your queue number")
    hall.verb(counter, "call-next", "K")

    expect(page.locator(".ask")).to_have_text("It is your turn. Please go to", timeout=8_000)


def test_an_unknown_number_is_answered_calmly(visit):
    one = visit(expected=(REFUSED,), **PHONE)

    one.go("/t/" + "A" * 22)

    expect(one.page.locator("h1")).to_have_text("Nomor antrean ini tidak ditemukan")


def test_no_token_reaches_the_log_of_the_server(hall, phone):
    ticket = hall.take("K-01")
    phone(ticket)
    phone({"token": "Z" * 22}, expected=(REFUSED,))

    assert ticket["token"] not in hall.server.output
    assert "Z" * 22 not in hall.server.output
