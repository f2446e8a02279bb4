"""Every event that a mall's log knows: its facts, who hears of it, and what it does to a board.

Those of turns are in mpp/domain/turn_events.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mpp.domain import turn_events as turn_events  # declares those of turns
from mpp.domain.event import EVENTS, Board, Event, Fact, Hears, event, kind

ZONE, AGENCY, EVERYBODY = Hears.ZONE, Hears.AGENCY, Hears.EVERYBODY


# The structure of a mall, and its days. What is `after` an entry: the code of the mall, the day.


@event("mall_founded")
class MallFounded(Event):
    """`always`: open at any time."""

    always: bool
    timezone: str


@kind
class Arranged(Event):
    """What of a noun is other `now` than it `was`, as the file says it; `was` is empty when it is new."""

    was: Mapping[str, Fact] | None = None
    now: Mapping[str, Fact] | None = None


@event("mall_set")
class MallSet(Arranged):
    """The building, its hours and rules."""


@event("zone_set")
class ZoneSet(Arranged):
    code: str


@event("agency_set", hears=AGENCY)
class AgencySet(Arranged):
    """An agency without its queues, counters and services."""


@event("queue_set", hears=AGENCY)
class QueueSet(Arranged):
    """The order of a line, its numbers a day (None: without limit), and its standard desk time in minutes."""

    policy: Mapping[str, str | int]
    quota: int | None
    minutes: int


@event("service_set", hears=AGENCY)
class ServiceSet(Arranged):
    code: str


@event("counter_set", hears=AGENCY)
class CounterSet(Arranged):
    """The codes of a counter's queues in its order of preference, and how it chooses among them."""

    queues: Sequence[str]
    picks: str
    prefers_priority: bool


@event("priority_set")
class PrioritySet(Arranged):
    code: str


@event("day_opened", hears=ZONE)
class DayOpened(Event):
    """The first writing action of a local date."""


@event("day_confirmed")
class DayConfirmed(Event):
    """A supervisor says that a strange date is right."""


# People and devices, by number.


@kind
class PersonEvent(Event):
    person: int


@event("person_added", hears=AGENCY)
class PersonAdded(PersonEvent):
    """`after` is the role."""


@event("person_disabled")
class PersonDisabled(PersonEvent):
    pass


@event("person_enabled")
class PersonEnabled(PersonEvent):
    pass


@event("sessions_ended")
class SessionsEnded(PersonEvent):
    pass


@event("password_changed")
class PasswordChanged(PersonEvent):
    pass


@event("token_made")
class TokenMade(PersonEvent):
    """A key for programs."""


@event("right_granted")
class RightGranted(PersonEvent):
    right: str


@event("right_revoked")
class RightRevoked(PersonEvent):
    right: str


@kind
class DeviceEvent(Event):
    device: int


@event("device_added")
class DeviceAdded(DeviceEvent):
    """`after` is kiosk or display."""


@event("device_removed")
class DeviceRemoved(DeviceEvent):
    pass


@event("device_rotated")
class DeviceRotated(DeviceEvent):
    """It has another key."""


# Counters: open, paused or closed.


@kind
class CounterEvent(Event):
    pass


@event("counter_opened", hears=ZONE | AGENCY, board=Board.OPENS)
class CounterOpened(CounterEvent):
    pass


@event("counter_paused", hears=ZONE | AGENCY, board=Board.PAUSES)
class CounterPaused(CounterEvent):
    until: datetime | None = None


@event("counter_taken_over", hears=AGENCY)
class CounterTakenOver(CounterEvent):
    """`from_holder` is the person who held it before."""

    from_holder: str


@event("counter_handed_over", hears=AGENCY)
class CounterHandedOver(CounterEvent):
    pass


@event("counter_closed", hears=ZONE | AGENCY, board=Board.CLOSES)
class CounterClosed(CounterEvent):
    pass


# Notices: a disturbance of an agency, an emergency in a zone. Help is everybody's business.


@kind
class NoticeEvent(Event):
    notice: int


@event("disturbance_raised", hears=ZONE | AGENCY, board=Board.RAISES)
class DisturbanceRaised(NoticeEvent):
    until: datetime | None = None


@event("disturbance_lifted", hears=ZONE | AGENCY, board=Board.LIFTS)
class DisturbanceLifted(NoticeEvent):
    pass


@event("emergency_raised", hears=ZONE | EVERYBODY, board=Board.RAISES)
class EmergencyRaised(NoticeEvent):
    pass


@event("emergency_lifted", hears=ZONE | EVERYBODY, board=Board.LIFTS)
class EmergencyLifted(NoticeEvent):
    pass


# Numbers, their papers, and what stands beside them.


@event("ticket_taken", hears=ZONE | AGENCY)
class TicketTaken(Event):
    """`channel` says how it was asked for."""

    series: str
    number: int
    channel: str


@event("needs_marked", hears=AGENCY)
class NeedsMarked(Event):
    """What a visitor needs, no log says."""


@event("note_erased", hears=AGENCY)
class NoteErased(Event):
    note: int


@kind
class SlipEvent(Event):
    slip: int


@event("slip_wanted", hears=AGENCY)
class SlipWanted(SlipEvent):
    """Somebody asks a kiosk for paper."""

    device: int
    copy: bool


@event("slip_printed", hears=AGENCY)
class SlipPrinted(SlipEvent):
    pass


@event("slip_failed", hears=AGENCY)
class SlipFailed(SlipEvent):
    pass


@event("slip_unknown", hears=AGENCY)
class SlipUnknown(SlipEvent):
    pass


@kind
class AppointmentEvent(Event):
    appointment: int


@event("appointment_booked", hears=AGENCY)
class AppointmentBooked(AppointmentEvent):
    pass


@event("appointment_checked_in", hears=AGENCY)
class AppointmentCheckedIn(AppointmentEvent):
    pass


@event("appointment_cancelled", hears=AGENCY)
class AppointmentCancelled(AppointmentEvent):
    pass


@event("appointment_missed", hears=AGENCY)
class AppointmentMissed(AppointmentEvent):
    pass


def names(*asked: str) -> list[str]:
    """The names of these events; "turn" asks for all that begin so. Raises `LookupError`."""
    found = [[name for name in EVENTS if name == word or name.startswith(f"{word}_")] for word in asked]
    if not all(found):
        raise LookupError(f"no such events: {asked}")
    return [name for each in found for name in each]


def on_boards() -> dict[str, list[str]]:
    """What a board does at each event that changes it, in small letters, as data for its script."""
    effects = {name: [str(effect.name).lower() for effect in each.board] for name, each in EVENTS.items()}
    return {name: found for name, found in effects.items() if found}
