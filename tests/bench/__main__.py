"""make bench: how fast and how small the server is on this machine, and whether it keeps its bounds."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import commits
from tests.bench.load import part
from tests.faults.client import Client
from tests.faults.hall import Hall
from tests.servers import ROOT, Postgres, Program, memory, wait_until

CLIENTS = 8
SCREENS = 100
CALLS_A_SECOND = 5
ROUNDS = 2
PAST = (30, 1_550)  # days, and visitors of each
SECONDS = {"health": 4.0, "numbers": 6.0, "screens": 15.0}


@dataclass
class Bound:
    """One measured value and what it must be."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool:
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )

    def __str__(self) -> str:
        limit = (
            f"≥ {self.least:g}"
            if self.least is not None
            else f"≤ {self.most:g}"
            if self.most is not None
            else ""
        )
        verdict = "" if not limit else "ok" if self.kept else "BROKEN"
        digits = 2 if self.unit == "" else 0 if self.value >= 100 else 1
        return f"{self.name:<44} {self.value:>9.{digits}f} {self.unit:<4} {limit:>8}  {verdict}".rstrip()


def main() -> int:
    print(
        f"{CLIENTS} clients, {SCREENS} screens, {CALLS_A_SECOND} calls/s; the load runs on the same machine\n"
    )
    found = _raw() + _on_sqlite() + _on_postgres() + _growth()
    broken = [bound.name for bound in found if not bound.kept]
    print("\n" + (f"broken: {'; '.join(broken)}" if broken else "every bound is kept"))
    return 1 if broken else 0


def _raw() -> list[Bound]:
    with tempfile.TemporaryDirectory(prefix="mpp-bench-") as room:
        return _told([Bound("SQLite alone: commits", commits.rate(Path(room)), "/s")])


def _on_sqlite() -> list[Bound]:
    with tempfile.TemporaryDirectory(prefix="mpp-bench-") as room:
        return _measure("SQLite", Hall(Path(room), f"sqlite:///{room}/mpp.sqlite3"))


def _on_postgres() -> list[Bound]:
    server = Postgres(sync=True)
    try:
        with tempfile.TemporaryDirectory(prefix="mpp-bench-") as room:
            return _measure("PostgreSQL", Hall(Path(room), server.database()))
    finally:
        server.stop()


def _growth() -> list[Bound]:
    command = [sys.executable, "-m", "tests.bench.growth", *map(str, PAST)]
    slow = subprocess.run(command, cwd=ROOT, check=False).returncode
    return _told([Bound("requests that a month of history makes twice as slow", slow, "", most=0)])


def _measure(name: str, hall: Hall) -> list[Bound]:
    hall.furnish()
    server = hall.serve()
    try:
        server.ready(hall.ready_url)
        kiosk = hall.device("kiosk", "bench")
        catalogue = hall.client(kiosk).get("/api/v1/catalogue").body
        return _told(_numbers(name, hall, kiosk, catalogue)) + _told(
            _screens(name, hall, kiosk, catalogue, server)
        )
    finally:
        if server.running:
            server.stop(20)


def _numbers(name: str, hall: Hall, key: str, catalogue: dict) -> list[Bound]:
    services = _one_service_of_each_queue(catalogue)[:8]
    health, given = [], []
    for n in range(ROUNDS):
        health.append(_load(hall, what="health", seconds=SECONDS["health"]))
        given.append(
            _load(
                hall,
                what="numbers",
                seconds=SECONDS["numbers"],
                key=key,
                services=services,
                name=f"bench-{n}",
            )
        )
    wrong = [words for one in health + given for words in one["wrong"]]
    if wrong:
        raise SystemExit(f"{name}: a request was refused: {wrong[0]}")
    rate = sum(one["rate"] for one in given) / ROUNDS
    base = sum(one["rate"] for one in health) / ROUNDS
    return [
        Bound(f"{name}: GET /healthz", base, "/s"),
        Bound(f"{name}: numbers", rate, "/s"),
        Bound(f"{name}: numbers, share of /healthz (aim 0.30)", rate / base, "", least=0.15),
        Bound(f"{name}: a number, p50", max(one["p50"] for one in given), "ms"),
        Bound(f"{name}: a number, p99", max(one["p99"] for one in given), "ms", most=250),
    ]


