"""The shapes that the API answers with, as its description gives them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class Object(Shape):
    pass


class Problem(Shape):
    """RFC 9457; `code` is for programs, `detail` an Indonesian sentence."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    reason: str | None = Field(None, description="why it is closed: before_opening, holiday, break, …")
    next_opening: str | None = Field(None, description="ISO 8601 with offset")
    retry_after: int | None = Field(None, description="seconds")


class Wait(Shape):
    """Minutes: half wait at most p50, nine of ten at most p90."""

    p50: int
    p90: int
    text: str


class TicketTurn(Shape):
    id: int
    queue: str
    service: str
    agency: str
    zone: str
    state: str
    ahead: int | None
    wait: Wait | None
    counter: str | None
    calls: int


class SlipOrder(Shape):
    id: int
    qr: bool
    head: str


class TicketTaken(Shape):
    id: int
    label: str
    token: str
    url: str
    day: str
    issued_at: str
    state: str
    turns: list[TicketTurn]
    slip: SlipOrder


class BearersTurn(TicketTurn):
    """A turn as its visitor sees it; `why` is a sentence while it waits."""

    out_until: str | None
    return_until: str | None
    missed_at: str | None
    why: str | None


class TicketView(Shape):
    """`present` is the id of the turn that counts now; `may` are cancel, step_out, come_back."""

    label: str
    day: str
    state: str
    present: int
    turns: list[BearersTurn]
    may: list[str]
    emergency: str | None
    disturbances: list[str]


class Appointment(Shape):
    """`state` is booked, checked_in, cancelled or missed; `ticket` and `label`: the number it became."""

    id: int
    code: str
    service: str
    service_name: str
    queue: str
    agency: str
    agency_name: str
    day: str
    at: str
    check_in_from: str
    check_in_until: str
    may_check_in: bool
    ticket: int | None
    label: str | None
    state: str


class AppointmentBooked(Appointment):
    token: str


class Appointments(Shape):
    day: str
    appointments: list[Appointment]


class AppointmentState(Shape):
    id: int
    state: str


class SlipWanted(Shape):
    """A paper that a kiosk is asked for; a copy says so on its face."""

    id: int
    copy_: bool = Field(alias="copy")
    asked_at: str
    ticket: TicketTaken


class SlipsWanted(Shape):
    slips: list[SlipWanted]


class StaffTurn(Shape):
    """One stop; of another agency's, its people read no more than this."""

    id: int
    queue: str
    service: str
    service_name: str
    matters: list[str]
    agency: str
    agency_name: str
    zone: str
    state: str


class Paper(Shape):
    id: int
    kiosk: str
    state: str
    copy_: bool = Field(alias="copy")
    since: str


class StaffTicket(Shape):
    """A number as staff see it; `may` names what can be done for it now."""

    id: int
    label: str
    day: str
    issued_at: str
    state: str
    priority: str | None
    needs: list[str]
    turns: list[StaffTurn]
    slips: list[Paper]
    may: list[str]


class StaffTickets(Shape):
    tickets: list[StaffTicket]


class PaperRecorded(Shape):
    recorded: int


class Catalogue(Shape):
    mall: dict[str, Any]
    zones: list[dict[str, Any]]
    agencies: list[dict[str, Any]]
    queues: list[dict[str, Any]]
    services: list[dict[str, Any]]
    counters: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    emergency: list[dict[str, Any]]


ANSWERS: dict[str, type[BaseModel]] = {
    shape.__name__: shape
    for shape in (
        Object,
        TicketTaken,
        TicketView,
        AppointmentBooked,
        Appointments,
        AppointmentState,
        SlipsWanted,
        StaffTicket,
        StaffTickets,
        PaperRecorded,
        Catalogue,
    )
}
