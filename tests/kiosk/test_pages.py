"""The touch pages without a browser: what they say, and whom they let in."""

import hashlib
import hmac

import pytest

from tests.kiosk.mall import catalogue
from tests.servers import wait_until


def test_the_first_screen_shows_every_agency(client):
    page = client.get("/")

    assert page.status_code == 200
    assert page.text.count('href="/instansi/') == 24
    assert "Anda mau ke mana?" in page.text and "119" in page.text


def test_every_agency_and_every_service_has_a_screen(client, kiosk):
    for agency in kiosk.catalogue.current.agencies:
        assert client.get(f"/instansi/{agency.code}").status_code == 200
    for service in kiosk.catalogue.current.services:
        page = client.get(f"/layanan/{service.code}")
        assert page.status_code == 200 and "Ambil nomor" in page.text


def test_what_to_bring_fee_and_time_come_before_the_number(client):
    text = client.get("/layanan/A-01").text.split("<main")[1]

    order = ["Yang perlu dibawa", "Kartu Keluarga", "Biaya", "Gratis", "paling lama 14 hari", "Ambil nomor"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_a_closed_agency_says_when_it_opens(client, kiosk, mall):
    mall.catalogue = catalogue(closed_agencies={"B"})
    kiosk.catalogue.refresh()

    assert "Tutup, buka" in client.get("/").text
    assert "Tutup. Buka lagi besok pukul 08.00 WIB." in client.get("/instansi/B").text
    service = client.get("/layanan/B-01").text
    assert "Ambil nomor" not in service and "Buka lagi besok" in service and "Yang perlu dibawa" in service


def test_everything_closed_is_said_once_and_calmly(client, kiosk, mall):
    mall.catalogue = catalogue(closed_agencies={row["code"] for row in mall.catalogue["agencies"]})
    kiosk.catalogue.refresh()

    assert "Semua instansi sedang tutup" in client.get("/").text


def test_a_mall_without_agencies_or_services_is_no_empty_screen(client, kiosk, mall):
    mall.catalogue = {**catalogue(), "version": "kosong", "services": []}
    kiosk.catalogue.refresh()
    assert "belum membuka layanan" in client.get("/instansi/A").text

    mall.catalogue = {**catalogue(), "version": "kosong sekali", "services": [], "agencies": []}
    kiosk.catalogue.refresh()
    assert "Belum ada instansi" in client.get("/").text
    assert client.get("/informasi").status_code == 302


def test_who_does_not_know_comes_to_the_information_desk(client):
    assert client.get("/informasi").headers["Location"] == "/instansi/Z"
    assert "Ceritakan keperluan Anda" in client.get("/instansi/Z").text


def test_a_number_is_on_the_screen_with_where_to_go_and_how_long(client):
    page, _ = client.take("A-01", priority="LANSIA")

    for words in (
        'data-label="AA-001"',
        "Zona Merah",
        "4 orang di depan Anda",
        "20 sampai 35 menit",
        "qr.svg",
    ):
        assert words in page.text


@pytest.mark.parametrize(("chosen", "sent"), [("LANSIA", "LANSIA"), ("", None), ("SULTAN", None)])
def test_priority_is_what_was_chosen_or_nothing(client, mall, chosen, sent):
    client.take("A-01", priority=chosen)

    assert mall.requests[0][2]["priority"] == sent


def test_who_goes_back_after_a_visit_finds_nothing_of_its_number(client):
    page, intent = client.take("A-01")
    client.post("/selesai", client.hidden(page, "/selesai"))

    for path in ("", "/keadaan?shown=taken", "/qr.svg"):
        assert client.get(f"/nomor/{intent}{path}").status_code == 404
    assert "AA-001" not in client.get(f"/nomor/{intent}").text


def test_nothing_is_ticked_that_the_visitor_has_not_done(client):
    main = client.get("/layanan/A-01").text.split("<main")[1]

    assert "Kartu Keluarga" in main and "Tidak" in main and "#check" not in main


def test_the_sign_of_priority_is_not_the_wheelchair_of_one_group(client):
    client.add("A-01")

    assert "#accessibility" not in client.get("/").text + client.get("/rute").text


def test_the_same_tap_again_is_the_same_number(client, mall):
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")

    places = {client.post("/nomor", hidden).headers["Location"] for _ in range(5)}

    assert len(places) == 1 and len(mall.tickets) == 1


def test_a_refusal_is_shown_in_the_servers_words_with_the_next_opening(client, mall):
    mall.refuse = {
        "code": "quota_reached",
        "detail": "Kuota Paspor hari ini habis.",
        "next_opening": "2030-01-07T08:00:00+07:00",
    }

    page, _ = client.take("B-01")

    assert "Kuota Paspor hari ini habis." in page.text
    assert "Senin, 7 Januari 2030 pukul 08.00 WIB" in page.text
    assert "Pilih layanan lain" in page.text


def test_the_printers_state_is_live(client, kiosk):
    _, intent = client.take("A-01")

    wait_until(lambda: 'data-print="printed"' in client.get(f"/nomor/{intent}/keadaan?shown=taken").text, 5)


def test_a_screen_that_waits_is_told_to_look_again(client, mall):
    mall.hold.clear()
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")
    place = client.post("/nomor", hidden).headers["Location"]
    assert "Mohon tunggu sebentar" in client.get(place).text

    mall.hold.set()

    wait_until(lambda: "Kiosk-Look-Again" in client.get(f"{place}/keadaan?shown=asking").headers, 5)
    assert "AA-001" in client.get(place).text


def test_the_other_language_and_larger_text_last_until_the_visitor_leaves(client):
    hidden = client.hidden(client.get("/"), "/bahasa")
    assert client.post("/bahasa", {**hidden, "language": "en"}).headers["Location"] == "/"
    client.post("/ukuran", client.hidden(client.get("/"), "/ukuran"))
    home = client.get("/").text
    assert '<html lang="en" data-face="kiosk" data-text="large">' in home
    assert "Where would you like to go?" in home and "Anda mau" not in home
    page, _ = client.take("A-01")
    assert "Your queue number" in page.text and "4 people ahead of you" in page.text

    client.post("/selesai", client.hidden(page, "/selesai"))

    assert '<html lang="id" data-face="kiosk">' in client.get("/").text


def test_the_code_on_the_screen_is_that_tickets_page(client, mall):
    _, intent = client.take("A-01")

    code = client.get(f"/nomor/{intent}/qr.svg")

    assert code.mimetype == "image/svg+xml" and "<path" in code.text
    assert mall.tickets[intent]["url"].startswith("http://192.168.10.20:8080/t/")


def test_the_virtual_printers_paper_can_be_looked_at(client, kiosk):
    assert "Belum ada struk" in client.get("/struk").text
    client.take("A-01")
    wait_until(lambda: kiosk.virtual_printer.slips(), 5)

    name = kiosk.virtual_printer.slips()[0]

    assert f"/struk/{name}.png" in client.get("/struk").text
    assert client.get(f"/struk/{name}.png").data.startswith(b"\x89PNG")
    assert client.get("/struk/lain.png").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/instansi/QQ",
        "/layanan/A-99",
        "/nomor/tidak-ada",
        "/nomor/x/keadaan",
        "/nomor/x/qr.svg",
        "/lain",
        "/look/../x",
    ],
)
def test_what_is_not_there_leads_back_to_the_start(client, path):
    page = client.get(path)

    assert page.status_code == 404 and "Silakan mulai lagi" in page.text


