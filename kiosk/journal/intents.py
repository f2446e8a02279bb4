"""Intents in the journal: what each visitor asked for and what came of it."""

import json
import time
from dataclasses import dataclass

from pysqlite3 import dbapi2 as sqlite

from kiosk.journal.database import Database
from kiosk.journal.moves import move_intent
from kiosk.printing.slip import Slip
from kiosk.states import IntentState, PrintState
from kiosk.ticket import Problem, Ticket, TicketIntent

_RECORDS = """
SELECT i.*, t.answer, j.state AS print_state, j.reason AS print_reason
FROM intents i
LEFT JOIN tickets t USING (intent)
LEFT JOIN jobs j ON j.id = (SELECT max(id) FROM jobs WHERE ticket = t.id)
"""


@dataclass(frozen=True)
class IntentRecord:
    """One intent of a visitor, with the answer it got and the state of its last slip."""

    intent: TicketIntent
    state: IntentState
    problem: Problem | None
    ticket: Ticket | None
    print_state: PrintState | None
    print_reason: str


class Intents:
    """Every method is one durable step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, intent: TicketIntent) -> IntentRecord:
        """Notes an intent before anybody is asked; the same key again is the first intent."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO intents (intent, services, priority, language, state, made_at)"
                " VALUES (?, ?, ?, ?, 'asking', ?)",
                (
                    intent.key,
                    json.dumps(intent.services),
                    intent.priority,
                    intent.language,
                    time.time(),
                ),
            )
        record = self.get(intent.key)
        if record is None:
            raise RuntimeError("an intent vanished from the journal")
        return record

    def get(self, key: str) -> IntentRecord | None:
        rows = self._database.rows(f"{_RECORDS} WHERE i.intent = ?", (key,))
        return _record(rows[0]) if rows else None

    def mark_reached(self, key: str) -> None:
        """Notes that the server may have heard this intent although no answer came back."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE intents SET reached = 1 WHERE intent = ? AND NOT reached", (key,))

    def give(self, key: str, ticket: Ticket, slip: Slip) -> bool:
        """Keeps the ticket and its slip to print, in one step; False when the visitor has left meanwhile."""
        with self._database.transaction() as connection:
            if not move_intent(connection, key, IntentState.TAKEN):
                connection.execute("UPDATE intents SET reached = 1 WHERE intent = ?", (key,))
                return False
            row = connection.execute(
                "INSERT INTO tickets (intent, answer, slip) VALUES (?, ?, ?)",
                (key, ticket.model_dump_json(), slip.to_json()),
            )
            connection.execute(
                "INSERT INTO jobs (ticket, copy, state, made_at) VALUES (?, 0, 'allocated', ?)",
                (row.lastrowid, time.time()),
            )
        return True

    def refuse(self, key: str, problem: Problem) -> None:
        with self._database.transaction() as connection:
            if move_intent(connection, key, IntentState.REFUSED):
                connection.execute(
                    "UPDATE intents SET problem = ? WHERE intent = ?", (problem.model_dump_json(), key)
                )

    def abandon(self, key: str) -> None:
        """The visitor has left without an answer: nobody will hold what the server may have given."""
        with self._database.transaction() as connection:
            move_intent(connection, key, IntentState.ABANDONED)

    def settle(self, key: str) -> None:
        """Nothing is left at the server of an abandoned intent."""
        with self._database.transaction() as connection:
            move_intent(connection, key, IntentState.SETTLED)

    def unanswered(self, before: float) -> list[str]:
        """The keys of intents still asking that were made before that moment (seconds since 1970)."""
        rows = self._database.rows(
            "SELECT intent FROM intents WHERE state = 'asking' AND made_at < ?", (before,)
        )
        return [row["intent"] for row in rows]

    def to_cancel(self) -> list[TicketIntent]:
        """Abandoned intents that the server may have answered: their tickets must leave the line again."""
        rows = self._database.rows("SELECT * FROM intents WHERE state = 'abandoned' AND reached")
        return [_intent(row) for row in rows]


def _record(row: sqlite.Row) -> IntentRecord:
    return IntentRecord(
        intent=_intent(row),
        state=IntentState(row["state"]),
        problem=Problem.model_validate_json(row["problem"]) if row["problem"] else None,
        ticket=Ticket.model_validate_json(row["answer"]) if row["answer"] else None,
        print_state=PrintState(row["print_state"]) if row["print_state"] else None,
        print_reason=row["print_reason"] or "",
    )


def _intent(row: sqlite.Row) -> TicketIntent:
    return TicketIntent(row["intent"], tuple(json.loads(row["services"])), row["priority"], row["language"])
