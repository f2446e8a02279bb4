"""Appointments on the greeter's tablet: booked, listed, refused in plain words, and turned into a number."""

import re
from datetime import timedelta

import pytest

from mpp import clock

PLACE = "/greeter/appointments"
CODE = re.compile(r'<p class="code">(\w{3} \w{3})</p>')


@pytest.fixture
def greeter(browser):
    browser.sign_in("wati")
    return browser


@pytest.fixture
def soon(hall):
    """A moment in a few minutes, as the form says it."""
    return (clock.now() + timedelta(minutes=2)).astimezone(hall.mall.timezone)


def book(browser, at, service="B-01", intent="satu", **fields):
    form = {"layanan": service, "tanggal": f"{at:%Y-%m-%d}", "jam": f"{at:%H:%M}", "intent": intent, **fields}
    return browser.post(f"{PLACE}/book", PLACE, **form)


def page_after(browser, answer):
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location).text


def test_a_day_without_appointments_says_so(greeter):
    assert "Belum ada janji temu" in greeter.get(f"{PLACE}?hari=2031-01-01").text


def test_a_booking_shows_the_code_to_read_aloud_and_when_to_come(greeter, soon):
    page = page_after(greeter, book(greeter, soon))

    assert CODE.search(page)
    assert "Imigrasi, Paspor baru dewasa" in page
    assert (
        f"Datang antara {soon - timedelta(minutes=15):%H.%M} dan {soon + timedelta(minutes=15):%H.%M}."
        in page
    )
    assert CODE.search(page)[1] in greeter.get(f"{PLACE}?hari={soon:%Y-%m-%d}").text


def test_a_code_leads_on_to_the_number(greeter, soon):
    code = CODE.search(page_after(greeter, book(greeter, soon, intent="dua")))[1]

    arrived = greeter.post(f"{PLACE}/check-in", PLACE, kode=code.lower(), bahasa="id", intent="tiga")

    assert re.search(r"/greeter/tickets/\d+/taken$", arrived.location)
    page = greeter.get(arrived.location).text
    assert "Nomor antrean" in page and "Paspor baru dewasa" in page
    again = greeter.post(f"{PLACE}/check-in", PLACE, kode=code, bahasa="id", intent="empat")
    assert again.location == arrived.location


def test_an_unknown_code_is_said_beside_the_code(greeter):
    page = page_after(greeter, greeter.post(f"{PLACE}/check-in", PLACE, kode="aaa aaa", intent="lima"))

    assert "Tidak ada janji temu dengan kode ini. Periksa lagi kodenya." in page
    assert 'value="aaa aaa"' in page


def test_a_refused_booking_keeps_what_was_filled_in(greeter, soon):
    past = soon - timedelta(days=1)

    page = page_after(greeter, book(greeter, past, intent="enam"))

    assert "Waktu janji temu harus di masa depan." in page
    assert f'value="{past:%H:%M}"' in page
    assert re.search(r'<option value="B-01" selected>', page)


@pytest.mark.parametrize(
    "fields", [{"jam": "besok"}, {"tanggal": "31-12"}, {"jam": "10:00+07:00"}, {"intent": ""}]
)
def test_a_form_that_says_nonsense_is_refused_kindly(greeter, soon, fields):
    page = page_after(greeter, book(greeter, soon, **{"intent": "tujuh", **fields}))

    assert "Pilih tanggal dan jam janji temu." in page or "Muat ulang halaman" in page


def test_an_agencys_people_book_for_their_agency_alone(browser, soon):
    browser.sign_in("budi")
    page = browser.get(PLACE).text
    assert '<option value="A-01"' in page
    assert '<option value="B-01"' not in page

    refused = book(browser, soon, "B-01", "delapan")

    assert "Layanan B-01 tidak ada." in page_after(browser, refused)


def test_the_code_of_another_agency_is_not_shown(greeter, another, soon):
    answer = book(greeter, soon, intent="sembilan")
    officer = another()
    officer.sign_in("budi")

    page = officer.get(answer.location).text

    assert not CODE.search(page)
    assert "Paspor baru dewasa" not in page


def test_an_admin_has_no_business_here(browser):
    browser.sign_in("agus")

    assert browser.get(PLACE).status_code == 403