def _screens(name: str, hall: Hall, kiosk: str, catalogue: dict, server: Program) -> list[Bound]:
    counters, service = _busiest(catalogue)
    token = hall.person("bench", "officer", counters[0]["agency"])
    key = hall.device("display", "bench-screens", counters[0]["zone"])
    visitor = hall.client(kiosk)
    for n in range(int(SECONDS["screens"] * CALLS_A_SECOND) + 5):
        body = {"services": [service], "priority": None, "language": "id"}
        _expect(visitor.post("/api/v1/tickets", body, f"screen-{n}"), 201)
    watching = _watch(hall, key)
    called = _call_steadily(hall.client(token), [counter["id"] for counter in counters])
    used = memory(server.pid)
    heard = json.loads(watching.communicate(timeout=30)[0])
    late = sorted(
        1000 * (at - called[label]) for label, times in heard.items() if label in called for at in times
    )
    missing = SCREENS * len(called) - len(late)
    return [
        Bound(f"{name}: call → screen, p50", part(late, 0.5), "ms"),
        Bound(f"{name}: call → screen, p99", part(late, 0.99), "ms", most=150),
        Bound(f"{name}: calls that a screen did not get", missing, "", most=0),
        Bound(f"{name}: memory with {SCREENS} screens", used, "MB", most=160),
    ]


def _watch(hall: Hall, key: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.bench.screens", hall.base, key, str(SCREENS)]
    watching = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert watching.stdout
    if watching.stdout.readline().strip() != "ready":
        raise SystemExit("the screens could not connect")
    return watching


def _call_steadily(officer: Client, counters: list[int]) -> dict[str, float]:
    """Call at an even pace, each counter in turn; when each label's call was sent."""
    for counter in counters:
        _expect(officer.post(f"/api/v1/counters/{counter}/open", {}, f"open-{counter}"), 200)
    called: dict[str, float] = {}
    start = time.monotonic()
    for n in range(int(SECONDS["screens"] * CALLS_A_SECOND)):
        wait_until(lambda n=n: time.monotonic() - start >= n / CALLS_A_SECOND, 10)
        path = f"/api/v1/counters/{counters[n % len(counters)]}"
        at = time.monotonic()
        answer = _expect(officer.post(f"{path}/call-next", {}, f"call-{n}"), 200)
        called[answer.body["turn"]["label"]] = at
        _expect(officer.post(f"{path}/start", {}, f"start-{n}"), 200)
        _expect(officer.post(f"{path}/finish", {}, f"finish-{n}"), 200)
    return called


def _load(hall: Hall, **intent: object) -> dict:
    words = json.dumps({"base": hall.base, "clients": CLIENTS, **intent})
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", words],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def _one_service_of_each_queue(catalogue: dict) -> list[str]:
    return list({service["queue"]: service["code"] for service in catalogue["services"]}.values())


def _busiest(catalogue: dict) -> tuple[list[dict], str]:
    """The counters of the queue that most counters of one zone serve, and a service of it."""
    by_queue: dict[tuple[str, str], list[dict]] = {}
    for counter in catalogue["counters"]:
        for queue in counter["queues"]:
            by_queue.setdefault((queue, counter["zone"]), []).append(counter)
    (queue, _), counters = max(by_queue.items(), key=lambda item: len(item[1]))
    return counters, next(one["code"] for one in catalogue["services"] if one["queue"] == queue)


def _expect(answer, status: int):
    if answer.status != status:
        raise SystemExit(f"expected {status}, got {answer.status}: {answer.body}")
    return answer


def _told(bounds: list[Bound]) -> list[Bound]:
    for bound in bounds:
        print(bound, flush=True)
    return bounds


if __name__ == "__main__":
    sys.exit(main())
