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
    for counter in (1, 2, 6):
        hall.empty(counter)


def test_a_first_morning_needs_no_mouse(hall, visit):
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
    expect(page.locator("[data-of=waiting] .row")).to_have_count(2)

    desk.press(" ")
    desk.shows(first)
    desk.press("m")
    desk.feels("serving")
    desk.press(" ")
    desk.feels("ready")
    desk.press("Enter")
    desk.shows(second)

    told = [event["event"] for event in hall.events() if event["counter"] == 1]
    assert told[-5:] == [
        "counter_opened", "turn_called", "turn_started", "turn_finished", "turn_called",
    ]  # fmt: skip


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
    desk.feels("called")
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

    desk.feels("called")
    expect(desk.page.locator("#verbs .unsent")).to_be_hidden()
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


def test_a_crash_loses_neither_press_nor_ticks_nor_a_half_written_form(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", expected=AWAY)
    desk.page.route("**/call-next", lambda route: route.abort())
    desk.page.keyboard.press(" ")
    expect(desk.page.locator("#verbs .unsent")).to_be_visible()

    desk.page.close()
    desk.page = desk.open_tab()
    desk.go("/desk/1")
    desk.shows(label)
    desk.press("m")
    desk.feels("serving")
    desk.page.locator(".checklist label").first.click()
    desk.press("d")
    desk.page.keyboard.press("2")
    desk.page.locator("#sheet-park textarea").fill("Menunggu fotokopi")
    desk.page.close()
    desk.page = desk.open_tab()
    page = desk.go("/desk/1")

    expect(page.locator("#sheet-park")).to_be_visible()
    expect(page.locator("#sheet-park textarea")).to_have_value("Menunggu fotokopi")
    expect(page.locator("#sheet-park [value=fotokopi]")).to_be_checked()
    expect(page.locator(".checklist input").first).to_be_checked()
    expect(page.locator(".checklist input").nth(1)).not_to_be_checked()


def test_a_form_that_was_sent_into_a_reload_is_sent_once(hall, officer):
    hall.take("A-01")
    desk = officer("budi", "Loket 1", expected=AWAY)
    desk.press(" ")
    desk.feels("called")
    before = len(hall.events("turn_parked"))
    desk.page.route("**/park", lambda route: (route.fetch(), route.abort()))
    desk.press("d")
    desk.page.keyboard.press("3")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#sheet-park .unsent")).to_be_visible()

    desk.page.unroute("**/park")
    desk.page.reload()

    desk.feels("ready")
    expect(desk.page.locator("#sheet-park")).to_be_hidden()
    parked = hall.events("turn_parked")[before:]
    assert [event["reason"] for event in parked] == ["pembayaran"]


def test_a_new_visitor_is_seen_at_once_and_heard_once(hall, officer):
    desk = officer("budi", "Loket 1")
    page = desk.page

    label = hall.take("A-01")["label"]
    expect(page.locator("[data-of=waiting] .row .label")).to_have_text([label], timeout=1_500)
    expect(page.locator("body")).to_have_attribute("data-chimes", "1")
    hall.take("A-01")
    expect(page.locator("[data-of=waiting] .row")).to_have_count(2)
    expect(page.locator("body")).to_have_attribute("data-chimes", "1")

    desk.press("v")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")


def test_without_the_socket_the_desk_goes_on(hall, visit):
    desk = visit(Desk, expected=("WebSocket",))
    desk.context.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    desk.sign_in("budi")
    desk.page.get_by_role("button", name="Loket 1").click()
    desk.page.wait_for_url("**/desk/1")
    expect(desk.page.locator("#link")).to_have_attribute("data-state", "polling")

    label = hall.take("A-01")["label"]

    expect(desk.page.locator("[data-of=waiting] .row .label")).to_have_text([label], timeout=12_000)
    desk.press(" ")
    desk.shows(label)


def test_a_refusal_is_one_calm_sentence(hall, officer):
    hall.take("A-01")
    desk = officer("budi", "Loket 1", expected=(REFUSED, *AWAY))
    expect(desk.page.locator("#verb-likely")).to_be_enabled()
    desk.page.route("**/live", lambda route: route.abort())
    hall.verb(2, "open")
    hall.verb(2, "call-next")

    desk.press(" ")

    expect(desk.page.locator("#notice")).to_contain_text("Tidak ada antrean yang menunggu.")
    desk.page.locator("[data-dismiss]").click()
    expect(desk.page.locator("#notice")).to_be_hidden()


def test_nothing_scrolls_but_the_line_on_the_fullest_day(hall, officer):
    ticket = hall.take("A-12", "A-01", "K-01", "B-01", priority="LANSIA")
    hall.greet(ticket["id"], "needs", needs=["kursi_roda", "juru_bahasa_isyarat", "panggil_ke_kursi"])
    for _ in range(14):
        hall.take("A-12")
    desk = officer("budi", "Loket 6")
    expect(desk.page.locator("[data-of=waiting] .row")).to_have_count(15)
    cut = "(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth).length"
    assert desk.page.locator("[data-of=waiting] .row .what").evaluate_all(cut) == 0
    for form, shown in (("f", ".told .disturbed"), ("e", ".told .alarm")):
        desk.press(form)
        desk.page.keyboard.press("Enter")
        expect(desk.page.locator(shown)).to_be_visible()

    desk.press(" ")

    desk.feels("called")
    expect(desk.page.locator(".needs")).to_contain_text("Juru bahasa isyarat")
    expect(desk.page.locator(".route li")).to_have_count(4)
    overflow = desk.page.evaluate(
        """() => ["html", "#visitor", "#verbs"].map((name) => document.querySelector(name))
            .map((part) => part.scrollHeight - part.clientHeight)"""
    )
    assert max(overflow) <= 0
    bottom, top = (desk.page.locator(part).bounding_box() for part in ("#verb-correct", "#post"))
    assert bottom["y"] + bottom["height"] <= top["y"]
    assert desk.page.evaluate(
        "(list => list.scrollHeight > list.clientHeight)(document.querySelector('#line ol'))"
    )


def test_the_line_keeps_its_place_when_news_arrive(hall, officer):
    for _ in range(14):
        hall.take("A-12")
    desk = officer("budi", "Loket 6")
    expect(desk.page.locator("[data-of=waiting] .row")).to_have_count(14)
    desk.page.evaluate("document.querySelector('#line ol').scrollTop = 90")

    hall.take("A-12")

    expect(desk.page.locator("[data-of=waiting] .row")).to_have_count(15)
    assert desk.page.evaluate("document.querySelector('#line ol').scrollTop") == 90


def test_a_row_that_is_pressed_is_the_one_that_opens_though_a_number_arrives_meanwhile(hall, officer):
    pressed = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1")
    page = desk.page
    row = page.locator("[data-of=waiting] .row", has_text=pressed.split("-")[1]).bounding_box()

    page.evaluate("document.querySelector('live-fragment').refresh()")
    page.mouse.move(row["x"] + row["width"] / 2, row["y"] + row["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/desk/1/live"):
        hall.take("A-01", priority="LANSIA")
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    page.mouse.up()

    expect(page.locator("#panel h2")).to_have_text(pressed)
    expect(page.locator("[data-of=waiting] .row")).to_have_count(2)


def test_a_counter_without_a_pc_works_on_a_phone(hall, officer):
    label = hall.take("A-01")["label"]
    desk = officer("budi", "Loket 1", width=390, height=844, has_touch=True, is_mobile=True)
    page = desk.page

    page.locator("#verb-likely").tap()
    desk.shows(label)
    for verb in ("likely", "recall", "miss", "put-back", "park", "transfer", "correct"):
        expect(page.locator(f"#verb-{verb}")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390

    desk.is_ready()
    page.locator("#verb-park").tap()
    page.locator("#sheet-park [data-submit]").tap()
    desk.feels("ready")
    assert hall.events("turn_parked")[-1]["label"] == label


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


def test_however_much_there_is_to_say_of_a_visitor_it_is_all_in_sight(hall, officer):
    ticket = hall.take("B-03", "E-01", "K-01", "G-01", "Y-01", priority="LANSIA")
    hall.greet(ticket["id"], "needs", needs=["kursi_roda", "juru_bahasa_isyarat", "panggil_ke_kursi"])
    desk = officer("gita", "Loket 8", height=660)
    desk.press(" ")
    desk.press("m")
    desk.feels("serving")

    below = """[...document.querySelectorAll("#visitor, #visitor .checklist")]
        .map((part) => part.scrollHeight - part.clientHeight).filter((more) => more > 1)"""
    assert desk.page.evaluate(below) == []
    names = desk.page.locator("#visitor .route li").all_inner_texts()
    assert [name.split()[0] for name in names] == ["Imigrasi", "Samsat", "Bapenda", "BPJSTK", "BPD"]
    hall.empty(hall.counter("Loket 8"), "B")
