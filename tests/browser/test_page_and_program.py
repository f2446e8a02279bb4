"""A call through the API cannot be told from one through the page: on the board, the desk, or in the log."""

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

COUNTER = "Loket 1"
OWN = {"id", "ticket", "turn", "label", "seq", "at", "call", "hash", "sentence", "clips", "timings", "next"}
OWN |= {"arrived_at", "joined_at", "called_at", "started_at", "runs_from", "order_key", "route", "may_miss"}


def test_a_call_leaves_the_same_whether_a_page_or_a_program_made_it(hall, officer):
    desk = officer("budi", COUNTER)
    counter = hall.counter(COUNTER)

    by_page = told(hall, counter, lambda label: press_and_look(desk, label))
    by_program = told(hall, counter, lambda _: hall.verb(counter, "call-next").raise_for_status())

    assert by_page == by_program
    assert by_page["entry"]["event"] == "turn_called" and by_page["board"] and by_page["desk"]


def press_and_look(desk, label):
    expect(desk.page.locator("#verb-likely")).to_be_enabled()
    desk.press(" ")
    desk.shows(label)


def told(hall, counter, call):
    """What board, desk and log say of one visitor's call, without what is that visitor's own."""
    label = hall.take("A-01")["label"]
    call(label)
    calls = get(hall, "/api/v1/zones/merah/board", hall.tokens[None])["calls"]
    shown = {
        "board": plain(next(each for each in calls if each["label"] == label)),
        "desk": plain(get(hall, f"/api/v1/counters/{counter}", hall.tokens["A"])["turn"]),
        "entry": plain(hall.events("turn_called")[-1]),
    }
    hall.verb(counter, "start")
    hall.verb(counter, "finish")
    return shown


def plain(said):
    if isinstance(said, dict):
        return {name: plain(each) for name, each in said.items() if name not in OWN}
    return said


def get(hall, path, key):
    answer = httpx.get(hall.url + path, headers={"Authorization": f"Bearer {key}"}, timeout=10)
    return answer.raise_for_status().json()
