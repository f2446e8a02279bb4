"""Kill the server again and again under load, and see whether every number that somebody got is still there.

Each client sends each of its intents twice, as a nervous finger does, and repeats what got no answer, as a
kiosk does. A kill falls whenever another part of the work is done, so it always falls into traffic.
"""

import re
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from tests.faults.client import Answer, Client
from tests.faults.hall import Hall
from tests.servers import Program, wait_until

PATIENCE_S = 60  # after that an intent counts as never answered


@dataclass
class Load:
    """What the clients got: for each intent every answer, in the order of their arrival."""

    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    silences: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, intent: str, answer: Answer) -> None:
        with self.lock:
            self.answers[intent].append(answer)

    @property
    def done(self) -> int:
        return sum(len(answers) for answers in self.answers.values())

    @property
    def tickets(self) -> list[dict]:
        """The ticket of each intent, by its first answer."""
        return [answers[0].body for answers in self.answers.values()]


@dataclass
class Report:
    """What the loop saw."""

    load: Load
    starts: list[float]

    @property
    def usual_start(self) -> float:
        """Median seconds from start to readiness: one slow moment is the machine's, not the server's."""
        return median(self.starts)

    def __str__(self) -> str:
        return (
            f"{len(self.starts)} kills, ready again after {self.usual_start:.1f} s, "
            f"at worst {max(self.starts):.1f} s; "
            f"{len(self.load.answers)} intents, {self.load.done} answers, "
            f"{self.load.silences} requests without an answer"
        )


def run(
    hall: Hall, key: str, services: list[str], *, clients: int = 16, intents: int = 20, kills: int = 12
) -> Report:
    """Clients take numbers while the server is killed; ends when every intent has both its answers."""
    load, stop = Load(), threading.Event()
    server = hall.serve()
    server.ready(hall.ready_url, PATIENCE_S)
    starts: list[float] = []
    try:
        with ThreadPoolExecutor(clients) as pool:
            tx = [pool.submit(_client, hall, key, services, load, stop, n, intents) for n in range(clients)]
            try:
                for kill in range(1, kills + 1):
                    share = 2 * clients * intents * kill // (kills + 1)
                    _wait_for(load, share, tx)
                    server.kill()
                    server = hall.serve()
                    starts.append(server.ready(hall.ready_url, PATIENCE_S))
            except BaseException:
                stop.set()
                raise
            for one in tx:
                one.result()
    finally:
        _end(server)
    return Report(load, starts)


def complaints(report: Report) -> list[str]:
    """What is wrong with the answers: a wrong status, two numbers for one intent, a gap, a double."""
    found = []
    for intent, answers in report.load.answers.items():
        if {answer.status for answer in answers} != {201}:
            found.append(f"{intent}: statuses {[answer.status for answer in answers]} {answers[-1].body}")
        elif len({(a.body["id"], a.body["label"], a.body["token"]) for a in answers}) != 1:
            found.append(f"{intent}: {[answer.body['label'] for answer in answers]}")
    if found:
        return found
    return gaps([ticket["label"] for ticket in report.load.tickets])


def gaps(labels: list[str]) -> list[str]:
    """Where the numbers of a series are not exactly 1..n."""
    series: dict[str, list[int]] = defaultdict(list)
    for label in labels:
        match = re.fullmatch(r"(\w+)-(\d+)", label)
        assert match, label
        series[match[1]].append(int(match[2]))
    return [
        f"{name}: {sorted(numbers)}"
        for name, numbers in series.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]


def lost(client: Client, tickets: list[dict]) -> list[str]:
    """The tickets that the server no longer knows as they were given."""
    missing = []
    for ticket in tickets:
        answer = client.get(f"/api/v1/tickets/{ticket['token']}")
        if answer.status != 200 or answer.body["label"] != ticket["label"]:
            missing.append(f"{ticket['label']}: {answer.status}")
    return missing


def _client(
    hall: Hall, key: str, services: list[str], load: Load, stop: threading.Event, number: int, intents: int
) -> None:
    client = hall.client(key)
    for turn in range(intents):
        intent = f"client-{number}-{turn}"
        body = {"services": [services[(number + turn) % len(services)]], "priority": None, "language": "id"}
        for _ in range(2):
            load.note(intent, _insist(hall, client, body, intent, load, stop))
    client.close()


def _insist(hall: Hall, client: Client, body: dict, intent: str, load: Load, stop: threading.Event) -> Answer:
    """Send it until an answer comes that is final: no answer and 503 are not."""
    end = time.monotonic() + 2 * PATIENCE_S
    while time.monotonic() < end:
        try:
            answer = client.post("/api/v1/tickets", body, intent)
        except ConnectionError:
            load.silences += 1
            stop.wait(0.3)
            if stop.is_set():
                raise
            continue
        if answer.status != 503:
            return answer
        stop.wait(0.1)
    raise AssertionError(f"{intent} was never answered")


def _wait_for(load: Load, share: int, tx: list) -> None:
    def enough() -> bool:
        for one in tx:
            if one.done() and one.exception():
                one.result()
        return load.done >= share

    wait_until(enough, 2 * PATIENCE_S, f"{share} answers")


def _end(server: Program) -> None:
    if server.running:
        server.stop(20)
