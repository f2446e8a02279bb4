"""What staff at the door do, with times and places counted: on both databases, and under a sound history."""

import itertools
from contextlib import suppress
from types import SimpleNamespace

import pytest

from mpp.actions import greeting, paper
from mpp.actions.greeting import HELP
from mpp.actions.paper import PaperLine, RecordPaper
from mpp.domain.errors import (
    AlreadyThere,
    NothingToUndo,
    PaperWrong,
    TooLate,
    UnknownTicket,
    WrongMoment,
)
from mpp.domain.life import State
from mpp.domain.order import MINUTE_US, micros
from mpp.history import examine
from mpp.queries.greeter import ticket as ticket_of
from mpp.queries.reading import Reading
from tests.world import somebody


@pytest.fixture
def allowed(any_world):
    """A greeter of the whole mall, and one of Imigrasi."""
    world = any_world
    everywhere = somebody("person:7")
    imigrasi = somebody("person:8", world.mall.agencies["B"].id)

    def do(run, ticket, *said, helper=everywhere):
        fields = HELP.of(run).body.model_fields
        return world.help(run, helper, ticket.id, **dict(zip(fields, said, strict=False)))

    def write_up(*lines, helper=everywhere):
        return paper.record(world.command(helper), RecordPaper(entries=list(lines)))

    yield SimpleNamespace(do=do, write_up=write_up, everywhere=everywhere, imigrasi=imigrasi)
    with world.db.reading() as session:
        assert examine(session, world.mall_id).violations == []


def test_priority_that_is_set_counts_from_the_arrival_on_every_stop_to_come(any_world, time, allowed):
    first, ticket = any_world.take(any_world.ktp), any_world.take(any_world.pajak, any_world.ktp)
    time.forward(minutes=7)

    allowed.do(greeting.set_priority, ticket, "LANSIA", "terverifikasi")

    here, later = any_world.turns(ticket)
    assert here.order_key == micros(here.arrived_at) - 5 * MINUTE_US
    assert (here.priority, later.priority, later.state) == (True, True, State.PLANNED)
    any_world.open(any_world.loket_5)
    any_world.serve(any_world.loket_5)
    any_world.open(any_world.loket_1)
    assert any_world.call_next(any_world.loket_1).label == ticket.label
    assert any_world.turn(first).state == State.WAITING


def test_who_is_at_a_counter_may_lose_priority_and_stays_there(any_world, allowed):
    ticket = any_world.take(any_world.ktp, priority="LANSIA")
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)

    allowed.do(greeting.set_priority, ticket, "UMUM", "salah_pilih")

    turn = any_world.turn(ticket)
    assert (turn.state, turn.priority, turn.counter_id) == (State.CALLED, False, any_world.loket_1.id)
    entry = any_world.events("turn_priority_set")[0]
    assert (entry.counter_id, entry.from_state, entry.to_state) == (any_world.loket_1.id, "called", "called")


def test_who_comes_back_too_late_takes_a_new_number(any_world, time, allowed):
    ticket = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.miss(any_world.loket_1)
    time.forward(minutes=30, seconds=1)

    with pytest.raises(TooLate):
        allowed.do(greeting.return_missed, ticket)

    assert any_world.turn(ticket).state == State.MISSED


def test_a_return_at_the_door_keeps_the_officer_from_undoing_the_miss(any_world, time, allowed):
    ticket, other = any_world.take(any_world.ktp), any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.miss(any_world.loket_1)

    allowed.do(greeting.return_missed, ticket)

    with pytest.raises(NothingToUndo):
        any_world.undo(any_world.loket_1)
    assert any_world.call_next(any_world.loket_1).label == ticket.label
    assert any_world.turn(other).state == State.WAITING


def test_a_stop_that_is_added_afterwards_knows_the_time_between(any_world, time, allowed):
    ticket = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.serve(any_world.loket_1)
    time.forward(minutes=12)

    allowed.do(greeting.add_stops, ticket, ["B-01", "C-01"])

    done, here, later = any_world.turns(ticket)
    assert (done.state, here.state, later.state) == (State.DONE, State.WAITING, State.PLANNED)
    assert here.between_us == 12 * MINUTE_US
    assert here.order_key == micros(here.arrived_at) - 10 * MINUTE_US
    assert any_world.quota_used("AA") == 1


