"""The visitor's page, as any phone gets it, with and without scripts."""

from datetime import timedelta

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from mpp import clock
from mpp.web.words import CATALOGUES


def test_a_waiting_visitor_reads_how_many_are_ahead(browser, take):
    take("B-01")
    ticket = take("B-01")

    page = browser.get(f"/t/{ticket['token']}").text

    assert ticket["label"].split("-")[1] in page
    assert "1 orang" in page and "Zona Biru" in page


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
    while 'data-state="called"' not in browser.get(f"/t/{ticket['token']}").text:
        verb(counter, "start", "K")
        verb(counter, "finish", "K")
        assert verb(counter, "call-next", "K") == 200

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
    assert "Nomor ini sudah dilayani, terlewat, atau dibatalkan." in browser.get(address).text
    assert "Nomor ini sudah dibatalkan." in browser.get(address).text


@pytest.mark.parametrize("intent", ["", "x" * 65, "é", "a\x07"])
def test_a_cancellation_needs_a_sound_intent(browser, take, intent):
    ticket = take("B-04")

    browser.client.post(f"/t/{ticket['token']}/cancel", data={"intent": intent})

    assert 'data-state="waiting"' in browser.get(f"/t/{ticket['token']}").text


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


def test_every_english_sentence_is_there_and_compiled():
    folder = CATALOGUES / "en" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as text, (folder / "messages.mo").open("rb") as compiled:
        source, made = read_po(text, locale="en"), read_mo(compiled)

    assert [entry.id for entry in source if entry.id and not entry.string] == []
    assert {entry.id: entry.string for entry in source if entry.id} == {
        entry.id: entry.string for entry in made if entry.id
    }
    assert [entry.id for entry in source if entry.id and list(entry.check())] == []
