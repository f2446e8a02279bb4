"""Whether the database can be trusted: looked at before it is served from, at night, and by the doctor."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from mpp import schema
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.log import GENESIS, Event, MallLog, seal

LOG, EVENT = table(MallLog), table(Event)
# A larger file is looked at page by page at the start, and with all its indexes at night.
LARGE = 256 * 1024 * 1024
LOG_LIMIT = 65 * 1024 * 1024
SHOWN = 3
RESTORE = "Hentikan server dan kembalikan dari cadangan (mpp restore)."


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong and what to do, in a sentence; `fatal` when the server must not go on with it."""

    sentence: str
    fatal: bool = True


class Unsound(Exception):
    """The database must not be served from; says why and what to do."""


def require_sound(db: Database) -> list[str]:
    """Look before anything is bound. Raises `Unsound`; returns what is wrong but can be lived with."""
    found = list(flaws(db, whole=False))
    if fatal := [flaw.sentence for flaw in found if flaw.fatal]:
        raise Unsound("\n".join(fatal))
    return [flaw.sentence for flaw in found]


def flaws(db: Database, whole: bool = True) -> Iterator[Flaw]:
    """Integrity, schema, foreign keys, and each log's head against its last entries; changes nothing.

    `whole` reads every index of a file however large it is, as at night.
    """
    if db.settings.on_sqlite and (closed := _closed(Path(db.writer.url.database or ""))):
        yield closed
        return
    if db.settings.on_sqlite and (held := _held_open(db)):
        yield held
    try:
        with db.reader.connect() as connection:
            yield from _damage(connection, whole)
        schema.require_current(db)
        with db.reader.connect() as connection:
            yield from _dangling(connection)
            yield from _heads(connection)
    except schema.SchemaWrong as error:
        yield Flaw(str(error))
    except DBAPIError as error:
        yield Flaw(f"Basis data tidak dapat dibaca ({_first_line(error)}). {RESTORE}")


def _closed(path: Path) -> Flaw | None:
    """A file that this account may not write; one that is not there yet is no flaw of this kind."""
    if not path.exists():
        return None
    for place in (path, path.parent):
        if not os.access(place, os.R_OK | os.W_OK):
            return Flaw(
                f"{place} tidak dapat ditulisi oleh akun ini. Periksa pemilik dan izinnya: "
                f"chown mpp {place}, lalu chmod {'700' if place.is_dir() else '600'} {place}."
            )
    return None


def _held_open(db: Database) -> Flaw | None:
    """The log beside the file is cut to 64 MB when it begins anew, which a long reader prevents."""
    log = Path(f"{db.writer.url.database}-wal")
    size = log.stat().st_size if log.exists() else 0
    if size <= LOG_LIMIT:
        return None
    return Flaw(
        f"{log} sudah {size // 1_000_000} MB: ada program yang terlalu lama membaca basis data. "
        "Tutup program itu (misalnya sqlite3 atau alat cadangan); ukurannya lalu menyusut sendiri.",
        fatal=False,
    )


def _damage(connection: Connection, whole: bool) -> Iterator[Flaw]:
    if connection.dialect.name != "sqlite":
        return
    size = Path(connection.engine.url.database or "").stat().st_size
    check = "integrity_check" if whole or size <= LARGE else "quick_check"
    told = connection.execute(text(f"PRAGMA {check}({SHOWN})")).scalars().all()
    if told != ["ok"]:
        yield Flaw(f"Berkas basis data rusak ({'; '.join(told)}). {RESTORE}")


def _dangling(connection: Connection) -> Iterator[Flaw]:
    """Rows that point at nothing. What they belong to is left out; the rest goes on."""
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL lets none come about
    found = connection.execute(text("PRAGMA foreign_key_check")).all()
    for name, row, target, _ in found[:SHOWN]:
        yield Flaw(
            f"Tabel {name}, baris {row}, menunjuk ke {target} yang tidak ada. Jalankan: mpp check", False
        )
    if len(found) > SHOWN:
        yield Flaw(f"Ada {len(found) - SHOWN} baris lain yang menunjuk ke yang tidak ada.", False)


def _heads(connection: Connection) -> Iterator[Flaw]:
    """The log's head is the hash of its last entry, and nothing stands behind it."""
    for mall_id, seq, head in connection.execute(select(LOG.c.mall_id, LOG.c.seq, LOG.c.head)).all():
        last = connection.scalar(select(func.max(EVENT.c.seq)).where(EVENT.c.mall_id == mall_id)) or 0
        if last != seq or (seq and not _sealed(connection, mall_id, seq, head)):
            yield Flaw(
                f"Kepala log mal {mall_id} (entri {seq}) tidak cocok dengan entri terakhir ({last}). "
                f"Jalankan: mpp check. {RESTORE}"
            )


def _sealed(connection: Connection, mall_id: int, seq: int, head: bytes) -> bool:
    """Whether the last entry's bytes give its hash, and that is the head."""
    wanted = select(EVENT.c.seq, EVENT.c.sealed, EVENT.c.hash).where(
        EVENT.c.mall_id == mall_id, EVENT.c.seq.in_((seq - 1, seq))
    )
    found = {row.seq: row for row in connection.execute(wanted)}
    before = found[seq - 1].hash if seq - 1 in found else GENESIS
    return bool(found[seq].hash == head == seal(before, found[seq].sealed))


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
