"""Rows as programs read them: frozen values become plain JSON, moments ISO 8601 with their offset."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json: TypeAlias = Union["Mapping[str, Json]", "Sequence[Json]", str, int, float, bool, None]


def plain(value: object) -> Json:
    """The value in plain JSON. A row gives its fields by name; anything that is no value is a `TypeError`."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, Enum)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return plain_row(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} is no value of JSON")


def plain_row(row: "DataclassInstance") -> dict[str, Json]:
    """The fields of a row in plain JSON, by name; the underscore of `from_` is not part of it."""
    return {field.name.rstrip("_"): plain(getattr(row, field.name)) for field in fields(row)}
