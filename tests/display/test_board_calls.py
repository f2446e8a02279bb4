"""Calls on the lobby screen: each is shown at once and spoken once, whatever happens to the news."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect


def test_an_empty_board_welcomes(screen):
    expect(screen.page.locator(".welcome")).to_contain_text("Selamat datang di MPP Kota Sagara")
    expect(screen.page.locator(".welcome")).to_contain_text("nomor Anda akan dipanggil")
    expect(screen.page.locator("#clock-zone")).to_have_text("WIB")


def test_a_call_is_shown_large_and_spoken_once(mall, screen):
    call = mall.call("AA-012", 3)

    expect(screen.large()).to_have_text("AA-012")
    expect(screen.page.locator("#call .counter")).to_contain_text("ke Loket 3")
    expect(screen.page.locator("#call .agency")).to_have_text("Disdukcapil")
    expect(screen.page.locator("#call .place")).to_have_text("Zona Merah, lantai 1")
    screen.has_said(call)
    assert len(screen.heard()) == 1 + len(call["clips"])


def test_a_burst_of_ten_is_all_shown_at_once_with_a_mark_on_what_is_still_to_be_said(mall, screen_at):
    screen = screen_at(1)
    labels = [mall.call(f"AB-{n:03d}", n)["label"] for n in range(1, 11)]

    expect(screen.large()).to_have_text(labels[0])
    expect(screen.rows()).to_have_text(labels[:0:-1])
    expect(screen.page.locator("#recent [data-unsaid] .label")).to_have_text(labels[:0:-1])


def test_a_burst_of_ten_is_all_spoken_in_order(mall, screen):
    calls = [mall.call(f"AB-{n:03d}", n) for n in range(1, 11)]

    screen.has_said(*calls)
    expect(screen.large()).to_have_text(calls[-1]["label"])
    expect(screen.page.locator("#recent [data-unsaid]")).to_have_count(0)
    assert overlapping(screen.heard(), calls) == []


def overlapping(heard, calls):
    """The announcements that begin before the one before them has ended."""
    spans, at = [], 0
    for call in calls:
        sounds = heard[at : at + 1 + len(call["clips"])]
        spans.append((sounds[0][0], max(end for _, end in sounds)))
        at += len(sounds)
    assert at == len(heard)
    return [pair for pair in pairwise(spans) if pair[1][0] < pair[0][1]]


def test_news_that_were_lost_are_asked_for_and_spoken_in_order(mall, screen):
    lost = mall.call("AA-001", 1, tell=False)
    told = mall.call("AA-002", 2)

    screen.has_said(lost, told)
    screen.shows_state(mall)


def test_a_heartbeat_reveals_that_the_last_news_were_lost(mall, screen):
    lost = mall.call("AA-001", 1, tell=False)

    screen.has_said(lost)
    expect(screen.large()).to_have_text("AA-001")


def test_repeated_and_reordered_news_change_nothing(mall, screen):
    first = mall.call("AA-001", 1)
    second = mall.call("AA-002", 2)
    for call in (second, first, second, first):
        mall.tell("turn_called", call)
    third = mall.call("AA-003", 3)

    screen.has_said(first, second, third)
    screen.shows_state(mall)


def test_news_that_nobody_knows_yet_are_passed_over(mall, screen):
    mall.tell("something_new", {"seq": mall.seq, "anything": [1]})
    mall.say("stranger", "not even an object")
    call = mall.call("AA-001", 1)

    screen.has_said(call)


def test_another_zone_is_neither_shown_nor_spoken(mall, screen):
    elsewhere = {
        **mall.board(),
        "seq": mall.seq + 50,
        "zone": {"code": "biru", "name": "Zona Biru", "floor": 2},
    }
    mall.say("snapshot", elsewhere)
    mall.say("heartbeat", {"seq": mall.seq + 50, "zone": "biru"})
    mall.say("turn_called", {**mall.new_call("BB-001", 2, age=0, nth=1), "zone": "biru", "prev": mall.seq})
    mall.seq -= 1
    call = mall.call("AA-001", 1)

    screen.has_said(call)
    expect(screen.page.locator("#zone")).to_have_text("Zona Merah")


def test_a_recall_is_spoken_again_though_the_number_is_still_there(mall, screen):
    call = mall.call("AA-001", 1)
    screen.has_said(call)

    again = mall.recall(call)

    screen.has_said(call, again)
    expect(screen.page.locator("#call .recall")).to_have_text("Panggilan kedua")
    assert again["clips"][0] == "panggilan_kedua"


def test_a_recall_of_what_nobody_has_heard_yet_is_spoken_in_its_stead(mall, screen_at):
    screen = screen_at(6)
    first = mall.call("AA-001", 1)
    waiting = mall.call("AA-002", 2)
    again = mall.recall(waiting)

    screen.has_said(first, again)


@pytest.mark.parametrize("verb", ["turn_put_back", "turn_cancelled"])
def test_a_call_taken_back_before_its_voice_is_not_spoken(mall, screen_at, verb):
    screen = screen_at(6)
    first = mall.call("AA-001", 1)
    mistake = mall.call("AA-002", 2)
    mall.finish(mistake, verb)
    last = mall.call("AA-003", 3)

    screen.has_said(first, last)


def test_a_call_that_ended_leaves_the_board(mall, screen):
    first, second = mall.call("AA-001", 1), mall.call("AA-002", 2)
    screen.has_said(first, second)
    mall.start_serving(second)
    mall.finish(second)

    expect(screen.large()).to_have_text("AA-001")
    mall.finish(first)
    expect(screen.page.locator(".welcome")).to_be_visible()


def test_a_reload_speaks_nothing_again(mall, screen):
    first = mall.call("AA-001", 1)
    screen.has_said(first)

    screen.page.reload()
    fresh = mall.call("AA-002", 2)

    screen.has_said(fresh)
    expect(screen.rows()).to_have_text(["AA-001"])


def test_what_was_called_long_ago_is_shown_but_not_spoken(mall, screen):
    mall.call("AA-001", 1, age=31, tell=False)
    fresh = mall.call("AA-002", 2, tell=False)

    screen.has_said(fresh)
    expect(screen.rows()).to_have_text(["AA-001"])


def test_waiting_people_and_counters_are_kept_true(mall, screen):
    tile = screen.page.locator("#queues li", has_text="KTP-el dan IKD")
    expect(tile.locator(".waiting")).to_have_text("14")

    mall.take_ticket("AA")

    expect(tile.locator(".waiting")).to_have_text("15")
    expect(screen.page.locator("#queues li")).to_have_count(10)


def test_every_counter_has_its_page(mall, screen):
    for name in ("Loket 1", "Loket 12", "Loket 39"):
        # Looked for at every frame: what looks from time to time may always come upon the same pages.
        screen.page.wait_for_function(
            "(name) => document.querySelector('#counters .counter:not([hidden])')"
            " && document.querySelector('#counters').innerText.split('\\n').includes(name)",
            arg=name,
        )


def test_texts_of_others_stay_texts(mall, screen):
    mall.zone_name = "<img src=x onerror=alert(1)>"
    mall.queues[0]["name"] = "<script>alert(1)</script>"
    mall.counters[0]["name"] = "Loket 1 <b>"
    mall.counters[0]["agency"] = "<svg onload=alert(1)>"
    mall.call("AA-001", 1)

    expect(screen.page.locator("#zone")).to_have_text("<img src=x onerror=alert(1)>")
    expect(screen.page.locator("#call .agency")).to_have_text("<svg onload=alert(1)>")
    expect(screen.page.locator("main img, main script, footer script, main b")).to_have_count(0)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 720), (3840, 2160)])
def test_nothing_is_cut_off_at_any_size(mall, screen, size):
    screen.page.set_viewport_size({"width": size[0], "height": size[1]})
    for n, label in enumerate(["WW-888", "AA2-0008", "E-027", "AA-1234", "MM-444", "QQ-000", "AA0-000"], 1):
        call = mall.call(label, n, age=45)
        expect(screen.large()).to_have_text(label)
        call["nth"] = 2
        assert "; ".join(screen.page.evaluate(OUTSIDE)) == ""


# Elements that do not fit into the screen or into the box that holds them.
OUTSIDE = """() => {
  const outside = []
  for (const box of document.querySelectorAll("#call, #recent li, #queues li, #counters li, header")) {
    const frame = box.getBoundingClientRect()
    for (const part of box.querySelectorAll("p, time, strong, li > span")) {
      const at = part.getBoundingClientRect()
      if (at.width === 0) continue
      const fits = at.left >= frame.left - 1 && at.right <= frame.right + 1
        && at.top >= frame.top - 2 && at.bottom <= frame.bottom + 2
      const cut = part.matches("#recent strong, #recent .label") && part.scrollWidth > part.clientWidth + 1
      if (!fits || cut) outside.push(`${box.id || box.className} ${part.className} ${part.textContent}`)
    }
  }
  return outside
}"""
