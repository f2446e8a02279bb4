"""The greeter's tablet in a real browser: a number for somebody, a scanned slip, a list from paper."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.hall import PASSWORD
from tests.browser.pages import Visit

TABLET = {"width": 1024, "height": 768, "has_touch": True}
UPRIGHT = {"width": 768, "height": 1024, "has_touch": True}
TARGETS = "a, button, input, select, label.pick, label.tick, label.choice"


@pytest.fixture
def greeter(visit):
    """The greeter with a tablet, signed in."""

    def come(*expected: str, **size) -> Visit:
        one = visit(expected=expected, **(size or TABLET))
        one.sign_in("wati")
        expect(one.page.locator("#link")).to_have_attribute("data-state", "live")
        return one

    return come


def printing(hall) -> list[dict]:
    """What the kiosk is asked to print."""
    headers = {"Authorization": f"Bearer {hall.kiosk_key}"}
    return httpx.get(f"{hall.url}/api/v1/slips?state=wanted", headers=headers).json()["slips"]


def too_small(page) -> list[str]:
    """What one can touch and is lower than seven steps of eight; a box in a label is touched by its label."""
    return page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)]
            .filter((one) => one.offsetParent && !(one.matches("input") && one.closest("label")))
            .filter((one) => one.getBoundingClientRect().height < 55.5)
            .map((one) => one.outerHTML.slice(0, 80))""",
        TARGETS,
    )


def test_a_number_for_somebody_with_a_route_needs_and_paper(hall, greeter):
    tablet = greeter()
    page = tablet.page

    page.fill("#sought", "bayar pbb")
    page.get_by_role("link", name="Pembayaran PBB/BPHTB").tap()
    page.get_by_text("Kode billing/NOP").tap()
    page.get_by_role("link", name="Tambah layanan").tap()
    page.locator(".tile", has_text="Disdukcapil").tap()
    page.get_by_role("link", name="Akta kelahiran").tap()
    expect(page.get_by_label("Kode billing/NOP")).to_be_checked()
    page.get_by_text("Ibu hamil").tap()
    page.get_by_text("Kursi roda").tap()
    page.get_by_text("Cetak di anjungan-1").tap()
    expect(page.locator(".sum")).to_have_text("Ibu hamil · Kursi roda · Cetak di anjungan-1")
    page.get_by_role("button", name="Ambil nomor").tap()
    page.wait_for_url("**/taken")

    expect(page.locator(".taken .paper")).to_contain_text("Struk sedang dicetak di anjungan-1")
    expect(page.locator(".qr")).to_be_visible()
    label = re.sub(r"\s", "", page.locator("h1").inner_text())
    slip = next(each for each in printing(hall) if each["ticket"]["label"] == label)
    assert [turn["service"] for turn in slip["ticket"]["turns"]] == ["Y-01", "A-09"]
    assert (slip["copy"], slip["ticket"]["priority"]) == (False, "HAMIL")
    page.get_by_role("link", name="Tindakan lain").tap()
    expect(page.locator("#marks")).to_contain_text("Kursi roda")


def test_what_one_visitor_said_is_never_the_next_ones_answer(greeter):
    tablet = greeter()
    page = tablet.go("/greeter/route?layanan=A-01")
    page.get_by_text("Ibu hamil").tap()
    page.get_by_text("Kursi roda").tap()
    page.get_by_text("Cetak di anjungan-1").tap()
    page.reload()
    expect(page.get_by_label("Ibu hamil")).to_be_checked()
    page.get_by_role("button", name="Ambil nomor").tap()
    page.wait_for_url("**/taken")
    expect(page.locator(".taken .paper")).to_be_visible()

    page.go_back()
    expect(page.get_by_label("Tidak, atau tidak disebutkan")).to_be_checked()
    expect(page.get_by_label("Kursi roda")).not_to_be_checked()
    expect(page.get_by_label("Cetak di anjungan-1")).to_be_checked()
    page.get_by_text("Lanjut usia").tap()
    page.get_by_role("link", name="Halaman awal").tap()
    page.get_by_role("link", name="Disdukcapil").tap()
    page.get_by_role("link", name="Akta kelahiran").tap()
    expect(page.get_by_label("Tidak, atau tidak disebutkan")).to_be_checked()


