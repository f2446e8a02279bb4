"""The greeter's pages as the server writes them: who sees what, the words of a search, the lists on paper."""

import csv
import io
import re

import pytest
from sqlalchemy import update

from mpp.actions import people
from mpp.actions.people import NewPerson
from mpp.app import create_app
from mpp.domain.log import MallLog
from mpp.domain.mall import Service
from mpp.domain.people import Role
from mpp.queries.malls import mall
from tests.browser.hall import PASSWORD, Hall
from tests.web.conftest import Browser
from tests.world import console


@pytest.fixture
def greet(app, hall):
    """A program of the greeter does this."""
    client = app.test_client()

    def post(path: str, body: dict | None = None):
        headers = {"Authorization": f"Bearer {hall.greeter_key}", "Idempotency-Key": path}
        return client.post(path, json=body or {}, headers=headers)

    return post


def rows_of(page: str) -> list[str]:
    """The labels of a waiting list, from top to bottom."""
    return re.findall(r'<td class="holder"><span class="label">(\w+)<span class="dash">-</span>(\d+)', page)


@pytest.mark.parametrize(
    ("name", "status"), [("wati", 200), ("budi", 200), ("rina", 200), ("sari", 200), ("agus", 403)]
)
def test_greeters_officers_and_supervisors_may_help_visitors(browser, name, status):
    browser.sign_in(name)

    pages = ["/greeter", "/greeter/list", "/greeter/list.csv", "/greeter/paper", "/greeter/agencies"]

    assert {browser.get(page).status_code for page in pages} == {status}


def test_only_greeters_are_offered_agencies_to_take_a_number_for(browser, another):
    browser.sign_in("wati")
    officer = another()
    officer.sign_in("budi")

    assert 'class="card tile"' in browser.get("/greeter").text
    assert 'class="card tile"' not in officer.get("/greeter").text
    assert "Cari nomor pengunjung" in officer.get("/greeter").text


def test_while_no_counter_is_open_nobody_is_told_to_be_next(browser, take, verb, hall):
    counter = hall.counter("Loket 25")
    verb(counter, "close", "K")
    ticket = take("K-01")
    browser.sign_in("wati")

    closed = browser.get(f"/greeter/tickets/{ticket['id']}").text
    verb(counter, "open", "K")
    opened = browser.get(f"/greeter/tickets/{ticket['id']}").text
    verb(counter, "close", "K")

    assert "belum ada loket buka" in closed and "berikutnya dipanggil" not in closed
    assert "kira-kira" not in closed and "belum ada loket buka" not in opened


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("akte lahir", "Akta kelahiran"),
        ("bikin ktp hilang", "Penggantian KTP-el hilang"),
        ("pajak motor", "Pajak kendaraan tahunan"),
        ("pasprot", "Paspor baru dewasa"),
        ("kelakuan baik", "SKCK baru"),
        ("kartu kuning", "Kartu pencari kerja"),
        ("sertifikat tanah", "Pengecekan sertipikat"),
        ("dukcapil kk", "Kartu Keluarga"),
        ("KK hilang", "Penerbitan Kartu Keluarga baru"),
        ("buat SIM", "Perpanjangan SIM A"),
        ("pajak rumah", "Pembayaran PBB-P2"),
    ],
)
def test_a_service_is_found_by_the_words_of_people(browser, words, service):
    browser.sign_in("wati")

    found = browser.get("/greeter/services", query_string={"cari": words}).text

    assert service in found
    assert found.count("<li>") <= 24


def test_words_that_mean_no_service_say_so_and_stay_words(browser):
    browser.sign_in("wati")

    found = browser.get("/greeter/services", query_string={"cari": "<xmp>naga"}).text

    assert "Tidak ada layanan yang cocok" in found and "&lt;xmp&gt;naga" in found
    assert "<xmp>" not in found


def test_a_disturbance_is_told_before_a_number_is_taken(browser, greet):
    greet("/api/v1/agencies/E/disturbance", {"reason": "jaringan"})
    browser.sign_in("wati")

    told = [
        browser.get("/greeter").text,
        browser.get("/greeter?instansi=E").text,
        browser.get("/greeter/route?layanan=E-01").text,
    ]
    greet("/api/v1/agencies/E/disturbance/lift")

    assert all("gangguan" in page for page in told)
    assert "gangguan" not in browser.get("/greeter/route?layanan=E-01").text


