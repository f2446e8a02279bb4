"""make soak: a hall that works for hours while its memory and its log are watched.

python -m tests.faults.soak [--hours 8]: visitors come, a counter serves them; every ten minutes the server is
killed and must be back. Ends with an error when memory grows by more than a quarter or the log is not clean.
"""

import argparse
import itertools
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.client import Client
from tests.faults.hall import Hall
from tests.servers import Program, memory, wait_until

PACE_S = 0.5
KILL_EVERY_S = 600
SETTLED_AFTER_S = 300
GROWTH = 1.25


def main() -> int:
    intent = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    intent.add_argument("--hours", type=float, default=8)
    asked = intent.parse_args()
    with tempfile.TemporaryDirectory(prefix="mpp-soak-") as room:
        hall = Hall(Path(room), f"sqlite:///{room}/mpp.sqlite3")
        hall.furnish()
        hall.kiosk = hall.device("kiosk", "anjungan-1")
        hall.officer = hall.person("petugas", "officer", "A")
        grown = _work(hall, asked.hours * 3600)
        print(hall.command("check"))
    print(f"memory grew to {grown:.2f} of what it was after {SETTLED_AFTER_S} s")
    return 0 if grown <= GROWTH else 1


def _work(hall: Hall, seconds: float) -> float:
    """Take, call, start and finish at an even pace; how much the memory grew at worst, as a share."""
    server, start, killed = _started(hall), time.monotonic(), time.monotonic()
    settled, worst = 0.0, 1.0
    visitor, officer = hall.client(hall.kiosk), hall.client(hall.officer)
    counter = _open_a_counter(hall, officer)
    for n in itertools.count():
        now = time.monotonic()
        if now - start > seconds:
            server.stop(20)
            return worst
        if now - killed > KILL_EVERY_S:
            server.kill()
            server, killed, settled = _started(hall), now, 0.0
        _serve_one(visitor, officer, counter, n)
        if not settled and now - killed > min(SETTLED_AFTER_S, seconds / 4):
            settled = memory(server.pid)
        elif settled:
            worst = max(worst, memory(server.pid) / settled)
        wait_until(lambda n=n: time.monotonic() - start >= n * PACE_S, 60)
    raise AssertionError


def _started(hall: Hall) -> Program:
    server = hall.serve()
    print(f"ready after {server.ready(hall.ready_url):.1f} s", flush=True)
    return server


def _open_a_counter(hall: Hall, officer: Client) -> int:
    catalogue = hall.client(hall.kiosk).get("/api/v1/catalogue").body
    counter = next(one["id"] for one in catalogue["counters"] if "AA" in one["queues"])
    _expect(officer.post(f"/api/v1/counters/{counter}/open", {}, "soak-open"), 200)
    return counter


def _serve_one(visitor: Client, officer: Client, counter: int, n: int) -> None:
    intent = {"services": ["A-01"], "priority": None, "language": "id"}
    _expect(_again(visitor, "/api/v1/tickets", intent, f"soak-take-{n}"), 201)
    for verb in ("call-next", "start", "finish"):
        _expect(_again(officer, f"/api/v1/counters/{counter}/{verb}", {}, f"soak-{verb}-{n}"), 200)


def _again(client: Client, path: str, body: dict, intent: str):
    """Once more with the same intent when no answer came: the connection ended with the old server."""
    try:
        return client.post(path, body, intent)
    except ConnectionError:
        return client.post(path, body, intent)


def _expect(answer, status: int) -> None:
    if answer.status != status:
        raise SystemExit(f"expected {status}, got {answer.status}: {answer.body}")


if __name__ == "__main__":
    sys.exit(main())
