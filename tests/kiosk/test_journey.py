"""Several services on one number: chosen, changed, refused, taken."""

import re

import pytest

from tests.kiosk.mall import catalogue


def stops(page):
    """The agencies on the route page, in order."""
    return [name.strip() for name in re.findall(r"<h2>([^<]+)<span", page.text)]


def test_who_comes_for_one_thing_meets_no_further_step(client, mall):
    service = client.get("/layanan/A-01").text
    page, _ = client.take("A-01")

    assert service.index("Ambil nomor") < service.index("Tambah keperluan lain")
    assert 'data-label="AA-001"' in page.text and "Setelah itu" not in page.text
    assert mall.requests[0][2]["services"] == ["A-01"]


def test_services_of_several_agencies_are_one_number_in_their_order(client, mall):
    assert client.add("A-01").headers["Location"] == "/"
    assert "Setelah itu ke mana?" in client.get("/").text
    assert client.add("B-01", "H-01").headers["Location"] == "/rute"

    page, _ = client.take_route()

    assert mall.requests[0][2]["services"] == ["A-01", "B-01", "H-01"]
    assert len(mall.tickets) == 1 and 'data-label="AA-001"' in page.text
    later = page.text.split("Setelah itu, dengan nomor yang sama")[1]
    assert later.index("Imigrasi") < later.index("ATR/BPN")


def test_whoever_comes_after_a_number_finds_nothing_of_it_chosen(client):
    nothing = re.compile(r'name="priority" value="" checked')
    client.add("A-01", priority="LANSIA")
    client.add("B-01")
    assert not nothing.search(client.get("/layanan/H-01").text)
    client.take_route()

    client.get("/struk")

    assert "Setelah itu ke mana?" not in client.get("/").text
    assert nothing.search(client.get("/layanan/H-01").text)


def test_the_route_says_what_each_stop_costs_and_needs(client):
    client.add("A-01", "H-01")

    text = client.get("/rute").text

    words = ["Disdukcapil", "Zona Merah, lantai 1", "Gratis", "Kartu Keluarga", "ATR/BPN", "Rp50.000"]
    assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)


def test_neighbours_in_one_queue_are_one_stop(client, mall):
    client.add("A-01", "A-02", "B-01")

    assert stops(client.get("/rute")) == ["Disdukcapil", "Imigrasi"]
    page, intent = client.take_route()

    assert "dan 1 keperluan lain" in page.text
    assert [turn["matters"] for turn in mall.tickets[intent]["turns"]] == [["A-01", "A-02"], ["B-01"]]


def test_a_queue_that_comes_twice_is_offered_to_be_joined(client):
    client.add("A-01", "B-01", "A-02")
    assert "Antreannya sama dengan nomor 1" in client.get("/rute").text

    client.change(up=2)

    page = client.get("/rute")
    assert stops(page) == ["Disdukcapil", "Imigrasi"] and "Antreannya sama" not in page.text


def test_a_stop_is_moved_and_taken_away_before_the_number_is_taken(client, mall):
    client.add("A-01", "B-01", "H-01")

    client.change(down=0)
    assert stops(client.get("/rute")) == ["Imigrasi", "Disdukcapil", "ATR/BPN"]
    client.change(up=2)
    client.change(remove="A-01")

    client.take_route()
    assert mall.requests[0][2]["services"] == ["B-01", "H-01"]


@pytest.mark.parametrize("button", [{"up": 0}, {"down": 2}, {"up": 9}, {"down": "x"}, {"remove": "Z-99"}, {}])
def test_a_button_that_is_not_there_changes_nothing_worse(client, button):
    client.add("A-01", "B-01", "H-01")

    assert client.change(**button).status_code == 303

    assert sorted(stops(client.get("/rute"))) == ["ATR/BPN", "Disdukcapil", "Imigrasi"]