@pytest.mark.parametrize("host", ["mal.example:7000", "127.0.0.1:7001", "127.0.0.1", "192.168.1.5:7000"])
def test_only_the_kiosks_own_address_is_answered(client, host):
    assert client.inner.get("/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:7001", "https://127.0.0.1:7000"]
)
def test_a_form_from_another_place_is_refused(client, mall, origin):
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")

    assert client.post("/nomor", hidden, origin=origin).status_code == 403
    assert mall.tickets == {}


@pytest.mark.parametrize(
    "change", [{"token": "0" * 64}, {"token": ""}, {"intent": "buatan"}, {"screen": "/layanan/B-01"}]
)
def test_a_form_without_the_token_of_its_screen_is_refused(client, mall, change):
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")

    assert client.post("/nomor", {**hidden, **change}).status_code == 403
    assert mall.tickets == {}


def test_the_token_of_another_visit_is_refused(client, mall):
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")
    client.post("/selesai", client.hidden(client.get("/"), "/selesai"))

    assert client.post("/nomor", hidden).status_code == 403


@pytest.mark.parametrize("screen", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_no_form_leads_away(client, kiosk, screen):
    with client.inner.session_transaction(base_url="http://127.0.0.1:7000") as visit:
        visit["visit"] = "kunjungan"
    token = hmac.new(kiosk.secret, f"kunjungan|{screen}|".encode(), hashlib.sha256).hexdigest()

    answer = client.post("/ukuran", {"screen": screen, "token": token})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/", "/layanan/A-01", "/cari", "/nomor/x", "/look/tokens.css", "/static/css/frame.css"]
)
def test_every_answer_is_strict_about_where_things_come_from(client, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"


def test_no_page_carries_a_style_or_a_script_of_its_own(client):
    page, _ = client.take("A-01")
    for text in (
        page.text,
        client.get("/").text,
        client.get("/layanan/A-01").text,
        client.get("/cari?q=ktp").text,
    ):
        assert " style=" not in text and "<style" not in text and " onclick" not in text
        assert "<script>" not in text and "http://" not in text.replace("http://127.0.0.1", "")


def test_hostile_names_stay_words(client, kiosk, mall):
    evil = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    mall.catalogue = {**catalogue(), "version": "jahat"}
    mall.catalogue["services"][0]["name"] = mall.catalogue["agencies"][0]["short_name"] = evil
    kiosk.catalogue.refresh()
    code = mall.catalogue["services"][0]["code"]

    for path in ("/", f"/layanan/{code}", "/cari?q=onerror"):
        text = client.get(path).text
        assert "<img src=x" not in text and "{{7*7}}" in text


def test_a_kiosk_that_never_heard_the_mall_sends_people_to_the_desk(client, kiosk):
    kiosk.catalogue.current = None

    page = client.get("/")

    assert page.status_code == 503
    assert "Silakan ke petugas di Pusat Informasi" in page.text


def test_a_full_disk_is_a_sentence_and_not_an_error(client, kiosk, monkeypatch):
    hidden = client.hidden(client.get("/layanan/A-01"), "/nomor")
    kiosk.journal.database._connection.execute("PRAGMA query_only=ON")

    answer = client.post("/nomor", hidden)

    assert answer.status_code == 503 and "anjungan lain" in answer.text
    kiosk.journal.database._connection.execute("PRAGMA query_only=OFF")
