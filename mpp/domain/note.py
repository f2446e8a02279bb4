"""A note of an officer beside a deed: free text that can be erased, while the log keeps only its seal."""

from datetime import datetime
from hashlib import sha256
from hmac import new as hmac
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mpp.domain.base import Base, BigId, Moment

LONGEST = 500
# Words and lines: PostgreSQL keeps no null byte, and no screen shows the other control characters.
WRITABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
# The log holds codes; a seal in letters alone can never look like somebody's number.
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class Note(Base):
    """What an officer wrote about a turn. Erasing takes the text and the salt: the seal then says nothing."""

    __tablename__ = "note"
    __table_args__ = (
        Index(
            "ix_note_kept",
            "mall_id",
            "made_at",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mall_id: Mapped[int] = mapped_column(ForeignKey("mall.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    text: Mapped[str | None] = mapped_column(String(LONGEST))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(40))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class NoteSeal(NamedTuple):
    """What the log keeps of a note: its number, and the seal over its text."""

    number: int
    seal: str


def note_seal(salt: bytes, text: str) -> str:
    """The first 128 bits of HMAC-SHA256(salt, text), as 32 letters."""
    return hmac(salt, text.encode(), sha256).hexdigest()[:32].translate(LETTERS)
