"""What keeps its place, and who is sent where: classes and services set right, visitors kept for somebody."""

import pytest

from mpp.actions import bearing, greeting, paper
from mpp.actions.greeting import HELP
from mpp.actions.paper import PaperLine, RecordPaper
from mpp.domain.errors import Closed, Invalid, NobodyWaiting, TooLate, WithoutNumber, WrongMoment
from mpp.domain.order import MINUTE_US, Place, micros
from mpp.encoding import plain_row
from mpp.history import examine
from mpp.queries.desks import desk as desk_of
from mpp.queries.greeter import ticket as greeters_ticket
from mpp.queries.reading import Reading
from mpp.queries.tickets import view


@pytest.fixture(autouse=True)
def sound(request):
    """Whatever a test did, the history of its mall is sound."""
    small = request.getfixturevalue(({"world", "any_world"} & set(request.fixturenames)).pop())
    yield
    with small.db.reading() as session:
        assert examine(session, small.mall_id).violations == []


def greet(world, run, taken, *said):
    fields = HELP.of(run).body.model_fields
    return world.help(run, world.sari, taken.id, **dict(zip(fields, said, strict=False)))


def step_out(world, taken):
    world.bear(bearing.step_out, taken)


def all_called(world, counter, officer):
    """The labels that a counter calls one after another until nobody is left."""
    found = []
    while True:
        try:
            found.append(world.call_next(counter, officer).label)
        except NobodyWaiting:
            return found
        world.start(counter, officer)
        world.finish(counter, officer)


def now_of(world, taken):
    return world.turns(taken)[-1]


def states_seen(world, taken):
    """The state of a number and of its stops, on the phone and for the greeter."""
    now = world.time.now()
    with world.db.reading() as session:
        phone = plain_row(view(Reading.of(session, world.mall, now), taken.token))
        allowed = plain_row(greeters_ticket(Reading.of(session, world.mall, now), None, taken.id))
    assert (phone["state"], phone["present"]) == (allowed["state"], allowed["present"])
    stops = [turn["state"] for turn in phone["turns"]]
    assert stops == [turn["state"] for turn in allowed["turns"]]
    return phone["state"], stops


@pytest.mark.parametrize(("was", "becomes"), [("LANSIA", None), ("LANSIA", "UMUM"), (None, "LANSIA")])
@pytest.mark.parametrize(
    ("place", "expected"), [(Place.FRONT, ["AB-001", "AA-001"]), (Place.END, ["AA-001", "AB-001"])]
)
def test_who_was_placed_by_an_officer_stays_there_whatever_the_class(
    any_world, time, place, expected, was, becomes
):
    world = any_world
    moved = world.take(world.kk, priority=was)
    world.open(world.loket_3)
    world.call_next(world.loket_3)
    time.forward(minutes=1)
    world.take(world.ktp)
    time.forward(minutes=1)
    world.transfer(world.loket_3, "AA", position=place)

    greet(world, greeting.set_priority, moved, becomes, "salah_pilih")

    world.open(world.loket_1, world.sari)
    assert all_called(world, world.loket_1, world.sari) == expected


@pytest.mark.parametrize(("code", "minutes"), [("UMUM", 10), ("LANSIA", 10 + 15)])
def test_a_next_stop_keeps_its_own_head_start_when_the_class_is_set_right(any_world, code, minutes):
    world = any_world
    taken = world.take(world.pajak, world.ktp)
    world.open(world.loket_5)
    world.serve(world.loket_5)

    greet(world, greeting.set_priority, taken, code, "terverifikasi")

    here = now_of(world, taken)
    assert here.order_key == micros(here.arrived_at) - minutes * MINUTE_US


def test_a_wrong_service_of_another_line_keeps_the_head_start_and_the_going_out(any_world, time):
    world = any_world
    taken = world.take(world.pajak, world.ktp)
    world.open(world.loket_5)
    world.serve(world.loket_5)
    step_out(world, taken)
    time.forward(minutes=3)

    greet(world, greeting.correct, taken, "A-02")

    before, after = world.turns(taken)[1:]
    assert (before.state, after.state) == ("transferred", "waiting")
    assert after.order_key == micros(before.arrived_at) - 10 * MINUTE_US
    assert (after.out_until, after.outs) == (before.out_until, 1)
    world.open(world.loket_3)
    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_3)
    time.forward(minutes=12)
    assert world.call_next(world.loket_3).label == taken.label


def test_the_end_of_a_line_is_not_behind_who_is_booked_for_later(any_world, time):
    world = any_world
    booked = world.take(world.ktp, booked_in_minutes=14)
    moved = world.take(world.kk)
    world.open(world.loket_3)
    world.call_next(world.loket_3)
    world.transfer(world.loket_3, "AA", position=Place.END)
    time.forward(minutes=5)
    later = world.take(world.ktp)

    world.open(world.loket_1, world.sari)
    assert all_called(world, world.loket_1, world.sari) == [moved.label, later.label, booked.label]


def test_who_is_kept_for_a_person_at_another_line_is_called_by_all(any_world):
    world = any_world
    moved = world.take(world.ktp)
    tuti = world.officer("tuti", agency="A")
    world.open(world.loket_1, tuti)
    world.open(world.loket_2)
    world.call_next(world.loket_2)

    world.transfer(world.loket_2, "AB", person="tuti")

    assert world.call_next(world.loket_2).label == moved.label


