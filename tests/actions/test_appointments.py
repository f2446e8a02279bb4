"""Appointments: promised inside the hours, turned into one number, and missed by themselves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select, update

from mpp.actions import appointments
from mpp.actions.appointments import BookAppointment, CheckIn
from mpp.domain.appointment import LETTERS, Appointment, Booked, appointment_token
from mpp.domain.errors import (
    AppointmentOver,
    Closed,
    QuotaReached,
    TooEarly,
    UnknownAppointment,
    UnknownService,
    WrongSlot,
)
from mpp.domain.order import micros
from mpp.domain.people import Role
from mpp.domain.ticket import Ticket
from mpp.domain.turn import Turn
from mpp.history import examine
from tests.world import TOKEN_KEY, WIB


def at(hour, minute=0, day=23):
    """A moment of the Monday on which the small mall lives, or of another day."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


class Bookings:
    """What staff do with appointments in a small mall."""

    def __init__(self, world):
        self.world, self.greeter = world, world.officer("wati", Role.GREETER)

    def book(self, service, slot, clerk=None, key=None):
        world, who = self.world, clerk or self.greeter
        command = world.command(who, key, {"at": slot.isoformat()})
        return appointments.book(command, BookAppointment(service=service.code, at=slot))

    def cancel(self, number, clerk=None, key=None):
        world, who = self.world, clerk or self.greeter
        return appointments.cancel(world.command(who, key), number)

    def check_in(self, number, clerk=None, key=None, **claim):
        """Come with the code of a booking, or with whatever is claimed."""
        world, who = self.world, clerk or self.greeter
        shown = CheckIn(**(claim or {"code": self.row(number).code}))
        return appointments.check_in(world.command(who, key), shown).ids["ticket"]

    def row(self, number):
        return self.world.one(select(Appointment).where(Appointment.id == number))

    def turn(self, ticket):
        return self.world.one(select(Turn).where(Turn.ticket_id == ticket))

    def label(self, ticket):
        return self.world.one(select(Ticket.label).where(Ticket.id == ticket))


@pytest.fixture
def bookings(any_world):
    """On SQLite, and then on PostgreSQL."""
    return Bookings(any_world)


@pytest.fixture
def desk(world):
    """On SQLite alone."""
    return Bookings(world)


def test_whoever_booked_enters_the_line_at_the_booked_time(bookings, any_world, time):
    number = bookings.book(any_world.ktp, at(9, 30))
    time.until(9, 20)
    early = any_world.take(any_world.ktp)
    time.until(9, 35)
    late = any_world.take(any_world.ktp)
    time.until(9, 40)

    ticket = bookings.check_in(number)

    any_world.open(any_world.loket_1)
    order = [any_world.serve(any_world.loket_1) for _ in range(3)]
    assert order == [early.label, bookings.label(ticket), late.label]
    assert bookings.turn(ticket).order_key == micros(at(9, 30))
    assert violations(any_world) == []


def test_an_early_visitor_with_a_booking_overtakes_nobody_who_comes_before_the_slot(
    bookings, any_world, time
):
    number = bookings.book(any_world.ktp, at(9, 30))
    time.until(9, 16)
    ticket = bookings.check_in(number)
    time.until(9, 25)
    walk_in = any_world.take(any_world.ktp)

    any_world.open(any_world.loket_1)

    assert any_world.serve(any_world.loket_1) == walk_in.label
    assert any_world.serve(any_world.loket_1) == bookings.label(ticket)
    assert violations(any_world) == []


def test_the_number_is_one_like_any_other(desk, world, time):
    number = desk.book(world.ktp, at(9, 30))
    world.take(world.ktp)
    time.until(9, 30)

    ticket = desk.check_in(number, language="en", code=desk.row(number).code)

    row = world.one(select(Ticket).where(Ticket.id == ticket))
    assert (row.label, row.channel, row.language, row.priority_code) == ("AA-002", "appointment", "en", None)
    assert desk.row(number).state == Booked.CHECKED_IN
    assert desk.row(number).ticket_id == ticket
    assert [event.event for event in world.events()][-3:] == [
        "ticket_taken",
        "turn_joined",
        "appointment_checked_in",
    ]


