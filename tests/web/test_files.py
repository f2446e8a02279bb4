"""Files and headers: what may be kept, what never."""

import re

import pytest


def test_a_file_is_kept_for_a_year_under_an_address_that_knows_its_content(browser):
    address = re.search(r'href="(/static/signin/signin\.css\?v=\w+)"', browser.get("/").text)[1]

    assert "immutable" in browser.get(address).headers["Cache-Control"]
    assert browser.get("/static/signin/signin.css").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/signin/signin.css?v=lain").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../page.py",
        "/static/%2e%2e/page.py",
        "/static/desk/../view.py",
        "/look/../board.py",
        "/static/x.css",
    ],
)
def test_nothing_outside_the_folder_is_served(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/look/tokens.css", "/look/fonts/plus-jakarta-sans.woff2", "/favicon.ico"])
def test_the_look_is_served(browser, path):
    assert browser.get(path).status_code == 200


def test_search_engines_are_asked_to_stay_away(browser):
    assert "Disallow: /" in browser.get("/robots.txt").text


@pytest.mark.parametrize("path", ["/", "/desk", "/supervisor", "/t/x", "/tidak-ada"])
def test_pages_carry_the_headers_of_the_server(browser, path):
    headers = browser.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")


def test_an_unknown_address_is_explained_in_indonesian(browser):
    answer = browser.get("/tidak-ada")

    assert answer.status_code == 404
    assert "Tidak ditemukan" in answer.text and "<html" in answer.text