def test_an_answer_that_is_lost_on_the_way_makes_no_second_number(hall, greeter):
    tablet = greeter("net::ERR_")
    page = tablet.go("/greeter/route?layanan=T-01")
    lost = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/api/v1/tickets", lose)
    page.get_by_role("button", name="Ambil nomor").tap()
    page.wait_for_url("**/taken")

    assert lost == [201]
    taken = [event for event in hall.events("ticket_taken") if event["queue"] == "T"]
    assert len(taken) == 1
    expect(page.locator("h1")).to_have_text(taken[0]["label"])


def test_a_slip_that_is_scanned_opens_its_number_and_a_missed_visitor_waits_again(hall, greeter):
    ticket = hall.take("R-01")
    counter = next(place.id for place in hall.mall.counters.values() if place.agency.code == "R")
    for verb in ("open", "call-next", "miss", "close"):
        hall.verb(counter, verb, "R").raise_for_status()
    tablet = greeter()
    page = tablet.page

    page.keyboard.type(ticket["url"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/greeter/tickets/{ticket['id']}")
    expect(page.locator(".number")).to_contain_text("Boleh kembali sampai")
    page.get_by_role("button", name="Sudah kembali").tap()

    expect(page.locator(".sentence")).to_contain_text("Menunggu di Kemenag")
    page.get_by_role("button", name="Batalkan nomor").tap()
    page.get_by_role("button", name="Ya, batalkan").tap()
    expect(page.locator(".sentence")).to_have_text("Nomor ini dibatalkan.")


def test_a_scanner_is_heard_after_a_dialog_and_a_lock_keeps_the_route(hall, greeter):
    first, second = hall.take("R-01"), hall.take("R-01")
    page = greeter("the server responded with a status of 401").page
    page.goto(f"{hall.url}/greeter/tickets/{first['id']}")
    page.locator("[data-dialog]").first.click()
    page.locator("dialog[open] [data-close]").first.click()

    page.keyboard.type(second["label"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/greeter/tickets/{second['id']}")

    page.goto(f"{hall.url}/greeter/route?layanan=A-06&layanan=K-01")
    page.keyboard.press("Control+l")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/greeter/route?layanan=A-06&layanan=K-01")


def test_what_is_wrong_with_a_number_is_set_right_in_a_few_taps(hall, greeter):
    ticket = hall.take("A-05")
    tablet = greeter()
    page = tablet.page

    page.fill("#sought", ticket["label"].lower().replace("-", " "))
    page.press("#sought", "Enter")
    page.wait_for_url(f"**/greeter/tickets/{ticket['id']}")
    page.get_by_role("button", name="Kenapa belum dipanggil").tap()
    expect(page.locator("#why .visitor")).to_contain_text("Anda")
    page.locator("#why").get_by_role("button", name="Tutup").tap()
    page.get_by_role("button", name="Ubah prioritas").tap()
    page.locator("#priority").get_by_text("Lanjut usia").tap()
    page.locator("#priority").get_by_text("Sudah diverifikasi").tap()
    page.locator("#priority").get_by_role("button", name="Simpan").tap()
    expect(page.locator("#marks")).to_contain_text("Lanjut usia")
    page.get_by_role("link", name="Betulkan layanan").tap()
    page.get_by_role("button", name="Kedatangan penduduk").tap()
    page.get_by_role("button", name="Ya, betulkan").tap()
    page.wait_for_url(f"**/greeter/tickets/{ticket['id']}")
    expect(page.locator(".way")).to_contain_text("Kedatangan penduduk")
    page.get_by_role("button", name="Keluar sebentar").tap()

    expect(page.locator(".number")).to_contain_text("Keluar sebentar, ditunggu sampai")
    expect(page.get_by_role("button", name="Sudah kembali dari luar")).to_be_visible()
    page.get_by_role("button", name="Cetak salinan").tap()
    page.locator("#print").get_by_text("anjungan-1").tap()
    page.locator("#print").get_by_role("button", name="Cetak").tap()
    expect(page.locator("#papers")).to_contain_text("Salinan sedang dicetak")


def test_a_list_from_paper_is_told_what_is_wrong_and_loses_nothing(hall, greeter):
    served, missed = hall.take("D-01"), hall.take("D-01")
    tablet = greeter("409")
    page = tablet.go("/greeter/paper")
    counter = next(place.name for place in hall.mall.counters.values() if place.agency.code == "D")

    page.locator("[name=label]").fill(served["label"])
    page.locator("[name=counter]").select_option(label=counter)
    page.locator("[name=label]").press("Enter")
    page.keyboard.type("DA-777")
    page.keyboard.press("Enter")
    page.keyboard.type(missed["label"].lower())
    page.locator("li").nth(2).get_by_role("button", name="Tidak hadir").tap()
    page.get_by_role("button", name="Catat 3 baris").tap()
    expect(page.locator("#told")).to_contain_text("Tidak ada yang dicatat")
    expect(page.locator("li[data-wrong]")).to_have_count(1)
    expect(page.locator("li[data-wrong] .wrong")).to_have_text("Nomor ini tidak ada hari ini.")
    page.reload()
    expect(page.locator("#lines li")).to_have_count(3)
    page.locator("li").nth(1).get_by_role("button", name="Hapus baris").tap()
    page.get_by_role("button", name="Catat 2 baris").tap()

    expect(page.locator("#notice")).to_contain_text("2 baris tercatat")
    expect(page.locator("#lines li")).to_have_count(1)
    recorded = {event["label"]: event["to"] for event in hall.events("turn_recorded")}
    assert recorded == {served["label"]: "done", missed["label"]: "missed"}


def test_an_emergency_is_asked_about_and_seen_until_it_is_over(hall, greeter):
    tablet = greeter()
    page = tablet.page

    page.get_by_role("button", name="Darurat").tap()
    page.locator("#emergency").get_by_text("Zona Hijau").tap()
    page.locator("#emergency").get_by_text("Keadaan darurat medis").tap()
    page.get_by_role("button", name="Ya, nyalakan").tap()
    expect(page.locator("#emergencies")).to_contain_text("Darurat di Zona Hijau")
    page.get_by_role("button", name="Nyatakan selesai").tap()
    page.get_by_role("button", name="Ya, selesai").tap()

    expect(page.locator("#emergencies .band")).to_have_count(0)
    raised = [event["event"] for event in hall.events() if event["event"].startswith("emergency_")]
    assert raised == ["emergency_raised", "emergency_lifted"]


@pytest.mark.parametrize("size", [TABLET, UPRIGHT], ids=["lying", "upright"])
def test_whatever_one_touches_is_large_enough_and_nothing_leaves_the_screen(hall, greeter, size):
    ticket = hall.take("U-01")
    tablet = greeter(**size)
    pages = ["", "?instansi=A", "/route?layanan=A-01&layanan=E-01", f"/tickets/{ticket['id']}"]
    pages += [f"/tickets/{ticket['id']}/taken", "/list", "/paper"]

    small, wide = {}, {}
    for path in pages:
        page = tablet.go(f"/greeter{path}")
        small[path] = too_small(page)
        wide[path] = page.evaluate("document.documentElement.scrollWidth") - size["width"]

    assert {path: found for path, found in small.items() if found} == {}
    assert {path: more for path, more in wide.items() if more > 0} == {}
