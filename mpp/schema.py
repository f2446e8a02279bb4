"""The shape of the database: brought forward by numbered migrations, never back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

from mpp.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"


class SchemaWrong(Exception):
    """The database has another shape than this program needs."""


def migrate(db: Database) -> str:
    """Bring the database to this program's shape in one transaction; returns the revision."""
    from alembic import command  # a server that only looks at its schema needs no migration tool in memory

    with _without_foreign_keys(db.writer) as connection, connection.begin():
        _refuse_newer(_revision(connection))
        command.upgrade(config(connection), "head")
        return _revision(connection) or ""


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """SQLite changes a column by making its table anew, while other rows point to the old one."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def require_current(db: Database) -> None:
    """Raises `SchemaWrong` when the database is older or newer than this program."""
    with db.reader.connect() as connection:
        found = _revision(connection)
    _refuse_newer(found)
    if found != newest():
        state = "belum disiapkan" if found is None else f"masih pada versi {found}"
        raise SchemaWrong(f"Basis data {state}; program ini perlu versi {newest()}. Jalankan: mpp migrate")


def newest() -> str:
    return _known()[-1]


def config(connection: Connection) -> "Config":
    """Alembic's settings for a connection of ours."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _known() -> list[str]:
    """The numbers of our migrations in order: a file is named after its revision, 0007_add_quota.py."""
    return sorted(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in _known():
        raise SchemaWrong(
            f"Basis data (versi {found}) lebih baru daripada program ini. Pasang versi program terbaru."
        )
