"""The lock of a shared computer: what a closed screen keeps out, and how it opens again."""

import re

import pytest

from mpp import clock
from mpp.app import create_app
from mpp.routes import ROUTES
from mpp.web.page import Page
from tests.browser.hall import PASSWORD
from tests.web.conftest import Browser
from tests.world import Time


@pytest.fixture
def time(app, real_clock):
    """A clock that stands still until the test moves it; the porter looks at it every time."""
    still = Time(clock.now())
    clock.use(still.now, lambda: still.uptime)
    forward = still.forward

    def pass_by(**parts):
        forward(**parts)
        app.extensions["mpp"].authenticator.forget()

    still.forward = pass_by
    return still


def counter_of(hall, agency, number=0):
    return [place.id for place in hall.mall.counters.values() if place.agency.code == agency][number]


def lock(browser, page="/desk", **fields):
    return browser.post("/lock/close", page, **fields)


def unlock(browser, password=PASSWORD, **fields):
    return browser.post("/lock", "/lock", password=password, **fields)


def deed(browser, counter, verb="open"):
    token = re.search(r'(?:data-csrf|name="csrf" value)="([^"]+)"', browser.get("/lock").text)
    headers = {"Idempotency-Key": verb, "X-CSRF-Token": token[1] if token else ""}
    return browser.client.post(f"/api/v1/counters/{counter}/{verb}", json={}, headers=headers)


def test_a_locked_screen_opens_no_page(browser):
    browser.sign_in("budi")

    locked = lock(browser, next="/desk")

    assert (locked.status_code, locked.location) == (303, "/lock?next=/desk")
    for page in (one for one in ROUTES.values() if isinstance(one.kind, Page)):
        if "officer" not in page.allowed or "locked" in page.allowed or page.method != "GET":
            continue
        path = re.sub(r"<[^>]+>", "1", page.path)
        answer = browser.get(path)
        if page.kind.part:
            assert (answer.status_code, answer.text) == (
                401,
                "Layar terkunci. Buka kunci dengan kata sandi Anda.",
            )
        else:
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/lock"), path


def test_a_locked_screen_does_no_deed_of_the_api(browser, hall):
    browser.sign_in("budi")
    counter = counter_of(hall, "A")
    lock(browser)

    answers = [deed(browser, counter, verb) for verb in ("open", "call-next", "close")]
    answers += [browser.get(path) for path in (f"/api/v1/counters/{counter}", "/api/v1/events")]

    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(401, "locked")}


def test_the_lock_page_names_who_may_open_it_and_says_that_the_counter_is_kept(browser, hall, verb):
    counter = counter_of(hall, "A", 1)
    browser.sign_in("budi")
    token = re.search(r'data-csrf="([^"]+)"', browser.get("/desk").text)[1]
    headers = {"Idempotency-Key": "duduk", "X-CSRF-Token": token}
    opened = browser.client.post(f"/api/v1/counters/{counter}/open", json={}, headers=headers)
    lock(browser, f"/desk/{counter}")

    page = browser.get("/lock").text

    assert opened.status_code == 200
    assert "budi" in page and hall.mall.counters[counter].name in page
    unlock(browser)
    verb(counter, "close")


def test_unlocking_leads_back_to_where_one_was_under_a_new_key(browser, another):
    browser.sign_in("rina")
    old = browser.cookie("mpp-session").value
    lock(browser, "/supervisor", next="/supervisor")

    opened = unlock(browser, next="/supervisor")

    assert (opened.status_code, opened.location) == (303, "/supervisor")
    assert browser.get("/supervisor").status_code == 200
    assert browser.cookie("mpp-session").value != old
    thief = another()
    thief.client.set_cookie("mpp-session", old)
    assert thief.get("/supervisor").location == "/?next=/supervisor"


def test_an_open_screen_is_not_asked_for_a_password(browser):
    browser.sign_in("rina")

    assert browser.get("/lock?next=/desk").location == "/desk"


def test_a_wrong_password_opens_nothing_and_is_counted_like_a_sign_in(browser, another):
    browser.sign_in("eko")
    lock(browser)

    failed = [unlock(browser, "salah-salah-salah") for _ in range(5)]
    refused = unlock(browser)

    assert [answer.status_code for answer in failed] == [401] * 5
    assert all("Kata sandi tidak cocok." in answer.text for answer in failed)
    assert refused.status_code == 429 and "Terlalu banyak percobaan" in refused.text
    assert browser.get("/desk").location == "/lock?next=/desk"
    assert another().sign_in("eko").status_code == 429


def test_the_lock_of_one_computer_leaves_the_other_open(browser, another):
    elsewhere = another()
    browser.sign_in("rina")
    elsewhere.sign_in("rina")

    lock(browser, "/supervisor")

    assert browser.get("/supervisor").status_code == 303
    assert elsewhere.get("/supervisor").status_code == 200