def test_a_stop_that_is_added_while_one_is_missed_waits_for_the_return(any_world, allowed):
    ticket = any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    any_world.call_next(any_world.loket_1)
    any_world.miss(any_world.loket_1)

    allowed.do(greeting.add_stops, ticket, ["B-01"])

    assert [turn.state for turn in any_world.turns(ticket)] == [State.MISSED, State.PLANNED]


def test_a_corrected_service_of_another_line_stands_by_the_first_arrival(any_world, time, allowed):
    ticket = any_world.take(any_world.ktp)
    time.forward(minutes=4)
    later = any_world.take(any_world.kk)

    allowed.do(greeting.correct, ticket, "A-02")

    gone, here = any_world.turns(ticket)
    assert (gone.state, here.state) == (State.TRANSFERRED, State.WAITING)
    assert here.order_key == gone.order_key < any_world.turn(later).order_key


def test_a_correction_that_corrects_nothing_is_said_to_be_none(any_world, allowed):
    ticket = any_world.take(any_world.ktp)

    with pytest.raises(AlreadyThere):
        allowed.do(greeting.correct, ticket, "A-01")

    assert any_world.turn(ticket).state == State.WAITING


def test_a_number_that_is_given_up_at_the_door_leaves_its_place_in_the_quota(any_world, allowed):
    tickets = [any_world.take(any_world.paspor) for _ in range(3)]

    allowed.do(greeting.cancel, tickets[1])

    assert any_world.quota_used("BA") == 2
    assert any_world.take(any_world.paspor).label == "BA-004"
    with pytest.raises(WrongMoment):
        allowed.do(greeting.cancel, tickets[1])


def test_an_agency_moves_nobody_who_is_in_the_hands_of_another(any_world, allowed):
    world = any_world
    for helped, state in ((False, "waiting"), (True, "called")):
        guest = world.take(world.ktp, world.paspor)
        if helped:
            world.open(world.loket_1)
            world.call_next(world.loket_1)
        before = world.head().seq

        for deed in (greeting.step_out, greeting.come_back, greeting.return_missed, greeting.cancel):
            with pytest.raises(WrongMoment) as refusal:
                allowed.do(deed, guest, helper=allowed.imigrasi)

            assert (refusal.value.counter, "Loket" in refusal.value.detail) == (None, False)
            assert refusal.value.state in ("planned", state)
        assert world.head().seq == before
        world.cancel(guest)


def test_a_number_that_is_over_elsewhere_names_no_counter_of_there(any_world, allowed):
    world, guest = any_world, any_world.take(any_world.ktp, any_world.paspor)
    disduk = somebody("person:9", world.mall.agencies["A"].id)
    world.open(world.loket_1), world.open(world.loket_4)
    world.serve(world.loket_1), world.serve(world.loket_4)

    for helper, counter in ((disduk, None), (allowed.imigrasi, world.loket_4.id)):
        with pytest.raises(WrongMoment) as refusal:
            allowed.do(greeting.cancel, guest, helper=helper)
        assert (refusal.value.state, refusal.value.counter) == ("done", counter)
        assert ("Loket 4" in refusal.value.detail) == (counter is not None)


def test_an_agency_gives_a_number_up_that_is_in_nobodys_hands_or_its_own(any_world, allowed):
    world = any_world
    world.open(world.loket_1)
    missed, own = world.take(world.ktp, world.paspor), world.take(world.paspor, world.ktp)
    world.call_next(world.loket_1)
    world.miss(world.loket_1)

    allowed.do(greeting.cancel, missed, helper=allowed.imigrasi)
    allowed.do(greeting.cancel, own, helper=allowed.imigrasi)

    assert [turn.state for turn in world.turns(missed)] == ["missed", "cancelled"]
    assert [turn.state for turn in world.turns(own)] == ["cancelled", "cancelled"]


