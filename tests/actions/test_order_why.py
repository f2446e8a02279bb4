"""Why not me: asked in the small mall, of its tables and its log."""

import pytest
from sqlalchemy import event

from mpp import clock
from mpp.actions import bearing, greeting
from mpp.domain.errors import NotFound, WrongMoment
from mpp.domain.order import Place
from mpp.domain.people import Right
from mpp.encoding import plain_row
from mpp.queries.reading import Reading
from mpp.queries.why import why, why_of_line, why_visitor


def asked(world, turn, agency=None):
    agency_id = world.mall.agencies[agency].id if agency else None
    with world.db.reading() as session:
        return plain_row(why(_reading(session, world), turn, agency_id))


def _reading(session, world):
    return Reading(session, world.mall, clock.now(), world.head().day, 0)


def marks(world, queue="AA"):
    with world.db.reading() as session:
        return why_of_line(_reading(session, world), world.mall.queues[queue])


def for_visitor(world, turn, language="id"):
    with world.db.reading() as session:
        return why_visitor(_reading(session, world), turn, language)


def rules(said):
    return [(each["label"], each["rule"]) for each in said["ahead"]]


def now_of(world, taken):
    """Where a number stands now: its newest turn."""
    return world.turns(taken)[-1]


def test_a_waiting_visitor_is_told_who_is_ahead_and_by_which_rule(any_world, time):
    any_world.open(any_world.loket_1)
    first = any_world.take(any_world.ktp)
    time.forward(minutes=3)
    elder = any_world.take(any_world.ktp, priority="LANSIA")
    time.forward(minutes=3)
    last = any_world.take(any_world.ktp)

    said = asked(any_world, first.turn)

    assert said == {
        "turn": first.turn,
        "label": "AA-001",
        "place": 2,
        "ahead": [
            {
                "turn": elder.turn,
                "label": "AA-002",
                "rule": "head_start",
                "sentence": "AA-002 di depan: prioritas, dihitung datang 15 menit lebih awal.",
            }
        ],
        "sentence": "AA-001 di urutan 2 antrean KTP-el: 1 giliran di depan.",
        "visitor": "1 orang di depan Anda menurut urutan kedatangan dan aturan antrean.",
    }
    assert rules(asked(any_world, last.turn)) == [("AA-002", "came_earlier"), ("AA-001", "came_earlier")]
    assert asked(any_world, elder.turn)["sentence"] == "AA-002 berikutnya di antrean KTP-el."


@pytest.mark.parametrize(
    ("position", "rule", "words"),
    [
        (Place.BY_ARRIVAL, "by_arrival", "menurut kedatangan pertama, pukul 09.00 WIB"),
        (Place.FRONT, "front", "ditempatkan di depan saat dialihkan"),
        (Place.END, None, "ditempatkan di akhir antrean saat dialihkan"),
    ],
)
def test_a_transferred_visitor_stands_where_the_log_says(any_world, time, position, rule, words):
    time.forward(minutes=-1)
    any_world.take(any_world.ktp, priority="LANSIA")
    time.forward(minutes=1)
    moved = any_world.take(any_world.kk)
    time.forward(minutes=1)
    waiting = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_2)
    any_world.call(any_world.loket_2, moved.turn, chooser(any_world), reason="rentan")
    any_world.transfer(any_world.loket_2, "AA", chooser(any_world), position=position)

    ahead = dict(rules(asked(any_world, waiting.turn)))

    assert ahead.get(moved.label) == rule
    assert marks(any_world)[now_of(any_world, moved).id] == words
    assert (waiting.label in dict(rules(asked(any_world, now_of(any_world, moved).id)))) == (rule is None)


def chooser(world):
    """Somebody who may call out of order, and who holds Loket 2."""
    tina = world.officer("tina", rights=(Right.CALL_CHOSEN,))
    world.open(world.loket_2, tina, take_over=True)
    return tina


def test_a_next_stop_says_its_head_start(world, time):
    world.open(world.loket_2)
    route = world.take(world.kk, world.ktp)
    time.forward(minutes=5)
    waiting = world.take(world.ktp)
    world.call_next(world.loket_2), world.start(world.loket_2)
    time.forward(minutes=2)
    world.finish(world.loket_2)

    said = asked(world, waiting.turn)

    assert rules(said) == [(route.label, "journey")]
    assert marks(world)[now_of(world, route).id] == (
        "lanjutan dari layanan lain, dihitung datang 10 menit lebih awal"
    )


def test_a_corrected_priority_stands_by_its_arrival_again(world, time):
    first = world.take(world.ktp)
    time.forward(minutes=5)
    elder = world.take(world.ktp, priority="LANSIA")
    assert rules(asked(world, first.turn)) == [(elder.label, "head_start")]

    world.help(greeting.set_priority, world.sari, elder.id, priority=None, reason="salah_pilih")

    assert rules(asked(world, first.turn)) == []
    assert rules(asked(world, elder.turn)) == [(first.label, "came_earlier")]
    assert marks(world) == {first.turn: None, elder.turn: None}