def test_the_route_shows_what_to_bring_and_keeps_its_order(browser):
    browser.sign_in("wati")

    page = browser.get("/greeter/route?layanan=Y-01&layanan=A-09&layanan=Y-01&layanan=Z-99").text

    stops = re.findall(r"<h2>(.*?)</h2>", page)
    assert stops[:2] == ["Pembayaran PBB/BPHTB/pajak daerah", "Akta kelahiran"]
    assert "Buku nikah/akta perkawinan orang tua" in page
    assert "Reservasi daring" not in page


def test_a_greeter_of_one_agency_gives_only_numbers_that_come_to_it(browser, hall):
    people.add(console(hall.db, 1), NewPerson("tono", Role.GREETER, "A", PASSWORD))
    browser.sign_in("tono")

    foreign = browser.get("/greeter/route?layanan=B-01").text
    own = browser.get("/greeter/route?layanan=B-01&layanan=A-01").text

    assert "Rute harus memuat layanan Disdukcapil." in foreign
    assert "Rute harus memuat" not in own


def test_people_of_an_agency_see_neither_tickets_nor_lists_of_others(browser, take):
    ktp, paspor = take("A-01"), take("B-01")
    browser.sign_in("gita")

    own, foreign = (browser.get(f"/greeter/tickets/{ticket['id']}") for ticket in (paspor, ktp))
    page = browser.get("/greeter/list").text

    assert (own.status_code, foreign.status_code) == (200, 404)
    assert browser.get(f"/greeter/tickets/{ktp['id']}/live").status_code == 404
    assert browser.get(f"/greeter/tickets/{ktp['id']}/taken").status_code == 404
    assert browser.get("/greeter/list?instansi=A").status_code == 404
    assert browser.get("/greeter/list.csv?instansi=A").status_code == 404
    assert browser.get(f"/greeter?untuk={ktp['id']}").status_code == 404
    assert "AA-" not in page and paspor["label"].split("-")[1] in page
    assert 'label="Disdukcapil"' not in browser.get("/greeter/paper").text


def test_the_waiting_list_is_in_call_order_and_names_no_class(browser, take, greet):
    tickets = [take("R-01") for _ in range(3)]
    greet(
        f"/api/v1/staff/tickets/{tickets[2]['id']}/priority", {"priority": "HAMIL", "reason": "terverifikasi"}
    )
    greet(f"/api/v1/staff/tickets/{tickets[1]['id']}/step-out")
    greet(f"/api/v1/staff/tickets/{tickets[0]['id']}/needs", {"needs": ["kursi_roda"]})
    browser.sign_in("wati")

    page = browser.get("/greeter/list?instansi=R").text

    assert ["-".join(row) for row in rows_of(page)] == [tickets[nth]["label"] for nth in (2, 0, 1)]
    assert '<td class="sign">P</td>' in page
    assert re.search(r"keluar sampai \d\d\.\d\d", page)
    assert "hamil" not in page and "Kursi roda" not in page


def test_the_list_as_a_table_holds_no_formula(tmp_path):
    hall = Hall(tmp_path, serving=False)
    with hall.db.jotting() as session:
        session.execute(update(Service).where(Service.code == "A-01").values(name='=HYPERLINK("x")'))
        session.execute(update(Service).where(Service.code == "A-02").values(name="@SUM(1)"))
        session.execute(update(MallLog).values(plan_version=MallLog.plan_version + 1))
    with hall.db.reading() as session:
        assert mall(session, 1).services["A-01"].name.startswith("=")
    app = create_app(hall.settings)[0]
    for nth, service in enumerate(("A-01", "A-02", "A-03")):
        headers = {"Authorization": f"Bearer {hall.kiosk_key}", "Idempotency-Key": f"csv-{nth}"}
        body = {"services": [service], "priority": None, "language": "id"}
        assert app.test_client().post("/api/v1/tickets", json=body, headers=headers).status_code == 201
    greeter = Browser(app)
    greeter.sign_in("wati")

    answer = greeter.get("/greeter/list.csv")

    assert answer.mimetype == "text/csv"
    assert re.fullmatch(
        r'attachment; filename="antrean-\d{4}-\d\d-\d\d-\d{4}\.csv"', answer.headers["Content-Disposition"]
    )
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["Nomor"] for row in table] == ["AA-001", "AA-002", "AA-003"]
    assert [row["Layanan"] for row in table][:2] == ['\'=HYPERLINK("x")', "'@SUM(1)"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row.values())


def test_the_code_is_shown_only_where_phones_can_reach_it(browser, take):
    ticket = take("A-01")
    browser.sign_in("wati")

    page = browser.get(f"/greeter/tickets/{ticket['id']}/taken").text

    assert 'class="qr"' not in page
    assert ticket["token"] not in page
