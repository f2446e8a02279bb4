"""The structure of a mall is arranged while it works: each change is logged, and nobody is hurt by it."""

import json

import pytest
from sqlalchemy import select

from mpp import mallfile
from mpp.actions import arranging
from mpp.actions.notices import RaiseDisturbance, raise_disturbance
from mpp.domain.errors import AlreadyThere, Closed, Invalid, NotFound, UnknownService, Unsafe
from mpp.domain.log import MallLog
from mpp.history import examine
from mpp.mallfile.nouns import file_said
from mpp.queries.boards import board
from mpp.queries.catalogue import catalogue
from mpp.queries.reading import Reading
from mpp.queries.tickets import view
from tests.servers import ROOT
from tests.world import SMALL_MALL, World

SAMPLE = json.loads((ROOT / "config/malls/sagara.json").read_text())


def add(world, noun, said, agency=None):
    return arranging.add(world.console, noun, said, agency)["key"]


def change(world, noun, key, **said):
    arranging.change(world.console, noun, key, said)


def retire(world, noun, key):
    arranging.retire(world.console, noun, key)


def last(world, name):
    return json.loads(world.events(name)[-1].sealed)


def version(world):
    return world.one(select(MallLog.plan_version))


def is_sound(world):
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations == []


def asked_by_kiosks(world):
    with world.db.reading() as session:
        return json.loads(catalogue(session, world.mall, world.time.now())[0])


def test_a_new_agency_with_all_that_it_needs_gives_numbers(any_world):
    world = any_world
    add(world, "zone", {"code": "hijau", "name": "Zona Hijau", "floor": 3})
    agency = {"code": "D", "name": "Dinas Sosial", "short_name": "Dinsos", "kind": "opd_daerah", "floor": 3}
    add(world, "agency", {**agency, "zone": "hijau"})
    add(world, "queue", {"code": "DA", "name": "Bantuan", "minutes": 9}, "D")
    service = {"code": "D-01", "name": "Bantuan", "queue": "DA", "kind": "quick", "desk_minutes": 9}
    add(world, "service", service)
    counter = add(world, "counter", {"number": 9, "name": "Loket 9", "queues": ["DA"]}, "D")

    world.open(world.mall.counters[counter])
    label = world.take(world.mall.service("D-01")).label

    assert world.call_next(world.mall.counters[counter]).label == label == "DA-001"
    assert [each["code"] for each in asked_by_kiosks(world)["services"]][-1] == "D-01"
    with world.db.reading() as session:
        assert len(board(Reading.of(session, world.mall, world.time.now()), "hijau").calls) == 1
    assert is_sound(world)


def test_a_change_says_who_what_was_and_what_is(world):
    before = version(world)

    change(world, "agency", "A", short_name="Dukcapil", floor=2)

    entry = last(world, "agency_set")
    assert (entry["actor"], entry["agency"]) == ("console", "A")
    assert entry["facts"] == {
        "was": {"floor": 1, "short_name": "Disdukcapil"},
        "now": {"floor": 2, "short_name": "Dukcapil"},
    }
    assert (world.mall.agencies["A"].short_name, world.mall.version) == ("Dukcapil", before + 1)
    assert is_sound(world)


def test_saying_what_is_so_already_changes_nothing(world):
    before, entries = version(world), len(world.events())

    change(world, "queue", "AA", minutes=10, name="KTP-el")
    change(world, "counter", 1, queues=["AA"])
    change(world, "mall", "MPP-KECIL", city="Kota Kecil")

    assert (version(world), len(world.events())) == (before, entries)