def test_who_is_out_for_a_while_is_ahead_of_nobody_until_they_are_back(world, time):
    world.open(world.loket_1)
    out, waiting = world.take(world.ktp), world.take(world.ktp)
    world.bear(bearing.step_out, out)

    said = asked(world, waiting.turn)

    assert (said["place"], said["ahead"]) == (1, [])
    assert for_visitor(world, world.turn(waiting)) == said["visitor"]
    assert asked(world, out.turn)["sentence"].endswith("Sedang keluar sampai pukul 09.15 WIB dan dilewati.")
    assert world.call_next(world.loket_1).label == waiting.label
    world.put_back(world.loket_1)
    time.forward(minutes=15)
    assert rules(asked(world, waiting.turn)) == [("AA-001", "came_earlier")]
    assert "keluar" not in asked(world, out.turn)["sentence"]


def test_a_turn_kept_for_a_counter_says_so_until_that_counter_closes(world):
    moved = kept(world, counter=world.loket_3.id)
    kept_turn = now_of(world, moved)

    said = asked(world, kept_turn.id)

    assert said["sentence"] == "AB-001 berikutnya di antrean KTP-el. Hanya untuk Loket 3."
    assert said["visitor"] == (
        "Tidak ada orang di depan Anda dalam antrean ini. Silakan tunggu panggilan. "
        "Anda akan dipanggil oleh Loket 3."
    )
    assert marks(world)[kept_turn.id] == "menurut kedatangan pertama, pukul 09.00 WIB; hanya untuk Loket 3"
    assert for_visitor(world, kept_turn, "en").endswith("Loket 3 will call you.")
    world.close(world.loket_3, world.sari)
    assert "Loket 3" not in asked(world, kept_turn.id)["sentence"]
    assert for_visitor(world, kept_turn).endswith("Silakan tunggu panggilan.")


def test_a_turn_kept_for_a_person_names_them_to_staff_and_not_to_the_visitor(world):
    moved = kept(world, person="sari")

    said = asked(world, now_of(world, moved).id)

    assert said["sentence"] == "AB-001 berikutnya di antrean KTP-el. Hanya untuk petugas sari."
    assert said["visitor"].endswith("Anda akan dipanggil oleh petugas yang dituju.")
    assert "sari" not in for_visitor(world, now_of(world, moved))


def kept(world, **whom):
    world.open(world.loket_1), world.open(world.loket_2), world.open(world.loket_3, world.sari)
    moved = world.take(world.kk)
    world.call_next(world.loket_2)
    world.transfer(world.loket_2, "AA", **whom)
    return moved


@pytest.mark.parametrize(
    ("counter", "priority", "sentence"),
    [
        (3, "LANSIA", "Loket 3 memanggil AB-001 lebih dahulu: mendahulukan prioritas di antara antreannya."),
        (3, None, "Loket 3 memanggil AB-001 lebih dahulu: mengutamakan antrean Kartu keluarga."),
        (2, None, "Loket 2 memanggil AB-001 lebih dahulu: mengambil dari antrean yang paling lama menunggu."),
        (1, None, None),
    ],
)
def test_a_counter_that_takes_from_another_line_first_is_named(world, time, counter, priority, sentence):
    world.open(world.loket(counter))
    other = world.take(world.kk, priority=priority)
    time.forward(minutes=1)
    waiting = world.take(world.ktp)

    said = asked(world, waiting.turn)["sentence"]

    assert said == " ".join(filter(None, ["AA-001 berikutnya di antrean KTP-el.", sentence]))
    brought = world.call_next(world.loket(counter)).id
    assert brought == (other.turn if sentence else waiting.turn)


def test_without_a_counter_at_work_the_answer_says_so(world):
    waiting = world.take(world.ktp)

    assert asked(world, waiting.turn)["sentence"] == (
        "AA-001 di urutan pertama antrean KTP-el. Belum ada loket yang melayani antrean KTP-el sekarang."
    )
    world.open(world.loket_1), world.pause(world.loket_1)
    assert "Belum ada loket" in asked(world, waiting.turn)["sentence"]


def test_only_a_waiting_turn_of_today_and_of_the_own_agency_is_explained(world, time):
    waiting = world.take(world.ktp)
    assert asked(world, waiting.turn, agency="A")["place"] == 1

    with pytest.raises(NotFound):
        asked(world, waiting.turn, agency="B")
    with pytest.raises(NotFound):
        asked(world, waiting.turn + 1)
    world.open(world.loket_1), world.call_next(world.loket_1)
    with pytest.raises(WrongMoment, match="sedang dipanggil"):
        asked(world, waiting.turn)
    assert for_visitor(world, world.turn(waiting)) is None
    time.until(9, 0, days=1)
    world.take(world.ktp)
    with pytest.raises(NotFound):
        asked(world, waiting.turn)


def test_the_visitor_is_told_the_number_that_the_phone_shows(world):
    world.take(world.ktp, priority="LANSIA"), world.take(world.ktp)
    last = world.take(world.ktp)

    assert for_visitor(world, world.turn(last)) == asked(world, last.turn)["visitor"]
    assert for_visitor(world, world.turn(last)) == (
        "2 orang di depan Anda menurut urutan kedatangan dan aturan antrean."
    )


def test_the_marks_of_a_line_cost_the_same_for_a_long_one(world):
    def questions():
        asked = []
        listen = event.listens_for(world.db.reader, "before_cursor_execute")
        listen(lambda _conn, _cursor, statement, *_: asked.append(statement))
        found = marks(world)
        return len(found), len([each for each in asked if each.startswith("SELECT")])

    world.open(world.loket_1)
    world.take(world.ktp)
    people, few = questions()
    for _ in range(20):
        world.take(world.ktp, priority="LANSIA")
    more_people, many = questions()

    assert (people, more_people) == (1, 21)
    assert many == few
