"""The mall of the days on which anything happens, in a file that is put back to its beginning for each."""

import copy
import os
import shutil
from collections import Counter as Tally
from dataclasses import replace

from pysqlite3 import dbapi2

from mpp import clock
from mpp.db import Database
from mpp.domain.people import Right
from mpp.settings import Settings
from tests.world import SMALL_MALL, Time, World

PEOPLE = {
    "budi": {"agency": None, "several": True, "may_choose": True},
    "dewi": {"agency": "A", "several": False, "may_choose": False},
    "tono": {"agency": "A", "several": True, "may_choose": True},
    "wati": {"agency": "B", "several": False, "may_choose": True},
    "yuni": {"agency": None, "several": False, "may_choose": False},
}
QUEUES = {
    "AA": ("A", 10, None, {"kind": "head_start", "minutes": 15}),
    "AB": ("A", 12, None, {"kind": "ratio", "regular": 2, "priority": 1}),
    "BA": ("B", 20, 4, {"kind": "strict"}),
    "BB": ("B", 5, None, {"kind": "ratio", "regular": 1, "priority": 2}),
}
SERVICES = {"A-01": "AA", "A-02": "AB", "A-03": "AA", "B-01": "BA", "B-02": "BB"}
COUNTERS = [
    {"number": 1, "name": "Loket 1", "queues": ["AA"]},
    {"number": 2, "name": "Loket 2", "queues": ["AB", "AA"], "picks": "longest_wait"},
    {"number": 3, "name": "Loket 3", "queues": ["AA", "AB"], "prefers_priority": True},
    {"number": 4, "name": "Loket 4", "queues": ["BA"]},
    {"number": 5, "name": "Loket 5", "queues": ["BA", "BB"], "picks": "relative_wait"},
]
EVERY_DAY = {
    day: {"opens": "06:00", "closes": "22:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}
RULES = {
    "usual": {},
    "generous": {"return_place": "front", "journey_place": "by_arrival", "undo_seconds": 60},
    "strict": {"return_place": "end", "journey_place": "end", "missed_after_calls": 1},
}
USUAL = {
    "missed_after_calls": 2,
    "missed_after_seconds": 5,
    "return_within_minutes": 15,
    "return_place": "by_arrival",
    "journey_place": "ready",
    "journey_head_start_minutes": 10,
    "step_out_minutes": 5,
    "undo_seconds": 10,
}


def mall_of(rules):
    """A mall of two agencies with a line of each policy and a counter of each kind."""
    mall = copy.deepcopy(SMALL_MALL)
    hours = {"hours": EVERY_DAY, "last_number_minutes": 0}
    mall["mall"] |= hours | {"rules": USUAL | RULES[rules] | {"level": "I"}}
    mall["agencies"] = mall["agencies"][:2]
    for agency in mall["agencies"]:
        own = {code: each for code, each in QUEUES.items() if each[0] == agency["code"]}
        agency["queues"] = [
            {"code": code, "name": f"Antrean {code}", "minutes": minutes, "quota": quota, "policy": policy}
            for code, (_, minutes, quota, policy) in own.items()
        ]
        agency["services"] = [
            {"code": code, "name": code, "queue": queue, "kind": "regular", "desk_minutes": 10}
            for code, queue in SERVICES.items()
            if queue in own
        ]
        agency["counters"] = [each for each in COUNTERS if each["queues"][0] in own]
    return mall


class Stage:
    """One mall in a file that is put back to its beginning for every run, and who works there."""

    def __init__(self, room, rules):
        self.file, self.mold, self.founded = room / "mpp.sqlite3", room / "mold.sqlite3", mall_of(rules)
        still = Time()
        clock.use(still.now, lambda: still.uptime)
        world = World(f"sqlite:///{self.file}", room, still, self.founded)
        self.mall, self.mall_id, self.kiosk = world.mall, world.mall_id, world.kiosk
        found = {name: world.officer(name, agency=said["agency"]) for name, said in PEOPLE.items()}
        world.end()
        self.officers = {name: self._as_said(each, PEOPLE[name]) for name, each in found.items()}
        self.counters = {each["number"]: self._place(each["name"]) for each in COUNTERS}
        self.queue_ids = {code: queue.id for code, queue in self.mall.queues.items()}
        self.queue_codes = {number: code for code, number in self.queue_ids.items()}
        shutil.copy(self.file, self.mold)
        fast = {"sqlite_synchronous": "NORMAL", "unsafe_for_tests": True}
        self.db = Database(Settings(data_dir=room, database_url=f"sqlite:///{self.file}", **fast))
        self.tally, self.eye = Tally(), None

    def begin(self):
        """The mall as it was founded, and nobody has come yet."""
        self.end()
        fresh = shutil.copy(self.mold, self.mold.with_suffix(".fresh"))
        os.replace(fresh, self.file)
        self.eye = dbapi2.connect(str(self.file))

    def end(self):
        if self.eye is not None:
            self.eye.close()
        self.db.writer.dispose()
        self.db.reader.dispose()

    def _place(self, name):
        return next(each for each in self.mall.counters.values() if each.name == name)

    @staticmethod
    def _as_said(officer, said):
        rights = frozenset(Right) if said["may_choose"] else frozenset()
        return replace(officer, csrf=None if said["several"] else "a session's", rights=rights)
