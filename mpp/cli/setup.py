"""Commands that set up and run: migrate, init, serve."""

from pathlib import Path

import click

from mpp import schema
from mpp.actions import malls
from mpp.cli.common import settings
from mpp.db import Database
from mpp.mallfile import read


@click.command()
def migrate() -> None:
    """Bring the database to the shape that this program needs."""
    click.echo(f"Basis data pada versi {schema.migrate(Database(settings()))}.")


@click.command()
@click.option("--mall", "path", required=True, type=click.Path(path_type=Path), help="The mall's file.")
@click.option(
    "--hours",
    type=click.Choice(["file", "always"]),
    default="file",
    show_default=True,
    help="always: every queue open at any time, without quota.",
)
def init(path: Path, hours: str) -> None:
    """Set up a mall from its file; a wrong file is refused whole."""
    file = read(path)
    db = Database(settings())
    schema.migrate(db)
    malls.found(db, file, "console", always=hours == "always")
    counts = (
        f"{len(file.agencies)} instansi, {len(list(file.queues))} antrean, {len(list(file.counters))} loket"
    )
    click.echo(f"{file.mall.name}: {counts}, {len(list(file.services))} layanan.")


@click.command()
def serve() -> None:
    """Serve pages, API and screens until told to stop."""
    from mpp.app import configure_logs
    from mpp.server import serve as run

    configure_logs()
    found = settings()
    run(found, ready=lambda: click.echo(f"Siap di http://{found.bind}"))
