"""Every verb of the desk beyond call, start and finish: what it changes, what it leaves, what it refuses."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from mpp.actions import bearing
from mpp.actions.forgetting import forget_notes
from mpp.domain.errors import (
    CounterBusy,
    CounterHeld,
    CounterPaused,
    Invalid,
    NobodyWaiting,
    NotAllowed,
    NotFound,
    NothingToUndo,
    NotServedHere,
    ReasonNeeded,
    TooLate,
    TooSoon,
    WrongMoment,
)
from mpp.domain.life import State
from mpp.domain.log import MallLog
from mpp.domain.mall import Mall
from mpp.domain.note import Note, note_seal
from mpp.domain.order import Place
from mpp.domain.people import Right
from mpp.encoding import plain_row
from mpp.history import examine
from mpp.queries.desks import desk as desk_of
from mpp.queries.head import head
from mpp.queries.reading import Reading


@pytest.fixture(autouse=True)
def sound(request):
    """Whatever a test did, the history of its mall is sound."""
    names = {"world", "any_world"} & set(request.fixturenames)
    small = request.getfixturevalue(names.pop()) if names else None
    yield
    if small is not None:
        with small.db.reading() as session:
            assert examine(session, small.mall_id).violations == []


def rules(world, **changed):
    """Set the mall's rules for the rest of the test."""
    with world.db.jotting() as session:
        mall = session.get_one(Mall, world.mall_id)
        mall.rules = {**mall.rules, **changed}
        session.execute(update(MallLog).values(plan_version=MallLog.plan_version + 1))


def serving(world, counter=None, service=None):
    """A visitor who is being served at a counter."""
    counter = counter or world.loket_1
    taken = world.take(service or world.ktp)
    world.open(counter)
    world.call_next(counter)
    world.start(counter)
    return taken


# Missed, and back again.


def test_a_visitor_is_missed_only_after_enough_calls_and_seconds(any_world, time):
    rules(any_world, missed_after_calls=3, missed_after_seconds=20)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)

    with pytest.raises(TooSoon, match="2 kali lagi"):
        any_world.miss(any_world.loket_1)
    any_world.recall(any_world.loket_1)
    time.forward(seconds=6)
    any_world.recall(any_world.loket_1)
    with pytest.raises(TooSoon) as refusal:
        any_world.miss(any_world.loket_1)
    assert refusal.value.retry_after == 14
    time.forward(seconds=14)

    assert any_world.miss(any_world.loket_1).state == "missed"


def test_a_missed_visitor_returns_within_the_grace_and_stands_by_arrival(any_world, time):
    late = any_world.take(any_world.ktp)
    time.forward(minutes=1)
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.miss(any_world.loket_1)
    time.forward(minutes=30)

    assert any_world.return_missed(any_world.loket_1, late.turn).state == "waiting"

    assert any_world.call_next(any_world.loket_1).label == late.label
    assert any_world.turn(late).away_us == timedelta(minutes=30) // timedelta(microseconds=1)


def test_after_the_grace_a_missed_visitor_takes_a_new_number(world, time):
    late = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)
    time.forward(minutes=30, seconds=1)

    with pytest.raises(TooLate):
        world.return_missed(world.loket_1, late.turn)


@pytest.mark.parametrize("place, next_label", [("front", "AA-001"), ("end", "AA-002")])
def test_the_mall_says_where_a_returned_visitor_stands(world, time, place, next_label):
    rules(world, return_place=place)
    late = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)
    time.forward(minutes=1)
    world.take(world.ktp)

    world.return_missed(world.loket_1, late.turn)

    assert world.call_next(world.loket_1).label == next_label


# Parked, and resumed.


def test_a_parked_visitor_leaves_the_counter_free_and_is_not_called_by_next(any_world, time):
    parked = serving(any_world)
    any_world.take(any_world.ktp)

    any_world.park(any_world.loket_1, reason="fotokopi")

    assert any_world.call_next(any_world.loket_1).label == "AA-002"
    turn = any_world.turn(parked)
    assert (turn.state, turn.parked_by, turn.parked_reason) == ("parked", any_world.budi.actor, "fotokopi")


