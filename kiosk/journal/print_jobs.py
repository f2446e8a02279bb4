"""Print jobs in the journal: every slip that this kiosk is to print, is printing or has printed."""

import json
import time
from dataclasses import dataclass

from pysqlite3 import dbapi2 as sqlite

from kiosk.journal.database import Database
from kiosk.journal.moves import move_job
from kiosk.printing.slip import Slip
from kiosk.states import FINAL_PRINT_STATES, REPRINTABLE, PrintState
from kiosk.ticket import Ticket

# A slip that waited longer is not printed: its visitor is gone.
TTL_S = 120

# A slip by its id and its ticket's token, for another server begins to count its slips from 1 again.
_KNOWN = """
SELECT j.id FROM jobs j JOIN tickets t ON t.id = j.ticket
WHERE coalesce(j.asked, json_extract(t.answer, '$.slip.id')) = :slip
AND json_extract(t.answer, '$.token') = :token
"""
_JOBS = """
SELECT j.id, j.copy, j.state, coalesce(j.asked, json_extract(t.answer, '$.slip.id')) AS slip_id, t.slip
FROM jobs j JOIN tickets t ON t.id = j.ticket
"""
# A copy unless there surely is no paper yet, and one at a time.
_REPRINT = """
INSERT INTO jobs (ticket, copy, state, made_at)
SELECT t.id,
    EXISTS (SELECT 1 FROM jobs WHERE ticket = t.id AND state IN ('unknown', 'printed')),
    'allocated', ?
FROM tickets t
WHERE t.intent = ?
AND (SELECT state FROM jobs WHERE ticket = t.id ORDER BY id DESC LIMIT 1) IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True)
class Job:
    """One slip to be printed, or that was; `slip_id` is its id at the server."""

    id: int
    slip_id: int
    slip: Slip
    copy: bool
    state: PrintState


class PrintJobs:
    """Every method is one durable step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def want(self, slip_id: int, ticket: Ticket, slip: Slip) -> bool:
        """Keeps a slip that a greeter wants from this printer, once and for all; False when it is known.

        The slip of a visitor's own number is known too, whoever else wants it.
        """
        with self._database.transaction() as connection:
            known = connection.execute(_KNOWN, {"slip": slip_id, "token": ticket.token}).fetchone()
            if known:
                # It is still wanted there, so what became of it was not heard.
                connection.execute(
                    "UPDATE jobs SET reported = 0 WHERE id = ? AND asked IS NOT NULL", (known["id"],)
                )
                return False
            row = connection.execute(
                "INSERT INTO tickets (answer, slip) VALUES (?, ?)", (ticket.model_dump_json(), slip.to_json())
            )
            connection.execute(
                "INSERT INTO jobs (ticket, copy, state, made_at, asked) VALUES (?, ?, 'allocated', ?, ?)",
                (row.lastrowid, slip.copy, time.time(), slip_id),
            )
        return True

    def any_open(self) -> bool:
        """Whether any slip is still to come out."""
        query = "SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('allocated', 'sent')) AS any_open"
        return bool(self._database.rows(query)[0]["any_open"])

    def next(self, now: float | None = None) -> Job | None:
        """The next slip, marked as sent before a byte leaves; jobs older than two minutes become void.

        Who stands before the kiosk comes before the slips that greeters want.
        """
        now = time.time() if now is None else now
        with self._database.transaction() as connection:
            _void_old(connection, now)
            row = connection.execute(
                f"{_JOBS} WHERE j.state = 'allocated' ORDER BY j.asked IS NOT NULL, j.id LIMIT 1"
            ).fetchone()
            if row:
                move_job(connection, row["id"], PrintState.SENT)
        return _job(row) if row else None

    def finish(self, job: int, result: PrintState, reason: str) -> None:
        """What became of a slip that was sent."""
        with self._database.transaction() as connection:
            move_job(connection, job, result, reason)

    def reprint(self, intent: str) -> bool:
        """A second try, when the last one ended badly; a copy unless there surely is no paper yet."""
        values = (time.time(), intent, json.dumps(REPRINTABLE))
        with self._database.transaction() as connection:
            return bool(connection.execute(_REPRINT, values).rowcount)

    def unreported(self) -> list[Job]:
        """Slips whose fate the server has not heard yet, oldest first."""
        final = "j.state IN (SELECT value FROM json_each(?))"
        query = f"{_JOBS} WHERE NOT j.reported AND {final} ORDER BY j.id"
        return [_job(row) for row in self._database.rows(query, (json.dumps(FINAL_PRINT_STATES),))]

    def mark_reported(self, job: int) -> None:
        with self._database.transaction() as connection:
            connection.execute("UPDATE jobs SET reported = 1 WHERE id = ?", (job,))

    def recover(self, now: float) -> bool:
        """At the start: what was being sent is unknown, what waited too long void.

        True when a slip was being sent.
        """
        with self._database.transaction() as connection:
            sent = connection.execute("SELECT id FROM jobs WHERE state = 'sent'").fetchall()
            for row in sent:
                move_job(connection, row["id"], PrintState.UNKNOWN, "restart")
            _void_old(connection, now)
        return bool(sent)


def _void_old(connection: sqlite.Connection, now: float) -> None:
    old = connection.execute(
        "SELECT id FROM jobs WHERE state = 'allocated' AND made_at < ?", (now - TTL_S,)
    ).fetchall()
    for row in old:
        move_job(connection, row["id"], PrintState.VOID, "too_late")


def _job(row: sqlite.Row) -> Job:
    state = PrintState(row["state"])
    return Job(row["id"], row["slip_id"], Slip.from_json(row["slip"]), bool(row["copy"]), state)
