"""Hurried hands: a second press, a key held down, and news that takes away what had the focus."""

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.pages import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    one = Hall(tmp_path_factory.mktemp("mall"), missed_after_calls=1, missed_after_seconds=1)
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def empty_counters(hall):
    yield
    for counter in (1, 2):
        hall.empty(counter)


@pytest.fixture
def told(hall):
    """What the log says of a number, from its first call on."""
    return lambda label: [event["event"] for event in hall.events() if event["label"] == label][2:]


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_second_press_on_missed_undoes_nothing(hall, officer, told):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)
    miss = desk.page.locator("#verb-miss")
    expect(miss).to_be_enabled()
    spot = middle(miss)
    desk.is_ready()

    desk.page.mouse.click(*spot)
    expect(desk.page.locator(".undo")).to_be_visible()
    expect(desk.page.locator("live-fragment")).to_have_attribute("data-state", "resting")
    desk.page.mouse.click(*spot)

    desk.is_ready()
    assert told(label) == ["turn_called", "turn_missed"]


def test_a_second_key_for_one_visitor_moves_no_other(hall, officer, told):
    missed, called = hall.take("A-01")["label"], hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(missed)
    expect(desk.page.locator("#verb-miss")).to_be_enabled()
    desk.press("t")
    desk.feels("ready")
    desk.press(" ")
    desk.shows(called)
    desk.press("3")
    desk.page.locator(f"[data-of=missed] .row[data-label={missed}]").focus()
    desk.type("Enter")
    expect(desk.page.locator("#panel")).to_contain_text("Boleh kembali ke antrean")

    desk.type("k")
    expect(desk.page.locator("#tab-waiting b")).to_have_text("1")
    desk.type("k")

    desk.is_ready()
    assert told(missed)[-1] == "turn_returned"
    assert told(called) == ["turn_called"]


def test_a_second_enter_on_a_row_is_no_answer_to_what_it_opened(hall, officer, told):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)
    desk.press("d")
    desk.type("1", "Control+Enter")
    desk.feels("ready")
    desk.press("2")

    desk.type("ArrowDown", "Enter", "Enter")

    expect(desk.page.locator("#panel")).to_contain_text("Ditunda budi")
    assert told(label) == ["turn_called", "turn_parked"]


def test_a_counter_is_not_taken_over_by_pressing_enter_twice(hall, officer, visit):
    officer("budi", "Loket 1")
    second = visit(Desk)
    second.sign_in("dewi")
    second.page.locator("[data-open='1']").focus()

    second.type("Enter", "Enter")

    expect(second.page.locator("#take-over")).to_contain_text("Ambil alih Loket 1?")
    second.type("Escape")
    expect(second.page.locator("[data-open='1']")).to_contain_text("Dipakai budi")
    assert hall.events("counter_taken_over") == []


def test_a_key_that_is_held_down_is_one_press(hall, officer, told):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.is_ready()
    desk.page.locator("#verb-likely").focus()

    desk.page.keyboard.down("Enter")
    desk.shows(label)
    desk.is_ready()
    desk.page.keyboard.down("Enter")
    desk.page.keyboard.up("Enter")

    desk.is_ready()
    assert told(label) == ["turn_called"]


def test_the_box_that_had_the_focus_has_it_after_news(hall, officer, told):
    ticket = hall.take("A-01")
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(ticket["label"])
    desk.press(" ")
    desk.feels("serving")
    box = desk.page.locator(".checklist input").nth(1)
    box.focus()

    hall.greet(ticket["id"], "needs", needs=["kursi_roda"])
    expect(desk.page.locator(".needs")).to_contain_text("Kursi roda")
    desk.press(" ")

    expect(box).to_be_checked()
    assert told(ticket["label"])[-1] != "turn_finished"


def test_a_row_that_somebody_else_called_calls_nobody_here(hall, officer, told):
    first, second = hall.take("A-01")["label"], hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    rows = desk.page.locator("[data-of=waiting] .row")
    expect(rows).to_have_count(2)
    desk.press("ArrowDown")

    hall.verb(2, "open")
    hall.verb(2, "call-next")
    expect(rows).to_have_count(1)
    expect(rows).to_be_focused()
    desk.press("Enter")

    expect(desk.page.locator("#panel")).to_contain_text(second)
    assert (told(first), told(second)) == (["turn_called"], [])


def test_a_button_that_must_rest_gives_its_key_to_no_other(hall, officer, told):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)
    recall = desk.page.locator("#verb-recall")
    recall.focus()

    desk.press(" ")
    expect(recall).to_be_disabled()
    desk.press(" ")

    desk.feels("called")
    assert told(label) == ["turn_called", "turn_recalled"]
    desk.type("Escape")
    desk.press(" ")
    desk.feels("serving")


def test_a_pause_until_no_time_is_asked_about_and_closes_once_it_is_so(hall, officer):
    desk = officer("budi", "Loket 1")
    other = desk.open_tab()
    other.goto(desk.page.url)
    other.locator("#verb-pause").click()
    desk.press("j")
    sheet = desk.page.locator("#sheet-pause")

    sheet.locator("[name=until][value=at]").check(force=True)
    desk.page.keyboard.press("Control+Enter")
    expect(sheet.locator(".refused")).to_have_text("Isi jamnya dahulu.")
    desk.feels("ready")

    sheet.locator("[name=until][value='15']").check(force=True)
    desk.page.keyboard.press("Control+Enter")
    desk.feels("paused")
    expect(other.locator("#sheet-pause")).to_be_hidden()


def test_a_search_that_finds_nothing_says_so(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)

    desk.press("a")
    desk.type("zzzz")

    found = desk.page.locator("#sheet-transfer [role=listbox]")
    expect(found).to_have_text("Tidak ditemukan. Coba kata lain.")


def test_a_finish_that_waited_in_one_browser_hits_no_visitor_of_the_other(hall, officer, visit, told):
    """The same officer at two computers: one is cut off with a press, the other goes on."""
    first, second = hall.take("A-01")["label"], hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", expected=("ERR_INTERNET_DISCONNECTED", "409"))
    desk.press(" ")
    desk.shows(first)
    desk.press(" ")
    desk.feels("serving")
    other = visit(Desk)
    other.sign_in("budi")
    other.is_connected()
    other.shows(first)

    desk.is_ready()
    desk.page.context.set_offline(True)
    desk.page.keyboard.press("s")
    expect(desk.page.locator("live-fragment")).to_have_attribute("data-state", "sending")
    other.press(" ")
    other.feels("ready")
    other.press(" ")
    other.shows(second)
    other.press(" ")
    other.feels("serving")
    desk.page.context.set_offline(False)

    expect(desk.page.locator("#notice, .notice").first).to_contain_text(f"{first} sudah selesai")
    desk.shows(second)
    assert told(second) == ["turn_called", "turn_started"]