def test_any_counter_of_the_agency_resumes_where_the_service_stood(any_world, time):
    parked = serving(any_world)
    time.forward(minutes=3)
    any_world.park(any_world.loket_1, reason="dokumen")
    time.forward(minutes=10)
    any_world.open(any_world.loket_2, any_world.sari)

    resumed = any_world.resume(any_world.loket_2, parked.turn, any_world.sari)

    assert resumed.state == "serving"
    time.forward(minutes=4)
    any_world.finish(any_world.loket_2, any_world.sari)
    turn = any_world.turn(parked)
    assert (turn.service_us, turn.away_us) == (7 * 60_000_000, 10 * 60_000_000)
    assert (turn.counter_id, turn.parked_by) == (any_world.loket_2.id, None)


def test_a_parked_visitor_who_sits_in_the_hall_is_called_first(world):
    parked = serving(world)
    world.park(world.loket_1)

    called = world.resume(world.loket_1, parked.turn, call=True)

    assert (called.state, called.nth) == ("called", 1)
    assert world.events("turn_resumed")[-1].seq == world.turn(parked).call_seq


def test_another_agency_cannot_resume(world):
    parked = serving(world)
    world.park(world.loket_1)
    world.open(world.loket_4, world.sari)

    with pytest.raises(NotFound):
        world.resume(world.loket_4, parked.turn, world.sari)


# Sent on.


def test_a_transfer_keeps_label_and_arrival_and_counts_one_more_place(any_world, time):
    moved = serving(any_world)
    time.forward(minutes=5)
    any_world.take(any_world.paspor)

    any_world.transfer(any_world.loket_1, "BA", reason="salah_loket")

    first, second = any_world.turns(moved)
    assert (first.state, second.state) == (State.TRANSFERRED, State.WAITING)
    assert (second.label, second.arrived_at) == (moved.label, first.arrived_at)
    any_world.open(any_world.loket_4, any_world.sari)
    assert any_world.call_next(any_world.loket_4, any_world.sari).label == moved.label


@pytest.mark.parametrize(
    "place, expected", [("front", "AA-001"), ("end", "AB-001"), ("by_arrival", "AB-001")]
)
def test_the_officer_chooses_where_the_visitor_enters(world, time, place, expected):
    world.take(world.kk)
    time.forward(minutes=1)
    serving(world)

    world.transfer(world.loket_1, "AB", position=Place(place))

    world.open(world.loket_2, world.sari)
    assert world.call_next(world.loket_2, world.sari).label == expected


def test_a_turn_kept_for_a_counter_waits_for_it_while_it_is_open(world):
    moved = serving(world)
    world.open(world.loket_2, world.sari)
    world.open(world.loket_3, world.sari)

    world.transfer(world.loket_1, "AB", counter=world.loket_3.id)

    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_2, world.sari)
    assert world.call_next(world.loket_3, world.sari).label == moved.label


def test_a_turn_kept_for_a_counter_that_closed_is_open_to_all(world):
    moved = serving(world)
    world.open(world.loket_2, world.sari)

    world.transfer(world.loket_1, "AB", counter=world.loket_3.id)

    assert world.call_next(world.loket_2, world.sari).label == moved.label


def test_a_turn_kept_for_a_person_follows_them_to_their_counter(world):
    moved = serving(world)
    tuti = world.officer("tuti", agency="A")
    world.open(world.loket_2, world.sari)
    world.open(world.loket_3, tuti)

    world.transfer(world.loket_1, "AB", person="tuti")

    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_2, world.sari)
    assert world.call_next(world.loket_3, tuti).label == moved.label


def test_a_name_of_another_agencys_people_is_no_better_than_a_wrong_one(world):
    serving(world)
    world.officer("wayan", agency="B")
    dewi = world.officer("dewi", agency="A")
    world.open(world.loket_1, dewi, take_over=True)
    refusals = []

    for name in ("wayan", "nobody-at-all"):
        with pytest.raises(Invalid) as refusal:
            world.transfer(world.loket_1, "BA", dewi, person=name)
        refusals.append(refusal.value.detail)

    assert refusals[0] == refusals[1]
    world.open(world.loket_1, world.budi, take_over=True)
    assert world.transfer(world.loket_1, "BA", person="wayan").state == "transferred"


