"""Why not me: who is ahead is who the order puts ahead, and the rule named is the one that did it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.domain.order import Caller, Place, Waiting, in_order, key_at, micros, next_for_counter, order_key
from mpp.domain.why import (
    Choice,
    Rule,
    Standing,
    ahead_of,
    choice_of,
    choice_sentence,
    mark,
    place_sentence,
    sentence,
    visitor_sentence,
)

WIB = ZoneInfo("Asia/Jakarta")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
HEAD_START = {"kind": "head_start", "minutes": 15}
STRICT = {"kind": "strict"}
RATIO = {"kind": "ratio", "regular": 2, "priority": 1}
POLICIES = [HEAD_START, {"kind": "head_start", "minutes": 0}, STRICT, RATIO, RATIO | {"regular": 1}]


class Line:
    """A line that people enter one after another, as the program lets them in."""

    def __init__(self, policy=HEAD_START):
        self.policy, self.standing = policy, []

    def enter(self, at=0, *, priority=False, place=Place.ARRIVAL, came=None, head_start=0, moved=None):
        """Somebody enters `at` minutes after nine; `came` is when they count as having come."""
        now, number = NINE + timedelta(minutes=at), len(self.standing) + 1
        arrived = now if came is None else NINE + timedelta(minutes=came)
        keys = [each.seen.order_key for each in self.standing]
        start = arrived - timedelta(minutes=head_start)
        key = key_at(place, order_key(start, priority, self.policy), now, keys)
        seen = Waiting(number, "AA", key, number, priority)
        self.standing.append(Standing(seen, f"AA-{number:03d}", arrived, place, head_start, moved))
        return number

    def ahead(self, turn, calls=()):
        return [(each.seen.turn, rule) for each, rule in ahead_of(turn, self.standing, self.policy, calls)]

    def sentences(self, turn, calls=()):
        other = next(each for each in self.standing if each.seen.turn == turn)
        found = ahead_of(turn, self.standing, self.policy, calls)
        return [sentence(each, other, rule, self.policy, WIB) for each, rule in found]

    def mark(self, turn):
        return mark(self.standing[turn - 1], self.policy, WIB)


def test_who_came_earlier_is_ahead():
    line = Line()
    line.enter(0), line.enter(5)

    assert line.ahead(2) == [(1, Rule.CAME_EARLIER)]
    assert line.sentences(2) == ["AA-001 di depan: datang lebih dahulu, pukul 09.00 WIB."]
    assert line.ahead(1) == []


def test_of_two_who_came_at_the_same_moment_the_first_to_join_came_earlier():
    line = Line()
    line.enter(0), line.enter(0)

    assert line.ahead(2) == [(1, Rule.CAME_EARLIER)]


def test_priority_is_ahead_by_its_head_start():
    line = Line()
    line.enter(0), line.enter(10, priority=True)

    assert line.ahead(1) == [(2, Rule.HEAD_START)]
    assert line.sentences(1) == ["AA-002 di depan: prioritas, dihitung datang 15 menit lebih awal."]
    assert line.mark(2) == "prioritas, dihitung datang 15 menit lebih awal"


def test_priority_that_came_earlier_anyway_needs_no_head_start():
    line = Line()
    line.enter(0, priority=True), line.enter(1), line.enter(2, priority=True)

    assert line.ahead(2) == [(1, Rule.CAME_EARLIER), (3, Rule.HEAD_START)]
    assert line.ahead(3) == [(1, Rule.CAME_EARLIER)]


def test_strict_priority_is_ahead_whenever_it_came():
    line = Line(STRICT)
    line.enter(0), line.enter(300, priority=True)

    assert line.ahead(1) == [(2, Rule.STRICT)]
    assert line.sentences(1) == ["AA-002 di depan: prioritas, selalu didahulukan di antrean ini."]


def test_a_class_that_is_due_is_ahead_by_the_ratio():
    line = Line(RATIO)
    line.enter(0), line.enter(1), line.enter(2), line.enter(3, priority=True)

    assert line.ahead(3) == [(1, Rule.CAME_EARLIER), (2, Rule.CAME_EARLIER), (4, Rule.RATIO)]
    assert line.sentences(3)[2] == (
        "AA-004 di depan: giliran pengunjung prioritas menurut perbandingan 2 umum : 1 prioritas."
    )
    assert line.mark(4) == "prioritas, menurut perbandingan 2 umum : 1 prioritas"
    assert line.ahead(4, calls=[False, False]) == []
    assert line.ahead(1, calls=[False, False]) == [(4, Rule.RATIO)]


def test_regular_visitors_are_due_too():
    line = Line(RATIO)
    line.enter(0, priority=True), line.enter(1)

    assert line.ahead(1) == [(2, Rule.RATIO)]
    assert "giliran pengunjung umum" in line.sentences(1)[0]


def test_an_appointment_is_ahead_by_its_booked_time():
    line = Line()
    line.enter(0), line.enter(10, place=Place.APPOINTMENT, came=-30)

    assert line.ahead(1) == [(2, Rule.APPOINTMENT)]
    assert line.sentences(1) == ["AA-002 di depan: janji temu pukul 08.30 WIB."]
    assert line.mark(2) == "janji temu pukul 08.30 WIB"


def test_who_is_early_for_an_appointment_waits_for_the_booked_time():
    line = Line()
    line.enter(0, place=Place.APPOINTMENT, came=15), line.enter(5)

    assert line.ahead(1) == [(2, Rule.APPOINTMENT)]
    assert line.sentences(1) == ["AA-002 di depan: datang sebelum janji temu AA-001, pukul 09.15 WIB."]


def test_who_was_transferred_counts_by_the_first_arrival():
    line = Line()
    line.enter(30), line.enter(40, place=Place.BY_ARRIVAL, came=5, moved="transferred")

    assert line.ahead(1) == [(2, Rule.BY_ARRIVAL)]
    assert line.sentences(1) == ["AA-002 di depan: dihitung menurut kedatangan pertama, pukul 09.05 WIB."]
    assert line.mark(2) == "menurut kedatangan pertama, pukul 09.05 WIB"


def test_a_next_stop_is_ahead_by_its_head_start():
    line = Line()
    line.enter(0), line.enter(5, place=Place.READY, head_start=10)

    assert line.ahead(1) == [(2, Rule.JOURNEY)]
    assert line.sentences(1) == [
        "AA-002 di depan: lanjutan dari layanan lain, dihitung datang 10 menit lebih awal."
    ]


def test_who_needs_both_head_starts_owes_the_place_to_priority():
    line = Line()
    line.enter(0), line.enter(20, place=Place.READY, head_start=10, priority=True)

    assert line.ahead(1) == [(2, Rule.HEAD_START)]
    assert line.mark(2) == (
        "lanjutan dari layanan lain, dihitung datang 10 menit lebih awal; "
        "prioritas, dihitung datang 15 menit lebih awal"
    )


@pytest.mark.parametrize(
    ("moved", "when"), [("returned", " saat kembali"), ("transferred", " saat dialihkan"), (None, "")]
)
def test_who_was_placed_at_the_front_is_ahead_of_all_who_waited(moved, when):
    line = Line()
    line.enter(0), line.enter(1, priority=True), line.enter(20, came=19, place=Place.FRONT, moved=moved)

    assert line.ahead(1) == [(3, Rule.FRONT), (2, Rule.HEAD_START)]
    assert line.sentences(1)[0] == f"AA-003 di depan: ditempatkan di depan{when}."
    assert line.mark(3) == f"ditempatkan di depan{when}"


def test_who_was_placed_at_the_end_is_behind_those_who_waited():
    line = Line()
    line.enter(10), line.enter(20, came=0, place=Place.END, moved="returned")

    assert line.ahead(2) == [(1, Rule.END)]
    assert line.sentences(2) == ["AA-001 di depan: AA-002 ditempatkan di akhir antrean saat kembali."]
    assert line.mark(2) == "ditempatkan di akhir antrean saat kembali"


def test_a_plain_arrival_has_no_mark():
    line = Line()
    line.enter(0)

    assert line.mark(1) is None


def test_staff_read_the_place_in_one_sentence():
    assert place_sentence("AA-009", "KTP-el", 1) == "AA-009 berikutnya di antrean KTP-el."
    assert place_sentence("AA-009", "KTP-el", 1, served=False) == "AA-009 di urutan pertama antrean KTP-el."
    assert place_sentence("AA-009", "KTP-el", 4) == "AA-009 di urutan 4 antrean KTP-el: 3 giliran di depan."


@pytest.mark.parametrize(
    ("picks", "prefers", "choice", "words"),
    [
        ("preference", False, Choice.PREFERENCE, "mengutamakan antrean AB"),
        ("longest_wait", False, Choice.LONGEST_WAIT, "mengambil dari antrean yang paling lama menunggu"),
        (
            "relative_wait",
            False,
            Choice.RELATIVE_WAIT,
            "mengambil yang paling lama menunggu dibanding waktu standar antreannya",
        ),
        ("preference", True, Choice.PREFERS_PRIORITY, "mendahulukan prioritas di antara antreannya"),
    ],
)
def test_a_counter_that_takes_from_another_line_says_why(picks, prefers, choice, words):
    caller = Caller(2, 7, ("AB", "AA"), picks, prefers, {"AA": 10, "AB": 10})
    own = Waiting(1, "AA", micros(NINE), 2, False)
    other = Waiting(2, "AB", micros(NINE) - 1, 1, True)

    assert next_for_counter([own, other], caller, micros(NINE)) == other
    assert choice_of(other, own, caller) == choice
    assert choice_sentence("Loket 2", "AB-002", "AB", choice) == (
        f"Loket 2 memanggil AB-002 lebih dahulu: {words}."
    )


entrances = st.fixed_dictionaries(
    {
        "at": st.integers(0, 120),
        "priority": st.booleans(),
        "place": st.sampled_from(list(Place)),
        "came": st.integers(-60, 30),
        "head_start": st.sampled_from([0, 0, 5, 10]),
    }
)


@st.composite
def lines(draw):
    """A line as it comes about: an arrival counts from now, a head start is a next stop's."""
    line = Line(draw(st.sampled_from(POLICIES)))
    for said in sorted(draw(st.lists(entrances, min_size=1, max_size=12)), key=lambda each: each["at"]):
        own = said["place"] in (Place.ARRIVAL, Place.READY)
        came = None if own else said["came"] if said["place"] == Place.APPOINTMENT else said["came"] - 30
        head_start = said["head_start"] if said["place"] == Place.READY else 0
        line.enter(**(said | {"came": came, "head_start": head_start}))
    return line


