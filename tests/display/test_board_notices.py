"""Notices on the lobby screen: disturbances, pauses, and the silence of an emergency."""

import pytest
from playwright.sync_api import expect

SYSTEM_DOWN = "Sistem Disdukcapil sedang gangguan, diperkirakan pulih pukul 09.10 WIB."


def band(screen):
    return screen.page.locator("#notices p")


def alarm(screen):
    return screen.page.locator("#emergency")


# The band


def test_a_disturbance_is_shown_until_it_is_lifted(mall, screen):
    expect(screen.page.locator("#notices")).not_to_be_visible()

    notice = mall.disturb("Disdukcapil", SYSTEM_DOWN)
    expect(band(screen)).to_have_text(SYSTEM_DOWN)
    mall.lift(notice)

    expect(screen.page.locator("#notices")).not_to_be_visible()


def test_several_sentences_take_turns(mall, screen):
    mall.disturb("Disdukcapil", SYSTEM_DOWN)
    mall.disturb("Samsat", "Jaringan Samsat sedang gangguan.")
    mall.pause(2, "istirahat", hours=1)

    for words in ("Disdukcapil", "Samsat", "Loket 2 istirahat sampai"):
        band(screen).filter(has_text=words).wait_for()


def test_a_pause_stands_at_its_counter_and_ends_when_it_opens(mall, screen):
    row = screen.page.locator("#counters li", has_text="Loket 2")

    mall.pause(2, "rapat")
    row.filter(has_text="rapat").wait_for()
    expect(band(screen)).to_have_text("Loket 2 rapat")
    mall.open(2)

    expect(screen.page.locator("#notices")).not_to_be_visible()


def test_counters_that_pause_alike_share_a_sentence(mall, screen):
    for counter in (1, 2, 5):
        mall.pause(counter, "istirahat")

    expect(band(screen)).to_have_text("Loket 1, Loket 2 dan Loket 5 istirahat")


def test_a_sentence_that_promised_an_end_is_asked_for_again_at_that_moment(mall, screen):
    mall.pause(2, "istirahat", seconds=1)
    expect(band(screen)).to_contain_text("sampai")

    mall.notices[0]["text"] = mall.counters[1]["pause"]["text"] = "Loket 2 istirahat"

    expect(band(screen)).to_have_text("Loket 2 istirahat")


# Put aside and back


def test_a_parked_visitor_who_is_called_again_is_spoken_again(mall, screen):
    call = mall.call("AA-001", 1)
    screen.has_said(call)
    mall.finish(call, "turn_parked")

    again = mall.resume(call, 2)

    screen.has_said(call, again)
    expect(screen.page.locator("#call .counter")).to_contain_text("ke Loket 2")


@pytest.mark.parametrize("way", ["back", "at the counter"])
def test_who_is_back_without_a_new_call_is_shown_and_not_spoken(mall, screen, way):
    call, other = mall.call("AA-001", 1), mall.call("AA-002", 3)
    screen.has_said(call, other)
    mall.finish(call, "turn_missed" if way == "back" else "turn_parked")
    expect(screen.large()).to_have_text("AA-002")

    mall.undo_miss(call) if way == "back" else mall.resume(call, 2, "serving")

    expect(screen.page.locator(".label", has_text="AA-001").first).to_be_visible()
    screen.has_said(call, other, mall.call("AA-003", 4))


# An emergency


def test_an_emergency_shows_whom_to_call_and_the_calls_stay(mall, screen):
    call = mall.call("AA-001", 1)
    screen.has_said(call)

    mall.alarm()

    expect(alarm(screen)).to_contain_text("Darurat, hubungi 119")
    expect(alarm(screen)).to_contain_text("Zona Merah, lantai 1")
    expect(screen.large()).to_have_text("AA-001")


def test_an_emergency_cuts_the_voice_in_the_middle_of_a_word(mall, screen_at):
    screen = screen_at(1)
    call = mall.call("AA-001", 1)
    expect(screen.body).to_have_attribute("data-speaking", str(call["seq"]))

    mall.alarm()

    expect(screen.root).to_have_attribute("data-cut", str(1 + len(call["clips"])))
    expect(screen.body).not_to_have_attribute("data-speaking", str(call["seq"]))
    assert screen.body.get_attribute("data-spoken") is None


