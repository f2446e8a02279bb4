"""The ground of all tables: one base, one way to keep a moment, one way to keep a document."""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """A small JSON document, kept as text so that every database keeps the same bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class TimeZoneName(TypeDecorator[ZoneInfo]):
    """A time zone, kept by its name."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: ZoneInfo | None, dialect: Dialect) -> str | None:
        return None if value is None else value.key

    def process_result_value(self, value: str | None, dialect: Dialect) -> ZoneInfo | None:
        return None if value is None else ZoneInfo(value)


# The structure of a mall (agencies, counters, people, devices) is counted in columns of 32 bits.
LARGEST_NUMBER = 2**31 - 1
# Numbers that the mall's log gives out (tickets, turns, slips): 64 bits wherever the database has them.
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(words: type[StrEnum], length: int = 20) -> Enum:
    """A column that holds one of these words, kept as its text; another word in it raises `LookupError`."""
    return Enum(
        words, native_enum=False, length=length, create_constraint=False, values_callable=lambda each: [*each]
    )


def table(noun: type[Base]) -> Table:
    """The table of a noun, for statements that need no object."""
    return cast(Table, noun.__table__)


def written(word: str) -> ColumnClause[str]:
    """A word of our own that stands in the statement itself, not beside it as a value.

    Only so may a database answer from an index over the rows with that word: it does not know a value while
    it chooses. Raises `ValueError` for anything but lower-case letters and `_`.
    """
    if not re.fullmatch("[a-z_]+", word):
        raise ValueError(f"not a word of ours: {word}")
    return literal_column(f"'{word}'", String())
