"""The words of a log: those that the checker knows are those that the mall records, and no others."""

import json
from collections import defaultdict
from copy import deepcopy

import pytest

from mpp.actions import arranging, days, devices, people
from mpp.domain.event import EVENTS
from mpp.history import examine
from mpp.history.vocabulary import FACTS, NEEDED, TYPES
from tests.history.deeds import Deeds
from tests.history.stories import a_full_day, rows_of, two_days
from tests.world import PASSWORD, SMALL_MALL, World

COLUMNS = {"after", "before", "counter", "label", "queue", "ticket", "turn"}


@pytest.fixture
def busy_world(tmp_path, time):
    """The small mall with more services in a line, after days on which everything was done."""
    mall = deepcopy(SMALL_MALL)
    more = {"name": "Legalisasi", "queue": "AA", "kind": "regular", "desk_minutes": 5}
    mall["agencies"][0]["services"] += [more | {"code": code} for code in ("A-03", "A-04")]
    small = World(f"sqlite:///{tmp_path / 'mpp.sqlite3'}", tmp_path, time, mall)
    a_full_day(small, time)
    _rare_deeds(small, time)
    _staff(small)
    time.until(9, 0, days=1)
    two_days(small, time)
    _arrange(small)
    yield small
    small.end()


def test_the_checker_knows_exactly_what_the_mall_records(busy_world):
    recorded = defaultdict(set)
    for row in rows_of(busy_world):
        said = json.loads(row.sealed)
        recorded[said["event"]] |= said["facts"].keys()

    assert {name: frozenset(facts) for name, facts in recorded.items()} == {
        str(name): facts for name, facts in FACTS.items()
    }
    with busy_world.db.reading() as session:
        assert examine(session, busy_world.mall_id).violations == []


def test_every_event_that_is_declared_is_known():
    assert EVENTS.keys() == FACTS.keys()


def test_every_fact_has_a_kind_and_every_need_is_a_fact_or_a_column():
    facts = {fact for allowed in FACTS.values() for fact in allowed}

    assert facts == TYPES.keys()
    assert NEEDED.keys() <= FACTS.keys()
    for event, needs in NEEDED.items():
        assert set(needs) <= FACTS[event] | COLUMNS, event


def _arrange(world):
    """Something of every kind of noun is changed, that its entry tells beside what it always does."""
    for noun, key, said in (
        ("mall", "MPP-KECIL", {"city": "Kota Lain"}),
        ("zone", "merah", {"name": "Zona Jingga"}),
        ("agency", "A", {"short_name": "Dukcapil"}),
        ("queue", "AA", {"name": "KTP"}),
        ("service", "A-01", {"name": "KTP"}),
        ("counter", 1, {"number": 11}),
        ("priority", "UMUM", {"name": "Siapa saja"}),
    ):
        arranging.change(world.console, noun, key, said)


def _rare_deeds(world, time):
    """What a log seldom tells: several matters, a stop much later, a turn kept for a person, corrections."""
    deeds, more = Deeds(world), world.mall.service("A-03")
    for counter in (world.loket_1, world.loket_4):
        world.close(counter)
        world.open(counter)
    matters = world.take(world.ktp, more)
    later = world.take(world.pajak, world.ktp, more)
    world.open(world.loket_5)
    while world.turn(later).state == "waiting":
        world.serve(world.loket_5)
    world.cancel(later)
    while world.turn(matters).state != "called":
        _aside(world, world.call_next(world.loket_1).label == matters.label)
    deeds.set_priority(matters, "LANSIA")
    world.miss(world.loket_1)
    deeds.return_missed(matters)
    deeds.step_out(matters)
    deeds.come_back(matters)
    deeds.record_paper((matters.label, world.loket_1, False))
    time.forward(minutes=7)
    deeds.add_stops(matters, world.paspor)
    _at_passports(world, time)
    last = world.take(world.pajak)
    world.report_slip(last, "unknown")
    while world.call_next(world.loket_5).label != last.label:
        world.miss(world.loket_5)
    world.cancel(last)
    wrong, out = world.take(world.ktp, more), world.take(world.ktp)
    world.correct(world.loket_1, world.mall.service("A-04"), turn=wrong.turn)
    deeds.step_out(out)
    deeds.correct(out, world.kk)


def _aside(world, keep):
    if not keep:
        world.miss(world.loket_1)


def _at_passports(world, time):
    """A visitor is parked, goes on at once, and is sent to a person."""
    parked = world.call_next(world.loket_4).id
    world.start(world.loket_4)
    world.park(world.loket_4)
    world.resume(world.loket_4, parked)
    world.transfer(world.loket_4, "CA", person="sari", note="sudah lengkap")
    time.forward(minutes=1)


def _staff(world):
    people.make_token(world.console, "budi")
    people.set_password(world.console, "budi", PASSWORD + "-baru")
    people.sign_out_everywhere(world.console, "budi")
    people.disable(world.console, "budi")
    people.enable(world.console, "budi")
    devices.add(world.console, "display", "layar-1", ("merah",))
    devices.rotate(world.console, "layar-1")
    devices.remove(world.console, "layar-1")
    days.confirm(world.console, world.mall)
