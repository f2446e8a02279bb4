"""The power-cut tool finds what it must and accuses nobody wrongly, shown on the smallest server there is."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import disk, powercut, small_server
from tests.faults.client import Client
from tests.faults.trace import Create, SyncBegun, SyncDone, Write
from tests.servers import free_port

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(("synchronous", "loses"), [("FULL", False), ("NORMAL", True)])
def test_only_a_server_that_does_not_sync_loses_numbers(tmp_path, synchronous, loses):
    database, port = tmp_path / "small.sqlite3", free_port()
    small_server.Desk(str(database), "FULL").db.close()
    command = [sys.executable, "-m", "tests.faults.small_server", str(port), database, synchronous]

    recording = powercut.record(command, {}, database, lambda program: _take(program, port, 60))
    verdict = powercut.replay(recording, database, images=400)

    assert verdict.broken == []
    assert (verdict.losing > 0) == loses, str(verdict)


def test_a_sync_keeps_only_what_was_written_before_it_began():
    state = disk.Disk({"f": bytearray(b"....")})
    early, late = Write("f", 0, b"A"), Write("f", 1, b"B")

    for step in (early, SyncBegun("f", 7), late, SyncDone("f", 7)):
        state.take(step)

    assert bytes(state.image([])["f"]) == b"A..."
    assert bytes(state.image([late])["f"]) == b"AB.."


def test_a_file_that_was_never_synced_may_be_missing():
    state = disk.Disk({})

    state.take(Create("/room/f"))
    state.take(Write("/room/f", 0, b"A"))

    assert state.image([]) == {}
    assert bytes(state.image(state.pending)["/room/f"]) == b"A"


def _take(program, port, count):
    base = f"http://127.0.0.1:{port}"
    program.ready(base)

    def some(_):
        client = Client(base)
        return [client.post("/", {}).body["label"] for _ in range(count // 4)]

    with ThreadPoolExecutor(4) as pool:
        return {label for labels in pool.map(some, range(4)) for label in labels}
