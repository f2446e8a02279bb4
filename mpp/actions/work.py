"""A writing action: the mall's lock, the service day, the intent, and the plan to act on."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.actions import days
from mpp.closing import later
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import IntentReused, NothingToUndo, WrongMoment
from mpp.domain.log import Log, canonical
from mpp.domain.people import Intent
from mpp.domain.plan import Plan
from mpp.queries.plans import plan

INTENT = table(Intent)
KEPT_FOR = timedelta(days=7)
FIRST_ANSWER = select(INTENT.c.fingerprint, INTENT.c.answer).where(
    INTENT.c.principal == bindparam("who"), INTENT.c.key == bindparam("wish")
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants once: their key for it, and a fingerprint of what exactly it is."""

    principal: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, principal: str, key: str, method: str, path: str, body: Mapping[str, Any]) -> "Wish":
        return cls(principal, key, sha256(canonical({"m": method, "p": path, "b": body})).digest())


@dataclass
class Work:
    """What an action works with. `replayed` is the answer of the first time, when this is not the first."""

    session: Session
    log: Log
    plan: Plan
    wish: Wish | None
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
        if self.wish:
            row = {
                "principal": self.wish.principal,
                "key": self.wish.key,
                "fingerprint": self.wish.fingerprint,
                "answer": answer,
                "at": self.now,
                "kept": kept,
            }
            self.later(INTENT, row)
        return answer


@contextmanager
def writing(db: Database, mall_id: int, actor: str, wish: Wish | None = None) -> Iterator[Work]:
    """Open the transaction of one action; a replayed wish changes nothing, not even the day.

    The day rolls in a transaction of its own before: it stays rolled when the action is refused.
    """
    with ExitStack() as opened:
        work, row = _begin(opened, db, mall_id, actor, wish)
        while work.replayed is None and days.is_due(work, row):
            if days.roll(work, row):
                _forget_intents(work)
            opened.close()
            work, row = _begin(opened, db, mall_id, actor, wish)
        try:
            yield work
        except (WrongMoment, NothingToUndo) as error:
            raise _at_its_counter(error, work.plan) from error


def _begin(
    opened: ExitStack, db: Database, mall_id: int, actor: str, wish: Wish | None
) -> tuple[Work, dict[str, Any]]:
    """A transaction, and the log's row as it was."""
    session, log, row = opened.enter_context(db.transaction(mall_id, actor))
    work = Work(session, log, plan(session, mall_id, row["plan_version"]), wish)
    work.replayed = _first_answer(work.connection, wish) if wish else None
    return work, row


def _forget_intents(work: Work) -> None:
    last = clock.now() - KEPT_FOR
    work.session.execute(delete(INTENT).where(INTENT.c.kept.is_(False), INTENT.c.at < last))


def _at_its_counter(error: WrongMoment | NothingToUndo, plan: Plan) -> WrongMoment | NothingToUndo:
    """Say to whoever lost a race at which desk the turn is."""
    if error.counter is None or (place := plan.counters.get(error.counter)) is None:
        return error
    words = f"{error.detail.removesuffix('.')} di {place.name}."
    return type(error)(words, state=error.state, counter=error.counter)


def _first_answer(connection: Connection, wish: Wish) -> dict[str, Any] | None:
    row = connection.execute(FIRST_ANSWER, {"who": wish.principal, "wish": wish.key}).first()
    if row is None:
        return None
    if row.fingerprint != wish.fingerprint:
        raise IntentReused
    return dict(row.answer)
