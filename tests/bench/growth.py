"""What a past costs: the same requests in a mall without one and in one with many days behind it.

python -m tests.bench.growth DAYS VISITORS; both malls answer inside this process, in turn.
"""

import itertools
import json
import logging
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import update

from mpp.actions import devices, people, sessions
from mpp.app import create_app
from mpp.clock import now
from mpp.domain.base import table
from mpp.domain.log import MallLog
from mpp.domain.people import Role
from mpp.domain.turn import Turn
from tests.past import REMEMBERED, Past
from tests.servers import ROOT, Postgres
from tests.world import PASSWORD, Time, World

MALL = json.loads((ROOT / "config" / "malls" / "sagara.json").read_text())
TURN, LOG = table(Turn), table(MallLog)
WAITING, LEFT_OVER = 160, 2_000
WARM_UP, ROUNDS = 3, 40
# Before the states stood in the statements it was fifty times after 30 days; 1.2 is the aim.
TOO_SLOW = 2


class Stage:
    """The sample mall in the middle of a day: every counter is open and serves somebody, others wait."""

    def __init__(self, url: str, room: Path, prepare: Callable[[World], None]) -> None:
        self.world = World(url, room, Time(), MALL, always=True)
        self.keys = {"kiosk": self._add("kiosk"), "officer": self._token("budi", Role.OFFICER)}
        self.keys["supervisor"] = self._token("rina", Role.SUPERVISOR)
        prepare(self.world)
        hurried = {"rate_limits": "off", "sqlite_synchronous": "NORMAL"}
        self.app = create_app(self.world.settings.model_copy(update=hurried))[0]
        self.client = self.app.test_client()
        self.services = [service.code for service in self.world.mall.services.values()]
        self.counter = next(iter(self.world.mall.counters))
        self.zone = self.world.mall.counters[self.counter].zone.code
        self._intents = itertools.count(1)

    def open(self) -> None:
        self.numbers = [self.take().json for _ in range(WAITING)]
        for counter in self.world.mall.counters:
            for verb in ("open", "call-next", "start"):
                self.post("officer", f"/api/v1/counters/{counter}/{verb}")
        cookie, _ = sessions.sign_in(self.world.db, "budi", PASSWORD)
        self.client.set_cookie("mpp-session", cookie)
        last = self.numbers[-1]
        self.asks: dict[str, Callable[[], object]] = {
            "queues": lambda: self.get("supervisor", "/api/v1/queues"),
            "catalogue": lambda: self.get("kiosk", "/api/v1/catalogue"),
            "board": lambda: self.get("supervisor", f"/api/v1/zones/{self.zone}/board"),
            "phone": lambda: self.get("", f"/t/{last['token']}"),
            "ticket": lambda: self.get("", f"/api/v1/tickets/{last['token']}"),
            "desk": lambda: self.get("officer", f"/api/v1/counters/{self.counter}"),
            "desk page": lambda: self.get("", f"/desk/{self.counter}"),
            "desk, live part": lambda: self.get("", f"/desk/{self.counter}/live"),
            "find a number": lambda: self.get("supervisor", f"/api/v1/tickets?q={last['label']}"),
            "slips wanted": lambda: self.get("kiosk", "/api/v1/slips"),
            "take a number": self.take,
            "finish": lambda: self.verb("finish"),
            "call next": lambda: self.verb("call-next"),
            "start": lambda: self.verb("start"),
        }

    def take(self):
        services = [self.services[next(self._intents) % len(self.services)]]
        return self.post("kiosk", "/api/v1/tickets", {"services": services})

    def verb(self, name: str):
        return self.post("officer", f"/api/v1/counters/{self.counter}/{name}")

    def get(self, who: str, path: str):
        return self._sent(self.client.get(path, headers=self._headers(who)))

    def post(self, who: str, path: str, body: dict | None = None):
        headers = {**self._headers(who), "Idempotency-Key": f"growth-{next(self._intents)}"}
        return self._sent(self.client.post(path, json=body or {}, headers=headers))

    def end(self) -> None:
        for db in (self.world.db, self.app.extensions["mpp"].db):
            db.writer.dispose()
            db.reader.dispose()

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"} if who else {}

    def _sent(self, answer):
        if answer.status_code not in (200, 201, 409):
            raise SystemExit(f"{answer.request.path}: {answer.status_code}: {answer.text[:300]}")
        return answer

    def _add(self, kind: str) -> str:
        return devices.add(self.world.db, self.world.mall, "console", kind, f"bench-{kind}", ())

    def _token(self, name: str, role: Role) -> str:
        self.world.officer(name, role)
        return people.make_token(self.world.db, self.world.mall, "console", name)


