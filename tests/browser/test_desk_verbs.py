"""Every verb of the desk by its key, and what the keys may not do yet."""

import re

import pytest
from playwright.sync_api import expect

from mpp.domain.people import Right
from tests.browser.hall import Hall

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A mall with a patience that a test can wait for."""
    one = Hall(tmp_path_factory.mktemp("mall"), missed_after_calls=2, missed_after_seconds=12)
    one.grant("budi", Right.CALL_CHOSEN)
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def empty_counters(hall):
    yield
    for counter in (1, 2):
        hall.empty(counter)


def test_after_a_look_by_mouse_the_keys_are_the_desk_s_again(hall, officer):
    label, _ = hall.take("A-01")["label"], hall.take("A-01")
    desk = officer("budi", "Loket 1")
    panel = desk.page.locator("#panel")

    desk.page.locator("[data-of=waiting] .row").last.click()
    expect(panel.locator(".sentence")).to_contain_text("di urutan 2 antrean KTP-el dan IKD")
    desk.type("Escape")
    desk.press(" ")
    desk.shows(label)

    desk.is_ready()
    desk.type("ArrowDown", "Enter")
    expect(panel).to_be_visible()
    desk.type("Escape")
    expect(desk.page.locator("[data-of=waiting] .row")).to_be_focused()


def test_what_happens_to_a_visitor_goes_by_keys(hall, officer):
    label, other = hall.take("A-01")["label"], hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    page = desk.page
    began = len(hall.events())

    desk.press(" ")
    desk.shows(label)
    desk.press("k")
    desk.feels("ready")
    desk.press("p")
    desk.press("m")
    desk.feels("serving")
    desk.press("g")
    desk.type("hilang", "Enter", "Enter")
    expect(page.locator("#visitor .service")).to_have_text("Penggantian KTP-el hilang")
    desk.press("d")
    desk.type("2", "Tab")
    page.locator("#sheet-park textarea").fill("Menunggu fotokopi")
    desk.type("Control+Enter")
    desk.feels("ready")
    desk.press("2")
    desk.type("ArrowDown", "Enter")
    expect(page.locator("#panel")).to_contain_text("Ditunda budi di Loket 1")
    expect(page.locator("#panel")).to_contain_text("fotokopi dokumen")
    desk.type("b")
    desk.feels("serving")
    expect(page.locator("#visitor .notes")).to_contain_text("Menunggu fotokopi")
    expect(page.locator("#visitor .aside")).to_contain_text("fotokopi dokumen")
    desk.press("a")
    desk.type("samsat", "Enter", "Tab", "Tab", "Tab", "ArrowDown", "Enter")
    desk.feels("ready")
    desk.press("1")
    expect(page.locator("[data-of=waiting] .row .label")).to_have_text([other])

    told = [(event["event"], event["label"], event["reason"]) for event in hall.events()[began:]]
    assert told == [
        ("turn_called", label, None),
        ("turn_put_back", label, None),
        ("turn_called", label, None),
        ("turn_started", label, None),
        ("turn_corrected", label, None),
        ("turn_parked", label, "fotokopi"),
        ("turn_resumed", label, None),
        ("turn_transferred", label, "lanjutan"),
        ("turn_joined", label, None),
    ]


def test_a_visitor_who_does_not_come_is_waited_for_and_may_return(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    page, miss = desk.page, desk.page.locator("#verb-miss")
    desk.press(" ")
    desk.shows(label)
    expect(miss).to_contain_text("1 panggilan lagi")
    desk.press("t")
    desk.feels("called")

    desk.press("u")
    expect(miss).to_contain_text("dtk")
    expect(miss).to_be_disabled()
    expect(miss).to_be_enabled(timeout=20_000)
    desk.press("t")
    desk.feels("ready")
    expect(page.locator(".undo")).to_contain_text(re.compile(r"Urungkan tidak hadir.*\d dtk", re.DOTALL))
    expect(page.locator(".undo")).to_be_hidden(timeout=14_000)
    desk.press("3")
    desk.type("ArrowDown", "Enter")
    expect(page.locator("#panel")).to_contain_text("Boleh kembali ke antrean sampai")
    desk.type("k")

    desk.press("1")
    expect(page.locator("[data-of=waiting] .row .label")).to_have_text([label])
    told = [event["event"] for event in hall.events() if event["label"] == label][1:]
    assert told[1:] == ["turn_called", "turn_recalled", "turn_missed", "turn_returned"]


def test_a_chosen_visitor_is_called_with_a_reason_sent_on_and_brought_back(hall, officer):
    first, chosen = hall.take("A-01")["label"], hall.take("A-02")["label"]
    desk = officer("budi", "Loket 1")
    page = desk.page
    expect(page.locator("[data-of=waiting] .row")).to_have_count(2)
    desk.type("ArrowDown", "ArrowDown", "Enter")
    expect(page.locator("#panel .sentence")).to_contain_text("urutan 2")
    expect(page.locator("#panel ol")).to_contain_text(f"{first} di depan")

    desk.type("c", "2", "Enter")
    desk.shows(chosen)
    desk.press(" ")
    desk.feels("serving")
    desk.press("r")
    desk.type("2", "Tab", "Tab", "Tab")
    page.locator("#sheet-finish-long pick-list input").fill("samsat")
    desk.type("Enter", "Enter")
    desk.feels("ready")
    following = [event["queue"] for event in hall.events("turn_joined") if event["label"] == chosen]
    assert following == ["AA", "E"]

    desk.press("z")
    desk.feels("serving")
    desk.press("s")
    desk.feels("ready")
    assert hall.events("turn_called")[-1]["reason"] == "rentan"
    told = [event["event"] for event in hall.events() if event["label"] == chosen]
    assert [name for name in told if name in ("turn_finished", "turn_undone")] == [
        "turn_finished", "turn_undone", "turn_undone", "turn_finished",
    ]  # fmt: skip


def test_a_note_about_a_person_is_refused_in_the_form_and_can_be_mended(hall, officer):
    hall.take("A-01")
    desk = officer("budi", "Loket 1", expected=("Failed to load resource",))
    page = desk.page
    desk.press(" ")
    desk.feels("called")
    desk.press("d")
    page.locator("#sheet-park textarea").fill("NIK 3174012345678901")

    desk.type("Control+Enter")

    expect(page.locator("#sheet-park .refused")).to_contain_text("Catatan tidak boleh memuat NIK")
    page.locator("#sheet-park textarea").fill("Menunggu kartu keluarga")
    desk.type("Control+Enter")
    desk.feels("ready")


def test_the_counter_itself_goes_by_keys(hall, officer):
    desk = officer("budi", "Loket 1")
    page = desk.page
    began = len(hall.events())

    desk.press("n")
    desk.type("Enter", "Enter")
    expect(page.locator("#visitor h1")).to_contain_text("AA0")
    desk.press("s")
    desk.feels("ready")
    desk.press("j")
    desk.type("2", "Enter")
    desk.feels("paused")
    expect(page.locator("#visitor")).to_contain_text("Loket jeda: salat")
    desk.press(" ")
    desk.feels("ready")
    desk.press("h")
    desk.type("Enter")
    desk.feels("left")
    desk.press("b")
    desk.feels("ready")
    desk.press("l")
    desk.type("3", "Enter")
    desk.feels("closed")

    told = [(event["event"], event["reason"]) for event in hall.events()[began:]]
    assert told == [
        ("ticket_taken", None),
        ("turn_served", None),
        ("turn_finished", None),
        ("counter_paused", "salat"),
        ("counter_opened", None),
        ("counter_handed_over", None),
        ("counter_opened", None),
        ("counter_closed", "pulang"),
    ]