def test_during_an_emergency_calls_and_recalls_are_shown_and_not_heard(mall, screen):
    notice = mall.alarm()
    expect(alarm(screen)).to_be_visible()

    first, second = mall.call("AA-001", 1), mall.call("AA-002", 2)
    again = mall.recall(first)

    expect(screen.large()).to_have_text("AA-001")
    expect(screen.page.locator("#call .recall")).to_have_text("Panggilan kedua")
    # Each took the stage without a sound: the third motion is called as the first.
    expect(screen.page.locator("#call")).to_have_attribute("data-beat", "even")
    expect(screen.page.locator("#call")).to_have_attribute("data-state", "calm")
    assert screen.heard() == []
    mall.lift(notice)
    screen.has_said(second, again)


def test_after_an_emergency_what_still_stands_is_said_once_and_in_order(mall, screen_at):
    screen = screen_at(12)
    heard = mall.call("AA-001", 1)
    screen.has_said(heard)
    cut = mall.call("AA-002", 2)
    expect(screen.body).to_have_attribute("data-speaking", str(cut["seq"]))
    notice = mall.alarm(age=90)
    long_ago, gone = mall.call("AA-003", 3, age=60), mall.call("AA-004", 4)
    served, fresh = mall.call("AA-005", 5), mall.call("AA-006", 6)
    mall.finish(gone, "turn_missed"), mall.start_serving(served)

    mall.lift(notice)

    expect(alarm(screen)).not_to_be_visible()
    screen.has_said(heard, cut, long_ago, fresh)
    screen.has_said(heard, cut, long_ago, fresh, mall.call("AA-007", 7))


@pytest.mark.parametrize("told", ["raised", "lifted"])
def test_an_emergency_whose_news_were_lost_is_seen_on_the_board(mall, screen, told):
    notice = mall.alarm(tell=told == "raised")
    expect(alarm(screen)).to_be_visible()
    call = mall.call("AA-001", 1)
    expect(screen.large()).to_have_text("AA-001")
    assert screen.heard() == []

    mall.lift(notice, tell=told == "lifted")

    screen.has_said(call)


def test_a_screen_that_is_switched_on_during_an_emergency_is_silent_too(mall, fresh_screen):
    notice = mall.alarm(age=60)
    call = mall.call("AA-001", 1, age=45)
    screen = fresh_screen().open(mall)

    expect(alarm(screen)).to_be_visible()
    assert screen.heard() == []
    mall.lift(notice)

    screen.has_said(call)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160)])
def test_nothing_is_cut_off_beside_a_notice_or_an_emergency(mall, screen, size):
    screen.page.set_viewport_size({"width": size[0], "height": size[1]})
    mall.call("WW-888", 1, age=40, nth=2)
    mall.pause(1, "gangguan sistem", hours=1)
    mall.disturb("DPMPTSP", "Sistem pusat DPMPTSP sedang gangguan, diperkirakan pulih besok pukul 08.00 WIB.")
    expect(screen.page.locator("#notices")).to_be_visible()
    assert "; ".join(screen.page.evaluate(OUTSIDE)) == ""
    mall.alarm()
    expect(alarm(screen)).to_be_visible()
    assert "; ".join(screen.page.evaluate(OUTSIDE)) == ""


# Texts that do not fit into the band that holds them, and the call into its place.
OUTSIDE = """() => {
  const outside = []
  for (const box of document.querySelectorAll("#notices, #emergency, #call, #counters li")) {
    const frame = box.getBoundingClientRect()
    for (const part of box.querySelectorAll("p, strong, span, svg")) {
      const at = part.getBoundingClientRect()
      if (at.width === 0 || part.closest(".what")) continue
      const beside = at.left < frame.left - 1 || at.right > frame.right + 1
      const above = at.top < frame.top - 2 || at.bottom > frame.bottom + 2
      if (beside || above) outside.push(`${box.id} ${part.className} ${part.textContent}`)
    }
  }
  return outside
}"""
