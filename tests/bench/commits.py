"""How many transactions a second this machine's disk and SQLite give, with nothing of ours around them."""

import time
from pathlib import Path

import pysqlite3


def rate(room: Path, seconds: float = 2.0) -> float:
    """Commits a second of three small inserts each, in WAL with every commit synced."""
    line = pysqlite3.connect(str(room / "raw.sqlite3"), isolation_level=None)
    line.execute("PRAGMA journal_mode=WAL")
    line.execute("PRAGMA synchronous=FULL")
    for table in ("ticket", "turn", "event"):
        line.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, words TEXT)")
    start, commits = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        line.execute("BEGIN IMMEDIATE")
        for table in ("ticket", "turn", "event"):
            line.execute(f"INSERT INTO {table} (words) VALUES (?)", ("x" * 300,))
        line.execute("COMMIT")
        commits += 1
    spent = time.perf_counter() - start
    line.close()
    return commits / spent
