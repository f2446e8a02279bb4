"""What every command needs: the settings, the database, and which mall is meant."""

from collections.abc import Callable
from typing import Any

import click

from mpp import schema
from mpp.actions.transaction import Command
from mpp.db import Database
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal
from mpp.queries.malls import mall, mall_codes
from mpp.settings import Settings

mall_option: Callable[[Any], Any] = click.option(
    "--mall", "mall_code", metavar="CODE", help="Which mall; optional while there is one."
)


def settings() -> Settings:
    return Settings.load()


def database(found: Settings | None = None) -> Database:
    """The database in this program's shape. Raises `SchemaWrong`."""
    db = Database(found or settings())
    schema.require_current(db)
    return db


def the_mall(db: Database, code: str | None) -> Mall:
    """The mall that is meant; a clear refusal when that is not clear."""
    with db.reading() as session:
        known = mall_codes(session)
        if not known:
            raise click.ClickException("Belum ada mal. Jalankan: mpp init --mall config/malls/sagara.json")
        chosen = [mall_id for mall_id, name in known if name == code or (code is None and len(known) == 1)]
        if not chosen:
            names = ", ".join(name for _, name in known)
            raise click.ClickException(f"Sebutkan mal dengan --mall. Yang ada: {names}")
        return mall(session, chosen[0])


def console(code: str | None) -> Command:
    """A command of whoever sits at the machine, for the mall that is meant."""
    db = database()
    return Command(db, Principal.console(the_mall(db, code).mall_id))
