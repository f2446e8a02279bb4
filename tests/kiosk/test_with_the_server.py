"""The kiosk and the mall's real server: a route, a greeter's paper, a disturbance."""

import uuid

import httpx
import pytest

from kiosk import wanted_slips
from kiosk.app import create_app
from kiosk.container import Kiosk, Settings
from kiosk.printing import worker
from kiosk.printing.escpos_reader import decode
from tests.browser.hall import Hall
from tests.kiosk.conftest import Client
from tests.servers import wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    hall = Hall(tmp_path_factory.mktemp("mall"))
    yield hall
    hall.stop()


@pytest.fixture
def kiosk(server, printer, tmp_path, monkeypatch):
    monkeypatch.setattr(wanted_slips, "EVERY_S", 0.05)
    monkeypatch.setattr(worker, "REST_S", 0.0)
    parts = Kiosk(Settings(server.url, server.kiosk_key, 7000, printer.spec, 48, tmp_path))
    wait_until(lambda: parts.catalogue.refresh() or parts.catalogue.current, 30)
    parts.start()
    yield parts
    parts.stop()


@pytest.fixture
def client(kiosk):
    return Client(create_app(kiosk).test_client())


def told(server, path, **body):
    """A greeter's program tells the server."""
    headers = {"Authorization": f"Bearer {server.greeter_key}", "Idempotency-Key": str(uuid.uuid4())}
    answer = httpx.post(f"{server.url}/api/v1{path}", json=body, headers=headers, timeout=30)
    return answer.raise_for_status().json()


def slip_state(server, label, slip):
    """What the server knows of a paper."""
    headers = {"Authorization": f"Bearer {server.greeter_key}"}
    answer = httpx.get(f"{server.url}/api/v1/tickets?q={label}", headers=headers, timeout=30)
    papers = answer.raise_for_status().json()["tickets"][0]["slips"]
    return next(one["state"] for one in papers if one["id"] == slip)


def test_a_route_is_one_number_whose_turns_come_in_order(client, kiosk, printer):
    client.add("A-01", "A-02", "B-01", "F-01")

    _, intent = client.take_route()

    given = kiosk.journal.intents.get(intent).ticket
    assert [turn.matters for turn in given.turns] == [("A-01", "A-02"), ("B-01",), ("F-01",)]
    assert [turn.state for turn in given.turns] == ["waiting", "planned", "planned"]
    assert printer.wait_for(lambda device: device.papers, 30)
    text = decode(printer.papers[0], 48).text
    assert given.label in text and "2. Imigrasi, Zona Biru, lt.2 (berikutnya)" in text


def test_a_greeter_gets_the_paper_of_a_visitor_and_then_a_copy_at_this_kiosk(server, kiosk, printer):
    ticket = told(server, "/tickets", services=["A-01"], priority=None, language="id")

    for copy in (False, True):
        slip = told(server, "/slips", ticket=ticket["id"], kiosk="anjungan-1", copy=copy)["id"]
        assert printer.wait_for(lambda device, papers=1 + copy: len(device.papers) == papers, 30)
        wait_until(lambda one=slip: slip_state(server, ticket["label"], one) == "printed", 30)

    first, second = (decode(paper, 48) for paper in printer.papers)
    assert "SALINAN" not in first.text and second.lines[0].text == "SALINAN"
    assert ticket["label"] in first.text and ticket["label"] in second.text


def test_what_visitors_call_a_service_comes_with_the_catalogue_of_the_mall(client):
    assert "Pembayaran PBB-P2" in client.get("/cari/hasil?q=pajak+rumah").text


def test_a_disturbance_and_an_emergency_reach_the_kiosk_and_leave_it_again(server, client, kiosk):
    told(server, "/agencies/B/disturbance", reason="sistem", until=None)
    told(server, "/zones/biru/emergency", reason="medis")
    kiosk.catalogue.refresh()

    text = client.get("/layanan/B-01").text
    assert "Sistem Imigrasi sedang gangguan." in text and "Gangguan sejak" in text and "Ambil nomor" in text
    assert "Keadaan darurat di Zona Biru, lantai 2." in text and "<b>119</b>" in text

    told(server, "/agencies/B/disturbance/lift")
    told(server, "/zones/biru/emergency/lift")
    kiosk.catalogue.refresh()
    text = client.get("/layanan/B-01").text
    assert "gangguan" not in text and "Keadaan darurat" not in text
