"""Numbers survive a power cut at any moment; with a lazier setting the same test finds them lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import powercut

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

CLIENTS = 4
EACH = 25


def test_no_acknowledged_number_is_lost_in_a_thousand_power_cuts(sqlite_hall):
    recording = _record(sqlite_hall)

    verdict = powercut.replay(recording, sqlite_hall.database, images=1200)

    assert len(recording.taken) == CLIENTS * EACH
    assert (verdict.losing, verdict.broken) == (0, []), str(verdict)
    assert verdict.images >= 1000


def test_the_control_that_syncs_less_does_lose_numbers(sqlite_hall):
    sqlite_hall.env |= {"MPP_SQLITE_SYNCHRONOUS": "NORMAL", "MPP_UNSAFE_FOR_TESTS": "1"}
    recording = _record(sqlite_hall)

    verdict = powercut.replay(recording, sqlite_hall.database, images=300)

    assert verdict.losing > 100, str(verdict)


def test_the_server_refuses_to_sync_less_outside_of_tests(sqlite_hall):
    sqlite_hall.env |= {"MPP_SQLITE_SYNCHRONOUS": "NORMAL"}

    server = sqlite_hall.serve()

    assert server.process.wait(30) != 0
    assert "synchronous=FULL" in server.output


def _record(hall):
    return powercut.record(hall.serve_command, hall.env, hall.database, lambda server: _take(hall, server))


def _take(hall, server):
    server.ready(hall.ready_url, 60)

    def some(client):
        line = hall.client(hall.kiosk)
        intent = {"services": ["A-01"], "priority": None, "language": "id"}
        return [line.post("/api/v1/tickets", intent, f"{client}-{n}").body["label"] for n in range(EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return {label for labels in pool.map(some, range(CLIENTS)) for label in labels}
