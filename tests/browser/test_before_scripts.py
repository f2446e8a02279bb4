"""What is pressed or ticked before a page's scripts are there is neither lost nor undone."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Desk

ROUTE = "/greeter/route?layanan=K-01&layanan=A-01"


@pytest.fixture
def late():
    """A page whose script comes when the test says so: `late(page, pattern, address)` gives how to say it."""

    def come(page, pattern, address):
        held, open_now = [], []
        page.route(pattern, lambda route: route.continue_() if open_now else held.append(route))
        page.goto(address, wait_until="commit")
        page.locator("#lock").wait_for()
        page.wait_for_function("document.readyState !== 'loading'")

        def let():
            open_now.append(True)
            for route in held:
                route.continue_()

        return let

    return come


@pytest.fixture
def tablet(visit):
    one = visit(width=1280, height=800, has_touch=True)
    one.sign_in("wati")
    return one


def test_what_a_greeter_taps_while_the_page_loads_stays(tablet, late, hall):
    page = tablet.go(ROUTE)
    page.locator("label", has_text="Kursi roda").tap()
    let = late(page, "**/greeter/route.js*", hall.url + ROUTE)

    page.locator("label", has_text="Lanjut usia").first.tap()
    let()

    expect(page.locator("[data-sums]")).to_contain_text("Lanjut usia")
    expect(page.get_by_label("Lanjut usia").first).to_be_checked()
    expect(page.get_by_label("Kursi roda")).to_be_checked()
    page.reload()
    expect(page.locator("[data-sums]")).to_contain_text("Lanjut usia")


def test_a_number_that_is_asked_for_while_the_page_loads_is_taken(tablet, late, hall):
    page = tablet.page
    let = late(page, "**/greeter/route.js*", hall.url + ROUTE)

    page.get_by_role("button", name="Ambil nomor").tap()
    let()

    page.wait_for_url("**/taken")


def test_a_paper_that_is_ticked_while_the_desk_loads_stays_ticked(visit, late, hall):
    hall.take("A-01")
    desk = visit(Desk)
    page = desk.sit_down("dewi", "Loket 1")
    desk.press("Space")
    desk.feels("called")
    desk.press("Space")
    desk.feels("serving")
    desk.is_ready()
    page.locator("[data-checklist] input").first.check()
    let = late(page, "**/desk/desk.js*", page.url)

    page.locator("[data-checklist] input").nth(1).check()
    let()

    desk.is_ready()
    expect(page.locator("[data-checklist] input").first).to_be_checked()
    expect(page.locator("[data-checklist] input").nth(1)).to_be_checked()


def test_a_verb_that_is_pressed_while_the_desk_loads_is_done(visit, late, hall):
    hall.take("E-01")
    desk = visit(Desk)
    page = desk.sit_down("eko", "Loket 17")
    let = late(page, "**/desk/desk.js*", page.url)

    page.locator("#verb-likely").click()
    let()

    desk.feels("called")
