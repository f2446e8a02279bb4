"""Whatever column of a table is changed behind the log's back, the checker sees it."""

import itertools
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import Boolean, delete, insert, select, update

from mpp.actions.forgetting import forget_notes
from mpp.domain.appointment import Appointment
from mpp.domain.base import Document, Moment, table
from mpp.domain.counter import CounterState
from mpp.domain.mall import Counter
from mpp.domain.note import Note, note_seal
from mpp.domain.notice import Notice
from mpp.domain.people import Person
from mpp.domain.ticket import Slip, Ticket
from mpp.domain.turn import Turn
from mpp.history import examine
from mpp.history.other_tables import APPOINTMENT_FACTS, COUNTER_FACTS, NOTE_FACTS, NOTICE_FACTS, SETTINGS
from mpp.history.tables import TICKET_FACTS, TURN_FACTS
from tests.world import MONDAY_MORNING, World

TICKET, TURN, SLIP = table(Ticket), table(Turn), table(Slip)
COUNTER, STATE = table(Counter), table(CounterState)
NOTICE, NOTE, APPOINTMENT, PERSON = table(Notice), table(Note), table(Appointment), table(Person)

# What no entry of the log tells: who looks after the row itself, and what is told to nobody. A counter's zone
# is not told: an entry names the zones of its line and of its counter together, and not which is whose.
UNTOLD = {
    TURN: {"id", "mall_id", "queue_id", "service_id", "call_seq"},
    TICKET: {"id", "mall_id", "queue_id", "priority_code", "language", "token_hash", "head", "needs"},
    COUNTER: {"id", "mall_id", "agency_id", "zone_id", "name", "position", "remarks", "retired_at"},
    STATE: {"id", "mall_id", "undo_turn_id"},
    NOTICE: {"id", "mall_id", "agency_id", "zone_id"},
    NOTE: {"id", "mall_id", "agency_id", "text", "salt", "erased_at"},
    APPOINTMENT: {"id", "mall_id", "queue_id", "service_id", "day", "slot_at", "code", "token_hash"},
}
COMPARED = {
    TURN: TURN_FACTS,
    TICKET: TICKET_FACTS,
    COUNTER: SETTINGS,
    STATE: COUNTER_FACTS,
    NOTICE: NOTICE_FACTS,
    NOTE: NOTE_FACTS,
    APPOINTMENT: APPOINTMENT_FACTS,
}
CODES = {
    TURN: "turn_differs",
    TICKET: "ticket_differs",
    COUNTER: "setting_differs",
    STATE: "counter_differs",
    NOTICE: "notice_differs",
    NOTE: "note_differs",
    APPOINTMENT: "booking_differs",
}


@pytest.fixture
def full_day(full_room, tmp_path, time):
    """The small mall after a day with every verb, with its tables."""
    file = shutil.copy(full_room / "mpp.sqlite3", tmp_path)
    small = World(f"sqlite:///{file}", tmp_path, time)
    small._keys = itertools.count(1_000_000)  # the day's own wishes are in the file
    yield small
    small.end()


def found(world):
    with world.db.reading() as session:
        return {each.code for each in examine(session, world.mall_id).violations}


def spoil(world, *statements):
    with world.db.jotting() as session:
        for statement in statements:
            session.execute(statement)


def test_every_column_that_the_log_tells_of_is_compared():
    for rows, columns in COMPARED.items():
        assert {column.name for column in rows.c} == {*columns} | UNTOLD[rows], rows.name