def compared(new: Stage, old: Stage) -> dict[str, tuple[float, float]]:
    """For each request its time in both malls: milliseconds, asked in turn."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    # SQLite answers within the thread that asks: its own time counts, whatever else the machine does.
    clock = time.thread_time if new.world.settings.on_sqlite else time.perf_counter
    for stage in (new, old):
        stage.open()
    for nth in range(WARM_UP + ROUNDS):
        for name in new.asks:
            for kept, stage in zip(times[name], (new, old), strict=True):
                start = clock()
                stage.asks[name]()
                if nth >= WARM_UP:
                    kept.append(1000 * (clock() - start))
        for stage in (new, old):
            stage.take()
    return {name: (_usual(new), _usual(old)) for name, (new, old) in times.items()}


def _usual(times: list[float]) -> float:
    """The lower quartile: what a busy machine adds is on top."""
    return statistics.quantiles(times, n=4)[0]


def first_of_a_day(kind: str) -> float:
    """The first number of a day after one that left 2,000 waiting, with the deeds of a week: milliseconds."""
    with stages(kind, leave_over) as (stage,):
        start = time.perf_counter()
        stage.take()
        spent = time.perf_counter() - start
        assert len(stage.world.events("turn_expired")) == LEFT_OVER
        return 1000 * spent


def leave_over(world: World) -> None:
    grow(world, REMEMBERED, LEFT_OVER)
    yesterday = world.mall.day(now()) - timedelta(days=1)
    with world.db.writer.begin() as line:
        line.execute(update(TURN).where(TURN.c.day == yesterday).values(state="waiting", counter_id=None))
        line.execute(update(LOG).values(day=yesterday, day_ended=True))


@contextmanager
def stages(kind: str, *prepare: Callable[[World], None]) -> Iterator[list[Stage]]:
    """New malls on databases of this kind, one for each way to prepare it; none outlives the machine."""
    server = Postgres() if kind == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="mpp-growth-") as room:
        made = []
        for nth, each in enumerate(prepare):
            own = Path(room) / str(nth)
            own.mkdir()
            made.append(Stage(server.database() if server else f"sqlite:///{own}/mpp.sqlite3", own, each))
        yield made
        for stage in made:
            stage.end()
    if server:
        server.stop()


def main(days: int, visitors: int, kinds: list[str]) -> int:
    """Print both times of each request; returns how many take more than twice as long in the old mall."""
    # The malls are gone before the threads that follow their logs.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"\nbehind the old mall: {days} days of {visitors}; milliseconds, lower quartile of {ROUNDS}")
    slow = 0
    for kind in kinds:
        print(f"{kind}: the first number of a day after {LEFT_OVER} were left: {first_of_a_day(kind):.0f} ms")
        with stages(kind, lambda _: None, lambda world: grow(world, days, visitors)) as (new, old):
            for name, (empty, full) in compared(new, old).items():
                print(f"{kind:<11} {name:<18} {empty:>8.1f} {full:>8.1f}   × {full / empty:.2f}", flush=True)
                slow += full > TOO_SLOW * empty
    return slow


def grow(world: World, days: int, visitors: int) -> None:
    """Put days behind a mall."""
    Past(days, visitors, world.mall.day(now())).write(world.db, world.mall_id)
    if world.db.writer.dialect.name == "postgresql":
        with world.db.writer.begin() as line:
            line.exec_driver_sql("ANALYZE")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or ["sqlite", "postgresql"]))
