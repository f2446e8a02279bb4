"""A shared computer in the hall: locked by key and by itself, opened where one was, handed to the next."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hall import PASSWORD

pytestmark = pytest.mark.browser

REFUSED = "the server responded with a status of 401"


def is_locked(page, name):
    expect(page.get_by_role("heading", name="Layar terkunci")).to_be_visible()
    expect(page.locator("#name")).to_have_text(name)


def unlock(page, password=PASSWORD):
    page.fill("#password", password)
    page.press("#password", "Enter")


def test_ctrl_l_locks_the_desk_and_the_password_opens_it_where_one_was(officer, hall):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", expected=(REFUSED,))
    desk.press(" ")
    desk.shows(label)

    desk.page.keyboard.press("Control+l")
    is_locked(desk.page, "budi")
    assert label not in desk.page.content()
    expect(desk.page.locator(".held")).to_contain_text("Loket 1 tetap Anda pegang")
    unlock(desk.page, "salah-salah-salah")
    expect(desk.page.get_by_role("alert")).to_have_text("Kata sandi tidak cocok.")
    unlock(desk.page)

    desk.shows(label)
    assert re.search(r"/desk/\d+$", desk.page.url)
    hall.clear(hall.counter("Loket 1"))


def test_what_is_open_in_another_tab_closes_too(visit, hall):
    rina = visit(expected=(REFUSED,))
    rina.sign_in("rina")
    other = rina.open_tab()
    other.goto(f"{hall.url}/supervisor")
    expect(other.locator("#link")).to_have_attribute("data-state", "live")

    rina.page.click("#lock")

    is_locked(rina.page, "rina")
    other.bring_to_front()
    expect(other.get_by_role("heading", name="Layar terkunci")).to_be_visible(timeout=15_000)
    rina.page.bring_to_front()
    unlock(rina.page)
    expect(rina.page.locator("#link")).to_have_attribute("data-state", "live")


def test_a_screen_that_nobody_touches_locks_itself(visit):
    rina = visit(expected=(REFUSED,))
    rina.page.clock.install()
    rina.sign_in("rina")
    expect(rina.page.locator("#link")).to_be_visible()

    rina.page.clock.fast_forward("14:00")
    rina.page.mouse.move(200, 200)
    rina.page.mouse.move(300, 300)
    rina.page.clock.fast_forward("14:00")
    expect(rina.page.locator("#link")).to_be_visible()
    assert rina.page.url.endswith("/supervisor")
    rina.page.clock.fast_forward("01:30")

    is_locked(rina.page, "rina")


def test_the_next_officer_takes_the_place_of_the_one_who_left(visit, officer):
    desk = officer("dewi", "Loket 2", expected=(REFUSED,))
    place = desk.page.url
    desk.page.keyboard.press("Control+l")
    is_locked(desk.page, "dewi")

    desk.page.get_by_role("button", name="Keluar / ganti petugas").click()
    expect(desk.page.get_by_role("heading", name="Masuk petugas")).to_be_visible()
    desk.page.fill("#name", "budi")
    unlock(desk.page)

    expect(desk.page.locator(".top .person")).to_contain_text("budi")
    assert desk.page.url == place
    desk.hall.clear(desk.hall.counter("Loket 2"))


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_closed_screen_fits(visit, size):
    rina = visit(width=size[0], height=size[1], expected=(REFUSED,))
    rina.sign_in("rina")
    rina.page.click("#lock")

    is_locked(rina.page, "rina")

    sizes = rina.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert sizes == list(size)
