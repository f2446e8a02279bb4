"""make faults: the long version of the fault tests, with what each saw."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import kill_loop, powercut, strangers
from tests.faults.hall import Hall
from tests.servers import Postgres, Program

SERVICES = ["A-01", "B-01", "A-02"]
STRANGERS, BURST, SCREENS = 500, 1_000, 250
LAZY = {"MPP_SQLITE_SYNCHRONOUS": "NORMAL", "MPP_UNSAFE_FOR_TESTS": "1"}


def main() -> int:
    intent = argparse.ArgumentParser(prog="python -m tests.faults")
    intent.add_argument("--images", type=int, default=5000)
    intent.add_argument("--kills", type=int, default=50)
    asked = intent.parse_args()
    postgres = Postgres(sync=True)
    try:
        found = [
            _cut(
                "power cuts, FULL",
                asked.images,
                {},
                lambda verdict: not verdict.losing and not verdict.broken,
            ),
            _cut("power cuts, NORMAL (the control)", asked.images, LAZY, lambda verdict: verdict.losing > 0),
            _kill("kills on SQLite", asked.kills, lambda room: f"sqlite:///{room}/mpp.sqlite3"),
            _kill("kills on PostgreSQL", asked.kills, lambda _: postgres.database()),
            _hold("strangers, threads on SQLite", "threads", lambda room: f"sqlite:///{room}/mpp.sqlite3"),
            _hold("strangers, gevent on PostgreSQL", "gevent", lambda _: postgres.database()),
        ]
    finally:
        postgres.stop()
    return 0 if all(found) else 1


def _cut(name: str, images: int, more: dict[str, str], good: Callable[[powercut.Verdict], bool]) -> bool:
    with tempfile.TemporaryDirectory(prefix="mpp-faults-") as room:
        hall = Hall(Path(room), f"sqlite:///{room}/mpp.sqlite3")
        hall.furnish()
        key = hall.device("kiosk", "anjungan-1")
        hall.env |= more
        recording = powercut.record(
            hall.serve_command, hall.env, hall.database, lambda server: _take(hall, key, server, images // 10)
        )
        verdict = powercut.replay(recording, hall.database, images)
    return _told(name, str(verdict), good(verdict))


def _hold(name: str, mode: str, where: Callable[[Path], str]) -> bool:
    """Each way of holding the server by `STRANGERS` at once, and a burst of `BURST` sockets."""
    with tempfile.TemporaryDirectory(prefix="mpp-faults-") as room:
        hall = Hall(Path(room), where(Path(room)), async_mode=mode)
        hall.furnish()
        hall.kiosk = hall.device("kiosk", "anjungan-1")
        hall.display = hall.device("display", "layar-1", "merah")
        other = hall.device("display", "layar-2", "merah")
        waits, joined, mute = {}, [0], [0]

        def attack(hall: Hall) -> None:
            for way, words in strangers.HOLDS.items():
                with strangers.held(hall, words, STRANGERS):
                    waits[way] = strangers.worst_wait(hall)
            answers = strangers.knock_together(hall, [hall.display, other] * (BURST // 2))
            joined[0] = sum(answer.joined for answer in answers)
            mute[0] = sum(not answer.joined and not strangers.refused(answer) for answer in answers)
            waits["burst"] = strangers.worst_wait(hall)

        hall.running(attack)
        hall.command("check")
    said = ", ".join(f"{way} {wait:.2f} s" for way, wait in waits.items())
    good = max(waits.values()) <= 1 and joined[0] == SCREENS and not mute[0]
    return _told(
        name, f"longest answers: {said}; {joined[0]} of {BURST} sockets in, {mute[0]} told nothing", good
    )


def _kill(name: str, kills: int, where: Callable[[Path], str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="mpp-faults-") as room:
        hall = Hall(Path(room), where(Path(room)))
        hall.furnish()
        key = hall.device("kiosk", "anjungan-1")
        report = kill_loop.run(hall, key, SERVICES, intents=max(20, 2 * kills), kills=kills)
        wrong = kill_loop.complaints(report)
        hall.running(lambda hall: wrong.extend(kill_loop.lost(hall.client(), report.load.tickets)))
        hall.command("check")
    return _told(name, str(report), not wrong and max(report.starts) < 5, wrong)


def _take(hall: Hall, key: str, server: Program, count: int) -> set[str]:
    server.ready(hall.ready_url, 60)

    def some(client: int) -> list[str]:
        line = hall.client(key)
        intent = {"services": [SERVICES[client % 3]], "priority": None, "language": "id"}
        return [
            line.post("/api/v1/tickets", intent, f"{client}-{n}").body["label"] for n in range(count // 4)
        ]

    with ThreadPoolExecutor(4) as pool:
        return {label for labels in pool.map(some, range(4)) for label in labels}


def _told(name: str, words: str, good: bool, wrong: list[str] | None = None) -> bool:
    print(f"{'ok    ' if good else 'BROKEN'} {name}: {words}", flush=True)
    for line in wrong or []:
        print(f"       {line}")
    return good


if __name__ == "__main__":
    sys.exit(main())
