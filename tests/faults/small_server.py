"""The smallest server that gives numbers from SQLite: what the fault tools are tried on first.

python -m tests.faults.small_server PORT FILE FULL|NORMAL
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pysqlite3

SCHEMA = "CREATE TABLE IF NOT EXISTS ticket (id INTEGER PRIMARY KEY, label TEXT UNIQUE, note TEXT)"


class Desk:
    """One connection, one lock, one commit for each number."""

    def __init__(self, path: str, synchronous: str) -> None:
        self.lock = threading.Lock()
        self.db = pysqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(f"PRAGMA synchronous={synchronous}")
        self.db.execute("PRAGMA wal_autocheckpoint=60")  # so that a short run sees many checkpoints
        self.db.execute(SCHEMA)

    def take(self) -> str:
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            (number,) = self.db.execute("SELECT count(*) + 1 FROM ticket").fetchone()
            label = f"AA-{number:03}"
            self.db.execute("INSERT INTO ticket (label, note) VALUES (?, ?)", (label, "x" * 900))
            self.db.execute("COMMIT")
        return label


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    desk: Desk

    def do_GET(self) -> None:
        self._answer(200, {"ready": True})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(201, {"label": self.desk.take()})

    def _answer(self, status: int, body: dict) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    port, path, synchronous = sys.argv[1:]
    Answers.desk = Desk(path, synchronous)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Answers).serve_forever()
