"""Whoever changes a byte of the log, or cuts off its end, is found out."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.log import Event, MallLog
from mpp.domain.mall import Queue
from mpp.domain.ticket import QueueDay, Slip, Ticket
from mpp.domain.turn import Turn
from mpp.history import examine
from tests.history.stories import Story, broken
from tests.world import World

EVENT, LOG, TURN, TICKET = table(Event), table(MallLog), table(Turn), table(Ticket)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipping_any_bit_of_any_entry_is_found_out(good_rows, data):
    place = data.draw(st.integers(0, len(good_rows) - 1), label="entry")
    field = data.draw(st.sampled_from(["sealed", "hash"]), label="field")
    value = bytearray(getattr(good_rows[place], field))
    value[data.draw(st.integers(0, len(value) - 1), label="byte")] ^= 1 << data.draw(st.integers(0, 7))

    spoiled = [*good_rows]
    spoiled[place] = replace(good_rows[place], **{field: bytes(value)})

    assert broken(spoiled)[0][1] == place + 1


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_changing_any_column_of_any_entry_is_found_out(good_rows, data):
    place = data.draw(st.integers(0, len(good_rows) - 1), label="entry")
    field = data.draw(
        st.sampled_from(["event", "actor", "agency", "label", "queue", "before", "after", "reason"])
    )
    word = data.draw(st.none() | st.text(max_size=8))

    spoiled = [*good_rows]
    spoiled[place] = replace(good_rows[place], **{field: word})

    assert bool(broken(spoiled)) == (word != getattr(good_rows[place], field))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_story_however_wild_makes_the_checker_fail(good_rows, data):
    story = Story(good_rows)
    for _ in range(data.draw(st.integers(1, 8))):
        one = data.draw(st.sampled_from(story.entries))
        other = data.draw(st.sampled_from(story.entries))
        keys = data.draw(
            st.lists(st.sampled_from(["event", "turn", "ticket", "queue", "counter", "from", "to", "facts"]))
        )
        one |= {key: other[key] for key in keys}
        story.swap(one, data.draw(st.sampled_from(story.entries)))

    broken(story.rows())


@pytest.fixture
def two_good_days(good_room, tmp_path, time):
    """The small mall after two good days, with its tables."""
    file = shutil.copy(good_room / "mpp.sqlite3", tmp_path)
    small = World(f"sqlite:///{file}", tmp_path, time)
    yield small
    small.end()


def found(world) -> set[str]:
    with world.db.reading() as session:
        return {each.code for each in examine(session, world.mall_id).violations}


def spoil(world, *statements) -> None:
    with world.db.jotting() as session:
        for statement in statements:
            session.execute(statement)


def test_cutting_off_the_end_of_the_log_is_found_out(two_good_days):
    spoil(two_good_days, delete(EVENT).where(EVENT.c.seq > two_good_days.head().seq - 3))

    assert "head" in found(two_good_days)


def test_cutting_off_the_end_and_moving_the_head_back_leaves_the_tables_behind(two_good_days):
    world, last = two_good_days, two_good_days.events()[-6]
    spoil(
        world,
        delete(EVENT).where(EVENT.c.seq > last.seq),
        update(LOG).values(seq=last.seq, head=last.hash),
    )

    assert {"turn_stray", "ticket_stray"} <= found(world)


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("turn_differs", update(TURN).where(TURN.c.label == "AA-005").values(service_us=0)),
        ("turn_differs", update(TURN).where(TURN.c.label == "BA-001").values(state="done")),
        ("turn_differs", update(TURN).where(TURN.c.label == "AA-004").values(order_key=1)),
        ("turn_missing", delete(TURN).where(TURN.c.label == "AA-004")),
        ("turn_stray", update(TURN).where(TURN.c.id == 7).values(id=777)),
        ("ticket_differs", update(TICKET).where(TICKET.c.label == "AB-001").values(label="AB-999")),
        ("ticket_differs", update(TICKET).where(TICKET.c.label == "AB-001").values(head="ffffff")),
        ("series_differs", update(table(QueueDay)).values(last_number=9)),
        ("series_differs", update(table(QueueDay)).values(quota_used=0)),
        ("slip_differs", update(table(Slip)).where(table(Slip).c.id == 1).values(state="failed")),
        (
            "setting_differs",
            update(table(Queue)).where(table(Queue).c.code == "BA").values(quota=900),
        ),
        ("head_differs", update(LOG).values(ids={"ticket": 1, "turn": 1, "slip": 1})),
        ("head_differs", update(LOG).values(zone_seqs={"merah": 1})),
    ],
)
def test_a_table_that_tells_another_tale_than_the_log_is_found_out(two_good_days, code, statement):
    spoil(two_good_days, statement)

    assert code in found(two_good_days)


def test_a_counter_that_opened_by_itself_is_found_out(two_good_days):
    number = two_good_days.loket_5.id
    spoil(two_good_days, update(CounterState).where(CounterState.id == number).values(open=True))

    assert "counter_differs" in found(two_good_days)
