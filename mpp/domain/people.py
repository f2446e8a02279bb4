"""Who may enter: people with roles, their sessions and API tokens, and devices with their keys."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, Document, Moment


class Role(StrEnum):
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    GREETER = "greeter"
    OFFICER = "officer"


class Right(StrEnum):
    """What an admin grants to single people beyond their role."""

    CALL_CHOSEN = "call_chosen"


def key_hash(key: str) -> bytes:
    """What is stored of a key; the key itself is shown once and kept nowhere."""
    return sha256(key.encode()).digest()


class Person(Base):
    """Somebody who works in the mall; `agency_id` None means all of the mall."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("mall_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    rights: Mapped[list[str]] = mapped_column(Document, default=list)


class ApiToken(Base):
    """A key of a person for programs; only its hash is stored."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SignIn(Base):
    """A person's session, kept on the server; the cookie carries a key whose hash is stored.

    `seen_at` is the last touch, not the last look of a page at its server. A row without `csrf` has ended.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    csrf: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)


class Device(Base):
    """A kiosk or a display; only the hash of its key is stored."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("mall_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    zones: Mapped[list[str]] = mapped_column(Document)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(Moment)


class Intent(Base):
    """What a client wanted once, and the answer it got: replayed when it asks again."""

    __tablename__ = "intent"

    principal: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Moment)
    kept: Mapped[bool]