def test_the_door_of_the_mall_gives_up_and_lets_out_whoever_waits_anywhere(any_world, allowed):
    guest = any_world.take(any_world.ktp, any_world.paspor)

    allowed.do(greeting.step_out, guest)
    allowed.do(greeting.come_back, guest)
    allowed.do(greeting.cancel, guest)

    assert {turn.state for turn in any_world.turns(guest)} == {"cancelled"}


def test_what_the_tablet_offers_is_what_may_be_done(any_world, allowed):
    """Whoever helps is offered exactly the deeds that no wrong moment refuses."""
    world = any_world
    deeds = {
        "step_out": greeting.step_out, "come_back": greeting.come_back,
        "return": greeting.return_missed, "cancel": greeting.cancel,
    }  # fmt: skip
    world.open(world.loket_1), world.open(world.loket_4)
    ways = [(), (world.call_next,), (world.call_next, world.start), (world.call_next, world.miss)]
    for nth, helper in itertools.product(range(len(ways)), (allowed.everywhere, allowed.imigrasi)):
        for name, deed in deeds.items():
            guest = world.take(world.ktp, world.paspor)
            for step in ways[nth]:
                step(world.loket_1)
            with world.db.reading() as session:
                seen = ticket_of(
                    Reading.of(session, world.mall, world.time.now()), helper.agency_id, guest.id
                )
            offered, done = name in seen.may, True
            try:
                allowed.do(deed, guest, helper=helper)
            except WrongMoment:
                done = False

            assert offered == done, f"{name} after {len(ways[nth])} steps, by {helper}"
            _clear(world, guest)


def _clear(world, guest):
    """Nobody is at the desk and nobody waits, whatever became of the guest."""
    for step in (world.start, world.finish):
        with suppress(WrongMoment):
            step(world.loket_1)
    with suppress(WrongMoment):
        world.cancel(guest)


def test_what_happened_on_paper_costs_the_visitor_no_second_wait(any_world, time, allowed):
    ticket = any_world.take(any_world.ktp, any_world.paspor)
    time.forward(minutes=45)

    allowed.write_up(PaperLine(label=ticket.label, counter=any_world.loket_1.id, result="served"))

    served, here = any_world.turns(ticket)
    assert (served.state, served.outcome, served.wait_us) == (State.DONE, {"paper": True}, 45 * MINUTE_US)
    assert (here.state, here.between_us, here.joined_at) == (State.WAITING, 0, served.ended_at)
    assert here.order_key == micros(here.arrived_at) - 10 * MINUTE_US


def test_wrong_paper_leaves_nothing_behind(any_world, allowed):
    ticket = any_world.take(any_world.ktp, any_world.paspor)
    before = any_world.head().seq

    with pytest.raises(PaperWrong) as wrong:
        allowed.write_up(
            PaperLine(label=ticket.label, counter="loket 1", result="served"),
            PaperLine(label=ticket.label, counter="4", result="missed"),
            PaperLine(label=ticket.label, counter="4", result="missed"),
        )

    assert [each["line"] for each in wrong.value.lines] == [3]
    assert "tidak hadir" in wrong.value.lines[0]["detail"]
    assert any_world.head().seq == before
    assert [turn.state for turn in any_world.turns(ticket)] == [State.WAITING, State.PLANNED]


def test_a_ticket_of_yesterday_is_nobodys_any_more(any_world, time, allowed):
    ticket = any_world.take(any_world.ktp)
    time.until(9, days=1)
    any_world.take(any_world.ktp)

    with pytest.raises(UnknownTicket):
        allowed.do(greeting.mark_needs, ticket, ["kursi_roda"])


def test_an_agency_helps_a_ticket_from_the_moment_that_it_comes_there(any_world, allowed):
    ticket = any_world.take(any_world.ktp)
    with pytest.raises(UnknownTicket):
        allowed.do(greeting.mark_needs, ticket, ["kursi_roda"], helper=allowed.imigrasi)

    allowed.do(greeting.add_stops, ticket, ["B-01"])
    allowed.do(greeting.mark_needs, ticket, ["kursi_roda"], helper=allowed.imigrasi)

    with pytest.raises(WrongMoment):
        allowed.do(greeting.correct, ticket, "B-01", helper=allowed.imigrasi)
