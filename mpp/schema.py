"""The shape of the database: brought forward by numbered migrations, never back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from mpp.db import Database

HERE = Path(__file__).parent / "migrations"


class SchemaWrong(Exception):
    """The database has another shape than this program needs."""


def migrate(db: Database) -> str:
    """Bring the database to this program's shape in one transaction; returns the revision."""
    with db.writer.begin() as connection:
        _refuse_newer(connection)
        command.upgrade(config(connection), "head")
        return _revision(connection) or ""


def require_current(db: Database) -> None:
    """Raises `SchemaWrong` when the database is older or newer than this program."""
    with db.reader.connect() as connection:
        found = _revision(connection)
        _refuse_newer(connection)
    if found != newest():
        state = "belum disiapkan" if found is None else f"masih pada versi {found}"
        raise SchemaWrong(f"Basis data {state}; program ini perlu versi {newest()}. Jalankan: mpp migrate")


def newest() -> str:
    return str(ScriptDirectory(str(HERE)).get_current_head())


def config(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(connection: Connection) -> None:
    found = _revision(connection)
    known = {script.revision for script in ScriptDirectory(str(HERE)).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaWrong(
            f"Basis data (versi {found}) lebih baru daripada program ini. Pasang versi program terbaru."
        )
