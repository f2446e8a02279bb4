"""The admin's pages in a browser: nothing typed is lost, and weighty deeds ask first."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_admin_mends_a_mistake_without_typing_passwords_again(visit):
    agus = visit(expected=("status of 422",))
    page = agus.sign_in("agus")
    page.get_by_role("link", name="Tambah pengguna").click()
    page.fill("#name", "budi")
    page.fill("#password", "kata-kuat-sekali-9")
    page.fill("#again", "kata-kuat-sekali-9")

    page.get_by_role("button", name="Tambah pengguna").click()
    expect(page.locator("#name-wrong")).to_have_text("Nama budi sudah ada.")
    expect(page.locator("#name")).to_be_focused()
    page.fill("#name", "yanti")
    page.get_by_role("button", name="Tambah pengguna").click()

    expect(page.locator("#notice")).to_contain_text("yanti ditambahkan.")
    expect(page.get_by_role("link", name="yanti")).to_be_visible()


def test_a_weighty_deed_asks_first(visit):
    page = visit().sign_in("agus")
    page.get_by_role("link", name="hadi").click()

    page.get_by_role("button", name="Nonaktifkan").click()
    expect(page.get_by_role("heading", name="Nonaktifkan hadi?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Nonaktifkan hadi?")).to_be_hidden()
    page.get_by_role("button", name="Nonaktifkan").click()
    page.get_by_role("button", name="Ya, nonaktifkan").click()

    expect(page.locator("#notice")).to_contain_text("hadi dinonaktifkan.")
    expect(page.locator(".kind")).to_contain_text("nonaktif")