@st.composite
def any_lines(draw):
    """A line of any keys at all, as settings that changed in the middle of a day may leave it."""
    line = Line(draw(st.sampled_from(POLICIES)))
    few = st.integers(-3, 3)
    for number in range(1, draw(st.integers(1, 10)) + 1):
        key = micros(NINE) + draw(few) * 60_000_000
        seen = Waiting(number, "AA", key, draw(st.integers(1, 3)) * 100 + number, draw(st.booleans()))
        came = NINE + timedelta(minutes=draw(few))
        place = draw(st.sampled_from(list(Place)))
        line.standing.append(Standing(seen, f"AA-{number:03d}", came, place, draw(st.sampled_from([0, 2]))))
    return line


@given(st.one_of(lines(), any_lines()), st.lists(st.booleans(), max_size=6), st.data())
def test_those_named_ahead_are_exactly_those_whom_the_order_puts_before(line, calls, data):
    turn = data.draw(st.sampled_from([each.seen.turn for each in line.standing]))

    order = [each.turn for each in in_order([each.seen for each in line.standing], line.policy, calls)]

    assert [each for each, _ in line.ahead(turn, calls)] == order[: order.index(turn)]


@given(lines(), st.lists(st.booleans(), max_size=6), st.data())
def test_the_rule_named_is_one_that_can_have_done_it(line, calls, data):
    turn = data.draw(st.sampled_from([each.seen.turn for each in line.standing]))
    other = line.standing[turn - 1]

    for first, rule in ahead_of(turn, line.standing, line.policy, calls):
        earlier = first.seen.rank < other.seen.rank
        holds = {
            Rule.CAME_EARLIER: first.seen.joined_seq < other.seen.joined_seq,
            Rule.BY_ARRIVAL: first.came <= other.came,
            Rule.APPOINTMENT: Place.APPOINTMENT in (first.place, other.place) and first.came <= other.came,
            Rule.JOURNEY: first.head_start > other.head_start,
            Rule.HEAD_START: first.seen.priority and line.policy["kind"] == "head_start",
            Rule.STRICT: first.seen.priority and line.policy["kind"] == "strict",
            Rule.FRONT: first.place == Place.FRONT,
            Rule.END: other.place == Place.END,
            Rule.RATIO: line.policy["kind"] == "ratio" and first.seen.priority != other.seen.priority,
        }
        assert holds[rule], rule
        assert (rule == Rule.RATIO) != earlier


@given(st.one_of(lines(), any_lines()), st.lists(st.booleans(), max_size=6))
def test_every_answer_is_a_whole_sentence(line, calls):
    for each in line.standing:
        for said in line.sentences(each.seen.turn, calls):
            assert re.fullmatch(r"AA-\d{3} di depan: [^.]+(pukul \d\d\.\d\d WIB)?\.", said), said


@pytest.mark.parametrize("language", ["id", "en"])
@given(count=st.integers(0, 300))
def test_the_visitor_hears_a_number_and_nothing_of_others(language, count):
    said = visitor_sentence(count, language)

    assert count == 0 or said.startswith(str(count))
    assert not re.search(r"priorit|lansia|difabel|hamil|elder|class|golongan|kelas", said, re.IGNORECASE)


def test_the_visitor_reads_it_in_the_language_of_the_phone():
    assert visitor_sentence(3) == "3 orang di depan Anda menurut urutan kedatangan dan aturan antrean."
    assert visitor_sentence(1, "en") == (
        "1 person is ahead of you, by order of arrival and the rules of the queue."
    )
