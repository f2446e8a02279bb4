"""The visitor's page, as any phone gets it, with and without scripts."""

import re
from datetime import timedelta

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from sqlalchemy import select

from mpp import clock
from mpp.actions import arranging
from mpp.actions.transaction import Command
from mpp.domain.principal import Principal
from mpp.domain.ticket import Ticket
from mpp.web.i18n import CATALOGUES
from tests.servers import ROOT

STEP = re.compile(r'data-step="(\w+)"')
PHONE = ROOT / "mpp" / "web" / "phone" / "templates" / "phone"


def test_a_waiting_visitor_reads_how_many_are_ahead(browser, take):
    take("B-01")
    ticket = take("B-01")

    page = browser.get(f"/t/{ticket['token']}").text

    assert ticket["label"].split("-")[1] in page
    assert "1 orang" in page and "Zona Biru" in page


def test_while_no_counter_is_open_nobody_is_next_and_no_wait_is_told(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "close", "K")
    address = f"/t/{take('K-01')['token']}"

    closed, in_english = browser.get(address).text, browser.get(f"{address}?bahasa=en").text
    verb(counter, "open", "K")
    opened = browser.get(address).text
    verb(counter, "close", "K")

    assert "Belum ada loket buka." in closed and "No counter is open yet." in in_english
    assert "kira-kira" not in closed and "Anda berikutnya" not in closed
    assert "Belum ada loket buka." not in opened


def test_a_service_that_is_retired_keeps_its_name_on_the_page(browser, take, app):
    ticket = take("B-04")
    address, container = f"/t/{ticket['token']}", app.extensions["mpp"]
    browser.client.post(f"{address}/cancel", data={"intent": "pensiun", "bahasa": "id"})
    with container.db.reading() as session:
        console = Command(container.db, Principal.console(session.scalar(select(Ticket.mall_id).limit(1))))

    arranging.retire(console, "service", "B-04")
    container.db.recent.forget()
    page = browser.get(address)
    arranging.restore(console, "service", "B-04")
    container.db.recent.forget()

    assert page.status_code == 200 and ticket["turns"][0]["service_name"] in page.text


def test_the_page_speaks_the_language_of_the_ticket_and_any_other_on_request(browser, take):
    ticket = take("K-01", language="en")
    address = f"/t/{ticket['token']}"

    assert "Your queue number" in browser.get(address).text
    assert '<html lang="en"' in browser.get(address).text
    assert "Nomor antrean Anda" in browser.get(f"{address}?bahasa=id").text
    assert "Your queue number" in browser.get(f"{address}?bahasa=xx").text


def test_a_call_names_the_counter(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "open", "K")
    ticket = take("K-01")

    called(browser, verb, counter, ticket)

    assert "Loket 25" in browser.get(f"/t/{ticket['token']}").text

    verb(counter, "miss", "K")
    assert "tidak hadir" in browser.get(f"/t/{ticket['token']}").text


def test_unknown_guessed_and_old_tokens_look_alike(browser, take, real_clock):
    ticket = take("B-01")
    unknown = browser.get("/t/" + "A" * 22)
    neighbour = browser.get(f"/t/{ticket['token'][:-1]}{'A' if ticket['token'][-1] != 'A' else 'B'}")
    then = clock.now() + timedelta(days=2)

    clock.use(lambda: then)
    old = browser.get(f"/t/{ticket['token']}")

    assert unknown.status_code == neighbour.status_code == old.status_code == 404
    assert unknown.text == neighbour.text == old.text
    assert ticket["token"] not in old.text


def test_a_visitor_gives_the_number_up_once(browser, take):
    ticket = take("B-04")
    address = f"/t/{ticket['token']}"
    form = {"intent": "satu", "bahasa": "id"}

    first = browser.client.post(f"{address}/cancel", data=form)
    again = browser.client.post(f"{address}/cancel", data=form)
    other = browser.client.post(f"{address}/cancel", data={**form, "intent": "dua"})

    assert [answer.status_code for answer in (first, again, other)] == [303] * 3
    assert "Keadaan nomor Anda baru saja berubah." in browser.get(address).text
    assert "Nomor ini sudah dibatalkan." in browser.get(address).text


@pytest.mark.parametrize("intent", ["", "x" * 65, "é", "a\x07"])
def test_a_cancellation_needs_a_sound_intent(browser, take, intent):
    ticket = take("B-04")

    browser.client.post(f"/t/{ticket['token']}/cancel", data={"intent": intent})

    page = browser.get(f"/t/{ticket['token']}")
    assert page.status_code == 200, page.text
    assert 'data-state="waiting"' in page.text


def test_nobody_can_put_words_on_the_page(browser, take):
    ticket = take("B-04")
    browser.client.set_cookie("mpp-notice", "Silakan transfer ke rekening ini")

    assert "transfer" not in browser.get(f"/t/{ticket['token']}").text


