"""What somebody types or scans to find a ticket: a label in any usual spelling, a token, an address."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement

from mpp.domain.mall import Mall
from mpp.domain.ticket import TOKEN_LENGTH, Ticket, label

SECRET = rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}"
ADDRESS = re.compile(rf"\S*/t/({SECRET})(?:[/?#]\S*)?")
TOKEN = re.compile(SECRET)
APART = re.compile(r"([A-Z]{1,4})(\d{0,2})[ .\-–]+(\d{1,6})")
TOGETHER = re.compile(r"([A-Z]{1,4})(\d{1,6})")
SERIES_DIGITS = 4  # "AA2001" may be number 2001 or the first number of series 2


def token_of(text: str) -> str | None:
    """The token that was typed or scanned, alone or in the address of the QR."""
    text = text.strip()
    if (address := ADDRESS.fullmatch(text)) is not None:
        return address[1]
    return text if TOKEN.fullmatch(text) else None


def labels_of(text: str) -> list[str]:
    """The labels that a text may mean: "aa 12", "AA12" and "AA-012" are one; none when it is no label."""
    text = text.strip().upper()
    if apart := APART.fullmatch(text):
        return [label(apart[1], apart[2], int(apart[3]))]
    if (together := TOGETHER.fullmatch(text)) is None:
        return []
    letters, digits = together[1], together[2]
    found = [label(letters, "", int(digits))]
    if len(digits) >= SERIES_DIGITS:
        found.append(label(letters, digits[0], int(digits[1:])))
    return found


def labelled(mall: Mall, labels: Sequence[str]) -> ColumnElement[bool]:
    """The tickets with one of these labels: they stand in the queues with whose code a label begins."""
    queues = [
        queue.id for code, queue in mall.queues.items() if any(each.startswith(code) for each in labels)
    ]
    return Ticket.queue_id.in_(queues) & Ticket.label.in_(labels)
