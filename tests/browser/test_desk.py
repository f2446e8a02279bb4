"""An officer at the desk: by keyboard alone, with a nervous finger, on a bad line."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AWAY, REFUSED
from tests.browser.hall import PASSWORD
from tests.browser.pages import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def empty_counters(hall):
    yield
    for counter, agency in ((1, "A"), (2, "A"), (6, "A")):
        hall.clear(counter, agency)
        while (
            hall.verb(counter, "open", agency).status_code == 200
            and hall.verb(counter, "call-next", agency).is_success
        ):
            hall.verb(counter, "start", agency)
            hall.verb(counter, "finish", agency)
        hall.verb(counter, "close", agency)


def test_a_whole_day_needs_no_mouse(hall, visit):
    desk = visit(Desk)
    page = desk.go("/")
    page.keyboard.type("budi")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.get_by_role("button", name="Loket 1").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/1")
    first, second = hall.take("A-01")["label"], hall.take("A-02")["label"]
    expect(page.locator("#line li")).to_have_count(2)

    desk.press(" ")
    desk.shows(first)
    desk.press("u")
    expect(page.locator("#visitor .state")).to_contain_text("panggilan ke-2")
    desk.press("m")
    expect(page.locator("#visitor .state")).to_contain_text("Sedang dilayani")
    desk.press("s")
    expect(page.locator("#visitor h1")).to_have_text("Loket siap")
    desk.press("Enter")
    desk.shows(second)
    desk.press("k")
    expect(page.locator("#line li")).to_have_count(1)
    desk.press(" ")
    desk.shows(second)
    desk.press("t")
    expect(page.locator("#sure")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#visitor h1")).to_have_text("Tidak ada yang menunggu")
    desk.press("l")
    expect(page.locator("#visitor h1")).to_have_text("Loket 1 masih tutup")

    told = [event["event"] for event in hall.events() if event["counter"] == 1]
    assert told[-10:] == [
        "counter_opened", "turn_called", "turn_recalled", "turn_started", "turn_finished",
        "turn_called", "turn_put_back", "turn_called", "turn_missed", "counter_closed",
    ]  # fmt: skip


def test_escape_keeps_the_visitor(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)

    desk.press("t")
    desk.page.keyboard.press("Escape")

    expect(desk.page.locator("#sure")).to_be_hidden()
    desk.shows(label)
    assert not [event for event in hall.events("turn_missed") if event["label"] == label]


@pytest.mark.parametrize("how", ["keys", "clicks"])
def test_a_nervous_finger_calls_once_and_starts_nothing(hall, officer, how):
    labels = [hall.take("A-01")["label"] for _ in range(2)]
    desk = officer("budi", "Loket 1")
    before = len(hall.events("turn_called"))

    if how == "keys":
        for _ in range(4):
            desk.page.keyboard.press(" ")
    else:
        desk.page.locator("#verb-likely").dblclick()

    desk.shows(labels[0])
    expect(desk.page.locator("#visitor")).to_have_attribute("data-state", "called")
    assert len(hall.events("turn_called")) == before + 1
    assert not [event for event in hall.events("turn_started") if event["label"] == labels[0]]


def test_an_answer_lost_on_its_way_calls_nobody_twice(hall, officer):
    hall.take("A-01")
    hall.take("A-01")
    desk = officer("budi", "Loket 1", expected=AWAY)
    before, keys = len(hall.events("turn_called")), []

    def lose_the_first(route):
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        route.abort() if len(keys) < 3 else route.fulfill(response=answer)

    desk.page.route("**/call-next", lose_the_first)
    desk.page.keyboard.press(" ")

    expect(desk.page.locator("#visitor")).to_have_attribute("data-state", "called")
    expect(desk.page.locator(".unsent")).to_be_hidden()
    assert len(keys) == 3 and len(set(keys)) == 1
    assert len(hall.events("turn_called")) == before + 1


def test_a_press_waits_for_the_server_and_says_so(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", expected=(*AWAY, REFUSED))
    hall.server.kill()

    desk.page.keyboard.press(" ")
    expect(desk.page.locator("#verb-likely")).to_contain_text("Belum terkirim")
    expect(desk.page.locator("#verb-likely")).to_be_disabled()
    hall.start()

    desk.shows(label)
    desk.is_connected()


def test_a_reload_sends_what_was_not_answered(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", expected=AWAY)
    desk.page.route("**/call-next", lambda route: route.abort())
    desk.page.keyboard.press(" ")
    expect(desk.page.locator(".unsent")).to_be_visible()

    desk.page.unroute("**/call-next")
    desk.page.reload()

    desk.shows(label)


def test_a_reload_loses_nothing(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    desk.press(" ")
    desk.shows(label)
    desk.press("m")
    desk.page.locator(".checklist label").first.click()

    desk.page.reload()

    desk.shows(label)
    expect(desk.page.locator("#visitor .state")).to_contain_text("Sedang dilayani")
    expect(desk.page.locator(".checklist input").first).to_be_checked()
    expect(desk.page.locator(".checklist input").nth(1)).not_to_be_checked()


def test_a_new_visitor_appears_at_once(hall, officer):
    desk = officer("budi", "Loket 1")

    label = hall.take("A-01")["label"]

    expect(desk.page.locator("#line li .label")).to_have_text([label], timeout=1_500)


def test_without_the_socket_the_desk_goes_on(hall, visit):
    desk = visit(Desk, expected=("WebSocket",))
    desk.context.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    desk.sign_in("budi")
    desk.page.get_by_role("button", name="Loket 1").click()
    desk.page.wait_for_url("**/desk/1")
    expect(desk.page.locator("#link")).to_have_attribute("data-state", "polling")

    label = hall.take("A-01")["label"]

    expect(desk.page.locator("#line li .label")).to_have_text([label], timeout=12_000)
    desk.press(" ")
    desk.shows(label)


def test_two_officers_never_share_a_counter(hall, officer, visit):
    other = visit(Desk, expected=(REFUSED,))
    other.sign_in("dewi")
    free = other.page.locator("[data-open='1']")
    expect(free).to_be_enabled()
    late = other.context.new_page()
    late.route("**/desk/counters", lambda route: route.abort())
    late.goto(f"{hall.url}/desk")
    expect(late.locator("#link")).not_to_have_attribute("data-state", "joining")
    late.evaluate("document.querySelector('live-fragment').soon = () => {}")

    officer("budi", "Loket 1")

    expect(free).to_be_disabled()
    expect(free).to_contain_text("Dipakai petugas lain")
    late.locator("[data-open='1']").click()
    expect(late.locator("#notice")).to_contain_text("Loket ini sedang dipakai petugas lain.")
    other.go("/desk/1")
    expect(other.page.locator("#visitor h1")).to_have_text("Loket 1 sedang dipakai petugas lain")


def test_a_refusal_is_one_calm_sentence(hall, officer):
    hall.take("A-01")
    desk = officer("budi", "Loket 1", expected=(REFUSED,))
    desk.press(" ")
    expect(desk.page.locator("#visitor")).to_have_attribute("data-state", "called")
    desk.press("u")
    expect(desk.page.locator("#visitor .state")).to_contain_text("panggilan ke-2")

    desk.press("u")

    expect(desk.page.locator("#notice")).to_contain_text("Tunggu beberapa detik")
    desk.page.locator("[data-dismiss]").click()
    expect(desk.page.locator("#notice")).to_be_hidden()


def test_nothing_scrolls_but_the_line(hall, officer):
    for _ in range(14):
        hall.take("A-12")
    desk = officer("budi", "Loket 6")
    expect(desk.page.locator("#line li")).to_have_count(14)

    desk.press(" ")

    expect(desk.page.locator("#visitor")).to_have_attribute("data-state", "called")
    overflow = desk.page.evaluate(
        """() => ["html", "#visitor", "#verbs"].map((name) => document.querySelector(name))
            .map((part) => part.scrollHeight - part.clientHeight)"""
    )
    assert max(overflow) <= 0
    assert desk.page.evaluate(
        "(list => list.scrollHeight > list.clientHeight)(document.querySelector('#line ol'))"
    )


def test_the_line_keeps_its_place_when_news_arrive(hall, officer):
    for _ in range(14):
        hall.take("A-12")
    desk = officer("budi", "Loket 6")
    expect(desk.page.locator("#line li")).to_have_count(14)
    desk.page.evaluate("document.querySelector('#line ol').scrollTop = 90")

    hall.take("A-12")

    expect(desk.page.locator("#line li")).to_have_count(15)
    assert desk.page.evaluate("document.querySelector('#line ol').scrollTop") == 90


def test_a_counter_without_a_pc_works_on_a_phone(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", width=390, height=844, has_touch=True)

    desk.page.locator("#verb-likely").tap()

    desk.shows(label)
    expect(desk.page.locator("#verb-likely")).to_be_in_viewport()
    assert desk.page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_a_new_version_is_offered_and_never_forced_on_a_press(hall, officer):
    desk = officer("budi", "Loket 1")

    def of_tomorrow(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "mpp-version": "0.2.0"})

    desk.page.route("**/live", of_tomorrow)
    hall.take("A-01")

    expect(desk.page.locator("#new-version")).to_be_visible()
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Muat ulang").click()


def test_a_signed_out_window_goes_to_the_way_in(hall, officer):
    desk = officer("budi", "Loket 1", expected=(REFUSED,))
    second = desk.open_tab()
    second.goto(f"{hall.url}/desk/1")

    second.get_by_role("button", name="Keluar").click()

    desk.page.wait_for_url("**/?next=/desk/1", timeout=14_000)
