"""Appointments on a tablet: come, cancel after a question, and nothing cut off in either direction."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from mpp import clock

pytestmark = pytest.mark.browser

PLACE = "/greeter/appointments"
WIDE, TALL = {"width": 1024, "height": 768}, {"width": 768, "height": 1024}


@pytest.fixture
def tablet(visit):
    one = visit(**WIDE, has_touch=True)
    one.sign_in("wati")
    return one.go(PLACE)


@pytest.fixture
def book(hall, tablet):
    """An appointment in two minutes, made on the tablet; gives its code."""

    def make(service):
        at = (clock.now() + timedelta(minutes=2)).astimezone(hall.mall.timezone)
        tablet.select_option("#layanan", service)
        tablet.fill("#tanggal", f"{at:%Y-%m-%d}")
        tablet.fill("#jam", f"{at:%H:%M}")
        tablet.get_by_role("button", name="Buat janji temu").tap()
        return tablet.locator(".made .code").inner_text()

    return make


def test_whoever_has_come_gets_a_number_with_one_press(tablet, book):
    code = book("K-01")

    tablet.locator(".rows li", has_text=code).get_by_role("button", name="Sudah datang").tap()

    expect(tablet.locator("#shown h1")).to_contain_text("K")
    tablet.goto(tablet.url.partition("/greeter")[0] + PLACE)
    row = tablet.locator(".rows li", has_text=code)
    expect(row.get_by_role("link")).to_contain_text("K")
    expect(row.get_by_role("button")).to_have_count(0)


def test_cancelling_is_asked_about_first(tablet, book):
    row = tablet.locator(".rows li", has_text=book("B-01"))

    row.get_by_role("button", name="Batalkan").tap()
    tablet.get_by_role("button", name="Kembali").last.tap()
    expect(row.get_by_role("button", name="Batalkan")).to_be_visible()
    row.get_by_role("button", name="Batalkan").tap()
    tablet.get_by_role("button", name="Ya, batalkan").tap()

    expect(row).to_contain_text("Dibatalkan")


def test_both_ways_of_holding_the_tablet_show_everything(tablet, book):
    book("A-01")

    for size in (WIDE, TALL):
        tablet.set_viewport_size(size)
        assert tablet.evaluate("document.documentElement.scrollWidth") == size["width"]
