"""Commands about devices: add, list, remove, rotate."""

import click
from sqlalchemy import select

from mpp.actions import devices
from mpp.cli.common import console, database, mall_option, the_mall
from mpp.domain.people import Device


@click.group()
def device() -> None:
    """Kiosks and displays."""


@device.command()
@click.option("--kind", required=True, type=click.Choice(devices.KINDS))
@click.option("--name", required=True)
@click.option("--zone", "zones", multiple=True, metavar="CODE", help="A display's zone; repeat for several.")
@mall_option
def add(kind: str, name: str, zones: tuple[str, ...], mall_code: str | None) -> None:
    """Add a device; its key is shown once, alone on the last line."""
    if kind == "display" and not zones:
        raise click.UsageError("Sebuah layar memerlukan --zone.")
    key = devices.add(console(mall_code), kind, name, zones)
    click.echo(f"Kunci untuk {name}, hanya ditampilkan sekali:")
    click.echo(key)


@device.command("list")
@mall_option
def show(mall_code: str | None) -> None:
    """List devices with kind and zones."""
    db = database()
    mall = the_mall(db, mall_code)
    with db.reading() as session:
        for each in session.scalars(
            select(Device).where(Device.mall_id == mall.mall_id).order_by(Device.name)
        ):
            state = "aktif" if each.active else "dicabut"
            click.echo(f"{each.name}\t{each.kind}\t{','.join(each.zones) or '-'}\t{state}")


@device.command()
@click.argument("name")
@mall_option
def remove(name: str, mall_code: str | None) -> None:
    """Remove a device."""
    devices.remove(console(mall_code), name)
    click.echo(f"{name} dicabut.")


@device.command()
@click.argument("name")
@mall_option
def rotate(name: str, mall_code: str | None) -> None:
    """Give a device another key; it is shown once, alone on the last line."""
    key = devices.rotate(console(mall_code), name)
    click.echo(f"Kunci baru untuk {name}, hanya ditampilkan sekali:")
    click.echo(key)
