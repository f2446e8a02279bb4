"""What an action works with: who asks for what once, and the transaction that does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from mpp.db import Database
from mpp.db.batch import later
from mpp.domain.base import Base, table
from mpp.domain.log import Log, canonical
from mpp.domain.mall import Mall
from mpp.domain.people import RememberedIntent
from mpp.domain.principal import Principal
from mpp.queries.reading import Reading

# What an action answers, as it is remembered: plain values of JSON.
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants once: their key for it, and a fingerprint of what exactly it is."""

    principal: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, actor: str, key: str, address: str, body: Mapping[str, object]) -> "Intent":
        """`address` is the method and the path of the request, as "POST /api/v1/tickets"."""
        method, _, path = address.partition(" ")
        return cls(actor, key, sha256(canonical({"m": method, "p": path, "b": body})).digest())


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody asks for a change: in which database, who, and with which intent; a console has none."""

    db: Database
    principal: Principal
    intent: Intent | None = None


@dataclass
class Transaction:
    """One change while it is made. `replayed` is the answer of the first time, when this is not the first."""

    session: Session
    log: Log
    command: Command
    replayed: Answer | None = None

    @cached_property
    def connection(self) -> Connection:
        """The transaction's connection, for statements that are made once."""
        return self.session.connection()

    @property
    def mall(self) -> Mall:
        """The structure of the mall as of this change."""
        return self.log.mall

    @property
    def principal(self) -> Principal:
        return self.command.principal

    @property
    def token_key(self) -> bytes:
        """The key that the tokens of tickets are derived with."""
        return self.command.db.settings.token_key

    @property
    def reading(self) -> Reading:
        """What this change reads: everything is as this transaction sees it."""
        return Reading(self.session, self.mall, self.now, self.log.day, self.log.seq)

    @property
    def now(self) -> datetime:
        return self.log.now

    def later(self, noun: Base) -> None:
        """Insert this noun just before the commit; nothing in this transaction reads it any more."""
        later(self.session, noun)

    def remember(self, answer: Answer, *, kept: bool = False) -> Answer:
        """Keep the answer for whoever asks the same again; only successes come this far."""
        if intent := self.command.intent:
            row = RememberedIntent(
                principal=intent.principal,
                key=intent.key,
                fingerprint=intent.fingerprint,
                answer=answer,
                at=self.now,
                kept=kept,
            )
            self.later(row)
        return answer


INTENT = table(RememberedIntent)
