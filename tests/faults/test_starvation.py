"""A locked database, a disk that takes no more: a clear refusal, nothing half done, whole again after."""

import resource
from contextlib import contextmanager

import psycopg
import pysqlite3
import pytest

from tests.servers import answers, family, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

TICKETS = "/api/v1/tickets"
ROOM_FOR_THE_LOG = 40_000  # bytes: less than the database has, more than the server says
WISH = {"services": ["A-01"], "priority": None, "language": "id"}


@pytest.fixture
def server(hall):
    server = hall.serve()
    server.ready(hall.ready_url, 60)
    yield server
    server.kill()


def test_a_locked_database_is_a_refusal_to_come_again_and_the_intent_still_counts_once(hall, server):
    kiosk = hall.client(hall.kiosk, timeout=30)
    assert kiosk.post(TICKETS, WISH, "before").status == 201

    with _locked(hall):
        refused = kiosk.post(TICKETS, WISH, "meanwhile")
        assert kiosk.get("/api/v1/catalogue").status == 200

    assert (refused.status, refused.body["code"]) == (503, "busy")
    assert int(refused.headers["retry-after"]) > 0
    assert kiosk.post(TICKETS, WISH, "meanwhile").body["label"] == "AA-002"
    server.stop(20)
    hall.command("check")


def test_a_disk_that_takes_no_more_refuses_numbers_and_loses_none(sqlite_hall):
    hall = sqlite_hall
    server = hall.serve()
    try:
        server.ready(hall.ready_url, 60)
        kiosk = hall.client(hall.kiosk, timeout=30)
        token = kiosk.post(TICKETS, WISH, "before").body["token"]

        with _no_more_bytes(server):
            refused = [kiosk.post(TICKETS, WISH, f"meanwhile-{n}") for n in range(3)]
            seen = kiosk.get(f"{TICKETS}/{token}")
            wait_until(lambda: answers(hall.ready_url, 503), 10, "not ready on a full disk")

        assert [(answer.status, answer.body["code"]) for answer in refused] == [(503, "busy")] * 3
        assert seen.body["label"] == "AA-001"
        wait_until(lambda: answers(hall.ready_url), 10, "ready again")
        labels = [kiosk.post(TICKETS, WISH, f"meanwhile-{n}").body["label"] for n in range(3)]
        assert labels == ["AA-002", "AA-003", "AA-004"]
        server.stop(20)
        hall.command("check")
    finally:
        if server.running:
            server.kill()


@contextmanager
def _locked(hall):
    """Somebody else holds the database's writing lock, as a backup or an administrator's shell does."""
    if hall.database_url.startswith("sqlite"):
        line = pysqlite3.connect(str(hall.database), isolation_level=None)
        line.execute("BEGIN IMMEDIATE")
    else:
        line = psycopg.connect(hall.database_url.replace("+psycopg", ""))
        line.execute("SELECT * FROM mall_log FOR UPDATE")
    try:
        yield
    finally:
        line.rollback()
        line.close()


@contextmanager
def _no_more_bytes(server):
    """The database may not grow, as on a full disk; needs no root and heals at once."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in family(server.pid)}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM_FOR_THE_LOG, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
