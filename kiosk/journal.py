"""The kiosk's journal: what was asked, given and printed, written down before it happens."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from kiosk import shapes
from kiosk.slip import Slip

TTL_S = 120
KEPT_S = 3 * 24 * 3600
ASKING, TAKEN, REFUSED, ABANDONED, SETTLED = "asking", "taken", "refused", "abandoned", "settled"
ALLOCATED, SENT, PRINTED, FAILED, UNKNOWN, VOID = "allocated", "sent", "printed", "failed", "unknown", "void"

# A slip by its id and its ticket's token, for another server begins to count its slips from 1 again.
_KNOWN = """
SELECT j.id FROM jobs j JOIN tickets t ON t.id = j.ticket
WHERE coalesce(j.asked, json_extract(t.answer, '$.slip.id')) = :slip
AND json_extract(t.answer, '$.token') = :token
"""
_JOBS = (
    "SELECT j.id, j.copy, j.state, j.asked, t.answer, t.slip FROM jobs j JOIN tickets t ON t.id = j.ticket"
)


@dataclass(frozen=True)
class Entry:
    """One intent of a visitor, with the answer it got."""

    intent: str
    services: tuple[str, ...]
    priority: str | None
    language: str
    state: str
    made_at: float
    problem: dict[str, Any] | None
    answer: dict[str, Any] | None
    print_state: str | None
    print_reason: str


@dataclass(frozen=True)
class Job:
    """One paper to be printed, or that was."""

    id: int
    slip_id: int
    slip: Slip
    copy: bool
    state: str


class Journal:
    """A small database on the kiosk's own disk; every method is one durable step, safe in any thread."""

    def __init__(self, path: Path) -> None:
        if sqlite.sqlite_version_info < (3, 51, 3):
            raise RuntimeError(f"SQLite {sqlite.sqlite_version} can lose a journal, 3.51.3 or newer cannot")
        self._lock = threading.RLock()
        self._base = sqlite.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5)
        self._base.row_factory = sqlite.Row
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        shapes.grow(self._base)
        self._base.execute("PRAGMA foreign_keys=ON")
        if self._base.execute("PRAGMA synchronous").fetchone()[0] != 2:
            raise RuntimeError("the journal cannot be made durable")

    def close(self) -> None:
        with self._lock:
            self._base.close()

    @contextmanager
    def _step(self) -> Iterator[Any]:
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def recover(self, now: float | None = None) -> bool:
        """At the start: what was on its way is unknown, what waited too long void, old days forgotten.

        True when a paper was on its way, so that the printer may still hold a part of it.
        """
        now = time.time() if now is None else now
        with self._step() as base:
            lost = base.execute("UPDATE jobs SET state = 'unknown', reason = 'restart' WHERE state = 'sent'")
            base.execute(*_voiding(now))
            old = (now - KEPT_S,)
            base.execute("DELETE FROM jobs WHERE made_at < ?", old)
            base.execute("DELETE FROM tickets WHERE id NOT IN (SELECT ticket FROM jobs)")
            base.execute(
                "DELETE FROM intents WHERE made_at < ?"
                " AND NOT EXISTS (SELECT 1 FROM tickets WHERE tickets.intent = intents.intent)",
                old,
            )
        return bool(lost.rowcount)

    # What visitors ask for.

    def begin(self, intent: str, services: Sequence[str], priority: str | None, language: str) -> Entry:
        """Notes an intent before anybody is asked; the same intent again is the first one."""
        with self._step() as base:
            base.execute(
                "INSERT OR IGNORE INTO intents (intent, services, priority, language, state, made_at)"
                " VALUES (?, ?, ?, ?, 'asking', ?)",
                (intent, " ".join(services), priority, language, time.time()),
            )
        entry = self.entry(intent)
        if entry is None:
            raise RuntimeError("an intent vanished from the journal")
        return entry

    def entry(self, intent: str) -> Entry | None:
        with self._lock:
            row = self._base.execute(
                "SELECT i.*, t.answer, j.state AS print_state, j.reason AS print_reason FROM intents i"
                " LEFT JOIN tickets t USING (intent)"
                " LEFT JOIN jobs j ON j.id = (SELECT max(id) FROM jobs WHERE ticket = t.id)"
                " WHERE i.intent = ?",
                (intent,),
            ).fetchone()
        return _entry(row) if row else None

    def reached(self, intent: str) -> None:
        """Notes that the server may have heard this intent although no answer came back."""
        with self._step() as base:
            base.execute("UPDATE intents SET reached = 1 WHERE intent = ? AND NOT reached", (intent,))

    def give(self, intent: str, answer: dict[str, Any], slip: Slip) -> bool:
        """Keeps the ticket and its paper to print, in one step; False when the visitor has left meanwhile."""
        with self._step() as base:
            taken = base.execute(
                "UPDATE intents SET state = 'taken' WHERE intent = ? AND state = 'asking'", (intent,)
            )
            if not taken.rowcount:
                base.execute("UPDATE intents SET reached = 1 WHERE intent = ?", (intent,))
                return False
            ticket = base.execute(
                "INSERT INTO tickets (intent, answer, slip) VALUES (?, ?, ?)",
                (intent, json.dumps(answer), slip.to_json()),
            ).lastrowid
            base.execute(
                "INSERT INTO jobs (ticket, copy, state, made_at) VALUES (?, 0, 'allocated', ?)",
                (ticket, time.time()),
            )
        return True

    def refuse(self, intent: str, problem: dict[str, Any]) -> None:
        with self._step() as base:
            base.execute(
                "UPDATE intents SET state = 'refused', problem = ? WHERE intent = ? AND state = 'asking'",
                (json.dumps(problem), intent),
            )

    def abandon(self, intent: str) -> None:
        """The visitor has left without an answer: nobody will hold what the server may have given."""
        with self._step() as base:
            base.execute(
                "UPDATE intents SET state = 'abandoned' WHERE intent = ? AND state = 'asking'", (intent,)
            )

    def unanswered(self, before: float) -> list[str]:
        """Intents still asking that were made before that moment."""
        with self._lock:
            rows = self._base.execute(
                "SELECT intent FROM intents WHERE state = 'asking' AND made_at < ?", (before,)
            ).fetchall()
        return [row["intent"] for row in rows]

    def ghosts(self) -> list[Entry]:
        """Abandoned intents that the server may have answered: their tickets must leave the line again."""
        with self._lock:
            rows = self._base.execute(
                "SELECT i.*, NULL AS answer, NULL AS print_state, '' AS print_reason FROM intents i"
                " WHERE state = 'abandoned' AND reached"
            ).fetchall()
        return [_entry(row) for row in rows]

    def settle(self, intent: str) -> None:
        with self._step() as base:
            base.execute("UPDATE intents SET state = 'settled' WHERE intent = ?", (intent,))

    # Paper.

    def ask_for(self, slip_id: int, answer: dict[str, Any], slip: Slip, copy: bool) -> bool:
        """Keeps a paper that somebody asked of this printer, once and for all; False when it is known.

        The paper of a visitor's own number is known too, whoever else asks for it.
        """
        with self._step() as base:
            known = base.execute(_KNOWN, {"slip": slip_id, "token": answer["token"]}).fetchone()
            if known:
                # It is still wanted there, so what became of it was not heard.
                base.execute(
                    "UPDATE jobs SET reported = 0 WHERE id = ? AND asked IS NOT NULL", (known["id"],)
                )
                return False
            ticket = base.execute(
                "INSERT INTO tickets (answer, slip) VALUES (?, ?)", (json.dumps(answer), slip.to_json())
            ).lastrowid
            base.execute(
                "INSERT INTO jobs (ticket, copy, state, made_at, asked) VALUES (?, ?, 'allocated', ?, ?)",
                (ticket, copy, time.time(), slip_id),
            )
        return True

    def at_work(self) -> bool:
        """Whether any paper is still to come out."""
        with self._lock:
            row = self._base.execute(
                "SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('allocated', 'sent'))"
            ).fetchone()
        return bool(row[0])

    def next_job(self, now: float | None = None) -> Job | None:
        """The next paper, marked as sent before a byte leaves; jobs older than two minutes become void.

        Who stands before the kiosk comes before those who were asked for from elsewhere.
        """
        now = time.time() if now is None else now
        with self._step() as base:
            base.execute(*_voiding(now))
            row = base.execute(
                f"{_JOBS} WHERE j.state = 'allocated' ORDER BY j.asked IS NOT NULL, j.id LIMIT 1"
            ).fetchone()
            if row:
                base.execute("UPDATE jobs SET state = 'sent' WHERE id = ?", (row["id"],))
        return _job(row) if row else None

    def finish(self, job: int, result: str, reason: str) -> None:
        with self._step() as base:
            base.execute("UPDATE jobs SET state = ?, reason = ? WHERE id = ?", (result, reason, job))

    def reprint(self, intent: str) -> bool:
        """A second try, when the last one ended badly; a copy unless there surely is no paper yet."""
        entry = self.entry(intent)
        if entry is None or entry.print_state not in (FAILED, UNKNOWN, VOID):
            return False
        with self._step() as base:
            base.execute(
                "INSERT INTO jobs (ticket, copy, state, made_at)"
                " SELECT t.id,"
                " EXISTS (SELECT 1 FROM jobs WHERE ticket = t.id AND state IN ('unknown', 'printed')),"
                " 'allocated', ? FROM tickets t WHERE t.intent = ? AND NOT EXISTS"
                " (SELECT 1 FROM jobs WHERE ticket = t.id AND state IN ('allocated', 'sent'))",
                (time.time(), intent),
            )
        return True

    def unreported(self) -> list[Job]:
        """Papers whose fate the server has not heard yet, oldest first."""
        with self._lock:
            rows = self._base.execute(
                f"{_JOBS} WHERE NOT j.reported AND j.state IN ('printed', 'failed', 'unknown', 'void')"
                " ORDER BY j.id"
            ).fetchall()
        return [_job(row) for row in rows]

    def reported(self, job: int) -> None:
        with self._step() as base:
            base.execute("UPDATE jobs SET reported = 1 WHERE id = ?", (job,))


def _voiding(now: float) -> tuple[str, tuple[float]]:
    sentence = "UPDATE jobs SET state = 'void', reason = 'too_late' WHERE state = 'allocated' AND made_at < ?"
    return sentence, (now - TTL_S,)


def _entry(row: Any) -> Entry:
    return Entry(
        intent=row["intent"],
        services=tuple(row["services"].split()),
        priority=row["priority"],
        language=row["language"],
        state=row["state"],
        made_at=row["made_at"],
        problem=json.loads(row["problem"]) if row["problem"] else None,
        answer=json.loads(row["answer"]) if row["answer"] else None,
        print_state=row["print_state"],
        print_reason=row["print_reason"] or "",
    )


def _job(row: Any) -> Job:
    slip_id = row["asked"] or json.loads(row["answer"])["slip"]["id"]
    return Job(row["id"], slip_id, Slip.from_json(row["slip"]), bool(row["copy"]), row["state"])