def test_two_at_once_get_the_same_number(bookings, any_world, time):
    number = bookings.book(any_world.ktp, at(9, 30))
    time.until(9, 30)

    with ThreadPoolExecutor(2) as pool:
        tickets = {each.result() for each in [pool.submit(bookings.check_in, number) for _ in range(2)]}

    assert len(tickets) == 1
    assert len(any_world.events("ticket_taken", "appointment_checked_in")) == 2
    assert violations(any_world) == []


def test_checking_in_again_later_gives_the_same_number(desk, world, time):
    number = desk.book(world.ktp, at(9, 30))
    time.until(9, 30)
    first = desk.check_in(number)
    time.until(14)

    assert desk.check_in(number) == first


def test_the_token_opens_it_as_the_code_does_and_is_kept_nowhere(desk, world, time):
    number = desk.book(world.ktp, at(9, 30))
    secret = appointment_token(TOKEN_KEY, number)
    time.until(9, 30)

    ticket = desk.check_in(number, token=secret)

    assert desk.row(number).ticket_id == ticket
    assert not [event for event in world.events() if secret.encode() in event.sealed]
    with pytest.raises(UnknownAppointment):
        desk.check_in(number, token=secret[:-1])


@pytest.mark.parametrize(
    "written", [str.lower, lambda code: f" {code[:3]} {code[3:]} ", lambda code: f"{code[:3]}-{code[3:]}"]
)
def test_a_code_may_be_written_as_people_write(desk, world, time, written):
    number = desk.book(world.ktp, at(9, 30))
    code = desk.row(number).code
    time.until(9, 30)

    ticket = desk.check_in(number, code=written(code))

    assert desk.row(number).ticket_id == ticket
    assert len(code) == 6 and set(code) <= set(LETTERS)


def test_too_early_is_told_from_when(desk, world, time):
    number = desk.book(world.ktp, at(10))

    with pytest.raises(TooEarly) as refusal:
        desk.check_in(number)

    assert refusal.value.detail == "Terlalu awal. Kedatangan dapat dicatat mulai hari ini pukul 09.45 WIB."
    assert refusal.value.next_opening == at(9, 45)
    time.until(9, 45)
    assert desk.check_in(number)


def test_too_late_is_told_until_when(desk, world, time):
    number, other = desk.book(world.ktp, at(10)), desk.book(world.ktp, at(10))
    time.until(10, 15)
    assert desk.check_in(other)
    time.forward(seconds=1)

    with pytest.raises(AppointmentOver) as refusal:
        desk.check_in(number)

    assert "berlaku sampai hari ini pukul 10.15 WIB" in refusal.value.detail
    assert refusal.value.state == Booked.MISSED


def test_on_another_day_it_is_not_yet_or_no_longer(desk, world, time):
    tomorrow = desk.book(world.ktp, at(10, day=24))
    with pytest.raises(TooEarly) as refusal:
        desk.check_in(tomorrow)
    assert "besok pukul 09.45 WIB" in refusal.value.detail

    time.until(9, days=2)

    with pytest.raises(AppointmentOver):
        desk.check_in(tomorrow)


def test_what_is_closed_now_gives_no_number(desk, world, time):
    number = desk.book(world.ktp, at(14, 55))
    time.until(15, 5)

    with pytest.raises(Closed) as refusal:
        desk.check_in(number)

    assert refusal.value.next_opening.astimezone(WIB) == at(8, day=24)
    assert desk.row(number).state == Booked.BOOKED


def test_a_full_quota_refuses_the_booked_too_and_leaves_the_booking(desk, world, time):
    number = desk.book(world.paspor, at(9, 30))
    time.until(9, 30)
    for _ in range(3):
        held = world.take(world.paspor)
    with pytest.raises(QuotaReached):
        desk.check_in(number)

    world.cancel(held)

    assert desk.label(desk.check_in(number)) == "BA-004"
    assert world.quota_used("BA") == 3


