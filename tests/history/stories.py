"""Good histories made by real actions, and the tools to forge bad ones from them."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta

from mpp.domain.log import GENESIS, canonical, seal
from mpp.domain.order import Place
from mpp.domain.people import Right
from mpp.history import Replay
from mpp.history.database import pages
from mpp.history.entries import Row
from tests.history.deeds import Deeds


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


def a_full_day(world, time):
    """A day on which every verb is used: by officers, by greeters, by visitors with their phones."""
    deeds = Deeds(world)
    for counter in (world.loket_1, world.loket_2, world.loket_4, world.loket_5):
        world.open(counter)
    world.open(world.loket_3, world.sari)
    _a_journey(world, time)
    _missed_and_back(world, time, deeds)
    _aside_and_onward(world, time)
    _what_greeters_do(world, time, deeds)
    _hands_and_pauses(world, time)
    _notices_and_bookings(world, time, deeds)


def _a_journey(world, time):
    """CA-001 goes through three agencies; a finish that sent it elsewhere is undone."""
    world.take(world.pajak, world.ktp, world.kk)
    time.forward(minutes=2)
    world.call_next(world.loket_5)
    world.start(world.loket_5)
    time.forward(minutes=3)
    world.finish(world.loket_5, outcome="served", following=("B-01",), note="membawa map biru")
    time.forward(seconds=4)
    world.undo(world.loket_5)
    world.finish(world.loket_5, outcome="served", services=["C-01"])


def _missed_and_back(world, time, deeds):
    """AA-001 is missed, which is undone; is missed again, comes back, and is served."""
    missed = world.take(world.ktp)
    world.take(world.ktp)
    time.forward(minutes=1)
    deeds.grant("budi")
    world.call(world.loket_1, missed.turn, _chooser(world), reason="rentan", note="menunggu di kursi")
    time.forward(seconds=30)
    world.miss(world.loket_1)
    time.forward(seconds=5)
    world.undo(world.loket_1)
    world.miss(world.loket_1)
    time.forward(minutes=5)
    world.return_missed(world.loket_2, missed.turn)
    for _ in range(3):
        world.serve(world.loket_1)


def _aside_and_onward(world, time):
    """Parked and resumed at another desk, put back, transferred to the front, served without a number."""
    world.take(world.ktp)
    parked = world.call_next(world.loket_1).id
    world.start(world.loket_1)
    world.park(world.loket_1, reason="fotokopi", note="menunggu salinan")
    time.forward(minutes=4)
    world.resume(world.loket_3, parked, world.sari, call=True)
    world.start(world.loket_3, world.sari)
    world.correct(world.loket_3, world.ktp, world.sari)
    world.finish(world.loket_3, world.sari)
    world.take(world.paspor)
    world.call_next(world.loket_4)
    world.put_back(world.loket_4)
    world.call_next(world.loket_4)
    kept = {"counter": world.loket_5.id, "reason": "salah_loket"}
    world.transfer(world.loket_4, "CA", position=Place.FRONT, **kept)
    world.serve_without_number(world.loket_1, world.ktp)
    time.forward(minutes=6)
    world.finish(world.loket_1)


def _what_greeters_do(world, time, deeds):
    """AA-005 goes out and comes back, is corrected, gets priority, a stop and a copy; paper is entered."""
    visitor, other = world.take(world.ktp), world.take(world.kk)
    deeds.step_out(visitor)
    time.forward(minutes=3)
    deeds.come_back(visitor)
    deeds.mark_needs(visitor)
    deeds.set_priority(visitor, "LANSIA")
    deeds.add_stops(visitor, world.paspor)
    deeds.correct(visitor, world.kk)
    world.report_slip(visitor, "printed")
    deeds.ask_for_slip(visitor)
    deeds.record_paper((visitor.label, world.loket_2, False), (other.label, world.loket_3, True))
    time.forward(minutes=2)
    deeds.return_missed(other)
    deeds.erase_last_note()


def _hands_and_pauses(world, time):
    """A counter is paused, opened, handed over, taken and taken over."""
    until = time.now() + timedelta(minutes=15)
    world.pause(world.loket_3, world.sari, reason="salat", until=until)
    time.forward(minutes=12)
    world.open(world.loket_3, world.sari)
    world.hand_over(world.loket_3, world.sari)
    world.open(world.loket_3)
    world.open(world.loket_3, world.sari, take_over=True)
    world.close(world.loket_3, world.sari, reason="pulang")


def _notices_and_bookings(world, time, deeds):
    """A disturbance, an emergency; one booking comes, one is cancelled, one is missed."""
    deeds.disturb("A", until=time.now() + timedelta(hours=1))
    deeds.alarm("biru")
    deeds.all_clear("biru")
    deeds.calm("A")
    deeds.revoke("budi")
    comes, _, cancelled = (deeds.book(world.pajak, minutes) for minutes in (20, 10, 60))
    deeds.cancel_booking(cancelled)
    time.forward(minutes=16)
    deeds.check_in(comes)
    time.forward(minutes=30)
    deeds.book(world.pajak, 10)


def _chooser(world):
    return replace(world.budi, rights=frozenset({Right.CALL_CHOSEN}))


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


def first_broken(rows: list[Row]) -> set[str]:
    """Everything that is found at the first entry where anything is."""
    found = broken(rows)
    return {code for code, seq in found if seq == found[0][1]}
