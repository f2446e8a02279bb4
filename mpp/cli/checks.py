"""Commands that look: check the log, examine the installation."""

import sys
from datetime import date, datetime

import click
from sqlalchemy.exc import DBAPIError

from mpp.cli.common import database, mall_option
from mpp.db import Database
from mpp.history import Examined, Violation, examine
from mpp.queries.malls import mall_codes

SHOWN = 200


@click.command()
@mall_option
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Report only what happened on this day.")
def check(mall_code: str | None, day: datetime | None) -> None:
    """Read the whole log, compare the database with it, and name every broken invariant."""
    db = database()
    try:
        examined = _examined(db, mall_code)
    except DBAPIError as error:
        raise click.ClickException(
            f"Basis data tidak dapat dibaca: {error.orig}. Jalankan: mpp doctor"
        ) from error
    sound = [_report(name, each, day.date() if day else None) for name, each in examined]
    sys.exit(0 if all(sound) else 1)


def _examined(db: Database, code: str | None) -> list[tuple[str, Examined]]:
    """Each mall, in one look at the database while the server may go on writing."""
    with db.reading() as session:
        known = mall_codes(session)
        chosen = [(mall_id, name) for mall_id, name in known if code in (None, name)]
        if not chosen:
            names = ", ".join(name for _, name in known) or "belum ada"
            raise click.ClickException(f"Tidak ada mal yang diperiksa. Yang ada: {names}")
        return [(name, examine(session, mall_id)) for mall_id, name in chosen]


def _report(name: str, examined: Examined, day: date | None) -> bool:
    """Say what was looked at and what was found; True when all is sound."""
    found = _of_day(examined, day) if day else examined.violations
    click.echo(f"Mal {name}: {_span(examined, day)}.")
    click.echo(
        f"Diperiksa: {_number(examined.entries)} entri log, {_number(examined.tickets)} nomor, "
        f"{_number(examined.turns)} giliran; kepala log {examined.head.hex()[:6]}."
    )
    if not found:
        click.echo("Log, basis data, dan riwayat cocok: tidak ada pelanggaran.")
        return True
    click.echo(f"Pelanggaran: {_number(len(found))}{' atau lebih' if examined.more else ''}.")
    for each in found[:SHOWN]:
        click.echo(f"  entri {each.seq}\t{each.code}\t{each.sentence}")
    if len(found) > SHOWN:
        click.echo(f"  … dan {_number(len(found) - SHOWN)} lagi.")
    return False


def _of_day(examined: Examined, day: date) -> list[Violation]:
    first, last = examined.days.get(day, (0, -1))
    return [each for each in examined.violations if first <= each.seq <= last]


def _span(examined: Examined, day: date | None) -> str:
    if day:
        first, last = examined.days.get(day, (0, 0))
        return f"hari {day}, entri {first} sampai {last}" if last else f"tidak ada entri pada {day}"
    days = sorted(examined.days)
    return f"{days[0]} sampai {days[-1]}" if days else "log kosong"


def _number(value: int) -> str:
    """A number as it is written in Indonesia: 12.345."""
    return f"{value:,}".replace(",", ".")
