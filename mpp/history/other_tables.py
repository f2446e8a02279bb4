"""Compares what stands around the lines with what the log tells: counters, notices, notes, bookings."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select

from mpp.domain.appointment import Appointment
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.mall import Counter, CounterQueue, Mall, Queue
from mpp.domain.note import Note, note_seal
from mpp.domain.notice import Notice
from mpp.domain.people import Person
from mpp.domain.rules import Rules
from mpp.domain.turn import Turn
from mpp.history.comparison import Comparison, unlike
from mpp.history.replayed import AppointmentLife, CounterLife, NoteLife, NoticeLife

QUEUE, COUNTER, COUNTER_QUEUE = table(Queue), table(Counter), table(CounterQueue)
STATE, MALL = table(CounterState), table(Mall)
NOTICE, NOTE, APPOINTMENT, PERSON = table(Notice), table(Note), table(Appointment), table(Person)
TURN = table(Turn)
COUNTER_FACTS = ("open", "opened_at", "holder_id", "paused_at", "paused_until", "pause_reason")
SETTINGS = ("picks", "prefers_priority")
NOTICE_FACTS = ("kind", "reason", "until", "raised_at", "raised_by", "ended_at")
NOTE_FACTS = ("ticket_id", "made_at", "made_by")
APPOINTMENT_FACTS = ("state", "state_since", "booked_by", "ticket_id")


class Surroundings(Comparison):
    """The settings, counters, notices, notes, bookings and rights of a mall beside its replayed log."""

    def compare(self) -> None:
        """At the end of the log."""
        self._queues()
        self._counters()
        self._rights()
        for row in self.own(NOTICE):
            self._notice(row, self.hall.notices.get(row.id))
        for row in self.own(NOTE):
            self._note(row, self.hall.notes.get(row.id))
        arrived = self._arrived()
        for row in self.own(APPOINTMENT):
            self._appointment(row, self.hall.appointments.get(row.id), arrived.get(row.ticket_id))
        self._missing()

    def _queues(self) -> None:
        stored = {row.code: (row.policy, row.quota, row.minutes) for row in self.own(QUEUE)}
        logged = {code: (each.policy, each.quota, each.minutes) for code, each in self.hall.queues.items()}
        for code in sorted(stored.keys() | logged.keys()):
            said, known = stored.get(code), logged.get(code)
            if said is not None and known is not None and known[2] is None:
                said = (*said[:2], None)
            self.differs("setting_differs", f"Antrean {code}", self.last, ["policy, quota"] * (said != known))

    def _counters(self) -> None:
        """Whether each counter is open, since when and by whom; and its settings."""
        served, rows = self._served(), self.own(COUNTER)
        states = {row.id: row for row in self.own(STATE)}
        for row in rows:
            place = self.hall.counters.get(row.id)
            if place is None:
                self.differs("setting_differs", row.name, self.last, ["counter_set"])
                continue
            wrong = self._state_differs(states.get(row.id), place)
            wrong += ["agency_id"] * (row.agency_id != self.ids["agency"].get(place.agency or ""))
            self.differs("counter_differs", row.name, self.last, wrong)
            other = unlike(row, place, SETTINGS) + ["queues"] * (served.get(row.id, []) != place.queues)
            self.differs("setting_differs", row.name, self.last, other)
        for counter in sorted(self.hall.counters.keys() - {row.id for row in rows}):
            self.add("counter_missing", self.last, f"Loket {counter} tidak ada di tabel.")

    def _state_differs(self, state: Any, place: CounterLife) -> list[str]:
        if state is None:
            return ["counter_state"]
        return unlike(state, place, COUNTER_FACTS) + ["undo_turn_id"] * self._undo_differs(state, place)

    def _undo_differs(self, row: Any, place: CounterLife) -> bool:
        """The first programs could not undo, and wrote nothing for it."""
        if self.hall.old and row.undo_turn_id is None:
            return False
        return bool(row.undo_turn_id != place.undo)

    def _served(self) -> dict[int, list[str]]:
        codes = {number: code for code, number in self.ids["queue"].items()}
        found: dict[int, list[str]] = {}
        order = (COUNTER_QUEUE.c.counter_id, COUNTER_QUEUE.c.position)
        for row in self.session.execute(select(COUNTER_QUEUE).order_by(*order)):
            if row.queue_id in codes:
                found.setdefault(row.counter_id, []).append(codes[row.queue_id])
        return found

    def _rights(self) -> None:
        """Nobody has a right that was not granted, and nobody who is disabled holds a counter."""
        held = {row.holder_id: row.id for row in self.own(STATE) if row.open}
        for row in self.own(PERSON):
            if not row.active and row.id in held:
                said = f"Loket {held[row.id]} dipegang person:{row.id}, yang dinonaktifkan."
                self.add("held_by_disabled", self.last, said)
            if sorted(row.rights) != sorted(self.hall.rights.get(row.id, ())):
                self.add("right_differs", self.last, f"Hak person:{row.id} di tabel lain dari log.")

    def _notice(self, row: Any, notice: NoticeLife | None) -> None:
        if notice is None:
            self.add("notice_stray", self.last, f"Tabel memuat pemberitahuan {row.id} yang tidak ada di log.")
            return
        wrong = unlike(row, notice, NOTICE_FACTS)
        kind = "zone" if row.zone_id is not None else "agency"
        place = row.zone_id if row.zone_id is not None else row.agency_id
        wrong += ["agency_id, zone_id"] * (place != self.ids[kind].get(notice.place))
        self.differs("notice_differs", f"Pemberitahuan {row.id}", notice.seq, wrong)

    def _note(self, row: Any, note: NoteLife | None) -> None:
        """A text that is there fits its seal; what was erased has left neither text nor salt.

        By itself a note is erased with a new day, and not before its time is over.
        """
        if note is None:
            self.add("note_stray", self.last, f"Tabel memuat catatan {row.id} yang tidak ada di log.")
            return
        wrong = unlike(row, note, NOTE_FACTS)
        wrong += ["agency_id"] * (row.agency_id != self.ids["agency"].get(note.agency or ""))
        erased = row.erased_at is not None
        wrong += ["erased_at"] * (not erased if note.erased else erased and not self._forgotten(row))
        if erased:
            wrong += ["text"] * (row.text is not None or row.salt is not None)
        else:
            wrong += ["text"] * (note_seal(bytes(row.salt or b""), row.text or "") != note.seal)
        self.differs("note_differs", f"Catatan {row.id}", note.seq, wrong)

    def _forgotten(self, row: Any) -> bool:
        """Whether a note was erased when the first day began after its time."""
        return row.erased_at in self.hall.mornings and row.erased_at - row.made_at > self._kept

    @cached_property
    def _kept(self) -> timedelta:
        """For how long the mall keeps a note, at the least: an admin may have changed it."""
        said = self.session.scalars(select(MALL.c.rules).where(MALL.c.id == self.mall_id)).one()
        return timedelta(days=min(self.hall.notes_kept_days | {Rules.of(said).notes_kept_days}))

    def _arrived(self) -> dict[int, datetime]:
        """When the visitors of bookings count as having come, by ticket."""
        first = (TURN.c.ticket_id == APPOINTMENT.c.ticket_id) & (TURN.c.position == 1)
        wanted = select(TURN.c.ticket_id, TURN.c.arrived_at).join(APPOINTMENT, first)
        return {row.ticket_id: row.arrived_at for row in self.session.execute(wanted)}

    def _appointment(self, row: Any, booking: AppointmentLife | None, arrived: datetime | None) -> None:
        if booking is None:
            self.add("booking_stray", self.last, f"Tabel memuat janji temu {row.id} yang tidak ada di log.")
            return
        wrong = unlike(row, booking, APPOINTMENT_FACTS)
        wrong += ["queue_id"] * (row.queue_id != self.ids["queue"].get(booking.queue))
        wrong += ["slot_at"] * (arrived is not None and arrived != row.slot_at)
        self.differs("booking_differs", f"Janji temu {row.id}", booking.seq, wrong)

    def _missing(self) -> None:
        """What the log tells of, and no table holds."""
        hall = self.hall
        kinds: tuple[tuple[Any, Any, str, str], ...] = (
            (NOTICE, hall.notices, "notice_missing", "Pemberitahuan"),
            (NOTE, hall.notes, "note_missing", "Catatan"),
            (APPOINTMENT, hall.appointments, "booking_missing", "Janji temu"),
        )
        for rows, lives, code, word in kinds:
            stored = set(self.session.scalars(select(rows.c.id).where(rows.c.mall_id == self.mall_id)))
            for number in sorted(lives.keys() - stored):
                self.add(code, lives[number].seq, f"{word} {number} ada di log, tetapi tidak di tabel.")