@pytest.mark.parametrize("origin, fields", [("https://jahat.example", {}), (None, {"csrf": "lain"})])
def test_a_forged_unlocking_changes_nothing(browser, origin, fields):
    browser.sign_in("dewi")
    lock(browser)

    answer = browser.post("/lock", "/lock", origin=origin, password=PASSWORD, **fields)

    assert answer.status_code == 403
    assert browser.get("/desk").status_code == 303


def test_the_next_officer_signs_in_on_the_same_computer(browser, hall):
    counter = counter_of(hall, "A")
    browser.sign_in("budi")
    lock(browser, next=f"/desk/{counter}")
    gone = browser.post("/sign-out", "/lock", next=f"/desk/{counter}")

    arrived = browser.sign_in("dewi", next=f"/desk/{counter}")

    assert gone.location == f"/?next=/desk/{counter}"
    assert arrived.location == f"/desk/{counter}"


@pytest.mark.parametrize(
    ("name", "home"), [("gita", "/desk"), ("wati", "/greeter"), ("agus", "/admin"), ("rina", None)]
)
def test_whose_that_place_is_not_goes_to_their_own(browser, hall, name, home):
    place = f"/desk/{counter_of(hall, 'A')}"

    assert browser.sign_in(name, next=place).location == (home or place)


# What nobody touches


def test_a_screen_that_nobody_touches_for_fifteen_minutes_is_locked(browser, time):
    browser.sign_in("rina")
    browser.get("/supervisor")

    time.forward(minutes=14, seconds=59)
    still = browser.get("/supervisor/live").status_code
    time.forward(seconds=1)

    assert still == 200
    assert browser.get("/supervisor/live").status_code == 401
    assert browser.get("/supervisor").location == "/lock?next=/supervisor"
    assert unlock(browser).status_code == 303
    assert browser.get("/supervisor").status_code == 200


def test_what_a_page_asks_by_itself_is_no_touch(browser, time):
    browser.sign_in("rina")
    browser.get("/supervisor")

    for _ in range(15):
        time.forward(minutes=1)
        browser.get("/supervisor/live")
        browser.get("/api/v1/queues")

    assert browser.get("/supervisor").location == "/lock?next=/supervisor"


def test_whoever_is_at_the_screen_keeps_it_open(browser, time):
    browser.sign_in("rina")
    token = re.search(r'data-csrf="([^"]+)"', browser.get("/supervisor").text)[1]

    for _ in range(4):
        time.forward(minutes=10)
        touched = browser.client.post("/touch", headers={"X-CSRF-Token": token})
        assert touched.status_code == 204

    assert browser.get("/supervisor").status_code == 200


def test_looking_at_the_lock_does_not_open_it_nor_keep_the_session(browser, time):
    browser.sign_in("rina")
    browser.get("/supervisor")
    time.forward(minutes=16)
    locked = browser.get("/lock").status_code

    time.forward(minutes=13, seconds=59)
    browser.get("/lock")
    time.forward(seconds=1)

    assert locked == 200
    assert browser.get("/lock").location == "/?next=/lock"


def test_a_session_is_over_after_half_an_hour_without_a_touch(browser, time):
    browser.sign_in("rina")
    browser.get("/supervisor")

    time.forward(minutes=30)

    assert browser.get("/supervisor").location == "/?next=/supervisor"


def test_a_session_is_over_after_twelve_hours_anyway(browser, time):
    browser.sign_in("rina")
    for _ in range(12 * 6 - 1):
        time.forward(minutes=10)
        assert browser.get("/supervisor").status_code == 200

    time.forward(minutes=10)

    assert browser.get("/supervisor").location == "/?next=/supervisor"


def test_a_clock_that_is_set_ahead_locks_nobody_out(browser, app, time):
    browser.sign_in("rina")
    browser.get("/supervisor")

    time.set_clock(hours=1)
    app.extensions["mpp"].authenticator.forget()

    assert browser.get("/supervisor").status_code == 200


def test_a_lock_outlives_the_server(browser, hall):
    browser.sign_in("rina")
    lock(browser, "/supervisor")
    key = browser.cookie("mpp-session").value

    other = Browser(create_app(hall.settings)[0])
    other.client.set_cookie("mpp-session", key)

    assert other.get("/supervisor").location == "/lock?next=/supervisor"


def test_touches_are_noted_so_that_another_server_knows_them(browser, hall, time):
    browser.sign_in("rina")
    time.forward(minutes=14)
    browser.get("/supervisor")
    time.forward(minutes=14)

    other = Browser(create_app(hall.settings)[0])
    other.client.set_cookie("mpp-session", browser.cookie("mpp-session").value)

    assert other.get("/supervisor").status_code == 200
