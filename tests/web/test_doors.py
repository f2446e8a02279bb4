"""Who may open which page, and what the others see."""

import re

import pytest

from mpp.auth import ANYONE, BEARER
from mpp.routes import ROUTES
from mpp.web.page import Page

STAFF_PAGES = [
    one for one in ROUTES.values() if isinstance(one.kind, Page) and one.allowed not in (ANYONE, BEARER)
]


def test_every_route_of_the_server_names_its_door(app):
    nameless = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint not in ROUTES]

    assert nameless == []


@pytest.mark.parametrize("path", ["//1", "//evil.example", "/desk//1", "/desk/", "//desk", "/t//"])
def test_no_address_sends_anybody_to_the_host_that_the_request_names(browser, path):
    answer = browser.get("/", environ_overrides={"PATH_INFO": path, "HTTP_HOST": "evil.example"})

    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("page", STAFF_PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_a_stranger_is_sent_to_the_way_in(browser, page):
    path = re.sub(r"<[^>]+>", "1", page.path)

    answer = browser.client.open(path, method=page.method)

    if page.kind.part:
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert answer.location.startswith("/") and not answer.location.startswith("//")


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("budi", ["/supervisor", "/supervisor/live"]),
        ("wati", ["/desk", "/desk/1", "/supervisor"]),
        ("agus", ["/desk", "/desk/1"]),
    ],
)
def test_a_wrong_role_gets_a_sentence_and_no_page(browser, name, paths):
    browser.sign_in(name)

    answers = [browser.get(path) for path in paths]

    assert {answer.status_code for answer in answers} == {403}
    assert all("Anda tidak berwenang" in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("name", "home"),
    [("budi", "/desk"), ("rina", "/supervisor"), ("agus", "/admin"), ("wati", "/greeter")],
)
def test_each_role_arrives_at_its_own_page(browser, name, home):
    arrived = browser.sign_in(name)

    assert (arrived.status_code, arrived.location) == (303, home)
    assert browser.get(home).status_code == 200
    assert browser.get("/").location == home


def test_an_officer_never_sees_the_desk_of_another_agency(browser, hall):
    browser.sign_in("gita")
    theirs = next(place.id for place in hall.mall.counters.values() if place.agency.code == "A")

    assert browser.get(f"/desk/{theirs}").status_code == 404
    assert browser.get(f"/desk/{theirs}/live").status_code == 404


def test_a_supervisor_of_an_agency_sees_its_queues_only(browser):
    browser.sign_in("sari")

    page = browser.get("/supervisor").text

    assert 'id="queue-AA"' in page
    assert 'id="queue-BA"' not in page


def test_a_supervisor_of_the_mall_sees_every_queue(browser, hall):
    browser.sign_in("rina")

    page = browser.get("/supervisor").text

    assert all(f'id="queue-{code}"' in page for code in hall.mall.queues)


def test_a_display_key_opens_its_zones_and_is_kept_out_of_reach(browser, hall):
    assert browser.client.post("/display/merah/key", data={"key": "salah"}).status_code == 403

    answer = browser.client.post("/display/merah/key", data={"key": hall.display_key})

    cookie = browser.cookie("mpp-display")
    assert answer.status_code == 303
    assert cookie.http_only and cookie.same_site == "Strict"
    assert browser.get("/api/v1/zones/merah/board").status_code == 200


def test_a_kiosk_key_opens_no_display(browser, hall):
    assert browser.client.post("/display/merah/key", data={"key": hall.kiosk_key}).status_code == 403


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("budi", "/desk"),
        ("budi", "/desk/1"),
        ("rina", "/supervisor"),
        ("agus", "/admin"),
        ("agus", "/admin/queues"),
        ("agus", "/admin/queues/AA"),
        ("agus", "/admin/counters/1"),
        ("wati", "/greeter"),
        ("wati", "/greeter/list"),
        ("wati", "/greeter/appointments"),
    ],
)
def test_a_page_names_its_main_part_its_subject_and_its_columns(browser, name, path):
    browser.sign_in(name)

    text = browser.get(path).text

    assert len(re.findall(r'<main\b|role="main"', text)) == 1
    assert len(re.findall(r"<h1\b", text)) == 1
    assert re.findall(r"<th\b[^>]*>\s*</th>", text) == []