def test_a_counter_that_does_not_serve_the_queue_cannot_be_meant(world):
    serving(world)

    with pytest.raises(NotServedHere):
        world.transfer(world.loket_1, "AB", counter=world.loket_1.id)
    with pytest.raises(Invalid):
        world.transfer(world.loket_1, "ZZ")


def test_a_wrong_service_of_the_same_line_is_set_right_in_place(world):
    taken = world.take(world.kk)
    world.open(world.loket_2)
    world.call_next(world.loket_2)

    corrected = world.correct(world.loket_2, world.kk)

    assert (corrected.state, corrected.service) == ("called", "A-02")
    assert [event.reason for event in world.events("turn_corrected")] == [None]
    assert world.turn(taken).state == "called"


def test_a_wrong_service_of_another_line_loses_no_place(world, time):
    wrong = world.take(world.ktp)
    time.forward(minutes=2)
    world.take(world.kk)
    world.open(world.loket_1)

    world.correct(world.loket_1, world.kk, turn=wrong.turn)

    world.open(world.loket_2, world.sari)
    assert world.call_next(world.loket_2, world.sari).label == wrong.label


# Without a number.


def test_somebody_without_a_number_gets_one_of_the_desk_and_nobody_hears_of_it(any_world, time):
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)

    served = any_world.serve_without_number(any_world.loket_1, any_world.ktp)

    assert (served.label, served.state) == ("AA0-001", "serving")
    assert any_world.events("turn_called") == []
    time.forward(minutes=4)
    assert any_world.finish(any_world.loket_1).timings["service"] == 4
    assert any_world.serve_without_number(any_world.loket_1, any_world.ktp).label == "AA0-002"


def test_a_number_of_the_desk_uses_up_no_quota(world):
    world.open(world.loket_4)
    world.serve_without_number(world.loket_4, world.paspor)

    labels = [world.take(world.paspor).label for _ in range(3)]

    assert labels == ["BA-001", "BA-002", "BA-003"]


def test_a_busy_counter_serves_nobody_else(world):
    serving(world)

    with pytest.raises(CounterBusy):
        world.serve_without_number(world.loket_1, world.ktp)


# Chosen.


def test_calling_a_chosen_visitor_is_a_right_with_a_reason(world, time):
    world.take(world.ktp)
    time.forward(minutes=1)
    chosen = world.take(world.ktp)
    boss = world.officer("bos", rights=(Right.CALL_CHOSEN,))
    world.open(world.loket_1, boss)

    with pytest.raises(ReasonNeeded):
        world.call(world.loket_1, chosen.turn, boss, reason=None)
    called = world.call(world.loket_1, chosen.turn, boss, reason="darurat")

    assert called.label == chosen.label
    assert [event.reason for event in world.events("turn_called")] == ["darurat"]


def test_without_the_right_nobody_is_chosen(world):
    chosen = world.take(world.ktp)
    world.open(world.loket_1)

    with pytest.raises(NotAllowed):
        world.call(world.loket_1, chosen.turn, reason="darurat")
    assert world.turn(chosen).state == "waiting"


# Undo.


@pytest.mark.parametrize("seconds", [0, 10])
def test_a_finish_is_undone_as_if_it_had_not_been(any_world, time, seconds):
    taken = serving(any_world)
    time.forward(minutes=5)
    any_world.finish(any_world.loket_1, outcome="served")
    time.forward(seconds=seconds)

    assert any_world.undo(any_world.loket_1).state == "serving"

    time.forward(minutes=1)
    any_world.finish(any_world.loket_1)
    turn = any_world.turn(taken)
    assert turn.service_us == (360 + seconds) * 1_000_000
    assert (turn.ended_at - turn.joined_at).total_seconds() == 360 + seconds


def test_a_miss_is_undone_and_the_visitor_walks_on(world, time):
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    time.forward(seconds=40)
    world.miss(world.loket_1)
    time.forward(seconds=8)

    assert world.undo(world.loket_1).state == "called"

    world.start(world.loket_1)
    assert (world.turn(taken).walk_us, world.turn(taken).away_us) == (48_000_000, 0)


def test_after_ten_seconds_nothing_is_undone(world, time):
    serving(world)
    world.finish(world.loket_1)
    time.forward(seconds=10.1)

    with pytest.raises(NothingToUndo):
        world.undo(world.loket_1)


