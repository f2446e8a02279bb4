"""Asking for a number through a bad network: one intent, one ticket, one paper, no ghost in the line."""

import threading

import pytest

from kiosk import ticket_requests
from kiosk.printing.slip_builder import slip_of
from kiosk.server_client import ServerAway, ServerClient
from kiosk.ticket import Ticket, TicketIntent
from tests.kiosk.mall import KEY
from tests.servers import wait_until


def ask(kiosk, intent="satu-niat", wait_s=6):
    return kiosk.requests.ask(TicketIntent(intent, ("A-01",), None, "id"), wait_s)


def test_a_number_is_taken_printed_and_reported(kiosk, mall):
    entry = ask(kiosk)

    assert (entry.state, entry.ticket.label) == ("taken", "AA-001")
    assert mall.wait_for(lambda device: device.reports)
    assert mall.reports == [(1001, "printed")]
    assert len(kiosk.virtual_printer.slips()) == 1


@pytest.mark.parametrize("fault", ["lose_replies", "html", "busy"])
def test_an_answer_that_is_lost_or_strange_is_asked_again_with_the_same_intent(kiosk, mall, fault):
    setattr(mall, fault, 2)

    entry = ask(kiosk)

    assert entry.state == "taken"
    takes = [key for path, key, _ in mall.requests if path == "/api/v1/tickets"]
    assert takes == ["satu-niat"] * 3
    assert len(mall.tickets) == 1
    assert mall.wait_for(lambda device: device.reports)
    assert len(kiosk.virtual_printer.slips()) == 1


def test_a_kiosk_that_ends_leaves_its_threads_a_server_that_is_away(mall):
    server = ServerClient(mall.url, KEY)
    server.close()

    with pytest.raises(ServerAway) as away:
        server.wanted_slips()

    assert not away.value.reached
    assert mall.requests == []


def test_twenty_taps_at_once_are_one_number(kiosk, mall):
    mall.hold.clear()
    taps = [threading.Thread(target=ask, args=(kiosk,)) for _ in range(20)]
    for tap in taps:
        tap.start()
    assert mall.wait_for(lambda device: device.requests)
    mall.hold.set()
    for tap in taps:
        tap.join()

    assert len(mall.tickets) == 1
    assert len([1 for path, _, _ in mall.requests if path == "/api/v1/tickets"]) == 1


def test_a_refusal_is_kept_with_the_servers_words(kiosk, mall):
    mall.refuse = {"code": "quota_reached", "detail": "Kuota hari ini habis."}

    entry = ask(kiosk)

    assert (entry.state, entry.problem.detail) == ("refused", "Kuota hari ini habis.")
    assert kiosk.virtual_printer.slips() == []


def test_a_server_that_is_away_is_asked_on_until_it_is_back(kiosk, mall, monkeypatch):
    monkeypatch.setattr(ticket_requests, "PATIENCE_S", 0.5)
    monkeypatch.setattr(ticket_requests, "LATER_S", 0.2)
    mall.stop()
    entry = ask(kiosk, wait_s=0.1)
    assert entry.state == "asking"
    wait_until(lambda: kiosk.requests.away("satu-niat"), 5)

    mall.start()

    wait_until(lambda: kiosk.journal.intents.get("satu-niat").state == "taken", 5)
    assert mall.wait_for(lambda device: device.reports)


def test_a_visitor_who_left_leaves_no_ticket_in_the_line(kiosk, mall, monkeypatch):
    monkeypatch.setattr(ticket_requests, "GONE_S", 0.3)
    mall.lose_replies = 1
    mall.hold.clear()
    ask(kiosk, wait_s=0.05)
    assert mall.wait_for(lambda device: device.requests)
    kiosk.requests.leave("satu-niat")
    mall.hold.set()

    assert mall.wait_for(lambda device: device.cancelled, 15)

    assert mall.cancelled == [mall.tickets["satu-niat"]["token"]]
    assert kiosk.virtual_printer.slips() == []
    wait_until(lambda: kiosk.journal.intents.get("satu-niat").state == "settled", 5)


def test_a_visitor_who_left_before_anything_was_sent_costs_no_number(kiosk, mall, monkeypatch):
    monkeypatch.setattr(ticket_requests, "GONE_S", 0.2)
    mall.stop()
    ask(kiosk, wait_s=0.05)
    wait_until(lambda: kiosk.journal.intents.get("satu-niat").state == "abandoned", 5)

    mall.start()
    kiosk.reconciler.run_once()

    assert mall.tickets == {} and mall.cancelled == []


def test_a_removed_key_is_a_refusal_and_not_a_retry(kiosk, mall):
    kiosk.server._client.headers["Authorization"] = "Bearer dicabut"

    entry = ask(kiosk)

    assert (entry.state, entry.problem.code) == ("refused", "key_refused")


def test_results_wait_until_the_server_is_back(kiosk, mall):
    ask(kiosk)
    assert mall.wait_for(lambda device: device.reports)
    mall.stop()
    kiosk.journal.intents.begin(TicketIntent("dua", ("A-01",), None, "id"))
    ticket = Ticket.model_validate(mall.give("dua", {"services": ["A-01"], "language": "id"}))
    kiosk.journal.intents.give("dua", ticket, slip_of(ticket, kiosk.catalogue.current))
    kiosk.worker.wake()
    wait_until(lambda: kiosk.journal.print_jobs.unreported(), 5)

    mall.start()

    assert mall.wait_for(lambda device: (1002, "printed") in device.reports, 15)


def test_the_catalogue_is_asked_for_with_what_is_known_and_kept_on_disk(kiosk, mall):
    version = kiosk.catalogue.current.version
    mall.stop()
    kiosk.catalogue.refresh()

    assert kiosk.catalogue.away
    assert kiosk.catalogue.current.version == version
    assert kiosk.catalogue._stored() == kiosk.catalogue.current


@pytest.mark.parametrize(
    "damage", [{"agencies": [{}]}, {"at": "kemarin"}, {"services": "banyak"}, {"mall": {}}]
)
def test_a_catalogue_of_another_shape_is_not_believed(kiosk, mall, damage):
    before = kiosk.catalogue.current
    mall.catalogue = {**mall.catalogue, "version": "rusak", **damage}

    kiosk.catalogue.refresh()

    assert kiosk.catalogue.away and kiosk.catalogue.current is before
