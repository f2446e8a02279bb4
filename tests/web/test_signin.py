"""Signing in and out: sessions, cookies, forged forms, and patience with those who guess."""

import re

import pytest
from structlog.testing import capture_logs

from mpp.actions import people
from mpp.app import create_app
from mpp.settings import Settings
from tests.browser.hall import PASSWORD
from tests.web.conftest import Browser
from tests.world import console


def test_a_session_cookie_is_out_of_reach_of_scripts(browser):
    browser.sign_in("budi")

    cookie = browser.cookie("mpp-session")

    assert cookie.http_only and cookie.same_site == "Lax" and cookie.path == "/"


def test_over_tls_cookies_are_secure_and_bound_to_the_host(hall):
    over_tls = hall.settings.model_copy(update={"public_url": "https://antrean.contoh.go.id"})
    browser = Browser(create_app(over_tls)[0])
    form = browser.get("/", base_url="https://localhost")
    token = re.search(r'name="csrf" value="([^"]+)"', form.text)[1]

    answer = browser.client.post(
        "/",
        data={"csrf": token, "name": "budi", "password": PASSWORD},
        base_url="https://localhost",
        headers={"Origin": "https://localhost"},
    )

    made = form.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 303
    assert {one.split("=")[0] for one in made} == {"__Host-mpp-form", "__Host-mpp-session"}
    assert all("Secure" in one and "HttpOnly" in one and "Path=/" in one for one in made)
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("origin", ["https://jahat.example", "null"])
def test_a_sign_in_from_another_page_is_refused(browser, origin):
    answer = browser.post("/", "/", origin=origin, name="budi", password=PASSWORD)

    assert answer.status_code == 403
    assert browser.cookie("mpp-session") is None


def test_a_sign_in_without_the_forms_token_is_refused(browser):
    browser.get("/")

    answer = browser.client.post("/", data={"name": "budi", "password": PASSWORD, "csrf": "lain"})

    assert answer.status_code == 403
    assert browser.cookie("mpp-session") is None


@pytest.mark.parametrize(
    ("fields", "origin"), [({"csrf": ""}, None), ({"csrf": "lain"}, None), ({}, "https://jahat.example")]
)
def test_a_forged_sign_out_changes_nothing(browser, fields, origin):
    browser.sign_in("budi")

    answer = browser.post("/sign-out", "/desk", origin=origin, **fields)

    assert answer.status_code == 403
    assert browser.get("/desk").status_code == 200


def test_a_change_through_the_api_needs_the_sessions_token(browser, hall):
    browser.sign_in("gita")
    counter = next(place.id for place in hall.mall.counters.values() if place.agency.code == "B")
    token = re.search(r'data-csrf="([^"]+)"', browser.get("/desk").text)[1]

    def open_counter(**headers):
        return browser.client.post(
            f"/api/v1/counters/{counter}/open", json={}, headers={"Idempotency-Key": "satu", **headers}
        ).status_code

    assert open_counter() == 403
    assert open_counter(**{"X-CSRF-Token": token, "Origin": "https://jahat.example"}) == 403
    assert open_counter(**{"X-CSRF-Token": token, "Origin": "http://localhost"}) == 200


def test_signing_out_ends_the_session_on_the_server(browser, another):
    browser.sign_in("budi")
    key = browser.cookie("mpp-session").value

    assert browser.post("/sign-out", "/desk").status_code == 303

    thief = another()
    thief.client.set_cookie("mpp-session", key)
    assert thief.get("/desk").status_code == 303


def test_signing_in_again_ends_the_old_session(browser, another):
    browser.sign_in("dewi")
    old = browser.cookie("mpp-session").value
    browser.client.post("/", data={})
    token = re.search(r'name="csrf" value="([^"]+)"', another().get("/").text)[1]
    browser.client.set_cookie("mpp-form", token)

    browser.client.post("/", data={"csrf": token, "name": "dewi", "password": PASSWORD})

    assert browser.cookie("mpp-session").value != old
    thief = another()
    thief.client.set_cookie("mpp-session", old)
    assert thief.get("/desk").status_code == 303


def test_a_disabled_person_is_out(browser, hall, app):
    browser.sign_in("fitri")
    assert browser.get("/desk").status_code == 200

    people.disable(console(hall.db, 1), "fitri")
    app.extensions["mpp"].authenticator.forget()

    assert browser.get("/desk").status_code == 303
    assert browser.sign_in("fitri").status_code == 401


def test_five_failures_close_the_door_for_that_name_only(browser, another):
    failed = [browser.sign_in("hadi", "salah-salah-salah") for _ in range(5)]
    refused = browser.sign_in("hadi")

    assert [answer.status_code for answer in failed] == [401] * 5
    assert refused.status_code == 429
    assert "Terlalu banyak percobaan" in refused.text
    assert another().sign_in("eko").status_code == 303


def test_successes_are_never_counted(another):
    assert [another().sign_in("gita").status_code for _ in range(7)] == [303] * 7


def test_a_wrong_name_and_a_wrong_password_look_alike(browser):
    wrong_name = browser.sign_in("siapa-ini", "salah-salah-salah")
    wrong_password = browser.sign_in("agus", "salah-salah-salah")

    def said(answer):
        return re.search(r'class="band refused".*?</p>', answer.text, re.DOTALL)[0]

    assert wrong_name.status_code == wrong_password.status_code == 401
    assert said(wrong_name) == said(wrong_password)


def test_the_log_knows_no_names_and_no_passwords(browser):
    with capture_logs() as entries:
        browser.sign_in("rina", "rahasia-sekali-77")
        browser.sign_in("rina")

    assert [entry["event"] for entry in entries] == ["sign_in_refused", "sign_in"]
    assert "rina" not in str(entries) and PASSWORD not in str(entries) and "rahasia" not in str(entries)


@pytest.mark.parametrize("place", ["/desk/3", "/supervisor"])
def test_after_signing_in_one_is_where_one_wanted_to_go(browser, place):
    assert browser.sign_in("rina", next=place).location == place


@pytest.mark.parametrize(
    "place",
    [
        "//jahat.example",
        "https://jahat.example/desk",
        "/\\jahat.example",
        "/desk/../sign-out",
        "/desk\n",
        "/t/x",
    ],
)
def test_no_other_place_follows_signing_in(browser, place):
    assert browser.sign_in("rina", next=place).location == "/supervisor"


def test_an_officer_without_a_counter_cannot_call(browser, hall, take, verb):
    counter = next(place.id for place in hall.mall.counters.values() if place.agency.code == "A")
    take("A-01")
    browser.sign_in("dewi")
    token = re.search(r'data-csrf="([^"]+)"', browser.get("/desk").text)[1]

    def call(key):
        headers = {"Idempotency-Key": key, "X-CSRF-Token": token}
        answer = browser.client.post(f"/api/v1/counters/{counter}/call-next", json={}, headers=headers)
        return answer.status_code, answer.json["code"]

    closed = call("tutup")
    verb(counter, "open")
    held_by_another = call("dipegang")
    verb(counter, "close")

    assert closed == (409, "counter_closed")
    assert held_by_another == (409, "counter_held")


def test_settings_hold_no_default_password():
    assert "password" not in Settings.model_fields
