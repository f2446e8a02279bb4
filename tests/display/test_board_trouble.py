"""When the network, the server, a clip or the sound fails, the screen says so and mends itself."""

import pytest
from playwright.sync_api import expect

from tests.display.mall import KEY
from tests.display.screen import Screen


def test_a_lost_connection_is_said_and_everything_dims(mall, troubled):
    troubled.has_said(mall.call("AA-001", 1))
    mall.fail()

    expect(troubled.page.locator("#stale")).to_contain_text("Sambungan terputus, data")
    expect(troubled.page.locator("main")).to_have_css("opacity", "0.38")
    expect(troubled.large()).to_be_visible()


def test_numbers_that_are_too_old_are_taken_away(mall, troubled):
    troubled.has_said(mall.call("AA-001", 1))
    mall.fail()

    expect(troubled.root).to_have_attribute("data-link", "lost")
    expect(troubled.page.locator("#stale")).to_contain_text("Silakan perhatikan panggilan petugas")
    expect(troubled.large()).not_to_be_visible()


def test_after_an_outage_the_board_is_true_and_only_what_is_current_is_spoken(mall, troubled):
    mall.fail()
    expect(troubled.root).to_have_attribute("data-link", "stale")
    mall.call("AA-001", 1, age=45)
    fresh = mall.call("AA-002", 2, age=5)

    mall.recover()

    expect(troubled.page.locator("#stale")).not_to_be_visible()
    expect(troubled.root).to_have_attribute("data-link", "live")
    expect(troubled.rows()).to_have_text(["AA-001"])
    troubled.has_said(fresh)


def test_a_socket_that_says_nothing_any_more_is_replaced(mall, troubled):
    mall.dumb = True
    lost = mall.call("AA-001", 1)

    troubled.has_said(lost)
    mall.dumb = False
    troubled.has_said(lost, mall.call("AA-002", 2))


def test_without_a_socket_the_board_is_asked_for_over_http(mall, troubled):
    mall.no_sockets()

    troubled.has_said(mall.call("AA-001", 1))

    expect(troubled.root).to_have_attribute("data-link", "polling")
    expect(troubled.page.locator("#stale")).not_to_be_visible()


def test_a_restored_database_with_smaller_numbers_is_believed(mall, troubled):
    troubled.has_said(mall.call("AA-005", 1))
    mall.fail()
    mall.seq, mall.calls = mall.seq - 20, []
    mall.recover()

    troubled.shows_state(mall)
    expect(troubled.page.locator(".welcome")).to_be_visible()


def test_a_newer_server_makes_the_page_reload_itself_once(mall, troubled):
    troubled.has_said(mall.call("AA-001", 1))
    mall.version = "0.2.0"

    with troubled.page.expect_event("load", timeout=10_000):
        mall.take_ticket("AA")

    # The stand-in still gives the old page: it must not flicker.
    asked = mall.boards_asked
    mall.take_ticket("AA")
    troubled.shows_state(mall)
    assert mall.boards_asked - asked < 10
    troubled.has_said(mall.call("AA-002", 2))


def test_a_removed_key_brings_the_form_back(mall, troubled):
    mall.key = "another"
    mall.fail()
    mall.recover()

    expect(troubled.page.locator("#key")).to_be_visible()


@pytest.mark.parametrize("broken", ["dua.ogg", "huruf_a.ogg"])
def test_a_broken_clip_gives_a_chime_and_never_stops_the_line(mall, broken, fresh_screen):
    mall.broken_clips.add(broken)
    screen = fresh_screen().open(mall)

    first = mall.call("AA-002", 2)
    second = mall.call("E-003", 3)

    screen.has_said(first, how="chimed")
    screen.has_said(second)
    assert len(screen.heard()) == 1 + 1 + len(second["clips"])


def test_without_any_clip_there_is_still_a_tone(mall, fresh_screen):
    mall.broken_clips.add("clips.json")
    screen = fresh_screen().open(mall)

    call = mall.call("AA-002", 1)

    screen.has_said(call, how="chimed")
    assert len(screen.heard()) == 1
    mall.broken_clips.clear()
    screen.has_said(mall.call("AA-003", 3))


@pytest.mark.parametrize("way", ["click", "Enter", "ArrowRight", "Space"])
def test_sound_that_the_browser_holds_back_is_announced_and_freed_by_one_press(mall, chromium, way):
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    screen = Screen(context.new_page()).open(mall)
    strip = screen.page.locator("#sound")
    expect(strip).to_contain_text("Suara mati")
    unheard = mall.call("AA-001", 1)
    screen.has_said(unheard, how="silent")

    strip.click() if way == "click" else screen.page.keyboard.press(way)

    expect(strip).not_to_be_visible()
    screen.has_said(mall.call("AA-002", 2))
    context.close()


def test_a_wrong_key_is_refused_and_a_right_one_remembered(mall, fresh_screen):
    page = fresh_screen().page
    page.goto(mall.page)
    page.get_by_label("Kunci layar").fill("salah")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("tidak berlaku")

    page.get_by_label("Kunci layar").fill(KEY)
    page.get_by_role("button").click()

    expect(page.locator("body[data-seq]")).to_be_attached()
    page.goto(mall.page)
    expect(page.locator("body[data-seq]")).to_be_attached()


def test_a_key_in_the_address_leaves_no_trace_there(mall, screen):
    assert screen.page.url == mall.page
    screen.page.goto(f"{mall.page}#key={KEY}")
    expect(screen.page).to_have_url(mall.page)
    assert all(KEY not in url for url in screen.requests)


def test_a_person_who_prefers_rest_sees_no_motion(mall, fresh_screen):
    screen = fresh_screen(reduced_motion="reduce").open(mall)

    screen.has_said(mall.call("AA-001", 1))

    expect(screen.page.locator(".pulse")).to_have_css("animation-name", "none")
