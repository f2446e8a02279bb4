"""Papers that a greeter wants from this printer: each once, marked when it is a copy, told to the server."""

import pytest

from kiosk import wanted_slips
from kiosk.container import Kiosk, Settings
from kiosk.printing import worker
from kiosk.printing.escpos_reader import decode
from kiosk.ticket import TicketIntent
from tests.kiosk.mall import KEY
from tests.servers import wait_until

WANTED = {"services": ["A-01", "B-01"], "priority": None, "language": "id"}
VISITOR = TicketIntent("pengunjung", ("A-01",), None, "id")


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(wanted_slips, "EVERY_S", 0.02)
    monkeypatch.setattr(worker, "REST_S", 0.0)


@pytest.fixture
def busy(mall, printer, tmp_path):
    """A kiosk with a printer on the network."""
    parts = Kiosk(Settings(mall.url, KEY, 7000, printer.spec, 48, tmp_path))
    parts.catalogue.refresh()
    parts.start()
    yield parts
    parts.stop()


def test_a_wanted_paper_is_printed_once_and_reported(busy, mall, printer):
    mall.want(77, mall.give("pemandu", WANTED), copy=False)

    assert mall.wait_for(lambda device: device.reports)

    looks = mall.looks
    assert mall.wait_for(lambda device: device.looks > looks + 2)
    assert mall.reports == [(77, "printed")] and len(printer.papers) == 1
    text = decode(printer.papers[0], 48).text
    assert "AA-001" in text and "2. Imigrasi, Zona Biru, lt.2 (berikutnya)" in text
    assert "SALINAN" not in text


def test_a_wanted_copy_is_marked(busy, mall, printer):
    mall.want(78, mall.give("pemandu", WANTED), copy=True)

    assert mall.wait_for(lambda device: device.reports)

    assert decode(printer.papers[0], 48).lines[0].text == "SALINAN"


def test_a_paper_that_cannot_come_out_is_told_to_the_greeter(busy, mall, printer):
    printer.paper_out = True
    mall.want(77, mall.give("pemandu", WANTED), copy=False)

    assert mall.wait_for(lambda device: device.reports)

    assert mall.reports == [(77, "failed")] and printer.papers == []


def test_a_report_that_was_not_heard_brings_no_second_paper(busy, mall, printer):
    mall.want(77, mall.give("pemandu", WANTED), copy=False)
    assert mall.wait_for(lambda device: device.reports)

    mall.reports.clear()

    assert mall.wait_for(lambda device: device.reports)
    assert mall.reports[0] == (77, "printed") and len(printer.papers) == 1


def test_nobody_is_asked_while_a_visitor_waits_for_a_number_or_a_paper(busy, mall, printer):
    mall.hold.clear()
    busy.requests.ask(VISITOR, 0.05)
    looks = mall.looks
    mall.want(77, mall.give("pemandu", WANTED), copy=False)

    assert busy.wanted_slips.look() == wanted_slips.EVERY_S
    assert mall.looks == looks

    mall.hold.set()
    assert mall.wait_for(lambda device: len(device.reports) == 2)
    assert [slip for slip, _ in mall.reports] == [1002, 77], "the visitor's paper comes first"


def test_a_visitor_comes_before_the_papers_that_wait(kiosk, mall):
    kiosk.worker.end()
    kiosk.worker.join()
    for slip in (77, 78):
        mall.want(slip, mall.give(f"pemandu {slip}", WANTED), copy=False)
    wait_until(lambda: kiosk.journal.print_jobs.any_open(), 5)
    kiosk.requests.ask(VISITOR, 5)

    assert [kiosk.journal.print_jobs.next().slip_id for _ in range(3)] == [1003, 77, 78]


def test_the_last_paper_is_taken_from_the_slot_before_the_next_is_asked_for(kiosk, mall, monkeypatch):
    monkeypatch.setattr(worker, "REST_S", 60.0)
    kiosk.requests.ask(VISITOR, 5)
    assert mall.wait_for(lambda device: device.reports)
    looks = mall.looks

    assert kiosk.wanted_slips.look() == wanted_slips.EVERY_S

    assert mall.looks == looks


@pytest.mark.parametrize("status", [400, 404, 405])
def test_an_older_server_is_asked_rarely_and_silently(kiosk, mall, status):
    mall.wanted_status = status

    assert kiosk.wanted_slips.look() == wanted_slips.RARELY_S

    assert not kiosk.catalogue.away


def test_a_server_that_is_away_is_not_asked(kiosk, mall):
    mall.stop()
    kiosk.catalogue.refresh()

    assert kiosk.wanted_slips.look() == wanted_slips.EVERY_S
