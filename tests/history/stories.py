"""Good histories made by real actions, and the tools to forge bad ones from them."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

from mpp.domain.log import GENESIS, canonical, seal
from mpp.history import Replay
from mpp.history.database import pages
from mpp.history.entries import Row


def two_days(world, time):
    """A day with everything that can happen to a turn, a night, and the morning after."""
    for counter in (world.loket_1, world.loket_2, world.loket_4):
        world.open(counter)
    world.open(world.loket_3, world.sari)
    first = world.take(world.ktp)
    world.report_slip(first, "printed")
    for minutes in (1, 2, 3):
        time.forward(minutes=minutes)
        world.take(world.ktp)
        world.take(world.kk)
    elder = world.take(world.ktp, priority="LANSIA")
    world.report_slip(elder, "failed")
    world.report_slip(elder, "printed")
    passports = [world.take(world.paspor) for _ in range(3)]
    world.cancel(passports[1])
    world.take(world.paspor)
    _some_calls(world, time)
    _a_night(world, time)


def _some_calls(world, time):
    world.call_next(world.loket_1)
    world.recall(world.loket_1)
    time.forward(seconds=6)
    world.recall(world.loket_1)
    world.start(world.loket_1)
    time.forward(minutes=8)
    world.finish(world.loket_1, outcome="served", services=["A-01"])
    world.call_next(world.loket_1)
    world.put_back(world.loket_1)
    world.call_next(world.loket_3, world.sari)
    time.forward(minutes=1)
    world.miss(world.loket_3, world.sari)
    world.close(world.loket_3, world.sari, reason="istirahat")
    world.serve(world.loket_2)
    world.call_next(world.loket_2)
    world.call_next(world.loket_4)
    world.start(world.loket_4)


def _a_night(world, time):
    """One is still called, one still served, others wait or were missed when the day ends."""
    time.until(1, 30, days=1)
    world.close(world.loket_1)
    time.until(9, 0)
    world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)


def rows_of(world) -> list[Row]:
    """The stored log of the small mall."""
    with world.db.reading() as session:
        return [row for page in pages(session, world.mall_id) for row in page]


class Story:
    """A log that can be rewritten: entries as plain values, sealed again as the server would seal them."""

    def __init__(self, rows: list[Row]) -> None:
        self.entries = [json.loads(row.sealed) for row in rows]

    def copy(self) -> "Story":
        other = Story([])
        other.entries = deepcopy(self.entries)
        return other

    def find(self, event: str, nth: int = 0, **said):
        """The nth entry of this event that says all this."""
        return [
            each
            for each in self.entries
            if each["event"] == event and all(each[key] == value for key, value in said.items())
        ][nth]

    def insert(self, after: dict, *entries: dict) -> None:
        place = self.entries.index(after) + 1
        self.entries[place:place] = entries

    def remove(self, *entries: dict) -> None:
        for entry in entries:
            self.entries.remove(entry)

    def swap(self, one: dict, other: dict) -> None:
        a, b = self.entries.index(one), self.entries.index(other)
        self.entries[a], self.entries[b] = other, one

    def again(self, entry: dict, **said) -> dict:
        """The same entry once more, saying something else here and there."""
        return deepcopy(entry) | said

    def rows(self) -> list[Row]:
        """The story as rows of perfect form (numbered, threaded, sealed): only the tale is false."""
        zone_seqs, head, rows, moved = {}, GENESIS, [], {}
        for seq, entry in enumerate(deepcopy(self.entries), 1):
            moved[entry["seq"]] = seq
            entry["seq"] = seq
            entry["zones"] = {zone: zone_seqs.get(zone, 0) for zone in entry["zones"]}
            zone_seqs.update(dict.fromkeys(entry["zones"], seq))
            if "call" in entry["facts"]:
                entry["facts"]["call"] = moved.get(entry["facts"]["call"], entry["facts"]["call"])
            row = row_of(entry, head)
            rows.append(row)
            head = row.hash
        return rows


def row_of(entry: dict, before: bytes) -> Row:
    sealed = canonical(entry)
    columns = {**entry, "before": entry["from"], "after": entry["to"]}
    columns |= {"at": datetime.fromisoformat(entry["at"]), "day": date.fromisoformat(entry["day"])}
    shared = {name: columns[name] for name in Row.__slots__ if name not in ("sealed", "hash")}
    return Row(**shared, sealed=sealed, hash=seal(before, sealed))


def reseal(rows: list[Row]) -> list[Row]:
    """The same rows with hashes that fit."""
    head, sealed = GENESIS, []
    for row in rows:
        head = seal(head, row.sealed)
        sealed.append(replace(row, hash=head))
    return sealed


def broken(rows: list[Row], mall_id: int = 1) -> list[tuple[str, int]]:
    """The code and the seq of everything that the checker finds in these rows."""
    replay = Replay(mall_id)
    replay.read(rows)
    return [(each.code, each.seq) for each in replay.findings.violations]


def codes(rows: list[Row]) -> set[str]:
    return {code for code, _ in broken(rows)}