@pytest.mark.parametrize(
    ("rows", "column"), [(rows, column) for rows, columns in COMPARED.items() for column in columns], ids=str
)
def test_a_column_that_was_changed_is_found_out(full_day, rows, column):
    with full_day.db.reading() as session:
        last = rows.c.position if rows is TURN else rows.c.id
        row = session.execute(select(rows).order_by(last.desc()).limit(1)).mappings().one()
    other = {column: _another(rows.c[column], row[column])}
    spoil(full_day, update(rows).where(rows.c.id == row["id"]).values(other))

    codes = found(full_day)

    assert CODES[rows] in codes


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("turn_differs", update(TURN).where(TURN.c.id == 5).values(call_seq=1)),
        ("turn_differs", update(TURN).where(TURN.c.id == 5).values(service_id=2)),
        ("ticket_differs", update(TICKET).where(TICKET.c.id == 5).values(needs=["kursi_roda"])),
        ("ticket_differs", update(TICKET).where(TICKET.c.id == 2).values(priority_code="LANSIA")),
        (
            "ticket_differs",
            update(TICKET).where(TICKET.c.priority_code == "LANSIA").values(priority_code=None),
        ),
        (
            "ticket_differs",
            update(TICKET).where(TICKET.c.priority_code == "LANSIA").values(priority_code="UMUM"),
        ),
        ("counter_differs", update(STATE).where(STATE.c.id == 2).values(undo_turn_id=5)),
        ("counter_differs", update(COUNTER).where(COUNTER.c.id == 2).values(agency_id=2)),
        ("counter_differs", delete(STATE).where(STATE.c.id == 2)),
        ("notice_differs", update(NOTICE).where(NOTICE.c.kind == "emergency").values(zone_id=1)),
        ("notice_differs", update(NOTICE).where(NOTICE.c.kind == "disturbance").values(agency_id=2)),
        ("notice_missing", delete(NOTICE).where(NOTICE.c.id == 1)),
        ("notice_stray", update(NOTICE).where(NOTICE.c.id == 1).values(id=77)),
        ("booking_differs", update(APPOINTMENT).where(APPOINTMENT.c.id == 1).values(slot_at=MONDAY_MORNING)),
        ("booking_differs", update(APPOINTMENT).where(APPOINTMENT.c.id == 1).values(queue_id=1)),
        ("booking_missing", delete(APPOINTMENT).where(APPOINTMENT.c.id == 4)),
        ("booking_stray", update(APPOINTMENT).where(APPOINTMENT.c.id == 4).values(id=77)),
        ("slip_differs", update(SLIP).where(SLIP.c.id == 8).values(copy=False)),
        ("slip_differs", update(SLIP).where(SLIP.c.id == 8).values(asked=False)),
        ("slip_differs", update(SLIP).where(SLIP.c.id == 8).values(device_id=None)),
        ("slip_differs", delete(SLIP).where(SLIP.c.id == 8)),
        ("right_differs", update(PERSON).where(PERSON.c.id == 2).values(rights=["call_chosen"])),
        ("note_differs", update(NOTE).where(NOTE.c.id == 1).values(text="sudah lunas")),
        ("note_differs", update(NOTE).where(NOTE.c.id == 1).values(text=None)),
        ("note_differs", update(NOTE).where(NOTE.c.id == 1).values(ticket_id=2)),
        ("note_differs", update(NOTE).where(NOTE.c.id == 1).values(agency_id=2)),
        ("note_differs", update(NOTE).where(NOTE.c.id == 3).values(erased_at=None)),
        ("note_missing", delete(NOTE).where(NOTE.c.id == 1)),
        ("note_stray", update(NOTE).where(NOTE.c.id == 1).values(id=77)),
    ],
)
def test_what_stands_in_no_log_is_found_out(full_day, code, statement):
    spoil(full_day, statement)

    assert code in found(full_day)


def test_an_erased_note_whose_text_came_back_is_found_out(full_day):
    salt = bytes(16)
    spoil(full_day, update(NOTE).where(NOTE.c.id == 3).values(text="menunggu salinan", salt=salt))

    assert "note_differs" in found(full_day)


@pytest.mark.parametrize("hours", [1, 23, 30])
def test_a_note_that_somebody_erased_by_hand_is_found_out(full_day, time, hours):
    """Whenever it is said to have been erased: no entry tells of it, and no day began then."""
    gone = {"text": None, "salt": None, "erased_at": MONDAY_MORNING + timedelta(hours=hours)}
    spoil(full_day, update(NOTE).where(NOTE.c.id == 1).values(gone))
    assert "note_differs" in found(full_day)

    time.until(9, days=1)
    full_day.take(full_day.ktp)

    assert "note_differs" in found(full_day)


def test_a_note_that_was_erased_too_early_with_a_new_day_is_found_out(full_day, time):
    time.until(0, 5, days=1)
    full_day.serve_without_number(full_day.loket_1, full_day.ktp)
    gone = {"text": None, "salt": None, "erased_at": full_day.events("day_opened")[-1].at}
    assert "note_differs" not in found(full_day)

    spoil(full_day, update(NOTE).where(NOTE.c.id == 1).values(gone))

    assert "note_differs" in found(full_day)


def test_notes_that_their_time_erased_are_sound(full_day, time):
    for _ in range(3):
        time.until(9, days=1)
        full_day.take(full_day.ktp)
    assert forget_notes(full_day.db, full_day.mall_id) > 0

    with full_day.db.reading() as session:
        assert session.scalars(select(NOTE.c.text).where(NOTE.c.text.is_not(None))).all() == []
    assert found(full_day) == set()


def test_a_note_that_fits_its_own_new_salt_does_not_fit_the_log(full_day):
    salt = bytes(16)
    assert note_seal(salt, "sudah lunas")
    spoil(full_day, update(NOTE).where(NOTE.c.id == 1).values(text="sudah lunas", salt=salt))

    assert "note_differs" in found(full_day)


def test_a_right_that_nobody_granted_is_found_out(full_day):
    spoil(full_day, insert(PERSON).values(_somebody(full_day.mall_id)))

    assert "right_differs" in found(full_day)


def _somebody(mall_id):
    return {
        "id": 99,
        "mall_id": mall_id,
        "agency_id": None,
        "name": "tamu",
        "role": "officer",
        "password_hash": "",
        "active": True,
        "rights": ["call_chosen"],
    }


def _another(column, value):
    """Some other value of the column's kind."""
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Moment):
        return (value or MONDAY_MORNING) + timedelta(seconds=1)
    if isinstance(column.type, Document):
        return ["lain"] if value != ["lain"] else None
    if column.name == "day":
        return value + timedelta(days=1)
    return (value or 0) + 1 if column.type.python_type is int else "lain"