def test_once_the_counter_moved_on_nothing_is_undone(world):
    serving(world)
    world.finish(world.loket_1)
    world.take(world.ktp)
    world.call_next(world.loket_1)
    world.put_back(world.loket_1)

    with pytest.raises(NothingToUndo):
        world.undo(world.loket_1)


def test_a_missed_visitor_who_returned_is_not_undone(world):
    late = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)
    world.open(world.loket_2, world.sari)
    world.return_missed(world.loket_2, late.turn, world.sari)

    with pytest.raises(NothingToUndo):
        world.undo(world.loket_1)


def test_whoever_undoes_too_late_hears_where_the_visitor_is(any_world):
    world = any_world
    late = world.take(world.ktp)
    world.open(world.loket_1), world.open(world.loket_2, world.sari)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)
    world.return_missed(world.loket_2, late.turn, world.sari)
    seen = []

    for move in (None, world.call_next, world.start, world.finish):
        if move is not None:
            move(world.loket_2, world.sari)
        with pytest.raises(NothingToUndo) as refusal:
            world.undo(world.loket_1)
        seen.append((refusal.value.state, refusal.value.counter, refusal.value.detail))

    two = world.loket_2.id
    assert seen == [
        ("waiting", None, f"{late.label} sedang menunggu."),
        ("called", two, f"{late.label} sedang dipanggil di Loket 2."),
        ("serving", two, f"{late.label} sedang dilayani di Loket 2."),
        ("done", two, f"{late.label} sudah selesai di Loket 2."),
    ]


@pytest.mark.parametrize("verb", ["finish", "miss"])
def test_what_one_officer_did_no_other_undoes(any_world, verb):
    world = any_world
    world.take(world.ktp), world.take(world.ktp)
    world.open(world.loket_1)
    for change in ("taken over", "handed over"):
        world.call_next(world.loket_1)
        if verb == "finish":
            world.start(world.loket_1)
        (world.finish if verb == "finish" else world.miss)(world.loket_1)
        if change == "handed over":
            world.hand_over(world.loket_1)
        world.open(world.loket_1, world.sari, take_over=True)

        with pytest.raises(NothingToUndo):
            world.undo(world.loket_1, world.sari)
        world.open(world.loket_1, take_over=True)
        with pytest.raises(NothingToUndo):
            world.undo(world.loket_1)


def offered(world, time):
    """What the desk of Loket 1 offers to undo."""
    with world.db.reading() as session:
        _, day = head(session, world.mall, time.now())
        shown = plain_row(desk_of(Reading(session, world.mall, time.now(), day, 0), world.loket_1.id))
    return shown["counter"]["undo"]


@pytest.mark.parametrize(
    "then, possible",
    [
        ("nothing", True),
        ("the last moment", True),
        ("too late", False),
        ("the next stop is called", False),
        ("the next stop goes out", False),
        ("midnight", False),
        ("the counter is paused", False),
        ("the counter is taken over", False),
        ("the next visitor", False),
    ],
)
def test_the_desk_offers_to_undo_what_may_be_undone(world, time, then, possible):
    guest, _ = world.take(world.ktp, world.paspor), world.take(world.ktp)
    world.open(world.loket_1), world.open(world.loket_4, world.sari)
    world.call_next(world.loket_1)
    world.start(world.loket_1)
    if then == "midnight":
        time.until(23, 59)
        time.forward(seconds=58)
    world.finish(world.loket_1)
    deeds = {
        "the last moment": lambda: time.forward(seconds=10),
        "too late": lambda: time.forward(seconds=10.1),
        "the next stop is called": lambda: world.call_next(world.loket_4, world.sari),
        "the next stop goes out": lambda: world.bear(bearing.step_out, guest),
        "midnight": lambda: time.forward(seconds=4),
        "the counter is paused": lambda: world.pause(world.loket_1),
        "the counter is taken over": lambda: world.open(world.loket_1, world.sari, take_over=True),
        "the next visitor": lambda: world.call_next(world.loket_1),
    }
    deeds.get(then, lambda: None)()

    seen = offered(world, time)

    assert (seen is not None) == possible
    by = world.sari if then == "the counter is taken over" else world.budi
    if possible:
        assert world.undo(world.loket_1, by).state == "serving"
    else:
        with pytest.raises(NothingToUndo):
            world.undo(world.loket_1, by)


