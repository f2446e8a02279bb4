"""The tables of the journal, one shape after another: a box that was updated brings its old ones along."""

from typing import Any

_FIRST = """
CREATE TABLE IF NOT EXISTS intents (
    intent TEXT PRIMARY KEY, service TEXT NOT NULL, priority TEXT, language TEXT NOT NULL,
    state TEXT NOT NULL, reached INTEGER NOT NULL DEFAULT 0, made_at REAL NOT NULL, problem TEXT
);
CREATE TABLE IF NOT EXISTS tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT, intent TEXT NOT NULL UNIQUE REFERENCES intents,
    answer TEXT NOT NULL, slip TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, ticket INTEGER NOT NULL REFERENCES tickets, copy INTEGER NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', made_at REAL NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, reported);
"""
# An intent may hold a route of several services, and paper may be asked for by others than the visitor.
_SECOND = """
ALTER TABLE intents RENAME COLUMN service TO services;
CREATE TABLE fresh (
    id INTEGER PRIMARY KEY AUTOINCREMENT, intent TEXT UNIQUE REFERENCES intents,
    answer TEXT NOT NULL, slip TEXT NOT NULL
);
INSERT INTO fresh SELECT id, intent, answer, slip FROM tickets;
DROP TABLE tickets;
ALTER TABLE fresh RENAME TO tickets;
ALTER TABLE jobs ADD COLUMN asked INTEGER;
"""
_SHAPES = (_FIRST, _SECOND)


def grow(base: Any) -> None:
    """Brings a journal to the newest shape, each step whole or not at all, before foreign keys are watched.

    Raises RuntimeError for the journal of a newer kiosk.
    """
    shape = base.execute("PRAGMA user_version").fetchone()[0]
    if shape > len(_SHAPES):
        raise RuntimeError("the journal was written by a newer kiosk")
    for number, script in enumerate(_SHAPES[shape:], shape + 1):
        base.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