@pytest.mark.parametrize(
    ("slot", "error", "words"),
    [
        (at(9), WrongSlot, "di masa depan"),
        (at(8, 59), WrongSlot, "di masa depan"),
        (at(15), Closed, "Buka besok pukul 08.00 WIB."),
        (at(7, 59, day=24), Closed, "Buka besok pukul 08.00 WIB."),
        (at(10, day=28), Closed, "Layanan ini tutup pada waktu itu."),
        (datetime(2027, 6, 1, 10, tzinfo=WIB), WrongSlot, "60 hari"),
    ],
)
def test_a_slot_lies_ahead_and_inside_the_hours(desk, world, slot, error, words):
    with pytest.raises(error) as refusal:
        desk.book(world.ktp, slot)

    assert words in refusal.value.detail
    assert world.events("appointment_booked") == []


def test_the_same_intent_books_once(desk, world):
    first, again = (desk.book(world.ktp, at(10), key="tap") for _ in range(2))

    assert first == again
    assert len(world.events("appointment_booked")) == 1


def test_what_nobody_claimed_is_missed_with_the_next_booking(desk, world, time):
    gone, near = desk.book(world.ktp, at(9, 30)), desk.book(world.ktp, at(9, 50))
    time.until(9, 46)

    desk.book(world.ktp, at(11))

    assert (desk.row(gone).state, desk.row(near).state) == (Booked.MISSED, Booked.BOOKED)
    with pytest.raises(AppointmentOver, match="Silakan ambil nomor biasa"):
        desk.check_in(gone)


def test_what_nobody_claimed_is_missed_when_another_day_begins(bookings, any_world, time):
    gone, ahead = bookings.book(any_world.ktp, at(14)), bookings.book(any_world.ktp, at(10, day=25))
    time.until(9, days=1)

    any_world.take(any_world.ktp)

    assert (bookings.row(gone).state, bookings.row(ahead).state) == (Booked.MISSED, Booked.BOOKED)
    (event,) = any_world.events("appointment_missed")
    assert (event.queue, event.agency, event.from_state, event.to_state) == ("AA", "A", "booked", "missed")
    assert violations(any_world) == []


def test_a_cancelled_booking_is_over(desk, world, time):
    number = desk.book(world.ktp, at(9, 30))
    time.until(9, 30)

    assert desk.cancel(number)["state"] == Booked.CANCELLED

    with pytest.raises(AppointmentOver, match="dibatalkan"):
        desk.check_in(number)
    with pytest.raises(AppointmentOver):
        desk.cancel(number)
    assert violations(world) == []


def test_a_checked_in_booking_cannot_be_cancelled(desk, world, time):
    number = desk.book(world.ktp, at(9, 30))
    time.until(9, 30)
    desk.check_in(number)

    with pytest.raises(AppointmentOver, match="sudah dicatat"):
        desk.cancel(number)


def test_cancelling_and_checking_in_at_once_has_one_winner(bookings, any_world, time):
    time.until(9, 30)
    for _ in range(4):
        number = bookings.book(any_world.ktp, at(9, 40))

        with ThreadPoolExecutor(2) as pool:
            told = [pool.submit(refused, deed, number) for deed in (bookings.cancel, bookings.check_in)]
            told = [each.result() for each in told]

        assert sorted(told) == ["", "appointment_over"]
    assert violations(any_world) == []


def test_an_agency_sees_to_its_own_bookings_alone(desk, world, time):
    own = world.officer("ayu", agency="A")
    other = world.officer("bayu", agency="B")
    number = desk.book(world.ktp, at(9, 30), own)
    time.until(9, 30)

    with pytest.raises(UnknownService):
        desk.book(world.ktp, at(10), other)
    with pytest.raises(UnknownAppointment):
        desk.cancel(number, other)
    with pytest.raises(UnknownAppointment):
        desk.check_in(number, other)

    assert desk.check_in(number, own)


def test_a_code_that_comes_again_means_the_booking_of_today(desk, world, time):
    today, tomorrow = desk.book(world.ktp, at(9, 30)), desk.book(world.kk, at(9, 30, day=24))
    with world.db.jotting() as session:
        session.execute(update(Appointment).values(code="KAMERA"))
    time.until(9, 30)

    ticket = desk.check_in(today)

    assert desk.row(today).ticket_id == ticket
    time.until(9, 30, days=1)
    assert desk.label(desk.check_in(tomorrow)) == "AB-001"


def refused(deed, number):
    """The code of the refusal; empty when it was done."""
    try:
        deed(number)
    except AppointmentOver as error:
        return error.code
    return ""


def violations(world):
    """What the history finds to be against the rules."""
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations
