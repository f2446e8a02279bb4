"""The supervisor's page: what needs somebody, and the date after a strange clock."""

from datetime import timedelta

import pytest

from mpp import clock


def test_the_worst_line_stands_first(browser, take):
    take("Z-01")
    browser.sign_in("rina")

    page = browser.get("/supervisor").text

    assert page.index('id="queue-Z"') < page.index('id="queue-AA"')


def test_a_part_that_did_not_change_is_not_sent_again(browser):
    browser.sign_in("rina")
    first = browser.get("/supervisor/live")

    again = browser.get("/supervisor/live", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_a_supervisor_confirms_the_date_after_the_clock_leapt(browser, another, app, hall, take, real_clock):
    take("B-01")
    then = clock.now() + timedelta(days=3)
    clock.use(lambda: then)
    browser.sign_in("rina")
    assert "Pastikan tanggal" in browser.get("/supervisor").text
    with pytest.raises(AssertionError, match="day_not_confirmed"):
        take("B-01")

    forged = browser.post("/supervisor/day", "/supervisor", csrf="lain")
    confirmed = browser.post("/supervisor/day", "/supervisor")

    assert (forged.status_code, confirmed.status_code) == (403, 303)
    assert "Pastikan tanggal" not in browser.get("/supervisor").text
    assert take("B-01")["label"] == "BA-001"


def test_an_officer_confirms_no_date(browser):
    browser.sign_in("budi")

    assert browser.post("/supervisor/day", "/desk").status_code == 403