@pytest.mark.parametrize(
    ("noun", "key", "said"),
    [
        ("mall", "MPP-KECIL", {"name": "Mal Lain", "emergency": "112", "numbers_from": "07:00"}),
        ("mall", "MPP-KECIL", {"rules": {"level": "V", "undo_seconds": 30}}),
        (
            "mall",
            "MPP-KECIL",
            {
                "holidays": [
                    {"date": "2026-12-25", "name": "Natal", "kind": "libur_nasional", "level": "V"},
                ]
            },
        ),
        ("mall", "MPP-KECIL", {"announcement": {"numbers": "digits", "chime": False, "times": 1}}),
        ("zone", "merah", {"name": "Zona Jingga", "floor": 4}),
        ("agency", "A", {"break_mode": "rotating", "zone": "biru", "days": ["mon", "tue"]}),
        ("queue", "BA", {"lane": "express", "quota": 50, "online_quota": 20, "minutes": 7}),
        ("queue", "AB", {"policy": {"kind": "ratio", "regular": 3, "priority": 1}}),
        ("service", "A-01", {"queue": "AB", "languages": ["id", "en"], "remark": "hanya pagi"}),
        ("service", "A-01", {"standard": {"fee": {"level": "V", "text": "Gratis", "rupiah": 0}}}),
        ("service", "A-01", {"hours": {"mon": {"opens": "09:00", "closes": "10:00"}, "fri": None}}),
        ("counter", 2, {"queues": ["AA"], "zone": "biru", "picks": "relative_wait", "name": "Loket Dua"}),
        ("priority", "UMUM", {"name": "Siapa saja", "proof": "tidak perlu", "options": ["a", "b"]}),
    ],
)
def test_every_field_of_the_file_can_be_changed_and_stands_in_the_file_again(any_world, noun, key, said):
    world = any_world
    change(world, noun, key, **said)

    out = file_said(world.mall)
    lists = {"mall": [out["mall"] | {"holidays": out["holidays"]}], "zone": out["zones"]}
    lists |= {"priority": out["priorities"], "agency": out["agencies"]}
    lists |= {
        name: [each for one in out["agencies"] for each in one[plural]] for name, plural in PLURALS.items()
    }
    stands = next(each for each in lists[noun] if key in (each.get("code"), each.get("number")))
    assert {name: _like(said[name], stands.get(name)) for name in said} == said
    assert mallfile.parse(json.dumps(out))
    assert is_sound(world)


PLURALS = {"queue": "queues", "service": "services", "counter": "counters"}


def _like(said, stands):
    """Of a part that has more fields than were said, those that were said."""
    if isinstance(said, dict) and isinstance(stands, dict):
        return {name: _like(said[name], stands.get(name)) for name in said}
    return stands


def test_a_wrong_field_is_refused_in_the_words_of_the_file(world):
    with pytest.raises(Invalid, match="kind: nilai ini tidak dikenal; pilih quick") as refusal:
        change(world, "service", "A-01", kind="lama")
    assert refusal.value.reason == "kind"

    with pytest.raises(Invalid, match="warna: kunci ini tidak dikenal"):
        change(world, "zone", "merah", warna="merah")
    with pytest.raises(Invalid, match="zone: ungu tidak ada"):
        change(world, "agency", "A", zone="ungu")
    with pytest.raises(Invalid, match="antrean BA milik instansi lain"):
        change(world, "counter", 1, queues=["AA", "BA"])
    with pytest.raises(Invalid, match="tutup pukul 08:00 tidak sesudah buka pukul 09:00"):
        change(world, "queue", "AA", hours={"mon": {"opens": "09:00", "closes": "08:00"}})
    with pytest.raises(NotFound):
        change(world, "queue", "ZZ", minutes=1)


def test_a_code_that_is_or_was_in_use_is_not_given_again(world):
    with pytest.raises(AlreadyThere):
        add(world, "queue", {"code": "BA", "name": "Lain", "minutes": 5}, "A")
    with pytest.raises(Invalid, match="tidak dapat diubah karena sudah tercatat"):
        change(world, "queue", "AA", code="AX")
    with pytest.raises(AlreadyThere):
        change(world, "counter", 1, name="Loket 2")

    retire(world, "priority", "UMUM")
    with pytest.raises(AlreadyThere, match="pulihkan"):
        add(world, "priority", {"code": "UMUM", "name": "Umum", "priority": False, "level": "I"})


def test_a_retired_service_gives_no_numbers_and_keeps_its_name_for_what_was(any_world):
    world = any_world
    world.take(world.ktp)
    world.open(world.loket_1)
    world.serve(world.loket_1)

    retire(world, "service", "A-01")

    with pytest.raises(UnknownService):
        world.mall.service("A-01")
    number = next(number for number, each in world.mall.service_ids.items() if each.code == "A-01")
    assert world.mall.service_ids[number].name == "KTP-el"
    assert "A-01" not in json.dumps(asked_by_kiosks(world))
    assert last(world, "service_set")["facts"]["now"] == {"retired": True}
    assert is_sound(world)


def test_what_was_retired_can_be_restored(any_world):
    world = any_world
    retire(world, "service", "B-01")
    retire(world, "counter", 4)
    retire(world, "queue", "BA")
    retire(world, "agency", "B")
    assert [each["code"] for each in file_said(world.mall)["agencies"]] == ["A", "C"]

    with pytest.raises(Unsafe, match="B sudah tidak dipakai"):
        arranging.restore(world.console, "queue", "BA")
    arranging.restore(world.console, "agency", "B")
    arranging.restore(world.console, "queue", "BA")
    arranging.restore(world.console, "service", "B-01", {"name": "Paspor baru"})
    arranging.restore(world.console, "counter", 4, {"queues": ["BA"]})

    world.open(world.loket_4)
    assert world.take(world.paspor).label == "BA-001"
    assert world.call_next(world.loket_4).service_name == "Paspor baru"
    assert is_sound(world)


