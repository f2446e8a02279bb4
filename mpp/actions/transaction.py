"""A writing action: the mall's lock, the service day, the intent, and the structure to act on."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.orm import Session

from mpp.actions import days
from mpp.closing import later
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import IntentReused, NothingToUndo, WrongMoment
from mpp.domain.log import Log, canonical
from mpp.domain.mall import Mall
from mpp.domain.people import RememberedIntent
from mpp.queries.malls import mall

INTENT = table(RememberedIntent)
FIRST_ANSWER = select(INTENT.c.fingerprint, INTENT.c.answer).where(
    INTENT.c.principal == bindparam("who"), INTENT.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants once: their key for it, and a fingerprint of what exactly it is."""

    principal: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, principal: str, key: str, method: str, path: str, body: Mapping[str, Any]) -> "Intent":
        return cls(principal, key, sha256(canonical({"m": method, "p": path, "b": body})).digest())


@dataclass
class Transaction:
    """What an action works with. `replayed` is the answer of the first time, when this is not the first."""

    session: Session
    log: Log
    mall: Mall
    intent: Intent | None
    replayed: dict[str, Any] | None = None

    @cached_property
    def connection(self) -> Connection:
        """The transaction's connection, for statements that are made once."""
        return self.session.connection()

    def later(self, into: Table, values: dict[str, Any]) -> None:
        """Insert this row just before the commit; nothing in this action reads it any more."""
        later(self.session, into, values)

    @property
    def now(self) -> datetime:
        return self.log.now

    def remember(self, answer: dict[str, Any], *, kept: bool = False) -> dict[str, Any]:
        """Keep the answer for whoever asks the same again; only successes come this far."""
        if self.intent:
            row = {
                "principal": self.intent.principal,
                "key": self.intent.key,
                "fingerprint": self.intent.fingerprint,
                "answer": answer,
                "at": self.now,
                "kept": kept,
            }
            self.later(INTENT, row)
        return answer


@contextmanager
def writing(db: Database, mall_id: int, actor: str, intent: Intent | None = None) -> Iterator[Transaction]:
    """Open the transaction of one action; a repeated intent changes nothing, not even the day.

    The day rolls in a transaction of its own before: it stays rolled when the action is refused.
    """
    with ExitStack() as opened:
        tx, row = _begin(opened, db, mall_id, actor, intent)
        while tx.replayed is None and days.is_due(tx, row):
            days.roll(tx, row)
            opened.close()
            tx, row = _begin(opened, db, mall_id, actor, intent)
        try:
            yield tx
        except (WrongMoment, NothingToUndo) as error:
            raise _at_its_counter(error, tx.mall) from error


def _begin(
    opened: ExitStack, db: Database, mall_id: int, actor: str, intent: Intent | None
) -> tuple[Transaction, dict[str, Any]]:
    """A transaction, and the log's row as it was."""
    session, log, row = opened.enter_context(db.transaction(mall_id, actor))
    tx = Transaction(session, log, mall(session, mall_id, row["plan_version"]), intent)
    tx.replayed = _first_answer(tx.connection, intent) if intent else None
    return tx, row


def _at_its_counter(error: WrongMoment | NothingToUndo, mall: Mall) -> WrongMoment | NothingToUndo:
    """Say to whoever lost a race at which desk the turn is."""
    if error.counter is None or (place := mall.counters.get(error.counter)) is None:
        return error
    words = f"{error.detail.removesuffix('.')} di {place.name}."
    return type(error)(words, state=error.state, counter=error.counter)


def _first_answer(connection: Connection, intent: Intent) -> dict[str, Any] | None:
    row = connection.execute(FIRST_ANSWER, {"who": intent.principal, "key": intent.key}).first()
    if row is None:
        return None
    if row.fingerprint != intent.fingerprint:
        raise IntentReused
    return dict(row.answer)