def test_who_is_kept_for_a_counter_that_was_handed_over_is_called_by_all(any_world):
    world = any_world
    moved = world.take(world.ktp)
    world.open(world.loket_3, world.sari)
    world.open(world.loket_2)
    world.call_next(world.loket_2)
    world.transfer(world.loket_2, "AB", counter=world.loket_3.id)
    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_2)

    world.hand_over(world.loket_3, world.sari)

    assert world.call_next(world.loket_2).label == moved.label


def test_a_finish_that_was_undone_leaves_no_trace_on_the_way(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)
    for _ in range(2):
        world.finish(world.loket_1, following=("B-01",))
        assert states_seen(world, taken) == ("waiting", ["done", "waiting"])
        world.undo(world.loket_1)
    with world.db.reading() as session:
        shown = plain_row(
            desk_of(Reading(session, world.mall, world.time.now(), world.head().day, 0), world.loket_1.id)
        )

    assert [stop["state"] for stop in shown["turn"]["route"]] == ["serving"]
    assert states_seen(world, taken) == ("serving", ["serving"])
    world.finish(world.loket_1)
    assert states_seen(world, taken) == ("done", ["done"])


def test_who_gives_up_the_rest_while_being_served_has_been_served(any_world):
    world = any_world
    taken = world.take(world.ktp, world.paspor)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)

    world.cancel(taken)
    world.finish(world.loket_1)

    assert states_seen(world, taken) == ("done", ["done"])


def test_who_may_return_no_more_gets_a_new_number_and_no_further_stop(any_world, time):
    world = any_world
    taken = world.take(world.ktp, world.paspor)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)
    time.forward(minutes=30, seconds=1)

    with pytest.raises(TooLate):
        greet(world, greeting.add_stops, taken, ["C-01"])

    with world.db.reading() as session:
        may = greeters_ticket(Reading.of(session, world.mall, world.time.now()), None, taken.id).may
    assert not {"stops", "return"} & set(may)


def test_who_is_paper_missed_while_out_is_here_again_when_they_return(world):
    taken = world.take(world.ktp)
    step_out(world, taken)
    line = PaperLine(label=taken.label, counter=world.loket_1.id, result="missed")
    paper.record(world.command(world.sari), RecordPaper(entries=[line]))

    greet(world, greeting.return_missed, taken)

    world.open(world.loket_1)
    assert world.call_next(world.loket_1).label == taken.label


@pytest.mark.parametrize("services", [("B-01", "B-01"), ("C-01",)])
def test_nobody_is_sent_on_twice_to_the_same_service(any_world, services):
    world = any_world
    world.take(world.ktp, world.pajak)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)

    with pytest.raises(Invalid):
        world.finish(world.loket_1, following=services)

    assert world.events("turn_finished") == []


def test_nobody_is_sent_on_to_an_agency_that_gives_no_numbers_any_more(any_world, time):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    time.until(15, 1)
    world.call_next(world.loket_1)
    world.start(world.loket_1)

    with pytest.raises(Closed):
        world.finish(world.loket_1, following=("B-01",))
    with pytest.raises(Closed):
        world.transfer(world.loket_1, "BA")

    world.transfer(world.loket_1, "AB")
    assert now_of(world, taken).state == "waiting"


def test_who_has_no_number_is_called_nowhere(any_world):
    world = any_world
    world.open(world.loket_1)
    served = world.serve_without_number(world.loket_1, world.ktp)

    with pytest.raises(WithoutNumber):
        world.transfer(world.loket_1, "BA")
    with pytest.raises(WithoutNumber):
        world.correct(world.loket_1, world.kk)
    with pytest.raises(WithoutNumber):
        world.finish(world.loket_1, following=("B-01",))
    world.park(world.loket_1)
    with pytest.raises(WithoutNumber):
        world.resume(world.loket_1, served.id, call=True)

    assert world.resume(world.loket_1, served.id).state == "serving"
    assert world.events("turn_called") == []


def test_whoever_is_at_a_colleagues_counter_is_left_to_them(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.call_next(world.loket_1)
    world.open(world.loket_2, world.sari)

    with pytest.raises(WrongMoment) as refused:
        world.correct(world.loket_2, world.kk, world.sari, turn=taken.turn)

    assert refused.value.detail == "AA-001 sedang dipanggil di Loket 1."
    assert (refused.value.state, refused.value.counter) == ("called", world.loket_1.id)


def test_whose_visitor_has_gone_reads_where_they_are(any_world):
    world = any_world
    taken = world.take(world.ktp)
    world.open(world.loket_1)
    world.open(world.loket_2, world.sari)
    world.call_next(world.loket_1)
    world.park(world.loket_1)
    world.resume(world.loket_2, taken.turn, world.sari)

    with pytest.raises(WrongMoment) as refused:
        world.start(world.loket_1)

    assert refused.value.detail == "AA-001 sedang dipanggil di Loket 2."
    assert (refused.value.state, refused.value.counter) == ("called", world.loket_2.id)
    world.start(world.loket_2, world.sari)
    with pytest.raises(WrongMoment, match=r"^AA-001 sedang dilayani di Loket 2\.$"):
        world.cancel(taken)
