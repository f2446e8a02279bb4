"""The published standard of a service: the 14 components of UU 25/2009 article 21."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mpp.mallfile.values import Fact, LongName, Part, Text, Word

Items = Annotated[list[Text], Field(min_length=1)]
Rupiah = Annotated[int, Field(ge=0, le=10_000_000_000)]
DayCount = Annotated[int, Field(ge=1, le=365)]
SHOWN = ("requirements", "procedure", "time_limit", "fee", "product", "complaints")


class Requirements(Fact):
    """What the visitor brings."""

    items: Items


class Procedure(Fact):
    """What happens, step by step."""

    steps: Items


class TimeLimit(Fact):
    """When the product is ready at the latest; amount and unit are null when it depends on the case."""

    text: Text
    amount: Annotated[int, Field(ge=0, le=10_000)] | None
    unit: Literal["minutes", "days", "working_days"] | None


class FeeItem(Part):
    """One price of a list of prices."""

    name: LongName
    rupiah: Rupiah


class Fee(Fact):
    """What it costs; `rupiah` is 0 when free and null when it depends on the case."""

    text: Text
    rupiah: Rupiah | None
    items: list[FeeItem] = []


class Complaints(Fact):
    """Where to complain, and within how many days there is an answer and a decision."""

    channels: Items
    receipt: bool
    response_days: DayCount
    decision_days: DayCount
    sources: list[Word] = []


class LegalBasis(Fact):
    """The laws and decrees behind the service."""

    items: Items


class Statement(Fact):
    """A component that is a sentence."""

    text: Text


class Standard(Part):
    """The 14 components, in the order of the law; null is not published."""

    legal_basis: LegalBasis | None = None
    requirements: Requirements | None = None
    procedure: Procedure | None = None
    time_limit: TimeLimit | None = None
    fee: Fee | None = None
    product: Statement | None = None
    facilities: Statement | None = None
    competence: Statement | None = None
    internal_control: Statement | None = None
    complaints: Complaints | None = None
    staffing: Statement | None = None
    guarantee: Statement | None = None
    safety: Statement | None = None
    evaluation: Statement | None = None

    @property
    def complete(self) -> bool:
        """Whether all six components that must be published are there."""
        return all(getattr(self, name) is not None for name in SHOWN)
