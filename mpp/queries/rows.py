"""What rows of queries have in common: more fields on top of a row, and moments in the mall's own time."""

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from mpp.domain.mall import Mall

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)
else:
    Row = TypeVar("Row")

Moment = TypeVar("Moment", datetime, datetime | None)


def extended(row: "DataclassInstance", to: type[Row], **more: object) -> Row:
    """The row with more fields, as a row of the class `to`, which stands below its own."""
    return to(**{field.name: getattr(row, field.name) for field in fields(row)}, **more)


def local(mall: Mall, at: datetime | None) -> datetime | None:
    """The moment in the mall's time zone."""
    return at.astimezone(mall.timezone) if at else None


def to_second(mall: Mall, at: Moment) -> Moment:
    """The moment in the mall's time zone, without parts of a second; None stays None."""
    return at if at is None else at.astimezone(mall.timezone).replace(microsecond=0)
