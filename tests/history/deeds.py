"""What people of the small mall do beyond the verbs of its desks, each in one line."""

from datetime import timedelta

from sqlalchemy import select

from mpp.actions import appointments, bearing, greeting, notes, notices, paper, people, slips
from mpp.actions.appointments import BookAppointment, CheckIn
from mpp.actions.notices import RaiseDisturbance, RaiseEmergency
from mpp.actions.paper import PaperLine, RecordPaper
from mpp.actions.slips import AskForSlip
from mpp.domain.appointment import Appointment, appointment_token
from mpp.domain.note import Note
from mpp.domain.people import Right
from tests.world import TOKEN_KEY, somebody


class Deeds:
    """Greeters, supervisors, visitors with their phones, and an admin, in the small mall."""

    def __init__(self, world):
        self.world = world
        self.helper = world.sari

    # A greeter, for the number of a visitor.
    def mark_needs(self, taken):
        self._help(greeting.mark_needs, taken, needs=["kursi_roda"])

    def set_priority(self, taken, code, reason="terverifikasi"):
        self._help(greeting.set_priority, taken, priority=code, reason=reason)

    def return_missed(self, taken):
        self._help(greeting.return_missed, taken)

    def add_stops(self, taken, *services):
        self._help(greeting.add_stops, taken, services=[each.code for each in services])

    def correct(self, taken, service):
        self._help(greeting.correct, taken, service=service.code)

    def ask_for_slip(self, taken, copy=True):
        asked = AskForSlip(ticket=taken.id, kiosk="anjungan-1", copy=copy)
        return slips.ask_for(self._by(self.helper), asked)

    def record_paper(self, *lines):
        """Each line is a label, a counter and whether the visitor was missed."""
        written = [
            PaperLine(label=label, counter=counter.id, result="missed" if missed else "served")
            for label, counter, missed in lines
        ]
        paper.record(self._by(self.helper), RecordPaper(entries=written))

    # A visitor, on the phone.
    def step_out(self, taken):
        self.world.bear(bearing.step_out, taken)

    def come_back(self, taken):
        self.world.bear(bearing.come_back, taken)

    # Anybody of the staff, for the hall.
    def disturb(self, agency, until=None):
        told = RaiseDisturbance(reason="sistem", until=until)
        notices.raise_disturbance(self._by(self.helper), agency, told)

    def calm(self, agency):
        notices.lift_disturbance(self._by(self.helper), agency)

    def alarm(self, zone):
        notices.raise_emergency(self._by(self.helper), zone, RaiseEmergency(reason="medis"))

    def all_clear(self, zone):
        notices.lift_emergency(self._by(self.helper), zone)

    # Bookings.
    def book(self, service, minutes):
        """A booking for some minutes from now; its id."""
        at = self.world.time.now() + timedelta(minutes=minutes)
        return appointments.book(self._by(self.helper), BookAppointment(service=service.code, at=at))

    def cancel_booking(self, booking):
        appointments.cancel(self._by(self.helper), booking)

    def check_in(self, booking):
        claim = CheckIn(token=appointment_token(TOKEN_KEY, booking))
        return appointments.check_in(self._by(self.helper), claim).ids["ticket"]

    # Notes and rights.
    def erase_last_note(self):
        last = self.world.one(select(Note.id).where(Note.erased_at.is_(None)).order_by(Note.id.desc()))
        if last is not None:
            notes.erase(self._by(somebody("person:1")), last)

    def grant(self, name):
        people.grant(self.world.console, name, Right.CALL_CHOSEN)

    def revoke(self, name):
        people.revoke(self.world.console, name, Right.CALL_CHOSEN)

    def booked(self):
        """The ids of bookings that are still to come."""
        wanted = select(Appointment.id).where(Appointment.state == "booked").order_by(Appointment.id)
        with self.world.db.reading() as session:
            return list(session.scalars(wanted))

    def _help(self, run, taken, **said):
        self.world.help(run, self.helper, taken.id, **said)

    def _by(self, who):
        return self.world.command(who)
