"""The supervisor's first page in a real browser: it lives."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_number_taken_and_served_is_seen_without_a_reload(hall, visit):
    one = visit(width=1920, height=1080)
    page = one.sign_in("rina")
    expect(page.locator("#link")).to_have_attribute("data-state", "live")
    row = page.locator("#queue-K")

    hall.take("K-01")
    hall.take("K-01")
    expect(row.locator("td.bar b")).to_have_text("2", timeout=3_000)
    expect(row.locator(".open")).to_have_text("belum buka")

    counter = hall.counter("Loket 25")
    for verb in ("open", "call-next", "start", "finish"):
        hall.verb(counter, verb, "K")
    expect(row.locator("td.bar b")).to_have_text("1", timeout=3_000)
    expect(row.locator(".open")).to_have_text("1 dari 1")
    expect(page.locator("#sums dd").nth(2)).to_have_text("1")


def test_the_whole_hall_fits_on_its_screen(hall, visit):
    page = visit(width=1920, height=1080).sign_in("rina")

    assert page.locator("tbody tr").count() == len(hall.mall.queues)
    assert page.evaluate("document.scrollingElement.scrollHeight") <= 1080
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 1920