def test_a_phone_without_scripts_asks_again_by_itself(browser, take):
    ticket = take("B-01")

    page = browser.get(f"/t/{ticket['token']}")

    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_every_stop_of_a_route_stands_on_the_page_under_one_label(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "open", "K")
    ticket = take("K-01", "B-01", "A-01")
    page = browser.get(f"/t/{ticket['token']}").text
    assert STEP.findall(page) == ["now", "next", "later"]

    served(browser, verb, counter, ticket)

    page = browser.get(f"/t/{ticket['token']}").text
    assert STEP.findall(page) == ["done", "now", "next"]
    assert "Tahap sebelumnya selesai. Silakan ke Imigrasi." in page
    assert f"dengan nomor {ticket['label']}" in page


def test_a_page_with_one_stop_shows_no_route(browser, take):
    assert STEP.findall(browser.get(f"/t/{take('B-01')['token']}").text) == []


def test_a_visitor_who_stepped_out_reads_until_when_and_comes_back_with_one_press(browser, take):
    ticket = take("B-01")
    address = f"/t/{ticket['token']}"
    assert 'data-may="cancel step_out"' in browser.get(address).text

    browser.client.post(f"{address}/step-out", data={"intent": "satu", "bahasa": "id"})
    page = browser.get(address).text

    assert "Tempat Anda dijaga sampai" in page
    assert 'data-may="cancel come_back"' in page
    browser.client.post(f"{address}/come-back", data={"intent": "dua", "bahasa": "id"})
    page = browser.get(address).text
    assert "Tempat Anda dijaga" not in page
    assert 'data-may="cancel"' in page


def test_a_step_out_that_comes_too_late_is_explained_in_english_too(browser, take):
    ticket = take("B-04", language="en")
    address = f"/t/{ticket['token']}"
    browser.client.post(f"{address}/cancel", data={"intent": "satu", "bahasa": "en"})

    browser.client.post(f"{address}/step-out", data={"intent": "dua", "bahasa": "en"})

    page = browser.get(address).text
    assert "The state of your number has just changed." in page
    assert "This number was cancelled." in page


def test_a_missed_visitor_reads_until_when_and_where_to_come_back(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "open", "K")
    ticket = take("K-01")
    called(browser, verb, counter, ticket)

    verb(counter, "miss", "K")

    page = browser.get(f"/t/{ticket['token']}").text
    assert re.search(r"datang ke pemandu atau Loket 25 <strong>sebelum \d\d\.\d\d WIB", page)


def test_a_parked_visitor_is_asked_to_stay_near(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "open", "K")
    ticket = take("K-01")
    called(browser, verb, counter, ticket)

    verb(counter, "park", "K")

    page = browser.get(f"/t/{ticket['token']}").text
    assert "Petugas menunda pelayanan Anda. Mohon tetap di dekat loket." in page


def test_a_disturbance_of_an_agency_to_come_is_said(browser, take, tell):
    ticket, other = take("A-01", "B-01"), take("A-01")

    tell("/api/v1/agencies/B/disturbance", {"reason": "jaringan"})

    assert "Jaringan Imigrasi sedang gangguan." in browser.get(f"/t/{ticket['token']}").text
    assert "gangguan" not in browser.get(f"/t/{other['token']}").text
    tell("/api/v1/agencies/B/disturbance/lift", {})
    assert "gangguan" not in browser.get(f"/t/{ticket['token']}").text


def test_nothing_on_the_page_tells_of_priority(browser, take):
    plain, favoured = take("B-01"), take("B-01", priority="LANSIA")
    pages = [browser.get(f"/t/{each['token']}").text for each in (plain, favoured)]

    assert not [word for page in pages for word in ("LANSIA", "rioritas", "riority") if word in page]


def test_every_sentence_of_the_phone_has_its_english():
    with (CATALOGUES / "en" / "LC_MESSAGES" / "messages.po").open("rb") as text:
        english = read_po(text, locale="en")

    said = [found[2] for found in extract_from_dir(str(PHONE), [("**.html", "jinja2")])]

    assert said
    assert [sentence for sentence in said if sentence not in english] == []


def test_every_english_sentence_is_there_and_compiled():
    folder = CATALOGUES / "en" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as text, (folder / "messages.mo").open("rb") as compiled:
        source, made = read_po(text, locale="en"), read_mo(compiled)

    assert [entry.id for entry in source if entry.id and not entry.string] == []
    assert {entry.id: entry.string for entry in source if entry.id} == {
        entry.id: entry.string for entry in made if entry.id
    }
    assert [entry.id for entry in source if entry.id and list(entry.check())] == []


def called(browser, verb, counter, ticket):
    """Call at this counter until it is this ticket's turn."""
    while 'data-state="called"' not in browser.get(f"/t/{ticket['token']}").text:
        verb(counter, "start", "K")
        verb(counter, "finish", "K")
        assert verb(counter, "call-next", "K") == 200


def served(browser, verb, counter, ticket):
    called(browser, verb, counter, ticket)
    assert verb(counter, "start", "K") == verb(counter, "finish", "K") == 200
