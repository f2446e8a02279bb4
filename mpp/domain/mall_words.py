"""What a mall's file may say of its nouns: the words to choose from, and the parts of each document."""

from enum import StrEnum
from typing import Literal, Required, TypedDict


class AgencyKind(StrEnum):
    """To whom an agency belongs."""

    OPD_DAERAH = "opd_daerah"
    VERTIKAL = "vertikal"
    BUMN = "bumn"
    BUMD = "bumd"
    LEMBAGA = "lembaga"
    GABUNGAN = "gabungan"
    PENGELOLA = "pengelola"
    SWASTA = "swasta"


class BreakMode(StrEnum):
    """What a break means: the counters rest, or officers take turns."""

    CLOSED = "closed"
    ROTATING = "rotating"


class Lane(StrEnum):
    """Whether a line is for short errands."""

    REGULAR = "regular"
    EXPRESS = "express"


class ServiceKind(StrEnum):
    """How much of an officer's time a service takes."""

    QUICK = "quick"
    REGULAR = "regular"
    LONG = "long"
    CONSULTATION = "consultation"
    SELF_SERVICE = "self_service"


class Picks(StrEnum):
    """How a counter chooses among its lines: its own order, the longest wait, or that by the standard."""

    PREFERENCE = "preference"
    LONGEST_WAIT = "longest_wait"
    RELATIVE_WAIT = "relative_wait"


class Policy(TypedDict, total=False):
    """The order of a line: `head_start` has minutes, `ratio` has regular and priority, `strict` nothing."""

    kind: Required[str]
    minutes: int
    regular: int
    priority: int


class MallRules(TypedDict, total=False):
    """The settings of a mall that no queue has for itself; `Rules` are those about turns, as values."""

    missed_after_calls: int
    missed_after_seconds: int
    return_within_minutes: int
    return_place: str
    journey_place: str
    journey_head_start_minutes: int
    step_out_minutes: int
    undo_seconds: int
    notes_kept_days: int
    checkin_tolerance_minutes: int
    numbers_style: Literal["number", "digits"]
    emergency: str
    languages: list[str]


class Component(TypedDict, total=False):
    """One component of a published standard, and how sure it is (`level`)."""

    level: Required[str]
    text: str
    items: list[str]
    steps: list[str]
    amount: int
    unit: str
    rupiah: int
    channels: list[str]
    receipt: bool
    response_days: int
    decision_days: int
    sources: list[str]


class Standard(TypedDict, total=False):
    """The published components of a service (UU 25/2009 Art. 21); one that is absent is not published."""

    legal_basis: Component
    requirements: Component
    procedure: Component
    time_limit: Component
    fee: Component
    product: Component
    facilities: Component
    competence: Component
    internal_control: Component
    complaints: Component
    staffing: Component
    guarantee: Component
    safety: Component
    evaluation: Component


class ServiceFacts(TypedDict, total=False):
    """What visitors call a service, how sure its facts are and where from, and its channel."""

    words: list[str]
    mode: str
    desk_minutes_level: str
    note_level: str | None
    sources: list[str]


class PriorityFacts(TypedDict, total=False):
    """How a priority class is shown to be one's own."""

    proof: str | None
    options: list[str]
    by_appointment: bool
    level: str


class Holiday(TypedDict):
    """What the file says of a day of rest beside its name, which the schedule has."""

    kind: str
    level: str


class Remarks(TypedDict, total=False):
    """What the file says of a noun and no rule reads, kept so that the file can be written again."""

    level: str
    sources: list[str]
    remark: str
    days: list[str]
    number: int
    online_quota: int
    chime: bool
    times: int
    description: str
    levels: dict[str, str]
    explained: dict[str, str]  # the file's own list of sources
    notes: list[dict[str, object]]
    holidays: dict[str, Holiday]