def test_nothing_is_undone_twice(world):
    serving(world)
    world.finish(world.loket_1)
    world.undo(world.loket_1)

    with pytest.raises(NothingToUndo):
        world.undo(world.loket_1)


# The counter itself.


def test_a_paused_counter_calls_nobody_until_it_opens_again(world, time):
    world.take(world.ktp)
    world.open(world.loket_1)
    world.pause(world.loket_1, reason="istirahat", until=time.now() + timedelta(minutes=30))

    with pytest.raises(CounterPaused):
        world.call_next(world.loket_1)
    world.open(world.loket_1)

    assert world.call_next(world.loket_1).label == "AA-001"
    moves = [(event.from_state, event.to_state) for event in world.events("counter_opened")]
    assert moves == [("closed", "open"), ("paused", "open")]


def test_a_pause_needs_a_free_counter_and_an_end_to_come(world, time):
    serving(world)
    with pytest.raises(CounterBusy):
        world.pause(world.loket_1)

    world.finish(world.loket_1)
    with pytest.raises(Invalid):
        world.pause(world.loket_1, until=time.now())


def test_a_counter_is_taken_over_with_the_visitor_at_it(any_world):
    taken = serving(any_world)

    with pytest.raises(CounterHeld):
        any_world.open(any_world.loket_1, any_world.sari)
    shown = any_world.open(any_world.loket_1, any_world.sari, take_over=True)

    assert shown.label == taken.label
    with pytest.raises(CounterHeld):
        any_world.finish(any_world.loket_1)
    any_world.finish(any_world.loket_1, any_world.sari)


def test_a_counter_that_was_handed_over_waits_for_the_next_officer(any_world):
    taken = serving(any_world)

    any_world.hand_over(any_world.loket_1)

    with pytest.raises(WrongMoment, match="diserahkan"):
        any_world.finish(any_world.loket_1)
    assert any_world.open(any_world.loket_1, any_world.sari).label == taken.label
    any_world.finish(any_world.loket_1, any_world.sari)


# Notes.


def test_a_note_is_kept_with_its_seal_and_forgotten_the_next_day_but_one(world, time):
    taken = serving(world)
    world.finish(world.loket_1, outcome="incomplete", note="  Kurang surat pengantar RT ")

    note = world.one(select(Note))
    event = world.events("turn_finished")[0]
    assert (note.text, note.ticket_id) == ("Kurang surat pengantar RT", taken.id)
    assert note_seal(note.salt, note.text).encode() in event.sealed
    assert b"pengantar" not in event.sealed

    time.until(9, days=2)
    forget_notes(world.db, world.mall_id)
    assert world.one(select(Note)).text is None


@pytest.mark.parametrize("words", ["NIK 3578 0112 3456 7890", "hp 0812-3456-7890", "tulis ke budi@contoh.id"])
def test_a_note_with_somebodys_number_is_refused_and_nothing_happens(world, words):
    taken = serving(world)

    with pytest.raises(Invalid, match="NIK"):
        world.finish(world.loket_1, note=words)

    assert world.turn(taken).state == "serving"


def test_who_lost_a_race_hears_the_state_and_the_other_desk(world):
    taken = serving(world)
    boss = world.officer("bos", rights=(Right.CALL_CHOSEN,))
    world.open(world.loket_3, boss)

    with pytest.raises(WrongMoment) as refusal:
        world.call(world.loket_3, taken.turn, boss, reason="darurat")

    assert refusal.value.detail == "AA-001 sedang dilayani di Loket 1."
    assert (refusal.value.state, refusal.value.counter) == ("serving", world.loket_1.id)


def test_after_midnight_a_visitor_is_finished_and_nothing_else(world, time):
    serving(world)
    time.until(0, 30, days=1)

    for deed in (world.park, lambda counter: world.transfer(counter, "BA")):
        with pytest.raises(WrongMoment, match="hanya dapat diselesaikan"):
            deed(world.loket_1)

    assert world.finish(world.loket_1).state == "done"
    with pytest.raises(NothingToUndo):
        world.undo(world.loket_1)