def test_nobody_who_waits_is_lost(any_world):
    world = any_world
    world.take(world.pajak)

    for noun, key in (("service", "C-01"), ("queue", "CA"), ("counter", 5)):
        with pytest.raises(Unsafe, match="1 orang"):
            retire(world, noun, key)
    change(world, "queue", "CA", active=False)
    with pytest.raises(Closed):
        world.take(world.pajak)
    world.open(world.loket_5)
    world.serve(world.loket_5)
    world.close(world.loket_5)

    for noun, key in (("service", "C-01"), ("counter", 5), ("queue", "CA"), ("agency", "C")):
        retire(world, noun, key)
    assert is_sound(world)


def test_a_counter_with_a_visitor_keeps_its_lines_and_its_zone(any_world):
    world = any_world
    world.take(world.kk)
    world.open(world.loket_2)
    world.call_next(world.loket_2)

    for said in ({"queues": ["AB"]}, {"zone": "biru"}):
        with pytest.raises(Unsafe, match="sedang melayani AB-001"):
            change(world, "counter", 2, **said)
    with pytest.raises(Unsafe, match="sedang melayani AB-001"):
        retire(world, "counter", 2)
    change(world, "counter", 2, name="Loket Dua")
    assert is_sound(world)


def test_an_open_counter_is_closed_before_it_is_retired(world):
    world.open(world.loket_2)

    with pytest.raises(Unsafe, match="masih buka"):
        retire(world, "counter", 2)
    world.close(world.loket_2)
    retire(world, "counter", 2)

    assert 2 not in world.mall.counters
    assert world.mall.counter_ids[2].name == "Loket 2"


def test_the_last_counter_of_a_line_where_people_wait_keeps_it(world):
    world.take(world.paspor)
    add(world, "queue", {"code": "BB", "name": "Lain", "minutes": 5}, "B")

    with pytest.raises(Unsafe, match="1 orang menunggu di BA"):
        change(world, "counter", 4, queues=["BB"])


def test_what_others_hang_on_is_not_retired(world):
    for noun, key, users in (("zone", "biru", "B, C"), ("agency", "B", "Loket 4"), ("queue", "BA", "B-01")):
        with pytest.raises(Unsafe, match=f"masih dipakai oleh {users}"):
            retire(world, noun, key)


def test_what_is_retired_keeps_its_name_on_the_phone(any_world):
    world = any_world
    taken = world.take(world.pajak)
    world.open(world.loket_5)
    world.serve(world.loket_5)
    world.close(world.loket_5)
    for noun, key in (("service", "C-01"), ("counter", 5), ("queue", "CA"), ("agency", "C")):
        retire(world, noun, key)

    with world.db.reading() as session:
        turn = view(Reading.of(session, world.mall, world.time.now()), taken.token).turns[0]
    assert (turn.service_name, turn.agency) == ("Pajak", "C")
    assert world.mall.agency_codes["C"].short_name == "Bapenda"


def test_an_agency_whose_disturbance_is_shown_is_not_retired(world):
    raise_disturbance(world.console, "C", RaiseDisturbance())
    retire(world, "service", "C-01")
    retire(world, "counter", 5)
    retire(world, "queue", "CA")

    with pytest.raises(Unsafe, match="masih terpasang"):
        retire(world, "agency", "C")


def test_numbers_keep_the_priority_and_the_time_zone_that_they_were_given_in(world):
    world.time.until(23, 30)
    change(world, "mall", "MPP-KECIL", timezone="Asia/Makassar")
    world.open(world.loket_2)
    change(world, "mall", "MPP-KECIL", timezone="Asia/Jakarta")
    world.time.until(9, days=1)
    world.take(world.ktp, priority="LANSIA")

    with pytest.raises(Invalid, match="sesudah nomor pertama"):
        change(world, "mall", "MPP-KECIL", timezone="Asia/Makassar")
    with pytest.raises(Invalid, match="priority: tidak dapat diubah"):
        change(world, "priority", "LANSIA", priority=False)
    assert is_sound(world)


@pytest.mark.parametrize("file", [SAMPLE, SMALL_MALL], ids=["sample", "small"])
def test_a_mall_goes_out_as_the_file_that_it_came_in_by(sqlite_url, tmp_path, time, file):
    world = World(sqlite_url, tmp_path, time, file)

    again = mallfile.parse(json.dumps(file_said(world.mall)))

    assert again.model_dump(mode="json") == mallfile.parse(json.dumps(file)).model_dump(mode="json")
    world.end()
