"""Who sits where: a counter that is taken over, handed over, paused; and what the whole hall must know."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def empty_counters(hall):
    yield
    for counter in (1, 2):
        hall.empty(counter)


def test_a_counter_is_taken_over_after_a_question_and_its_first_screen_knows_at_once(hall, officer, visit):
    label = hall.take("A-01")["label"]
    first = officer("budi", "Loket 1")
    first.press(" ")
    first.shows(label)
    first.press("d")
    second = visit(Desk)
    second.sign_in("dewi")
    held = second.page.locator("[data-open='1']")
    expect(held).to_contain_text(re.compile(r"Dipakai budi\s+sejak \d\d\.\d\d"))

    held.click()
    expect(second.page.locator("#take-over")).to_contain_text("Ambil alih Loket 1?")
    second.page.keyboard.press("Enter")
    second.page.wait_for_url("**/desk/1")
    second.shows(label)

    expect(first.page.locator("#visitor h1")).to_have_text("Loket 1 diambil alih oleh dewi", timeout=3_000)
    expect(first.page.locator("#sheet-park")).to_be_hidden()
    expect(first.page.locator("#verb-likely")).to_have_count(0)
    expect(first.page.locator("#post")).to_be_empty()
    first.page.keyboard.press("i")
    first.page.keyboard.press("Enter")
    first.feels("called")
    expect(second.page.locator("#visitor h1")).to_have_text("Loket 1 diambil alih oleh budi", timeout=3_000)
    second.page.keyboard.press("p")
    second.page.wait_for_url("**/desk?other=1")


def test_a_counter_that_was_handed_over_is_offered_first_with_its_visitor(hall, officer, visit):
    label = hall.take("A-01")["label"]
    first = officer("budi", "Loket 2")
    first.press(" ")
    first.shows(label)

    first.press("h")
    first.page.keyboard.press("Enter")
    first.feels("left")
    expect(first.page.locator("#visitor")).to_contain_text(f"{label} masih di loket ini")
    second = visit(Desk)
    second.sign_in("dewi")
    offered = second.page.locator(".counter").first
    expect(offered).to_contain_text("Loket 2")
    expect(offered).to_contain_text(f"Ada {label} di loket")
    offered.click()

    second.page.wait_for_url("**/desk/2")
    second.shows(label)
    expect(second.page.locator("#visitor")).to_have_attribute("data-mood", "called")


def test_a_pause_is_seen_by_the_colleague_with_its_end(hall, officer):
    resting, working = officer("budi", "Loket 1"), officer("dewi", "Loket 2")
    expect(working.page.locator("#foot")).to_contain_text(re.compile(r"Loket 1\s+siap"))

    resting.press("j")
    resting.page.keyboard.press("Enter")

    resting.feels("paused")
    expect(resting.page.locator("#visitor")).to_contain_text(re.compile(r"Kembali \d\d\.\d\d WIB"))
    expect(working.page.locator("#foot")).to_contain_text(
        re.compile(r"Loket 1\s+istirahat\s+sampai \d\d\.\d\d")
    )


def test_a_disturbance_and_an_emergency_are_raised_and_ended_by_keys(hall, officer):
    desk = officer("budi", "Loket 1")
    told = desk.page.locator("#told")

    desk.press("f")
    desk.page.keyboard.press("2")
    desk.page.keyboard.press("Enter")
    expect(told.locator(".disturbed")).to_contain_text("Jaringan Disdukcapil sedang gangguan")
    desk.press("e")
    desk.page.keyboard.press("Enter")
    expect(told.locator(".alarm")).to_contain_text("Hubungi 119")
    for key, band in (("f", ".disturbed"), ("e", ".alarm")):
        desk.press(key)
        desk.page.keyboard.press("Enter")
        expect(told.locator(band)).to_have_count(0)

    names = [event["event"] for event in hall.events() if event["event"].endswith(("_raised", "_lifted"))]
    assert names == ["disturbance_raised", "emergency_raised", "disturbance_lifted", "emergency_lifted"]


def test_a_visitor_can_be_kept_for_colleagues_of_the_agency_only(hall, officer):
    desk = officer("budi", "Loket 1")

    people = desk.page.evaluate("JSON.parse(document.querySelector('#destinations').textContent).people")

    assert people == ["dewi", "sari"]
