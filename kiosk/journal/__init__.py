"""The kiosk's journal: what was asked, given and printed, written down before it happens.

It is the truth for paper; the server's log is the truth for numbers.
"""

import time
from pathlib import Path

from kiosk.journal.database import Database
from kiosk.journal.intents import IntentRecord, Intents
from kiosk.journal.print_jobs import Job, PrintJobs

__all__ = ["KEPT_S", "IntentRecord", "Job", "Journal"]

KEPT_S = 3 * 24 * 3600


class Journal:
    """A small database on the kiosk's own disk; every method is one durable step, safe in any thread."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.intents = Intents(self.database)
        self.print_jobs = PrintJobs(self.database)

    def close(self) -> None:
        self.database.close()

    def recover(self, now: float | None = None) -> bool:
        """At the start: what was being sent is unknown, what waited too long void, old days are deleted.

        True when a slip was being sent, so that the printer may still hold a part of it.
        """
        now = time.time() if now is None else now
        interrupted = self.print_jobs.recover(now)
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM jobs WHERE made_at < ?", (now - KEPT_S,))
            connection.execute("DELETE FROM tickets WHERE id NOT IN (SELECT ticket FROM jobs)")
            connection.execute(
                "DELETE FROM intents WHERE made_at < ?"
                " AND NOT EXISTS (SELECT 1 FROM tickets WHERE tickets.intent = intents.intent)",
                (now - KEPT_S,),
            )
        return interrupted
