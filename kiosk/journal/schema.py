"""The tables of the journal, one version after another: an updated kiosk brings its old journal along."""

from pysqlite3 import dbapi2 as sqlite

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
# The codes of the services are a JSON list; a code holds neither a space nor a quotation mark.
_THIRD = """
UPDATE intents SET services = '["' || replace(services, ' ', '", "') || '"]';
"""
_VERSIONS = (_FIRST, _SECOND, _THIRD)


def migrate(connection: sqlite.Connection) -> None:
    """Brings a journal to the newest version, each step whole or not at all, before foreign keys are checked.

    Raises RuntimeError for the journal of a newer kiosk.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_VERSIONS):
        raise RuntimeError("the journal was written by a newer kiosk")
    for number, script in enumerate(_VERSIONS[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