def test_the_last_stop_taken_away_leads_back_to_the_start(client):
    client.add("A-01")

    client.change(remove="A-01")

    assert client.get("/rute").headers["Location"] == "/"
    assert "Anda mau ke mana?" in client.get("/").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"closed_agencies": {"B"}}, "Tutup. Buka lagi besok pukul 08.00 WIB."),
        ({"quota_queues": {"BA"}}, "Kuota hari ini habis. Buka lagi besok pukul 08.00 WIB."),
    ],
)
def test_a_later_stop_that_closes_or_fills_up_is_refused_with_its_sentence(
    client, kiosk, mall, change, sentence
):
    client.add("A-01", "B-01")
    hidden = client.hidden(client.get("/rute"), "/nomor")
    mall.catalogue = catalogue(**change)
    kiosk.catalogue.refresh()

    assert client.post("/nomor", hidden).headers["Location"] == "/rute"

    page = client.get("/rute").text
    assert sentence in page and "Ambil nomor" not in page
    assert mall.tickets == {}
    client.change(remove="B-01")
    assert "Ambil nomor" in client.get("/rute").text


def test_a_closed_service_does_not_come_onto_the_route(client, kiosk, mall):
    hidden = client.hidden(client.get("/layanan/B-01"), "/nomor")
    mall.catalogue = catalogue(closed_agencies={"B"})
    kiosk.catalogue.refresh()

    assert client.post("/rute", hidden).headers["Location"] == "/layanan/B-01"

    assert client.get("/rute").headers["Location"] == "/"


def test_what_the_server_refuses_names_the_closed_stop_and_leads_back_to_the_route(client, kiosk, mall):
    client.add("A-01", "B-01")
    mall.refuse = {"code": "closed", "detail": "Tutup. Buka lagi besok pukul 08.00 WIB."}
    hidden = client.hidden(client.get("/rute"), "/nomor")
    place = client.post("/nomor", hidden).headers["Location"]
    mall.catalogue = catalogue(closed_agencies={"B"})
    kiosk.catalogue.refresh()

    text = client.get(place).text

    assert "Tutup. Buka lagi besok pukul 08.00 WIB." in text and "Ubah rute" in text
    assert "Imigrasi, Paspor baru dewasa" in text and "Disdukcapil" not in text.split("<main")[1]


def test_a_route_has_at_most_eight_services_and_each_once(client, mall):
    eight = ["A-01", "A-02", "B-01", "C-01", "D-01", "E-01", "F-01", "G-01"]
    client.add(*eight)

    assert "Rute Anda sudah penuh" in client.get("/layanan/H-01").text
    assert "sudah ada di rute Anda" in client.get("/layanan/A-01").text
    assert "Tambah keperluan lain" not in client.get("/rute").text
    hidden = client.hidden(client.get("/rute"), "/nomor")
    assert client.post("/nomor", {**hidden, "service": [*eight, "H-01"]}).status_code == 400
    client.take_route()
    assert mall.requests[0][2]["services"] == eight


def test_a_service_that_leaves_the_mall_leaves_the_route(client, kiosk, mall):
    client.add("A-01", "B-01")
    known = [row for row in mall.catalogue["services"] if row["code"] != "B-01"]
    mall.catalogue = {**mall.catalogue, "version": "tanpa paspor", "services": known}
    kiosk.catalogue.refresh()

    assert stops(client.get("/rute")) == ["Disdukcapil"]


def test_priority_is_asked_once_kept_on_the_route_and_can_be_taken_back(client, mall):
    client.add("A-01", priority="LANSIA")
    client.add("B-01")
    assert "berhak didahulukan" not in client.get("/layanan/H-01").text
    assert "Lanjut usia" in client.get("/rute").text
    page = client.get("/prioritas?rute=1")
    assert "Tidak perlu bukti di sini; petugas dapat membantu." in page.text
    assert "Batalkan pilihan ini" in page.text

    hidden = client.hidden(page, "/prioritas")
    assert client.post("/prioritas", {**hidden, "priority": ""}).headers["Location"] == "/rute"

    client.take_route()
    assert mall.requests[0][2]["priority"] is None


def test_the_next_visitor_finds_no_route(client):
    client.add("A-01", "B-01")

    client.post("/selesai", client.hidden(client.get("/rute"), "/selesai"))

    assert "Rute Anda" not in client.get("/").text


def test_a_route_is_changed_by_its_own_screen_only(client, mall):
    client.add("A-01", "B-01")
    hidden = client.hidden(client.get("/rute"), "/rute/ubah")

    assert client.post("/rute/ubah", {**hidden, "token": "0" * 64, "remove": "A-01"}).status_code == 403
    assert client.post("/rute", {"service": "H-01"}).status_code == 403

    assert stops(client.get("/rute")) == ["Disdukcapil", "Imigrasi"]
