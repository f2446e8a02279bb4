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
        AppointmentBooked,
        Appointments,
        AppointmentState,
        PaperRecorded,
        Catalogue,
    )
}
