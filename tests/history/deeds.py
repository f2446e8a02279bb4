"""What people of the small mall do beyond the verbs of its desks, each in one line."""

from datetime import timedelta

from sqlalchemy import select

from mpp.actions import appointments, greeting, notes, notices, paper, people, slips, stepping
from mpp.actions.appointments import Claim, Clerk
from mpp.actions.greeting import Helper
from mpp.actions.notices import Teller
from mpp.domain.appointment import Appointment, appointment_token
from mpp.domain.note import Note
from mpp.domain.people import Right
from tests.world import TOKEN_KEY


class Deeds:
    """Greeters, supervisors, visitors with their phones, and an admin, in the small mall."""

    def __init__(self, world):
        self.world = world
        self.helper = Helper(world.sari.actor, None)

    # A greeter, for the number of a visitor.
    def mark_needs(self, taken):
        self._help(greeting.mark_needs, taken, needs=["kursi_roda"])

    def set_priority(self, taken, code, reason="terverifikasi"):
        self._help(greeting.set_priority, taken, code=code, reason=reason)

    def return_missed(self, taken):
        self._help(greeting.return_missed, taken)

    def add_stops(self, taken, *services):
        self._help(greeting.add_stops, taken, services=[each.code for each in services])

    def correct(self, taken, service):
        self._help(greeting.correct, taken, service=service.code)

    def ask_for_slip(self, taken, copy=True):
        intent = self.world.intent(self.helper.actor)
        return slips.ask_for(*self._mall(), self.helper, taken.id, "anjungan-1", copy, intent)

    def record_paper(self, *lines):
        """Each line is a label, a counter and whether the visitor was missed."""
        written = [paper.Line(label, counter.id, missed) for label, counter, missed in lines]
        paper.record(*self._mall(), self.helper, written, self.world.intent(self.helper.actor))

    # A visitor, on the phone.
    def step_out(self, taken):
        who = f"ticket:{taken.id}"
        stepping.step_out(*self._mall(), who, taken.id, self.world.intent(who))

    def come_back(self, taken):
        who = f"ticket:{taken.id}"
        stepping.come_back(*self._mall(), who, taken.id, self.world.intent(who))

    # Anybody of the staff, for the hall.
    def disturb(self, agency, until=None):
        intent = self.world.intent(self.teller.actor)
        notices.raise_disturbance(*self._mall(), self.teller, agency, intent, "sistem", until)

    def calm(self, agency):
        notices.lift_disturbance(*self._mall(), self.teller, agency, self.world.intent(self.teller.actor))

    def alarm(self, zone):
        intent = self.world.intent(self.teller.actor)
        notices.raise_emergency(*self._mall(), self.teller, zone, intent, "medis")

    def all_clear(self, zone):
        notices.lift_emergency(*self._mall(), self.teller, zone, self.world.intent(self.teller.actor))

    # Bookings.
    def book(self, service, minutes):
        """A booking for some minutes from now; its id."""
        at = self.world.time.now() + timedelta(minutes=minutes)
        intent = self.world.intent(self.clerk.actor)
        return appointments.book(*self._mall(), self.clerk, service.code, at, intent, TOKEN_KEY)

    def cancel_booking(self, booking):
        appointments.cancel(*self._mall(), self.clerk, booking, self.world.intent(self.clerk.actor))

    def check_in(self, booking):
        claim = Claim(token=appointment_token(TOKEN_KEY, booking))
        intent = self.world.intent(self.clerk.actor)
        return appointments.check_in(*self._mall(), self.clerk, claim, intent, TOKEN_KEY).ids["ticket"]

    # Notes and rights.
    def erase_last_note(self):
        last = self.world.one(select(Note.id).where(Note.erased_at.is_(None)).order_by(Note.id.desc()))
        if last is not None:
            notes.erase(*self._mall(), "person:1", None, last, self.world.intent("person:1"))

    def grant(self, name):
        people.grant(*self._mall(), "console", name, Right.CALL_CHOSEN)

    def revoke(self, name):
        people.revoke(*self._mall(), "console", name, Right.CALL_CHOSEN)

    @property
    def teller(self):
        return Teller(self.world.sari.actor, None)

    @property
    def clerk(self):
        return Clerk(self.world.sari.actor, None)

    def booked(self):
        """The ids of bookings that are still to come."""
        wanted = select(Appointment.id).where(Appointment.state == "booked").order_by(Appointment.id)
        with self.world.db.reading() as session:
            return list(session.scalars(wanted))

    def _help(self, deed, taken, **said):
        deed(*self._mall(), self.helper, taken.id, self.world.intent(self.helper.actor), **said)

    def _mall(self):
        return self.world.db, self.world.mall
