"""The structure of a mall: one set of nouns, shared and read-only, that loses only what is broken."""

import sqlite3

import pytest
from sqlalchemy import select

from mpp.doctor import hall
from mpp.domain.errors import Closed, UnknownService
from mpp.domain.log import MallLog
from mpp.queries.boards import board
from mpp.queries.catalogue import catalogue
from mpp.queries.malls import mall
from mpp.queries.reading import Reading


def broken(world, *statements):
    """Somebody else's hands in the file, without foreign keys; then a new version of the structure."""
    file = sqlite3.connect(world.db.writer.url.database)
    for statement in (*statements, "UPDATE mall_log SET plan_version = plan_version + 1"):
        file.execute(statement)
    file.commit()
    file.close()
    return world.mall


def said_by_the_doctor(world):
    return " ".join(finding.sentence for finding in hall.examined(world.db))


def test_codes_and_ids_lead_to_the_same_nouns(world):
    here = world.mall
    service = here.service("A-01")

    assert service.queue is here.queues["AA"] is here.queue_ids[service.queue.id]
    assert service.queue.agency is here.agencies["A"]
    assert here.agencies["A"].zone is here.zones["merah"]
    assert here.service_ids[service.id] is service
    assert here.counters[2].queues == [here.queues["AB"], here.queues["AA"]]


def test_a_version_is_read_once_and_shared(world):
    with world.db.reading() as one, world.db.reading() as other:
        assert mall(one, world.mall_id) is mall(other, world.mall_id)


def test_nobody_can_change_what_all_threads_share(world):
    for noun in (world.mall, world.mall.queues["AA"], world.loket_1):
        with pytest.raises(AttributeError, match="shared"):
            noun.name = "lain"


def test_hours_that_cannot_be_read_close_their_noun_alone(world):
    here = broken(world, """UPDATE service SET schedule = '{"week": {' WHERE code = 'A-01'""")

    assert here.left_out == ("Layanan A-01: jam bukanya tidak terbaca, jadi tutup.",)
    assert here.left_out[0] in said_by_the_doctor(world)
    with pytest.raises(Closed):
        world.take(world.ktp)
    assert world.take(world.kk).label == "AB-001"


def test_hours_that_are_no_hours_are_not_read_either(world):
    here = broken(
        world, """UPDATE queue SET schedule = '{"week": {"mon": {"opens": "9"}}}' WHERE code = 'AB'"""
    )

    assert here.left_out == ("Antrean AB: jam bukanya tidak terbaca, jadi tutup.",)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE service SET queue_id = 99 WHERE code = 'A-02'",
            "Layanan A-02 dilewati: tempatnya tidak ada.",
        ),
        (
            "UPDATE service SET kind = 'lama' WHERE code = 'A-02'",
            "Layanan nomor 2 dilewati: isinya tidak terbaca.",
        ),
        (
            "UPDATE service SET facts = '{' WHERE code = 'A-02'",
            "Layanan nomor 2 dilewati: isinya tidak terbaca.",
        ),
        ("UPDATE agency SET zone_id = 99 WHERE code = 'C'", "Instansi C dilewati: tempatnya tidak ada."),
        ("UPDATE counter SET agency_id = 99 WHERE id = 5", "Loket 5 dilewati: tempatnya tidak ada."),
        (
            "UPDATE queue SET policy = 'x' WHERE code = 'CA'",
            "Antrean nomor 4 dilewati: isinya tidak terbaca.",
        ),
        ("DELETE FROM queue WHERE code = 'CA'", "Layanan C-01 dilewati: tempatnya tidak ada."),
        ("UPDATE counter_queue SET queue_id = 99 WHERE counter_id = 5", ""),
    ],
)
def test_what_is_broken_is_left_out_and_named_and_the_rest_goes_on(world, statement, sentence):
    here = broken(world, statement)

    assert sentence in " ".join(here.left_out)
    assert sentence in said_by_the_doctor(world)
    world.open(world.loket_1)
    assert world.take(world.ktp).label == "AA-001"
    assert world.call_next(world.loket_1).label == "AA-001"
    with world.db.reading() as session:
        calls = board(Reading.of(session, here, world.time.now()), "merah").calls
        assert [call.label for call in calls] == ["AA-001"]
        assert '"A-01"' in catalogue(session, here, world.time.now())[0]


def test_a_service_that_was_left_out_is_not_there(world):
    broken(world, "UPDATE service SET queue_id = 99 WHERE code = 'A-02'")

    with pytest.raises(UnknownService):
        world.mall.service("A-02")


def test_a_new_version_is_read_anew(world):
    before = world.mall
    after = broken(world, "UPDATE agency SET short_name = 'Dukcapil' WHERE code = 'A'")

    assert (before.agencies["A"].short_name, after.agencies["A"].short_name) == ("Disdukcapil", "Dukcapil")
    assert after.version == before.version + 1 == world.one(select(MallLog.plan_version))
