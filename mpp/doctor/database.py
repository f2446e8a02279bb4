"""The database: whether it answers, keeps its word in a power cut, and has the right shape."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mpp import schema
from mpp.db import Database
from mpp.doctor.finding import Finding, Findings, good, notice, wrong
from mpp.domain.errors import Busy
from mpp.settings import Settings
from mpp.soundness import flaws

SLOW_MS = 200
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def missing(settings: Settings) -> Finding | None:
    """A SQLite file that is not there; looking for it must not make it."""
    path = Path(settings.url.partition("///")[2])
    if settings.on_sqlite and not path.is_file():
        return wrong(f"Basis data {path} belum ada. Jalankan: mpp init --mall config/malls/sagara.json")
    return None


def examined(db: Database) -> Findings:
    """Whether it answers, how fast, how safely it commits, and its schema."""
    try:
        with db.reading() as session:
            start = time.perf_counter()
            session.execute(text("SELECT 1"))
            yield _answered((time.perf_counter() - start) * 1_000)
            yield from (_sqlite if db.settings.on_sqlite else _postgres)(session)
    except Busy as error:
        yield wrong(f"Basis data tidak menjawab: {_first_line(error.__cause__)}")
        return
    found = list(flaws(db))
    yield from (wrong(flaw.sentence) for flaw in found)
    if not found:
        yield good(f"Skema basis data pada versi {schema.newest()}.")
        yield good("Basis data utuh; kepala log cocok dengan entri terakhir.")


def usable(db: Database) -> bool:
    """Whether it answers in this program's shape, so that its tables can be read."""
    try:
        schema.require_current(db)
    except (schema.SchemaWrong, DBAPIError):
        return False
    return True


def _answered(spent_ms: float) -> Finding:
    words = f"Basis data menjawab dalam {spent_ms:.0f} ms."
    return notice(f"{words} Itu lambat.") if spent_ms > SLOW_MS else good(words)


def _sqlite(session: Session) -> Findings:
    version = session.execute(text("SELECT sqlite_version()")).scalar_one()
    level = session.execute(text("PRAGMA synchronous")).scalar_one()
    if level == 2:
        yield good(f"SQLite {version} menulis dengan synchronous=FULL: nomor bertahan saat listrik padam.")
    else:
        yield wrong(f"SQLite {version} tidak memakai synchronous=FULL: nomor hilang saat listrik padam.")


def _postgres(session: Session) -> Findings:
    version = session.execute(text("SHOW server_version")).scalar_one()
    off = [name for name in DURABLE if session.execute(text(f"SHOW {name}")).scalar_one() == "off"]
    if off:
        yield wrong(f"PostgreSQL {version} berjalan dengan {', '.join(off)} = off: nomor dapat hilang.")
    else:
        yield good(f"PostgreSQL {version} menyimpan dengan aman.")


def _first_line(cause: BaseException | None) -> str:
    return str(getattr(cause, "orig", cause)).strip().partition("\n")[0]
