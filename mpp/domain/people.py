"""Who may enter: people with roles, their sessions and API tokens, and devices with their keys."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, Document, Moment

# Without a touch the screen locks, and later the session is over (ASVS 5.0, 7.3).
LOCKS_AFTER, IDLE, LONGEST = timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=12)
# What remains of a session that ended, so that one can see when somebody was last here: no key opens it.
ENDED = ""


class Role(StrEnum):
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    GREETER = "greeter"
    OFFICER = "officer"


class Right(StrEnum):
    """What an admin grants to single people beyond their role."""

    CALL_CHOSEN = "call_chosen"


ROLE_WORDS = {
    Role.ADMIN: "Admin",
    Role.SUPERVISOR: "Supervisor",
    Role.OFFICER: "Petugas loket",
    Role.GREETER: "Pemandu",
}
RIGHT_WORDS = {Right.CALL_CHOSEN: "Memanggil di luar urutan"}


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

    `seen_at` is the last touch, not the last look of a page at its server.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    csrf: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)

    def over(self, idle: timedelta, now: datetime) -> bool:
        """Whether it was ended, or nobody touched it for 30 minutes, or it is 12 hours old."""
        return self.csrf == ENDED or idle >= IDLE or now - self.started_at >= LONGEST

    def locked(self, idle: timedelta) -> bool:
        """Whether somebody locked it, or nobody touched it for 15 minutes."""
        return self.locked_at is not None or idle >= LOCKS_AFTER


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


class RememberedIntent(Base):
    """What a client wanted once, and the answer it got: replayed when it asks again."""

    __tablename__ = "intent"
    __table_args__ = (
        Index(
            "ix_intent_forgotten",
            "at",
            sqlite_where=text("kept IS 0"),
            postgresql_where=text("kept IS false"),
        ),
    )

    principal: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Moment)
    kept: Mapped[bool]
