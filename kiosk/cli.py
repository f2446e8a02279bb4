"""The command `mpp-kiosk`: starts the kiosk of one box."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from kiosk.container import Settings
from kiosk.printing.printers import BadPrinter, printer_from
from kiosk.run import CannotStart, Runner, claim, listen
from kiosk.server_client import KeyRefused, ServerAway, ServerClient


def _default_folder() -> Path:
    if given := os.environ.get("MPP_DATA_DIR"):
        return Path(given) / "kiosk"
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "mpp-kiosk"


@click.command()
@click.option("--server", required=True, metavar="URL", help="Address of the mall's server.")
@click.option("--key", envvar="MPP_KIOSK_KEY", required=True, help="The kiosk's key (or MPP_KIOSK_KEY).")
@click.option("--port", required=True, type=click.IntRange(1, 65535), help="Its touch pages on 127.0.0.1.")
@click.option(
    "--printer",
    required=True,
    help="network:HOST[:PORT], usb:/dev/usb/lp0, usb:VENDOR:PRODUCT, serial:/dev/ttyUSB0[:BAUD], "
    "file:PATH or virtual.",
)
@click.option("--columns", type=click.Choice([48, 42, 32]), default=48, show_default=True)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
    default=_default_folder,
    help="Folder of its journal.",
)
def main(**options: Any) -> None:
    """Give queue numbers at this box: touch pages on loopback, slips on its printer."""
    settings = Settings(**options)
    try:
        _check(settings)
        with claim(settings.folder):
            Runner(settings, listen(settings.port)).run()
    except (CannotStart, BadPrinter) as error:
        sys.exit(f"mpp-kiosk: {error}")


def _check(settings: Settings) -> None:
    """Refuses what can never work; a server that is away may come back and is only mentioned."""
    if not settings.server.startswith(("http://", "https://")):
        raise CannotStart(f"{settings.server!r} is not an http address")
    if not settings.key.isascii() or not settings.key.isprintable() or " " in settings.key:
        raise CannotStart("the key holds characters that no key has")
    claim(settings.folder).close()
    printer_from(settings.printer, settings.columns, settings.folder)
    server = ServerClient(settings.server, settings.key)
    try:
        server.catalogue(None)
    except KeyRefused as error:
        raise CannotStart(f"the server refuses the key: {error}") from error
    except ServerAway as error:
        click.echo(f"mpp-kiosk: the server does not answer yet ({error}); going on", err=True)
    finally:
        server.close()
